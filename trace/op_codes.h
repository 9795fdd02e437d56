// SPDX-License-Identifier: Apache-2.0
// The 256 meanings of the first byte of an operation: its kind, its small arguments, and how its place is given.
//
// Operations that undo something (remove_memory, memunmap_pages, unpin_page, ..) name what they undo by its age and
// need no further byte; when there is nothing to undo, the byte means the operation that makes something. So random
// bytes rarely ask for what is not there, and rarely stop a legacy machine.
#ifndef HPFUZZ_TRACE_OP_CODES_H_
#define HPFUZZ_TRACE_OP_CODES_H_

#include <array>
#include <cstdint>

#include "trace/kind_traits.h"
#include "trace/landmarks.h"
#include "trace/op.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

enum class Shape : uint8_t {
  kTake,   // the entry of age `age` in the bank that the kind takes from
  kPlace,  // a range follows, and nothing else
  kPoint,  // a page follows, and nothing else
  kBody,   // the arguments that need bytes follow
  kWhole,  // nothing follows
  kFree,   // a byte with all small arguments, then the body
};

struct OpCode {
  Op op;  // kind and small arguments
  Shape shape = Shape::kBody;
  uint8_t age = 0;
  uint8_t weight = 0;   // how many bytes mean this
  uint8_t instead = 0;  // kTake: the code to use when the bank is empty
};

inline constexpr unsigned kOpCodes = 79;
struct OpCodeTable {
  std::array<OpCode, kOpCodes> rows;
  std::array<uint8_t, 256> row_of_byte = {};
  std::array<uint8_t, kOpCodes> first_byte = {};
};
extern const OpCodeTable kOpCodeTable;

// The code that a first byte means.
inline const OpCode& OpCodeOf(uint8_t byte) { return kOpCodeTable.rows[kOpCodeTable.row_of_byte[byte]]; }
// The code to use in place of `code` when its bank is empty.
inline const OpCode& InsteadOf(const OpCode& code) { return kOpCodeTable.rows[code.instead]; }

// The first byte and shape of the shortest form of `op`.
struct ChosenCode {
  uint8_t byte = 0;
  Shape shape = Shape::kFree;
};
ChosenCode ChooseCode(const Op& op, const Landmarks& marks);

// Small arguments of a kind as one number, and back; any byte is taken.
uint8_t SmallArgs(const Op& op);
void SetSmallArgs(uint8_t number, Op* op);

// Fills `op` from an entry of the bank that its kind takes from.
inline void SetFromEntry(PhysRange entry, Op* op) {
  switch (op->kind) {
    case OpKind::kMemunmapPages:
    case OpKind::kRemoveResource: op->handle = static_cast<Handle>(entry.start); break;
    case OpKind::kUnpinPage: op->pfn = Pfn(entry.start); break;
    default: op->range = entry; break;
  }
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_OP_CODES_H_
