// SPDX-License-Identifier: Apache-2.0
// Info-block scenes: any bytes as an info block on the media of a namespace, and everything that reads it: a probe, a
// creation over it, use, and the other generation after a reboot. For fuzzing what nd_pfn_validate makes of media.
//
// The bytes: kSceneBytes that choose the region, its neighbours and what is created over the block, then the block from
// its first byte on; what is missing is zero, what is too much is ignored.
#ifndef HPFUZZ_TRACE_INFO_BLOCK_SCENE_H_
#define HPFUZZ_TRACE_INFO_BLOCK_SCENE_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

inline constexpr size_t kSceneBytes = 4;
// In the first of them: the checksum of the block is made right, whatever the bytes say.
inline constexpr uint8_t kSceneSealed = 0x80;

// Reuses the memory of `trace`.
void MakeInfoBlockTrace(absl::Span<const uint8_t> bytes, Trace* trace);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_INFO_BLOCK_SCENE_H_
