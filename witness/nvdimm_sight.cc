// SPDX-License-Identifier: Apache-2.0
// NvdimmSight: parsing.
#include "witness/nvdimm_sight.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "hotplug/nvdimm_bus.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

absl::Status Unread(absl::string_view line, absl::string_view expected) {
  return absl::InvalidArgumentError(absl::StrCat("the guest said \"", line, "\", expected ", expected));
}

// Takes the words of a line one after the other; remembers that one was missing or wrong.
class Words {
 public:
  explicit Words(absl::string_view line) : words_(absl::StrSplit(line, ' ', absl::SkipEmpty())) {}

  std::string Name() {
    const absl::string_view word = Next();
    return word == "-" ? "" : std::string(word);
  }
  uint64_t Number() {
    const absl::string_view word = Next();
    uint64_t value = 0;
    if (word == "-") return 0;
    const bool hex = absl::StartsWith(word, "0x");
    if (!(hex ? absl::SimpleHexAtoi(word, &value) : absl::SimpleAtoi(word, &value))) bad_ = true;
    return value;
  }
  Uuid Id() {
    const absl::StatusOr<Uuid> uuid = ParseUuid(Next());
    if (!uuid.ok()) bad_ = true;
    return uuid.ok() ? *uuid : Uuid{};
  }
  bool Yes() {
    const absl::string_view word = Next();
    if (word != "y" && word != "n") bad_ = true;
    return word == "y";
  }
  bool Complete() const { return at_ == words_.size() && !bad_; }

 private:
  absl::string_view Next() {
    if (at_ < words_.size()) return words_[at_++];
    bad_ = true;
    return "";
  }

  std::vector<absl::string_view> words_;
  size_t at_ = 0;
  bool bad_ = false;
};

constexpr uint64_t kDiskSector = 512;

}  // namespace

Disposition NamespaceSight::disposition() const {
  if (absl::StartsWith(holder, "pfn")) return holder_bound ? Disposition::kPfn : Disposition::kPfnFailed;
  if (absl::StartsWith(holder, "dax")) return holder_bound ? Disposition::kDax : Disposition::kDaxFailed;
  return bound ? Disposition::kRaw : Disposition::kIdle;
}

absl::StatusOr<CommandOutput> ParseCommandOutput(absl::string_view line) {
  const std::vector<absl::string_view> parts = absl::StrSplit(line, absl::MaxSplits(' ', 1));
  CommandOutput output;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &output.exit_code)) return Unread(line, "EXITCODE OUTPUT");
  for (absl::string_view text : absl::StrSplit(parts[1], '|')) {
    if (!absl::StripAsciiWhitespace(text).empty()) output.lines.emplace_back(text);
  }
  return output;
}

absl::StatusOr<std::vector<NamespaceSight>> ParseNamespaces(const std::vector<std::string>& lines) {
  std::vector<NamespaceSight> sights;
  for (const std::string& line : lines) {
    Words words(line);
    NamespaceSight sight;
    sight.name = words.Name();
    sight.range.start = words.Number();
    sight.range.size = words.Number();
    sight.uuid = words.Id();
    sight.bound = words.Yes();
    sight.holder = words.Name();
    sight.holder_uuid = words.Id();
    sight.holder_bound = words.Yes();
    sight.block = words.Name();
    sight.block_size = words.Number() * kDiskSector;
    sight.dax = words.Name();
    sight.dax_size = words.Number();
    if (!words.Complete()) return Unread(line, "a namespace");
    sights.push_back(sight);
  }
  return sights;
}

absl::StatusOr<std::vector<RegionSight>> ParseRegions(const std::vector<std::string>& lines) {
  std::vector<RegionSight> sights;
  for (const std::string& line : lines) {
    Words words(line);
    RegionSight sight;
    sight.name = words.Name();
    sight.range.start = words.Number();
    sight.range.size = words.Number();
    if (!words.Complete()) return Unread(line, "a region");
    sights.push_back(sight);
  }
  return sights;
}

absl::StatusOr<Answer> ParseRuns(const std::vector<std::string>& lines) {
  uint64_t hash = kDataHashStart;
  uint64_t byte = 0;
  for (const std::string& line : lines) {
    const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
    uint64_t length = 0;
    if (words.size() != 2 || !absl::SimpleAtoi(words[0], &length) || !absl::SimpleHexAtoi(words[1], &byte) ||
        byte > 0xff) {
      return Unread(line, "LENGTH BYTE");
    }
    hash = DataHash(hash, static_cast<uint8_t>(byte), length);
  }
  if (lines.empty()) return Unread("", "LENGTH BYTE");
  return lines.size() == 1 ? Answer::Data(static_cast<int>(byte)) : Answer::Data(kDataMixed, hash);
}

absl::StatusOr<Uuid> ParseUuid(absl::string_view text) {
  Uuid uuid{};
  if (text == "-") return uuid;
  std::string digits(text);
  std::erase(digits, '-');
  if (digits.size() != 2 * uuid.size()) return Unread(text, "a uuid");
  for (size_t i = 0; i < uuid.size(); ++i) {
    uint32_t byte = 0;
    if (!absl::SimpleHexAtoi(digits.substr(2 * i, 2), &byte)) return Unread(text, "a uuid");
    uuid[i] = static_cast<uint8_t>(byte);
  }
  return uuid;
}

std::string UuidText(const Uuid& uuid) {
  std::string text;
  for (size_t i = 0; i < uuid.size(); ++i) {
    absl::StrAppendFormat(&text, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", uuid[i]);
  }
  return text;
}

int ErrnoOf(const std::vector<std::string>& complaints) {
  constexpr absl::string_view kSays = "failed with error -";
  int error = 0;
  for (const std::string& line : complaints) {
    const size_t at = absl::string_view(line).find(kSays);
    if (at == std::string::npos) continue;
    size_t end = at + kSays.size();
    while (end < line.size() && absl::ascii_isdigit(static_cast<unsigned char>(line[end]))) ++end;
    int said = 0;
    if (absl::SimpleAtoi(line.substr(at + kSays.size(), end - at - kSays.size()), &said)) error = said;
  }
  return error;
}

int ErrnoOfWrite(const std::vector<std::string>& lines) {
  constexpr std::pair<absl::string_view, int> kTexts[] = {
      {"Invalid argument", kEINVAL},       {"No such device or address", kENXIO},
      {"No such device", kENODEV},         {"Cannot allocate memory", kENOMEM},
      {"Device or resource busy", kEBUSY}, {"Operation not supported", kEOPNOTSUPP},
      {"Operation not permitted", kEPERM}, {"File exists", kEEXIST}};
  for (const std::string& line : lines) {
    for (const auto& [text, error] : kTexts) {
      if (absl::EndsWith(line, absl::StrCat("write error: ", text))) return error;
    }
  }
  return 0;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
