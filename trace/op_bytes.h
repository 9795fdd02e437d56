// SPDX-License-Identifier: Apache-2.0
// The byte form of operations, one by one: for those who read, write and change traces (bytes.h, mutate.h). An
// operation is coded relative to the landmarks that the map and the operations before it left.
#ifndef HPFUZZ_TRACE_OP_BYTES_H_
#define HPFUZZ_TRACE_OP_BYTES_H_

#include "trace/byte_io.h"
#include "trace/landmarks.h"
#include "trace/op.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Any bytes give an operation. It is noted in `marks`.
void ReadOp(ByteReader& in, Landmarks& marks, Op* op);
// One argument of `op`, whose arguments before it are there; small arguments have no bytes of their own.
void ReadArg(ByteReader& in, Arg arg, const Landmarks& marks, Op* op);
// The shortest form; notes the operation in `marks`.
void PutOp(const Op& op, Landmarks& marks, Bytes* out);
// Notes an operation that is neither read nor written.
void PassOp(const Op& op, Landmarks& marks);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_OP_BYTES_H_
