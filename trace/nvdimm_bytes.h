// SPDX-License-Identifier: Apache-2.0
// Arguments of the operations about NVDIMMs in the byte form: extents, settings, values. Most are one byte that chooses
// among values that matter where they stand; the last choice is a number that follows.
#ifndef HPFUZZ_TRACE_NVDIMM_BYTES_H_
#define HPFUZZ_TRACE_NVDIMM_BYTES_H_

#include "trace/byte_io.h"
#include "trace/landmarks.h"
#include "trace/op.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// The argument `arg` of `op`, whose arguments before it are there. Arguments that have no bytes are left alone.
void ReadNvdimmArg(ByteReader& in, Arg arg, const Landmarks& marks, Op* op);
void PutNvdimmArg(const Op& op, Arg arg, const Landmarks& marks, Bytes* out);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_NVDIMM_BYTES_H_
