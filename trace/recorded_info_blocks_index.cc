// SPDX-License-Identifier: Apache-2.0
// Recorded info blocks: the index, one line a record. Part of it is prose.
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "trace/recorded_info_blocks.h"
#include "trace/recorded_nvdimm_parts.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using Request = InfoBlockRequest;

struct Key {
  absl::string_view name;
  void (*read)(RecordedReader& reader, Request& out);
};

std::string Word(RecordedReader& reader) { return std::string(reader.Word(",", "a value")); }

constexpr Key kKeys[] = {
    {"kernel", [](RecordedReader& r, Request& out) { out.kernel = Word(r); }},
    {"start", [](RecordedReader& r, Request& out) { out.start = r.Hex(); }},
    {"size", [](RecordedReader& r, Request& out) { out.size = r.Hex(); }},
    {"sig", [](RecordedReader& r, Request& out) { out.sig = ReadPersonality(r); }},
    {"mode", [](RecordedReader& r, Request& out) { out.mode = ReadMode(r); }},
    {"align", [](RecordedReader& r, Request& out) { out.align = r.Hex(); }},
    {"uuid", [](RecordedReader& r, Request& out) { out.uuid = ReadUuid(r, kRecordedUuid); }},
    {"parent",
     [](RecordedReader& r, Request& out) {
       if (!r.Accept("namespace uuid")) out.parent = ReadUuid(r, kRecordedParent);
     }},
    {"neighbours", [](RecordedReader& r, Request& out) { out.neighbours = Word(r); }},
    {"collide", [](RecordedReader& r, Request& out) { out.collide = Word(r); }},
    {"media", [](RecordedReader& r, Request& out) { out.media = Word(r); }},
    {"ram", [](RecordedReader& r, Request& out) { out.ram = ReadRanges(r); }},
    {"region", [](RecordedReader& r, Request& out) { out.regions = ReadRanges(r); }},
};

// A note of the recording itself that looks like a key.
constexpr absl::string_view kMemmapNote = "between-System-RAM(memmap=)";

void ReadWord(RecordedReader& reader, Request& out) {
  const size_t begin = reader.position();
  for (const Key& key : kKeys) {
    if (!reader.Sees(key.name) || !absl::StartsWith(reader.Rest().substr(key.name.size()), "=")) continue;
    reader.Expect(key.name);
    reader.Expect("=");
    key.read(reader, out);
    reader.Accept(",");
    if (!reader.Rest().empty() && reader.Rest()[0] != ' ') reader.Fail("a blank");
    return;
  }
  const absl::string_view note = reader.Word("", "a word");
  if (absl::StrContains(note, "=") && note != kMemmapNote) reader.FailAt(begin, "a key of the index");
  out.notes.emplace_back(note);
}

}  // namespace

absl::StatusOr<std::vector<InfoBlockRequest>> ParseInfoBlockIndex(absl::string_view text, absl::string_view file_name) {
  std::vector<InfoBlockRequest> index;
  absl::Status status = ForEachRecordedLine(text, file_name, [&index](RecordedReader& reader, int line) {
    Request next;
    next.line = line;
    next.file = ReadName(reader, "", "the name of a file");
    reader.ExpectNext("@");
    next.record = ReadName(reader, "", "the name of a block");
    while (reader.ok() && !reader.AtEnd()) ReadWord(reader, next);
    index.push_back(std::move(next));
  });
  if (!status.ok()) return status;
  return index;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
