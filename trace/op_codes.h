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
  uint8_t instead = 0;  // the row to use when the bank is empty
  BankId bank = BankId::kNone;
};

inline constexpr unsigned kMaxOpCodes = 112;
struct OpCodeTable {
  unsigned count = 0;  // of rows
  std::array<OpCode, kMaxOpCodes> rows;
  std::array<uint8_t, 256> row_of_byte = {};
  std::array<uint8_t, kMaxOpCodes> first_byte = {};
};
extern const OpCodeTable kOpCodeTable;
// For traces that speak of NVDIMMs: every operation has a code here.
extern const OpCodeTable kNvdimmCodeTable;

// The code that a first byte means here: one whose bank is empty stands for another. Codes that take nothing name the
// bank kNone, which is always empty, and themselves: no branch tells them apart.
inline const OpCode& OpCodeOf(uint8_t byte, const Landmarks& marks) {
  const auto settle = [&](const OpCodeTable& table, unsigned row) {
    const OpCode& code = table.rows[row];
    return marks.bank(code.bank).empty() ? code.instead : row;
  };
  if (!marks.nvdimm()) [[likely]]
    return kOpCodeTable.rows[settle(kOpCodeTable, kOpCodeTable.row_of_byte[byte])];
  // Without a namespace one is created, for which there must be a region.
  const unsigned row = settle(kNvdimmCodeTable, kNvdimmCodeTable.row_of_byte[byte]);
  return kNvdimmCodeTable.rows[settle(kNvdimmCodeTable, row)];
}

// The first byte and shape of the shortest form of `op`.
struct ChosenCode {
  uint8_t byte = 0;
  Shape shape = Shape::kFree;
};
ChosenCode ChooseCode(const Op& op, const Landmarks& marks);

// Small arguments of a kind as one number, and back; any byte is taken.
uint8_t SmallArgs(const Op& op);
void SetSmallArgs(uint8_t number, Op* op);

// Fills `op` from an entry of the bank that its kind takes from. Without branches: kinds follow each other at random.
inline void SetFromEntry(PhysRange entry, Op* op) {
  const EntryIs is = TraitsOf(op->kind).entry;
  op->range.start = is == EntryIs::kRange ? entry.start : 0;
  op->range.size = is == EntryIs::kRange ? entry.size : 0;
  op->handle = is == EntryIs::kHandle ? static_cast<Handle>(entry.start) : kNoHandle;
  op->pfn = Pfn(is == EntryIs::kPfn ? entry.start : 0);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_OP_CODES_H_
