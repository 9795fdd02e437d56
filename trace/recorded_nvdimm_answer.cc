// SPDX-License-Identifier: Apache-2.0
// Recorded answers about namespaces, the answers: " | TAG key=value ...", and values in that notation.
#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "hotplug/answer.h"
#include "trace/recorded_nvdimm_parts.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// How a value is written.
enum class Notation : uint8_t { kErrno, kHex, kChecksum, kDecimal, kRange, kAltmap, kDisposition, kNote };

struct Key {
  std::string_view name;
  Notation notation;
};
constexpr Key kKeys[] = {
    {"rc", Notation::kErrno},       {"probe", Notation::kErrno},       {"setup", Notation::kErrno},
    {"pad", Notation::kHex},        {"trunc", Notation::kHex},         {"off", Notation::kHex},
    {"npfns", Notation::kHex},      {"live", Notation::kHex},          {"map", Notation::kRange},
    {"alt", Notation::kAltmap},     {"wrote", Notation::kDecimal},     {"minor", Notation::kDecimal},
    {"csum", Notation::kChecksum},  {"mem_pad", Notation::kHex},       {"mem_trunc", Notation::kHex},
    {"live_align", Notation::kHex}, {"live_mode", Notation::kDecimal}, {"disp", Notation::kDisposition},
    {"hres", Notation::kHex},       {"hsize", Notation::kHex},         {"fit", Notation::kNote},
    {"why", Notation::kNote},       {"attempts", Notation::kNote},
};
constexpr unsigned kKeyCount = sizeof(kKeys) / sizeof(kKeys[0]);
static_assert(kKeyCount == static_cast<unsigned>(NvdimmKey::kAttempts) + 1);

constexpr std::string_view kTags[] = {"L", "S", "LS", "SL", "LL", "SS", "5.1.15", "6.1.192", "6.12.117"};
constexpr std::string_view kDispositions[] = {"pfn", "dax", "pfn-fail", "dax-fail", "raw", "none"};

constexpr uint64_t kMaxErrno = 4095;

constexpr uint32_t Bit(NvdimmKey key) { return uint32_t{1} << static_cast<unsigned>(key); }
template <typename... Keys>
constexpr uint32_t Set(Keys... keys) {
  return (Bit(keys) | ...);
}

using K = NvdimmKey;

// What an answer says always, what besides when the value of `gate` is 0 (for kDisp: pfn or dax), and what it may say.
struct Form {
  NvdimmOp op;
  NvdimmTag first, last;
  uint32_t always;
  struct {
    NvdimmKey key;
    uint32_t then;
  } gates[2];
  uint32_t may;
};
constexpr uint32_t kAfterSetup = Set(K::kLive, K::kMap, K::kAlt);
constexpr uint32_t kOnMedia = Set(K::kPad, K::kTrunc, K::kOff, K::kNpfns);
constexpr Form kForms[] = {
    {NvdimmOp::kCreate,
     NvdimmTag::kL,
     NvdimmTag::kS,
     Set(K::kRc),
     {{K::kRc, kOnMedia | kAfterSetup | Set(K::kWrote, K::kMinor, K::kCsum)}, {K::kRc, 0}},
     Set(K::kWhy)},
    {NvdimmOp::kCreate,
     NvdimmTag::kLS,
     NvdimmTag::kSS,
     Set(K::kProbe, K::kRc),
     {{K::kRc, kOnMedia | kAfterSetup}, {K::kRc, 0}},
     Set(K::kFit, K::kWhy, K::kWrote)},
    {NvdimmOp::kValidate,
     NvdimmTag::kL,
     NvdimmTag::kS,
     Set(K::kRc, K::kSetup),
     {{K::kRc, Set(K::kMemPad, K::kMemTrunc, K::kLiveAlign, K::kLiveMode)}, {K::kSetup, kAfterSetup | Set(K::kWrote)}},
     Set(K::kWhy)},
    {NvdimmOp::kProbe,
     NvdimmTag::k5_1,
     NvdimmTag::k6_12,
     Set(K::kDisp, K::kRc),
     {{K::kDisp, Set(K::kHres, K::kHsize)}, {K::kDisp, 0}},
     Set(K::kAttempts, K::kWhy)},
};

const Form* FormOf(NvdimmOp op, NvdimmTag tag) {
  for (const Form& form : kForms) {
    if (form.op == op && form.first <= tag && tag <= form.last) return &form;
  }
  return nullptr;
}

template <size_t n>
unsigned ReadIndex(RecordedReader& reader, const std::string_view (&names)[n], absl::string_view expected) {
  reader.SkipBlanks();
  const size_t begin = reader.position();
  const absl::string_view word = reader.Word("=|", expected);
  for (unsigned i = 0; i < n; ++i) {
    if (names[i] == std::string_view(word.data(), word.size())) return i;
  }
  reader.FailAt(begin, expected);
  return 0;
}

// "0", a negative number, or the name of an error without a sign.
uint64_t ReadErrno(RecordedReader& reader) {
  if (reader.Accept("-")) return -reader.Decimal(kMaxErrno);
  const size_t begin = reader.position();
  const absl::string_view word = reader.Word("|", "an error");
  if (word == "0") return 0;
  for (uint64_t error = 1; error <= kMaxErrno; ++error) {
    const std::string_view name = ErrnoName(-static_cast<int>(error));
    if (name.substr(0, 1) == "-" && name.substr(1) == std::string_view(word.data(), word.size())) return -error;
  }
  reader.FailAt(begin, "0 or an error");
  return 0;
}

// "-": 0; else three numbers.
void ReadAltmap(RecordedReader& reader, NvdimmValue& value) {
  value.none = reader.Accept("-");
  if (value.none) return;
  value.numbers[0] = reader.Hex();
  reader.Expect("/");
  value.numbers[1] = reader.Hex();
  reader.Expect("/");
  value.numbers[2] = reader.Hex();
}

void ReadNote(RecordedReader& reader) {
  const size_t begin = reader.position();
  if (!reader.Accept("\"")) {
    reader.Word("|", "a comment");
    return;
  }
  const size_t end = reader.Rest().find('"');
  if (end == absl::string_view::npos) return reader.FailAt(begin, "a comment that ends");
  reader.Accept(reader.Rest().substr(0, end + 1));
}

NvdimmValue ReadValue(RecordedReader& reader, NvdimmKey key) {
  NvdimmValue value;
  value.key = key;
  switch (kKeys[static_cast<unsigned>(key)].notation) {
    case Notation::kErrno: value.numbers[0] = ReadErrno(reader); break;
    case Notation::kHex:
    case Notation::kChecksum: value.numbers[0] = reader.Hex(); break;
    case Notation::kDecimal: value.numbers[0] = reader.Decimal(UINT16_MAX); break;
    case Notation::kRange:
      value.numbers[0] = reader.Hex();
      reader.Expect("-");
      value.numbers[1] = reader.Hex();
      break;
    case Notation::kAltmap: ReadAltmap(reader, value); break;
    case Notation::kDisposition: value.numbers[0] = ReadIndex(reader, kDispositions, "a disposition"); break;
    case Notation::kNote: ReadNote(reader); break;
  }
  if (reader.ok() && !reader.Rest().empty() && reader.Rest()[0] != ' ') reader.Fail("a blank");
  return value;
}

// Whether what depends on the gate must be there.
bool Open(const NvdimmAnswer& answer, NvdimmKey gate) {
  const NvdimmValue* value = FindValue(answer.values, gate);
  if (value == nullptr) return false;
  if (gate != NvdimmKey::kDisp) return value->numbers[0] == 0;
  return value->numbers[0] <= static_cast<uint64_t>(RecordedDisposition::kDax);
}

void RequireKeys(RecordedReader& reader, const Form& form, const NvdimmAnswer& answer, uint32_t seen) {
  uint32_t needed = form.always;
  for (const auto& gate : form.gates) needed |= Open(answer, gate.key) ? gate.then : 0;
  for (unsigned i = 0; i < kKeyCount && reader.ok(); ++i) {
    if ((needed & ~seen) >> i & 1) {
      reader.Fail(absl::StrCat(absl::string_view(kKeys[i].name.data(), kKeys[i].name.size()), "="));
    }
  }
}

}  // namespace

std::string_view NvdimmTagName(NvdimmTag tag) { return kTags[static_cast<unsigned>(tag)]; }
std::string_view NvdimmKeyName(NvdimmKey key) { return kKeys[static_cast<unsigned>(key)].name; }

std::string PrintNvdimmValue(const NvdimmValue& value) {
  const uint64_t number = value.numbers[0];
  switch (kKeys[static_cast<unsigned>(value.key)].notation) {
    case Notation::kErrno: {
      const auto error = static_cast<int64_t>(number);
      const std::string_view name = ErrnoName(static_cast<int>(error));
      return name.empty() ? absl::StrCat(error) : std::string(name);
    }
    case Notation::kHex: return absl::StrFormat("%x", number);
    case Notation::kChecksum: return absl::StrFormat("%016x", number);
    case Notation::kDecimal: return absl::StrCat(number);
    case Notation::kRange: return absl::StrFormat("%x-%x", number, value.numbers[1]);
    case Notation::kAltmap:
      return value.none ? "-" : absl::StrFormat("%x/%x/%x", number, value.numbers[1], value.numbers[2]);
    case Notation::kDisposition: return std::string(kDispositions[number]);
    case Notation::kNote: return {};
  }
  return {};
}

void ReadNvdimmAnswer(RecordedReader& reader, RecordedNvdimmCase& out) {
  reader.SkipBlanks();
  // Commentary that has no tag.
  if (reader.Accept("checked=")) return ReadNote(reader);
  const size_t begin = reader.position();
  NvdimmAnswer answer;
  answer.tag = static_cast<NvdimmTag>(ReadIndex(reader, kTags, "a tag"));
  const Form* form = FormOf(out.op, answer.tag);
  if (form == nullptr) return reader.FailAt(begin, "a tag of this request");
  for (const NvdimmAnswer& other : out.answers) {
    if (other.tag == answer.tag) return reader.FailAt(begin, "a tag that was not given before");
  }
  uint32_t allowed = form->always | form->may;
  for (const auto& gate : form->gates) allowed |= gate.then;
  uint32_t seen = 0;
  static constexpr absl::string_view kExpected = "a key of this answer";
  while (reader.ok() && !reader.AtEnd() && !reader.Sees("|")) {
    const size_t at = reader.position();
    const absl::string_view word = reader.Word("=|", kExpected);
    const auto is_word = [word](const Key& key) { return key.name == std::string_view(word.data(), word.size()); };
    const auto row = static_cast<unsigned>(std::find_if(kKeys, kKeys + kKeyCount, is_word) - kKeys);
    if (row == kKeyCount || (allowed >> row & 1) == 0) return reader.FailAt(at, kExpected);
    if (seen >> row & 1) return reader.FailAt(at, "a key that was not given before");
    seen |= uint32_t{1} << row;
    reader.Expect("=");
    const NvdimmValue value = ReadValue(reader, static_cast<NvdimmKey>(row));
    if (kKeys[row].notation != Notation::kNote) answer.values.push_back(value);
  }
  RequireKeys(reader, *form, answer, seen);
  if (reader.ok()) out.answers.push_back(std::move(answer));
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
