// SPDX-License-Identifier: Apache-2.0
// Any bytes as text of XML 1.0: for reports in XML, HTML and SVG, whose texts come from programs that crashed.
#ifndef HPFUZZ_TRIAGE_XML_TEXT_H_
#define HPFUZZ_TRIAGE_XML_TEXT_H_

#include <string>
#include <string_view>

namespace hpfuzz {

// For the content of an element and for values of attributes in double quotes, in UTF-8. Markup is escaped; what is no
// UTF-8 and characters that XML 1.0 forbids (section 2.2: most control characters, U+FFFE, U+FFFF) become U+FFFD, one
// for each byte or character. Line ends and tabs survive in attributes too.
std::string XmlText(std::string_view bytes);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_XML_TEXT_H_
