// SPDX-License-Identifier: Apache-2.0
// The answer part of a recorded line: ok | rc=ANSWER [in=F] [extras], or what a struct page held.
#include <cstdint>

#include "trace/recorded_parts.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr int kMaxCount = INT32_MAX;
constexpr uint64_t kMaxRequestSize = uint64_t{1} << 30;

// sN, uN, pN, with *COUNT for repetition and ! (before or after it) for those that were made to fail
AllocRequest ReadRequest(RecordedReader& reader) {
  AllocRequest request;
  if (reader.Accept("p")) request.unit = 'p';
  else if (reader.Accept("u")) request.unit = 'u';
  else reader.Expect("s");
  request.size = static_cast<uint32_t>(reader.Decimal(kMaxRequestSize));
  request.failed = reader.Accept("!");
  if (reader.Accept("*")) request.count = static_cast<uint32_t>(reader.Decimal(kMaxRequestSize));
  request.failed = reader.Accept("!") || request.failed;
  return request;
}

void ReadLog(RecordedReader& reader, RawAnswer& raw) {
  while (reader.ok() && !reader.Accept("]")) {
    if (!raw.requests.empty()) reader.Expect(",");
    const AllocRequest request = ReadRequest(reader);
    if (reader.ok()) raw.requests.push_back(request);
  }
}

// Counters of a successful mapping are hexadecimal, all others decimal.
int ReadCounter(RecordedReader& reader, bool hex) {
  if (!hex) return static_cast<int>(reader.SignedDecimal(kMaxCount));
  const uint64_t value = reader.Hex();
  if (value > kMaxCount) reader.Fail("a smaller number");
  return static_cast<int>(value & kMaxCount);
}

void ReadRefs(RecordedReader& reader, RawAnswer& raw) {
  if (reader.Accept("zero")) {
    raw.refs_left = 0;
    return;
  }
  reader.Expect("left(");
  raw.refs_left = static_cast<int>(reader.SignedDecimal(kMaxCount));
  reader.Expect(")");
}

void ReadWarnings(RecordedReader& reader, RawAnswer& raw) {
  raw.warnings = static_cast<int>(reader.Decimal(UINT8_MAX));
  reader.Expect("(");
  reader.Word(")", "the places of the warnings");
  reader.Expect(")");
}

void ReadExtras(RecordedReader& reader, bool hex_counters, RawAnswer& raw) {
  while (!reader.AtEnd() && !reader.Sees("|")) {
    if (reader.Accept("in=")) {
      reader.Word("|", "a function");
    } else if (reader.Accept("killed=")) {
      raw.killed = reader.Decimal(1) != 0;
    } else if (reader.Accept("refs=")) {
      ReadRefs(reader, raw);
    } else if (reader.Accept("alloc=[")) {
      ReadLog(reader, raw);
    } else if (reader.Accept("alloc=")) {
      raw.altmap_alloc = ReadCounter(reader, hex_counters);
    } else if (reader.Accept("align=")) {
      raw.altmap_align = ReadCounter(reader, hex_counters);
    } else if (reader.Accept("warn=")) {
      ReadWarnings(reader, raw);
    } else {
      reader.Fail("something that goes with an answer, or \"|\"");
    }
  }
}

// zone:ZONE|? count:N reserved:0|1 [map:ID|?] onlinepage:0|1
void ReadPage(RecordedReader& reader, RawAnswer& raw) {
  PageView page;
  const absl::string_view name = reader.Word("", "a zone");
  const std::optional<Zone> zone = ZoneOfName(name);
  raw.page_zone_known = name != "?";
  if (!zone.has_value() && raw.page_zone_known) reader.FailAt(reader.position() - name.size(), "a zone");
  page.zone = zone.value_or(Zone::kDma);
  reader.ExpectNext("count:");
  raw.page_count = reader.SignedDecimal(kMaxCount);
  page.count = static_cast<uint8_t>(raw.page_count & UINT8_MAX);
  reader.ExpectNext("reserved:");
  page.reserved = reader.Decimal(1) != 0;
  if (reader.AcceptNext("map:")) raw.page_map = reader.Word("", "a mapping or \"?\"");
  reader.ExpectNext("onlinepage:");
  raw.online_page = reader.Decimal(1) != 0;
  raw.page = page;
}

}  // namespace

void ReadRecordedAnswer(RecordedReader& reader, const RawOp& op, RawAnswer& raw) {
  reader.SkipBlanks();
  raw.rc_position = reader.position();
  if (reader.Accept("ok")) {
    raw.rc = "ok";
    return;
  }
  reader.Expect("rc=");
  raw.rc_position = reader.position();
  if (reader.Accept("zone:")) {
    raw.rc = "zone";
    ReadPage(reader, raw);
    return;
  }
  raw.rc = reader.Word("(|", "an answer");
  if (reader.Accept("(")) {  // skipped(why, in words)
    while (reader.ok() && !reader.AcceptNext(")")) reader.Word(")", "\")\"");
  }
  const bool mapped = !op.ops.empty() && op.ops[0].kind == OpKind::kMemremapPages && raw.rc == "0";
  ReadExtras(reader, mapped, raw);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
