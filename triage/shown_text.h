// SPDX-License-Identifier: Apache-2.0
// A stranger's text in a form that looks like what it is: control characters, and characters that are not seen or turn
// the direction of what follows, become their numbers. Not covered: markup (xml_text.h), what is no UTF-8.
#ifndef HPFUZZ_TRIAGE_SHOWN_TEXT_H_
#define HPFUZZ_TRIAGE_SHOWN_TEXT_H_

#include <string>
#include <string_view>

namespace hpfuzz {

// Line ends and tabs stay; a carriage return before a line end goes.
std::string ShownText(std::string_view text);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_SHOWN_TEXT_H_
