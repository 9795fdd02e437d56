// SPDX-License-Identifier: Apache-2.0
// The 256 meanings of the first byte of a range, of a length and of a page. The number of bytes that a row has is its
// weight when bytes are random: exact re-use, neighbours and whole sections are common, odd edges are rare.
//
// The order of rows is the byte form itself: changing it changes what stored inputs mean.
#ifndef HPFUZZ_TRACE_PLACE_TABLES_H_
#define HPFUZZ_TRACE_PLACE_TABLES_H_

#include <array>
#include <cstdint>

#include "trace/landmarks.h"
#include "trace/places.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// What follows to move away from an edge: nothing, one signed byte of units, or a number of any size.
enum class Delta : uint8_t { kNone, kPages, kSubsections, kSections, kOdd, kAnyPages, kAnyBytes };

struct DeltaUnit {
  uint8_t shift;  // bytes in a unit
  uint8_t fold;   // low bits of the byte that are ignored: distances that matter are short
  uint8_t mask;   // of the byte; 0 when none follows
  bool any;       // a number follows instead of a byte
};
// Where a section has few sub-sections, a section away is a few units away.
inline constexpr uint8_t kSmallFold = kSubsectionsPerSection < 16 ? 3 : 0;
inline constexpr uint8_t kOddShift = 7;  // +-16 KiB in steps of 128 bytes: off by part of a page
inline constexpr std::array<DeltaUnit, 7> kDeltaUnits = {{{0, 0, 0, false},
                                                          {kPageShift, kSmallFold, 0xff, false},
                                                          {kSubsectionShift, kSmallFold, 0xff, false},
                                                          {kSectionShift, 4, 0xff, false},
                                                          {kOddShift, 0, 0xff, false},
                                                          {kPageShift, 0, 0, true},
                                                          {0, 0, 0, true}}};

// A range: at an edge of a source, moved by a delta; upwards from there, or downwards (`before`).
struct PlaceRow {
  uint8_t source = 0;
  bool end = false;          // the end of the source instead of its start
  bool before = false;       // the range ends there instead of starting
  bool same_length = false;  // as long as the source; else a length byte follows
  bool grow = false;         // the delta changes the length instead of the place
  bool beyond = false;       // may reach over the end of the section table
  Delta delta = Delta::kNone;
  bool operator==(const PlaceRow&) const = default;
};

enum class LengthIs : uint8_t { kFixed, kToBorder, kToStart, kToEnd, kAnyPages, kAnyBytes };
struct LengthRow {
  LengthIs is = LengthIs::kFixed;
  uint8_t source = 0;  // kToStart, kToEnd: whose
  uint64_t size = 0;   // kFixed
};

// A page: at an edge of a source, or the last page before it, moved by a delta.
struct PointRow {
  uint8_t source = 0;
  bool end = false;
  bool last = false;  // one page back
  Delta delta = Delta::kNone;
  bool operator==(const PointRow&) const = default;
};

inline constexpr unsigned kCodes = 256;

// Fills a table row by row; a repetition only adds weight.
template <typename Row>
struct TableBuilder {
  std::array<Row, kCodes> rows;
  unsigned used = 0;

  constexpr void Add(Row row, unsigned weight = 1) {
    for (unsigned i = 0; i < weight; ++i) rows[used++] = row;
  }
  // One row for each of `count` sources from row.source on.
  constexpr void AddEach(Row row, unsigned count, unsigned weight = 1) {
    for (unsigned i = 0; i < count; ++i) {
      Add(row, weight);
      ++row.source;
    }
  }
};

consteval std::array<PlaceRow, kCodes> MakePlaces(PlaceStyle style) {
  const bool blocks = style == PlaceStyle::kBlock;
  const bool region = style == PlaceStyle::kRegion;
  TableBuilder<PlaceRow> t;
  t.AddEach({.source = kRecent, .same_length = true}, 4, region ? 2 : 5);
  t.AddEach({.source = kRecent + 4, .same_length = true}, kRecents - 4);
  t.AddEach({.source = kMapRange, .same_length = true}, 4, region ? 14 : 2);
  t.AddEach({.source = kMapRange + 4, .same_length = true}, 4);
  t.AddEach({.source = kWindow, .same_length = true}, 8, blocks ? 6 : region ? 1 : 4);
  t.AddEach({.source = kWindow + 8, .same_length = true}, 8, region ? 1 : 2);
  // Neighbours of the same length.
  t.AddEach({.source = kRecent, .end = true, .same_length = true}, 4, 3);
  t.AddEach({.source = kRecent + 4, .end = true, .same_length = true}, 4);
  t.AddEach({.source = kRecent, .before = true, .same_length = true}, 4, 2);
  // Parts, and what follows or precedes.
  t.AddEach({.source = kRecent}, 6, blocks ? 1 : 2);
  t.AddEach({.source = kRecent, .end = true}, 6);
  t.AddEach({.source = kRecent, .end = true, .before = true}, 6);
  t.AddEach({.source = kRecent, .before = true}, 3);
  t.AddEach({.source = kMapRange}, 4);
  t.AddEach({.source = kMapRange, .end = true}, 4);
  t.AddEach({.source = kMapRange, .end = true, .before = true}, 4);
  // From a section border on, and from inside a section.
  t.AddEach({.source = kWindow}, 8, 3);
  t.AddEach({.source = kWindow + 8}, 8);
  t.AddEach({.source = kWindow, .delta = Delta::kSubsections}, 8, blocks ? 1 : 2);
  t.AddEach({.source = kWindow + 8, .delta = Delta::kSubsections}, 8);
  t.AddEach({.source = kWindow, .end = true, .before = true}, 8);
  // Shifted and resized copies.
  t.AddEach({.source = kRecent, .same_length = true, .delta = Delta::kSubsections}, 3);
  t.AddEach({.source = kRecent, .same_length = true, .delta = Delta::kSections}, 4, 2);
  t.AddEach({.source = kRecent, .same_length = true, .grow = true, .delta = Delta::kSubsections}, 3);
  t.AddEach({.source = kRecent, .same_length = true, .grow = true, .delta = Delta::kSections}, 2);
  t.Add({.source = kRecent, .same_length = true, .delta = Delta::kPages});
  t.Add({.source = kRecent, .same_length = true, .delta = Delta::kOdd});
  t.Add({.source = kRecent, .same_length = true, .grow = true, .delta = Delta::kPages});
  t.Add({.source = kRecent, .same_length = true, .grow = true, .delta = Delta::kOdd});
  t.Add({.source = kRecent, .end = true, .before = true, .delta = Delta::kPages});
  // The ends of the world, and anything at all.
  t.Add({.source = kTableEnd, .beyond = true, .delta = Delta::kSections});
  t.Add({.source = kTableEnd, .before = true, .delta = Delta::kSections});
  t.Add({.source = kResourceEnd, .delta = Delta::kSections});
  t.Add({.source = kZero, .beyond = true, .delta = Delta::kAnyPages});
  t.Add({.source = kZero, .beyond = true, .delta = Delta::kAnyBytes});
  t.AddEach({.source = kWindow, .same_length = true}, kCodes - t.used < 8 ? kCodes - t.used : 8);
  t.Add({.source = kRecent, .same_length = true}, kCodes - t.used);
  return t.rows;
}
inline constexpr std::array<std::array<PlaceRow, kCodes>, kPlaceStyles> kPlaces = {
    MakePlaces(PlaceStyle::kDevice), MakePlaces(PlaceStyle::kBlock), MakePlaces(PlaceStyle::kRegion)};

// The order in which a search for the shortest form looks at the rows: each row once, those that say a range in one
// byte before the others.
struct PlaceOrder {
  std::array<uint8_t, kCodes> codes = {};
  unsigned whole = 0;  // of one byte
  unsigned count = 0;
};
consteval PlaceOrder MakePlaceOrder(PlaceStyle style) {
  const auto& rows = kPlaces[static_cast<unsigned>(style)];
  PlaceOrder order;
  for (const bool whole : {true, false}) {
    for (unsigned code = 0; code < kCodes; ++code) {
      const bool is_whole = rows[code].same_length && rows[code].delta == Delta::kNone;
      if (is_whole != whole || (code > 0 && rows[code] == rows[code - 1])) continue;
      order.codes[order.count++] = static_cast<uint8_t>(code);
    }
    if (whole) order.whole = order.count;
  }
  return order;
}
inline constexpr std::array<PlaceOrder, kPlaceStyles> kPlaceOrders = {
    MakePlaceOrder(PlaceStyle::kDevice), MakePlaceOrder(PlaceStyle::kBlock), MakePlaceOrder(PlaceStyle::kRegion)};

// `blocks`: for operations that take whole sections only.
consteval std::array<LengthRow, kCodes> MakeLengths(bool blocks) {
  TableBuilder<LengthRow> t;
  for (unsigned k = 1; k <= kSubsectionsPerSection; ++k) {
    const unsigned weight = blocks                            ? 1
                            : k == 1                          ? 20
                            : k == 2                          ? 12
                            : k == kSubsectionsPerSection / 2 ? 8
                            : k < 5                           ? 4
                                                              : 1;
    t.Add({.size = k * kSubsectionSize}, weight);
  }
  for (unsigned k = 1; k <= 16; ++k) {
    const unsigned weight = k == 1 ? 36 : k == 2 ? (blocks ? 40 : 20) : k == 3 ? (blocks ? 16 : 8) : k == 4 ? 4 : 1;
    t.Add({.size = k * kSectionSize}, weight);
  }
  t.Add({.is = LengthIs::kToBorder}, 24);
  t.AddEach({.is = LengthIs::kToStart, .source = kRecent}, 4);
  t.AddEach({.is = LengthIs::kToEnd, .source = kRecent}, 4);
  t.AddEach({.is = LengthIs::kToStart, .source = kMapRange}, 2);
  t.AddEach({.is = LengthIs::kToEnd, .source = kMapRange}, 2);
  t.Add({.size = kPageSize});
  t.Add({.size = kSubsectionSize - kPageSize});
  t.Add({.size = kSubsectionSize + kPageSize});
  t.Add({.size = kPageSize / 2});
  t.Add({.size = kSubsectionSize - kPageSize / 2});
  t.Add({.size = kSubsectionSize + kPageSize / 2});
  t.Add({.size = 0});
  t.Add({.is = LengthIs::kAnyPages});
  t.Add({.is = LengthIs::kAnyBytes});
  t.Add({.size = kSectionSize}, kCodes - t.used);
  return t.rows;
}
inline constexpr std::array<std::array<LengthRow, kCodes>, kPlaceStyles> kLengths = {
    MakeLengths(false), MakeLengths(true), MakeLengths(false)};

consteval std::array<PointRow, kCodes> MakePoints() {
  TableBuilder<PointRow> t;
  t.AddEach({.source = kRecent}, 6, 6);
  t.AddEach({.source = kRecent, .end = true, .last = true}, 6, 5);
  t.AddEach({.source = kRecent, .end = true}, 6, 4);
  t.AddEach({.source = kRecent, .last = true}, 6, 3);
  t.AddEach({.source = kRecent + 6}, kRecents - 6);
  t.AddEach({.source = kRecent + 6, .end = true, .last = true}, kRecents - 6);
  t.AddEach({.source = kMapRange}, 4, 2);
  t.AddEach({.source = kMapRange, .end = true, .last = true}, 4, 2);
  t.AddEach({.source = kMapRange, .end = true}, 4, 2);
  t.AddEach({.source = kWindow}, kWindowSections);
  t.AddEach({.source = kRecent, .delta = Delta::kSubsections}, 6, 2);
  t.AddEach({.source = kRecent, .delta = Delta::kPages}, 4, 2);
  t.AddEach({.source = kRecent, .end = true, .delta = Delta::kPages}, 4);
  t.AddEach({.source = kWindow, .delta = Delta::kSubsections}, kWindowSections);
  t.Add({.source = kTableEnd, .delta = Delta::kSubsections});
  t.Add({.source = kZero, .delta = Delta::kAnyPages});
  t.Add({.source = kRecent}, kCodes - t.used);
  return t.rows;
}
inline constexpr std::array<PointRow, kCodes> kPoints = MakePoints();

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_PLACE_TABLES_H_
