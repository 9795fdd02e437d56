// SPDX-License-Identifier: Apache-2.0
// Keys of programs that ended: which line says what.
#include "triage/crash_key.h"

#include <signal.h>

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace hpfuzz {
namespace {

constexpr absl::string_view kCrash = "crash";
// As many frames as ClusterFuzz tells crashes apart by.
constexpr size_t kFrames = 3;
// Words of what UndefinedBehaviorSanitizer says; those behind them are mostly values.
constexpr size_t kWords = 5;

// What stands before a finding's key: in what a fuzz target prints, and in a line of `hpfuzz replay --quiet`.
constexpr absl::string_view kFindingMarks[] = {"Assertion failure: ", ": FINDING "};
// What stands before the kind of a crash.
constexpr absl::string_view kReports[] = {"ERROR: AddressSanitizer: ", "WARNING: MemorySanitizer: ",
                                          "WARNING: ThreadSanitizer: ", "ERROR: LeakSanitizer: ", "ERROR: libFuzzer: "};
constexpr absl::string_view kUndefined = "runtime error: ";
constexpr absl::string_view kOurs = "hpfuzz::";

struct SignalName {
  int signal;
  absl::string_view name;
};
constexpr SignalName kSignals[] = {{SIGSEGV, "segv"}, {SIGABRT, "abrt"}, {SIGBUS, "bus"},
                                   {SIGFPE, "fpe"},   {SIGILL, "ill"},   {SIGTRAP, "trap"}};

absl::string_view FirstWord(absl::string_view text) { return text.substr(0, text.find_first_of(" \t:(")); }

// Letters in lower case; anything between them becomes one dash; digits go, with the word when nothing else is in it.
std::string Plain(absl::string_view text) {
  std::string plain;
  bool after_lower = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isupper(byte) && after_lower) plain += '-';
    after_lower = absl::ascii_islower(byte);
    if (absl::ascii_isalpha(byte) || c == '_') {
      plain += absl::ascii_tolower(byte);
    } else if (!absl::ascii_isdigit(byte) && !plain.empty() && plain.back() != '-') {
      plain += '-';
    }
  }
  return std::string(absl::StripSuffix(plain, "-"));
}

// "x86_64::(anonymous namespace)::Class<int>::Method(Argument const&) const" -> "class-method".
std::string FunctionOf(absl::string_view frame) {
  const std::string named = absl::StrReplaceAll(frame, {{"(anonymous namespace)::", ""}});
  std::string bare;
  int depth = 0;
  for (const char c : named) {
    if (c == '(' && depth == 0) break;
    depth += c == '<' ? 1 : c == '>' && depth > 0 ? -1 : 0;
    if (depth == 0 && c != '>') bare += c;
  }
  std::vector<std::string> words;
  for (const absl::string_view part : absl::StrSplit(bare, "::")) {
    std::string word = Plain(part);
    const bool space = part == "x86_64" || part == "tiny";
    if (!space && !word.empty()) words.push_back(std::move(word));
  }
  return absl::StrJoin(words, "-");
}

// "    #1 0x55d4c3 in hpfuzz::x86_64::Function(int) file.cc:12:3" -> "function"; none when it is no frame of ours.
std::optional<std::string> FrameOfOurs(absl::string_view line) {
  line = absl::StripLeadingAsciiWhitespace(line);
  const size_t in = line.find(" in ");
  if (!absl::StartsWith(line, "#") || in == absl::string_view::npos) return std::nullopt;
  absl::string_view name = line.substr(in + 4);
  // Of a template the result stands before the name.
  const size_t ours = name.substr(0, name.find('(')).find(kOurs);
  if (ours == absl::string_view::npos || absl::StartsWith(name, "std::") || absl::StartsWith(name, "void std::")) {
    return std::nullopt;
  }
  std::string function = FunctionOf(absl::StripPrefix(name.substr(ours), "hpfuzz::"));
  if (function.empty()) return std::nullopt;
  return function;
}

// The first stack behind a report, of which there may be several: where memory was freed, where it was allocated.
std::string StackOf(const std::vector<absl::string_view>& lines, size_t from) {
  std::string stack;
  size_t frames = 0;
  bool any = false;
  for (size_t i = from; i < lines.size() && frames < kFrames; ++i) {
    const absl::string_view line = absl::StripLeadingAsciiWhitespace(lines[i]);
    if (any && !absl::StartsWith(line, "#")) break;
    any = any || absl::StartsWith(line, "#");
    const std::optional<std::string> frame = FrameOfOurs(line);
    if (!frame) continue;
    absl::StrAppend(&stack, ".", *frame);
    ++frames;
  }
  return stack;
}

std::string KindOfUndefined(absl::string_view message) {
  std::vector<std::string> words;
  for (const absl::string_view word : absl::StrSplit(message, ' ', absl::SkipEmpty())) {
    if (words.size() == kWords) break;
    if (absl::ascii_isdigit(static_cast<unsigned char>(word[0])) || word[0] == '-' || word[0] == '\'') continue;
    if (std::string plain = Plain(word); !plain.empty()) words.push_back(std::move(plain));
  }
  return absl::StrJoin(words, "-");
}

// The kind of crash that a line announces.
std::optional<std::string> KindOf(absl::string_view line) {
  for (const absl::string_view report : kReports) {
    const size_t at = line.find(report);
    if (at != absl::string_view::npos) return Plain(FirstWord(line.substr(at + report.size())));
  }
  const size_t at = line.find(kUndefined);
  if (at != absl::string_view::npos) return KindOfUndefined(line.substr(at + kUndefined.size()));
  return std::nullopt;
}

std::optional<std::string> FindingOf(absl::string_view line) {
  for (const absl::string_view mark : kFindingMarks) {
    const size_t at = line.find(mark);
    if (at != absl::string_view::npos) return std::string(FirstWord(line.substr(at + mark.size())));
  }
  return std::nullopt;
}

}  // namespace

bool IsCrashKey(absl::string_view key) { return absl::StartsWith(key, absl::StrCat(kCrash, ".")); }

std::string KeyOfProgram(absl::string_view output, const ChildEnd& end) {
  const std::vector<absl::string_view> lines = absl::StrSplit(output, '\n');
  for (const absl::string_view line : lines) {
    if (std::optional<std::string> key = FindingOf(line)) return *std::move(key);
  }
  for (size_t i = 0; i < lines.size(); ++i) {
    if (const std::optional<std::string> kind = KindOf(lines[i])) {
      return absl::StrCat(kCrash, ".", kind->empty() ? "unknown" : *kind, StackOf(lines, i + 1));
    }
  }
  for (const SignalName& row : kSignals) {
    if (end.signal == row.signal) return absl::StrCat(kCrash, ".signal-", row.name);
  }
  return "";
}

}  // namespace hpfuzz
