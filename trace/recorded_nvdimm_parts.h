// SPDX-License-Identifier: Apache-2.0
// Values of recorded lines about namespaces, as requests and the index both write them. Internal to
// trace/recorded_nvdimm*.cc and trace/recorded_info_blocks*.cc.
#ifndef HPFUZZ_TRACE_RECORDED_NVDIMM_PARTS_H_
#define HPFUZZ_TRACE_RECORDED_NVDIMM_PARTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "trace/recorded_info_blocks.h"
#include "trace/recorded_nvdimm.h"
#include "trace/recorded_reader.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Readers leave their errors in the reader.
uint64_t ReadHexUpTo(RecordedReader& reader, uint64_t max);
uint8_t ReadHexByte(RecordedReader& reader);  // exactly two digits
bool ReadFlag(RecordedReader& reader);        // 0 or 1
Personality ReadPersonality(RecordedReader& reader);
MemmapMode ReadMode(RecordedReader& reader);
// "own" (then `own`), a number of at most 16 hexadecimal digits for the last bytes, or 32 hexadecimal digits with or
// without the usual dashes.
Uuid ReadUuid(RecordedReader& reader, const Uuid& own);
// "-" or start+size, comma-separated.
std::vector<PhysRange> ReadRanges(RecordedReader& reader);
// A file name without folders; a record's name.
std::string ReadName(RecordedReader& reader, absl::string_view delimiters, absl::string_view expected);

void ReadNvdimmRequest(RecordedReader& reader, RecordedNvdimmCase& out);
// One answer, after its "|".
void ReadNvdimmAnswer(RecordedReader& reader, RecordedNvdimmCase& out);

// Lines of a text with their numbers, without comments and empty ones, until one is not ok.
absl::Status ForEachRecordedLine(absl::string_view text, absl::string_view file_name,
                                 absl::FunctionRef<void(RecordedReader&, int line)> read);

// uuids "own": bytes 10 11 .. 1f, and the namespace's a0 a1 .. af.
inline constexpr Uuid kRecordedUuid = UuidOfSeed(0x10);
inline constexpr Uuid kRecordedParent = UuidOfSeed(0xa0);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_RECORDED_NVDIMM_PARTS_H_
