// SPDX-License-Identifier: Apache-2.0
// Answers as text. Reading takes the words in any order that is not ambiguous; printing writes one.
#include "trace/answer_text.h"

#include <algorithm>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "trace/names.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr absl::string_view kExpectAnswer =
    "an answer: 0, -EXXX, a number, already, none, pending, BUG, FAULT, disjoint, intersects, mixed, a mapping, a "
    "zone, "
    "data or pfn";
constexpr absl::string_view kExpectPayload =
    "warn, killed, refs, alloc, align (each once), a comma or the end of the line";
// Enough for every implementation and both sides; a line of thousands would cost the square of that.
constexpr size_t kMaxExpectations = 16;

struct KindWord {
  Answer::Kind kind;
  absl::string_view word;
};
constexpr KindWord kKindWords[] = {
    {Answer::Kind::kAlready, "already"}, {Answer::Kind::kNone, "none"},   {Answer::Kind::kPending, "pending"},
    {Answer::Kind::kBug, "BUG"},         {Answer::Kind::kFault, "FAULT"},
};
constexpr Errno kErrnos[] = {kEPERM,  kEIO,    kENXIO,  kE2BIG,  kENOMEM,    kEBUSY,
                             kEEXIST, kENODEV, kEINVAL, kERANGE, kEOPNOTSUPP};
constexpr absl::string_view kData = "data";
constexpr absl::string_view kMixed = "mixed";  // with the hash
constexpr absl::string_view kUnspecifiedData = "unspecified";
constexpr absl::string_view kPfn = "pfn";
constexpr unsigned kOverlaps = 3;

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

// The words of an answer that were taken: none is taken twice.
class TakenWords {
 public:
  bool TakeIf(LineReader& line, absl::string_view word) {
    if (line.word() != word || std::find(taken_.begin(), taken_.end(), word) != taken_.end()) return false;
    taken_.push_back(word);
    line.Next();
    return true;
  }

 private:
  std::vector<absl::string_view> taken_;
};

template <typename Integer>
absl::Status TakeInteger(LineReader& line, absl::string_view what, int64_t low, Integer* value) {
  int64_t wide = 0;
  const absl::Status status = line.TakeDecimal(what, low, std::numeric_limits<Integer>::max(), &wide);
  if (status.ok()) *value = static_cast<Integer>(wide);
  return status;
}

std::optional<Handle> TakeMapping(LineReader& line, FindMapping find) {
  const std::optional<Handle> handle = line.word() == "?" ? std::optional<Handle>(kForeignHandle) : find(line.word());
  if (handle) line.Next();
  return handle;
}

absl::Status ReadPage(LineReader& line, FindMapping find, Zone zone, Answer* answer) {
  PageView page{.zone = zone, .initialised = true};
  TakenWords words;
  for (;;) {
    absl::Status status;
    if (words.TakeIf(line, "node")) {
      int64_t nid = 0;
      status = line.TakeDecimal("a node", 0, kMaxNodes - 1, &nid);
      page.nid = static_cast<uint8_t>(nid);
    } else if (words.TakeIf(line, "count")) {
      status = TakeInteger(line, "a count", 0, &page.count);
    } else if (words.TakeIf(line, "reserved")) {
      page.reserved = true;
    } else if (words.TakeIf(line, "uninitialised")) {
      page.initialised = false;
    } else if (words.TakeIf(line, "map")) {
      const std::optional<Handle> map = TakeMapping(line, find);
      if (!map) return line.Error("a mapping defined before, or ?");
      page.map = *map;
    } else {
      *answer = Answer::Page(page);
      return absl::OkStatus();
    }
    if (!status.ok()) return status;
  }
}

// What follows "data": a byte, unspecified, or mixed and a hash.
absl::Status ReadData(LineReader& line, Answer* answer) {
  static constexpr absl::string_view kWhat = "a byte 00..ff, unspecified, or mixed HASH";
  if (line.TakeIf(kUnspecifiedData)) {
    *answer = Answer::Data(kDataUnspecified);
    return absl::OkStatus();
  }
  uint64_t number = 0;
  if (line.TakeIf(kMixed)) {
    const absl::Status status = line.TakeHex("a hash in hexadecimal", &number);
    *answer = Answer::Data(kDataMixed, number);
    return status;
  }
  const LineReader at_byte = line;
  const absl::Status status = line.TakeHex(kWhat, &number);
  if (status.ok() && number > std::numeric_limits<uint8_t>::max()) return at_byte.Error(kWhat);
  *answer = Answer::Data(static_cast<int>(number));
  return status;
}

// What follows "pfn": a page frame number, and the error of a file system that will not have it.
absl::Status ReadDax(LineReader& line, Answer* answer) {
  uint64_t number = 0;
  const absl::Status status = line.TakeHex("a page frame number in hexadecimal", &number);
  if (!status.ok()) return status;
  int error = 0;
  for (const Errno candidate : kErrnos) {
    if (error == 0 && line.TakeIf(View(ErrnoName(-candidate)))) error = candidate;
  }
  *answer = Answer::Dax(error, Pfn(number));
  return absl::OkStatus();
}

// The first word of an answer; false if the word is not one of the fixed ones.
bool TakeFixedAnswer(LineReader& line, Answer* answer) {
  for (const KindWord& row : kKindWords) {
    if (!line.TakeIf(row.word)) continue;
    *answer = Answer::Of(row.kind);
    return true;
  }
  for (const Errno error : kErrnos) {
    if (!line.TakeIf(View(ErrnoName(-error)))) continue;
    *answer = Answer::Error(error);
    return true;
  }
  for (unsigned i = 0; i < kOverlaps; ++i) {
    if (!line.TakeIf(View(OverlapName(static_cast<Overlap>(i))))) continue;
    *answer = Answer::Intersects(static_cast<Overlap>(i));
    return true;
  }
  return false;
}

absl::Status ReadHead(LineReader& line, FindMapping find, Answer* answer) {
  if (TakeFixedAnswer(line, answer)) return absl::OkStatus();
  if (line.TakeIf(kData)) return ReadData(line, answer);
  if (line.TakeIf(kPfn)) return ReadDax(line, answer);
  for (unsigned i = 0; i < kZones; ++i) {
    const auto zone = static_cast<Zone>(i);
    if (line.TakeIf(View(ZoneName(zone)))) return ReadPage(line, find, zone, answer);
  }
  const absl::string_view word = line.word();
  if (!word.empty() && absl::ascii_isdigit(static_cast<unsigned char>(word.back())) &&
      (word[0] == '-' || absl::ascii_isdigit(static_cast<unsigned char>(word[0])))) {
    int16_t value = 0;
    const absl::Status status =
        TakeInteger(line, "an error name or a number", std::numeric_limits<int16_t>::min(), &value);
    *answer = Answer::Value(value);
    return status;
  }
  if (const std::optional<Handle> handle = TakeMapping(line, find)) {
    *answer = Answer::Mapping(*handle);
    return absl::OkStatus();
  }
  return line.Error(kExpectAnswer);
}

absl::Status ReadPayloadWord(LineReader& line, TakenWords& words, Answer* answer, bool* known) {
  static constexpr int64_t kLow = std::numeric_limits<int32_t>::min();
  if (words.TakeIf(line, "killed")) {
    answer->killed = true;
    return absl::OkStatus();
  }
  if (words.TakeIf(line, "refs")) return TakeInteger(line, "a number of references", kLow, &answer->refs_left);
  if (words.TakeIf(line, "alloc")) return TakeInteger(line, "a number of pages", kLow, &answer->altmap_alloc);
  if (words.TakeIf(line, "align")) return TakeInteger(line, "a number of pages", kLow, &answer->altmap_align);
  *known = false;
  return absl::OkStatus();
}

absl::Status ReadWarnings(LineReader& line, Answer* answer) {
  answer->warnings = 1;
  const absl::string_view word = line.word();
  if (word.empty() || !absl::ascii_isdigit(static_cast<unsigned char>(word[0]))) return absl::OkStatus();
  return TakeInteger(line, "a number of warnings", 0, &answer->warnings);
}

bool IsWho(absl::string_view word) {
  return !word.empty() && word.size() <= kMaxNameBytes && std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '_' || c == '.' || c == '-';
  });
}

void AppendPage(const PageView& page, const HandleNames& names, std::string* out) {
  absl::StrAppend(out, View(ZoneName(page.zone)));
  if (page.nid != 0) absl::StrAppend(out, " node ", page.nid);
  if (page.count != 0) absl::StrAppend(out, " count ", page.count);
  if (page.reserved) absl::StrAppend(out, " reserved");
  if (page.map != kNoHandle) absl::StrAppend(out, " map ", MappingName(page.map, names));
  if (!page.initialised) absl::StrAppend(out, " uninitialised");
}

void AppendData(const Answer& answer, std::string* out) {
  absl::StrAppend(out, kData, " ");
  if (answer.value == kDataMixed) return absl::StrAppend(out, kMixed, " ", absl::Hex(answer.detail));
  if (answer.value == kDataUnspecified) return absl::StrAppend(out, kUnspecifiedData);
  absl::StrAppend(out, absl::Hex(answer.value, absl::kZeroPad2));
}

void AppendHead(const Answer& answer, const HandleNames& names, std::string* out) {
  switch (answer.kind) {
    case Answer::Kind::kValue: {
      const std::string_view name = ErrnoName(answer.value);
      return name.empty() ? absl::StrAppend(out, answer.value) : absl::StrAppend(out, View(name));
    }
    case Answer::Kind::kPage: return AppendPage(answer.page, names, out);
    case Answer::Kind::kOverlap: return absl::StrAppend(out, View(OverlapName(static_cast<Overlap>(answer.value))));
    case Answer::Kind::kData: return AppendData(answer, out);
    case Answer::Kind::kDax:
      absl::StrAppend(out, kPfn, " ", absl::Hex(answer.detail));
      if (answer.value != 0) absl::StrAppend(out, " ", View(ErrnoName(answer.value)));
      return;
    case Answer::Kind::kMapping: return absl::StrAppend(out, MappingName(static_cast<Handle>(answer.value), names));
    default: break;
  }
  for (const KindWord& row : kKindWords) {
    if (row.kind == answer.kind) absl::StrAppend(out, row.word);
  }
}

}  // namespace

absl::Status ReadAnswer(LineReader& line, FindMapping find, Answer* answer, bool* payload) {
  absl::Status status = ReadHead(line, find, answer);
  *payload = false;
  TakenWords words;
  while (status.ok() && !line.done() && line.word() != ",") {
    if (words.TakeIf(line, "warn")) {
      status = ReadWarnings(line, answer);
      continue;
    }
    bool known = true;
    status = ReadPayloadWord(line, words, answer, &known);
    if (!known) return line.Error(kExpectPayload);
    *payload = true;
  }
  return status;
}

absl::Status ReadExpectations(LineReader& line, FindMapping find, std::vector<Expectation>* expectations) {
  do {
    Expectation expectation;
    if (expectations->size() == kMaxExpectations) {
      return line.Error(absl::StrCat("at most ", kMaxExpectations, " expectations of an operation"));
    }
    if (!IsWho(line.word())) return line.Error("who answers: legacy, subsection, or the name of an implementation");
    for (const Expectation& other : *expectations) {
      if (other.who == line.word()) return line.Error("every implementation once");
    }
    expectation.who = std::string(line.word());
    line.Next();
    const absl::Status status = ReadAnswer(line, find, &expectation.answer, &expectation.payload);
    if (!status.ok()) return status;
    expectations->push_back(std::move(expectation));
  } while (line.TakeIf(","));
  return absl::OkStatus();
}

void AppendAnswer(const Answer& answer, bool payload, const HandleNames& names, std::string* out) {
  AppendHead(answer, names, out);
  if (answer.warnings == 1) absl::StrAppend(out, " warn");
  if (answer.warnings > 1) absl::StrAppend(out, " warn ", answer.warnings);
  const bool nothing_to_say =
      !answer.killed && answer.refs_left == 0 && answer.altmap_alloc == 0 && answer.altmap_align == 0;
  if (answer.killed) absl::StrAppend(out, " killed");
  if (answer.refs_left != 0 || (payload && nothing_to_say)) absl::StrAppend(out, " refs ", answer.refs_left);
  if (answer.altmap_alloc != 0) absl::StrAppend(out, " alloc ", answer.altmap_alloc);
  if (answer.altmap_align != 0) absl::StrAppend(out, " align ", answer.altmap_align);
}

void AppendExpectations(const std::vector<Expectation>& expectations, const HandleNames& names, std::string* out) {
  for (const Expectation& expectation : expectations) {
    absl::StrAppend(out, &expectation == expectations.data() ? " -> " : ", ", expectation.who, " ");
    AppendAnswer(expectation.answer, expectation.payload, names, out);
  }
}

std::string PrintAnswer(const Answer& answer, const HandleNames& names) {
  std::string out;
  AppendAnswer(answer, false, names, &out);
  return out;
}

absl::StatusOr<Answer> ParseAnswer(absl::string_view text, const HandleNames& names) {
  LineReader line(text, "answer", 1);
  const auto find = [&](absl::string_view word) -> std::optional<Handle> {
    if (!absl::ConsumePrefix(&word, kNamespaceMapping)) return HandleOf(NameKind::kMapping, word, names.mappings);
    const std::optional<Handle> ns = HandleOf(NameKind::kNamespace, word, names.namespaces);
    return ns ? std::optional<Handle>(MappingOfNamespace(*ns)) : std::nullopt;
  };
  Answer answer;
  bool payload = false;
  const absl::Status status = ReadAnswer(line, find, &answer, &payload);
  if (!status.ok()) return status;
  if (!line.done()) return line.Error("the end of the line");
  return answer;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
