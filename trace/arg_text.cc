// SPDX-License-Identifier: Apache-2.0
// Arguments of operations as text: the rows of every operation but those about NVDIMMs (nvdimm_arg_text.cc).
#include "trace/arg_text.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "trace/arg_row.h"
#include "trace/op_limits.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr absl::string_view kZoneWords[] = {"DMA", "DMA32", "Normal", "Movable", "Device"};
constexpr absl::string_view kOnlineWords[] = {"keep", "kernel", "movable"};           // by OnlineType
constexpr absl::string_view kTypeWords[] = {"generic", "fsdax", "private", "unset"};  // by MemoryType
constexpr absl::string_view kBusyWords[] = {"idle", "busy"};
constexpr absl::string_view kSiteWords[kAllocSites] = {"root",       "memmap",   "memmap_base", "usemap",
                                                       "lookup",     "pat",      "direct_map",  "block",
                                                       "block_name", "resource", "action",      "counter"};
constexpr absl::string_view kHexAltmap = "a hexadecimal number: altmap BASE RESERVE FREE";

absl::Status TakeLimitedRange(LineReader& line, OpKind kind, PhysRange* range) {
  const LineReader at_range = line;
  const absl::Status status = line.TakeRange(range);
  if (!status.ok() || !ExceedsRangeLimit(kind, *range)) return status;
  return at_range.Error(
      absl::StrCat("a range of at most ", kMaxRangeSections, " sections, because one operation must not cost seconds"));
}

// --- Reading.

absl::Status ReadRange(LineReader& line, TextScope&, Op* op) { return TakeLimitedRange(line, op->kind, &op->range); }

absl::Status ReadSecond(LineReader& line, TextScope&, Op* op) {
  if (!line.TakeIf("and")) return absl::OkStatus();
  op->has_second = true;
  return TakeLimitedRange(line, op->kind, &op->second);
}

absl::Status ReadPfn(LineReader& line, TextScope&, Op* op) {
  uint64_t value = 0;
  const absl::Status status = line.TakeHex("a page frame number in hexadecimal", &value);
  op->pfn = Pfn(value);
  return status;
}

absl::Status ReadZone(LineReader& line, TextScope&, Op* op) { return TakeOneOf(line, kZoneWords, &op->zone); }

absl::Status ReadNewMapping(LineReader& line, TextScope& scope, Op* op) {
  return DefineName(line, scope.of(NameKind::kMapping), &op->handle);
}
absl::Status ReadNewResource(LineReader& line, TextScope& scope, Op* op) {
  return DefineName(line, scope.of(NameKind::kResource), &op->handle);
}
absl::Status ReadMapping(LineReader& line, TextScope& scope, Op* op) {
  return FindName(line, scope.of(NameKind::kMapping), "a mapping defined before, or -", &op->handle);
}
absl::Status ReadResource(LineReader& line, TextScope& scope, Op* op) {
  return FindName(line, scope.of(NameKind::kResource), "a resource defined before, or -", &op->handle);
}
absl::Status ReadNid(LineReader& line, TextScope&, Op* op) {
  if (!line.TakeIf("node")) return absl::OkStatus();
  int64_t nid = 0;
  const absl::Status status = line.TakeDecimal("a node", 0, kMaxNodes - 1, &nid);
  op->nid = static_cast<Nid>(nid);
  return status;
}

absl::Status ReadMemblock(LineReader& line, TextScope&, Op* op) {
  op->memblock = line.TakeIf("memblock");
  return absl::OkStatus();
}

absl::Status ReadAltmap(LineReader& line, TextScope&, Op* op) {
  const LineReader at_altmap = line;
  if (!line.TakeIf("altmap")) return absl::OkStatus();
  if (op->has_second) return at_altmap.Error("no altmap beside a second range");
  if (op->type == MemoryType::kPrivate) return at_altmap.Error("no altmap for private memory");
  op->altmap.given = true;
  for (uint64_t* value : {&op->altmap.base, &op->altmap.reserve, &op->altmap.free}) {
    const absl::Status status = line.TakeHex(kHexAltmap, value);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ReadType(LineReader& line, TextScope&, Op* op) {
  for (const auto type : {MemoryType::kFsDax, MemoryType::kPrivate, MemoryType::kUnset}) {
    if (line.TakeIf(kTypeWords[static_cast<unsigned>(type)])) op->type = type;
    if (op->type == type) break;
  }
  return absl::OkStatus();
}

absl::Status ReadNoRef(LineReader& line, TextScope&, Op* op) {
  op->no_ref = line.TakeIf("noref");
  return absl::OkStatus();
}

absl::Status ReadOnlineType(LineReader& line, TextScope&, Op* op) { return TakeOneOf(line, kOnlineWords, &op->online); }

absl::Status ReadBusy(LineReader& line, TextScope&, Op* op) { return TakeOneOf(line, kBusyWords, &op->busy); }

absl::Status ReadRam(LineReader& line, TextScope&, Op* op) {
  op->ram = line.TakeIf("ram");
  return absl::OkStatus();
}

absl::Status ReadFill(LineReader& line, TextScope&, Op* op) {
  static constexpr absl::string_view kWhat = "a byte 00..ff or keep";
  if (line.TakeIf("keep")) {
    op->fill = kFillKeep;
    return absl::OkStatus();
  }
  const LineReader at_byte = line;
  uint64_t value = 0;
  const absl::Status status = line.TakeHex(kWhat, &value);
  if (!status.ok()) return status;
  if (value > std::numeric_limits<uint8_t>::max()) return at_byte.Error(kWhat);
  op->fill = static_cast<int16_t>(value);
  return absl::OkStatus();
}

absl::Status ReadFail(LineReader& line, TextScope&, Op* op) {
  op->fail.from = line.word() == "from";
  if (!op->fail.from && line.word() != "at") return line.Error("at | from");
  line.Next();
  int64_t n = 0;
  const absl::Status status = line.TakeDecimal("a number", 1, std::numeric_limits<uint32_t>::max(), &n);
  if (!status.ok()) return status;
  op->fail.n = static_cast<uint32_t>(n);
  return TakeOneOf(line, kSiteWords, &op->fail.site);
}

absl::Status ReadEnd(LineReader&, TextScope&, Op*) { return absl::OkStatus(); }

// --- Writing.

void AppendRange(const Op& op, const HandleNames&, std::string* out) { absl::StrAppend(out, " ", RangeText(op.range)); }
void AppendPfn(const Op& op, const HandleNames&, std::string* out) {
  absl::StrAppend(out, " ", absl::Hex(op.pfn.value()));
}
void AppendZone(const Op& op, const HandleNames&, std::string* out) {
  absl::StrAppend(out, " ", kZoneWords[static_cast<unsigned>(op.zone)]);
}
void AppendMapping(const Op& op, const HandleNames& names, std::string* out) {
  absl::StrAppend(out, " ", NameOf(NameKind::kMapping, op.handle, names.mappings));
}
void AppendResource(const Op& op, const HandleNames& names, std::string* out) {
  absl::StrAppend(out, " ", NameOf(NameKind::kResource, op.handle, names.resources));
}
void AppendNid(const Op& op, const HandleNames&, std::string* out) {
  if (op.nid != 0) absl::StrAppend(out, " node ", op.nid);
}
void AppendMemblock(const Op& op, const HandleNames&, std::string* out) {
  if (op.memblock) absl::StrAppend(out, " memblock");
}
void AppendAltmap(const Op& op, const HandleNames&, std::string* out) {
  if (!op.altmap.given) return;
  absl::StrAppend(out, " altmap ", absl::Hex(op.altmap.base), " ", absl::Hex(op.altmap.reserve), " ",
                  absl::Hex(op.altmap.free));
}
void AppendType(const Op& op, const HandleNames&, std::string* out) {
  if (op.type != MemoryType::kGeneric) absl::StrAppend(out, " ", kTypeWords[static_cast<unsigned>(op.type)]);
}
void AppendNoRef(const Op& op, const HandleNames&, std::string* out) {
  if (op.no_ref) absl::StrAppend(out, " noref");
}
void AppendSecond(const Op& op, const HandleNames&, std::string* out) {
  if (op.has_second) absl::StrAppend(out, " and ", RangeText(op.second));
}
void AppendOnlineType(const Op& op, const HandleNames&, std::string* out) {
  absl::StrAppend(out, " ", kOnlineWords[static_cast<unsigned>(op.online)]);
}
void AppendBusy(const Op& op, const HandleNames&, std::string* out) {
  absl::StrAppend(out, " ", kBusyWords[op.busy ? 1 : 0]);
}
void AppendRam(const Op& op, const HandleNames&, std::string* out) {
  if (op.ram) absl::StrAppend(out, " ram");
}
void AppendFill(const Op& op, const HandleNames&, std::string* out) {
  if (op.fill == kFillKeep) return absl::StrAppend(out, " keep");
  absl::StrAppend(out, " ", absl::Hex(op.fill, absl::kZeroPad2));
}
void AppendFail(const Op& op, const HandleNames&, std::string* out) {
  absl::StrAppend(out, op.fail.from ? " from " : " at ", op.fail.n, " ",
                  kSiteWords[static_cast<unsigned>(op.fail.site)]);
}
void AppendEnd(const Op&, const HandleNames&, std::string*) {}

constexpr ArgRow kArgs[] = {
    {Arg::kEnd, ReadEnd, AppendEnd},
    {Arg::kRange, ReadRange, AppendRange},
    {Arg::kPfn, ReadPfn, AppendPfn},
    {Arg::kZone, ReadZone, AppendZone},
    {Arg::kNewMapping, ReadNewMapping, AppendMapping},
    {Arg::kMapping, ReadMapping, AppendMapping},
    {Arg::kNewResource, ReadNewResource, AppendResource},
    {Arg::kResource, ReadResource, AppendResource},
    {Arg::kNid, ReadNid, AppendNid},
    {Arg::kMemblock, ReadMemblock, AppendMemblock},
    {Arg::kAltmap, ReadAltmap, AppendAltmap},
    {Arg::kType, ReadType, AppendType},
    {Arg::kNoRef, ReadNoRef, AppendNoRef},
    {Arg::kSecond, ReadSecond, AppendSecond},
    {Arg::kOnlineType, ReadOnlineType, AppendOnlineType},
    {Arg::kBusy, ReadBusy, AppendBusy},
    {Arg::kRam, ReadRam, AppendRam},
    {Arg::kFill, ReadFill, AppendFill},
    {Arg::kFail, ReadFail, AppendFail},
};

consteval bool ArgsAreComplete() {
  for (unsigned i = 0; i < std::size(kArgs); ++i) {
    if (kArgs[i].arg != static_cast<Arg>(i)) return false;
  }
  return std::size(kArgs) == static_cast<unsigned>(Arg::kFail) + 1;
}
static_assert(ArgsAreComplete());

const ArgRow& RowOf(Arg arg) { return arg <= Arg::kFail ? kArgs[static_cast<unsigned>(arg)] : NvdimmArgRow(arg); }

}  // namespace

absl::Status DefineName(LineReader& line, NameScope& names, Handle* handle) {
  if (!IsName(line.word())) {
    return line.Error(absl::StrCat("a new name of at most ", kMaxNameBytes, " bytes that is no word of an answer"));
  }
  *handle = names.Define(line.word());
  line.Next();
  return absl::OkStatus();
}

absl::Status FindName(LineReader& line, const NameScope& names, absl::string_view expected, Handle* found) {
  if (line.TakeIf("-")) return absl::OkStatus();
  const std::optional<Handle> handle = names.Find(line.word());
  if (!handle) return line.Error(expected);
  *found = *handle;
  line.Next();
  return absl::OkStatus();
}

absl::Status ReadArgs(LineReader& line, TextScope& scope, Op* op) {
  for (const Arg arg : SpecOf(op->kind).args) {
    const absl::Status status = RowOf(arg).read(line, scope, op);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

void AppendArgs(const Op& op, const HandleNames& names, std::string* out) {
  for (const Arg arg : SpecOf(op.kind).args) RowOf(arg).append(op, names, out);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
