// SPDX-License-Identifier: Apache-2.0
// Recorded answers about namespaces: requests that real kernels (or their functions, run in userspace) were given, with
// what they answered, read from tests/data/nvdimm-cases.txt.xz (format at its head).
//
// Covered: the notation, and the bytes that stood on the media where a line describes them. Not covered: blocks named
// by file (trace/recorded_info_blocks.h), comparing (oracle/recorded_nvdimm_check.h). Commentary (fit, why, attempts,
// checked) is read and left out.
#ifndef HPFUZZ_TRACE_RECORDED_NVDIMM_H_
#define HPFUZZ_TRACE_RECORDED_NVDIMM_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hotplug/firmware_map.h"
#include "hotplug/nvdimm.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// The kernels that answered, ascending.
enum class NvdimmKernel : uint8_t { k5_1, k6_1, k6_12 };
inline constexpr unsigned kNvdimmKernels = 3;
// The implementation that models it, by its name in the registry; the version as the files write it.
std::string_view ImplementationOf(NvdimmKernel kernel);
std::string_view VersionOf(NvdimmKernel kernel);

enum class NvdimmOp : uint8_t { kCreate, kValidate, kProbe };
std::string_view NvdimmOpName(NvdimmOp op);

// Who said what follows: one kernel, or a reader about the block that a writer had made.
enum class NvdimmTag : uint8_t { kL, kS, kLS, kSL, kLL, kSS, k5_1, k6_1, k6_12 };
std::string_view NvdimmTagName(NvdimmTag tag);

// What is said. Each key has one notation in every answer.
enum class NvdimmKey : uint8_t {
  kRc,     // errno
  kProbe,  // errno, of a validate without a uuid
  kSetup,  // errno
  kPad,    // of the block on media, as the next three
  kTrunc,
  kOff,
  kNpfns,
  kLive,  // npfns after setup
  kMap,   // first and last byte
  kAlt,   // pfn, reserved and free pages; "-" in RAM mode
  kWrote,
  kMinor,
  kCsum,
  kMemPad,  // in memory after validate, as the next three
  kMemTrunc,
  kLiveAlign,
  kLiveMode,
  kDisp,
  kHres,
  kHsize,
  kFit,  // commentary, as the next two
  kWhy,
  kAttempts,
};
std::string_view NvdimmKeyName(NvdimmKey key);

// kDisp as the files tell it: `dax` also when device_dax, bound to what dax_pmem had made, could not map it.
enum class RecordedDisposition : uint8_t { kPfn, kDax, kPfnFail, kDaxFail, kRaw, kNone };

struct NvdimmValue {
  NvdimmKey key = NvdimmKey::kRc;
  bool none = false;                     // "-"
  std::array<uint64_t, 3> numbers = {};  // errnos negated, modulo 2^64
  bool operator==(const NvdimmValue&) const = default;
};
// In the notation of the files.
std::string PrintNvdimmValue(const NvdimmValue& value);

struct NvdimmAnswer {
  NvdimmTag tag = NvdimmTag::kL;
  std::vector<NvdimmValue> values;  // each key once, commentary left out
};
// nullptr when it says nothing about `key`.
const NvdimmValue* FindValue(const std::vector<NvdimmValue>& values, NvdimmKey key);

struct RecordedNvdimmCase {
  std::string id;
  int line = 0;
  NvdimmOp op = NvdimmOp::kCreate;
  PhysRange range;                 // of the namespace, and of its region
  PfnSettings settings;            // has_uuid: validate with uuidset=1, create
  Uuid parent{};                   // of the namespace
  RegionRequest region;            // without its range
  FirmwareMap map;                 // System RAM
  std::vector<PhysRange> others;   // idle resources that are no System RAM
  std::vector<PhysRange> regions;  // other regions
  // The block on media when the kernel came to it, zeroes if none; or the name of one and where it stands in the line.
  MediaImage::Page block{};
  std::string block_file;
  std::string block_record;
  int block_column = 0;
  std::vector<NvdimmAnswer> answers;
};

// Whether the text is of this format and not of trace/recorded.h: its first line that is no comment begins with "id=".
bool IsRecordedNvdimm(absl::string_view text);

// Errors are InvalidArgument, "file:line:column: read ..., expected ...". FailedPrecondition: this build's geometry is
// not the one that was recorded.
absl::StatusOr<std::vector<RecordedNvdimmCase>> ParseRecordedNvdimm(absl::string_view text,
                                                                    absl::string_view file_name);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_RECORDED_NVDIMM_H_
