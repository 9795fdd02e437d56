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
#include "witness/words.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// "-" stands for what is not there: no name, no bytes, no uuid.
std::string Name(Words& words) {
  const absl::string_view word = words.Next();
  return word == "-" ? "" : std::string(word);
}
uint64_t Bytes(Words& words) { return words.NextIs("-") ? 0 : words.Number(); }
Uuid Id(Words& words) {
  const absl::StatusOr<Uuid> uuid = ParseUuid(words.Next());
  if (!uuid.ok()) words.Spoil();
  return uuid.ok() ? *uuid : Uuid{};
}
bool Yes(Words& words) {
  const absl::string_view word = words.Next();
  if (word != "y" && word != "n") words.Spoil();
  return word == "y";
}

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
    sight.name = Name(words);
    sight.range.start = Bytes(words);
    sight.range.size = Bytes(words);
    sight.uuid = Id(words);
    sight.bound = Yes(words);
    sight.holder = Name(words);
    sight.holder_uuid = Id(words);
    sight.holder_bound = Yes(words);
    sight.block = Name(words);
    sight.block_size = Bytes(words) * kDiskSector;
    sight.dax = Name(words);
    sight.dax_size = Bytes(words);
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
    sight.name = Name(words);
    sight.range.start = Bytes(words);
    sight.range.size = Bytes(words);
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
