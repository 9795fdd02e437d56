// SPDX-License-Identifier: Apache-2.0
// Answer: what a kernel said to one operation, as far as a caller can see it. Not covered: the state it left behind,
// which facts.h describes.
#ifndef HPFUZZ_HOTPLUG_ANSWER_H_
#define HPFUZZ_HOTPLUG_ANSWER_H_

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "hotplug/same_bytes.h"
#include "hotplug/units.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Linux error numbers that this layer answers with; the values are the kernel's.
enum Errno : int16_t {
  kEPERM = 1,
  kEIO = 5,
  kENXIO = 6,
  kE2BIG = 7,
  kENOMEM = 12,
  kEBUSY = 16,
  kEEXIST = 17,
  kENODEV = 19,
  kEINVAL = 22,
  kERANGE = 34,
  kEOPNOTSUPP = 95,
};

// What the value of a kData answer says beside the bytes 0 to 255.
inline constexpr int kDataMixed = 0x100;        // not all the same: see Answer::detail
inline constexpr int kDataUnspecified = 0x101;  // struct pages lie or lay there

enum class Overlap : uint8_t { kDisjoint, kIntersects, kMixed };

// What a struct page says: the fields of it that hotplug writes.
struct PageView {
  Zone zone = Zone::kDma;
  uint8_t nid = 0;
  bool initialised = false;  // false: nobody wrote it, the other fields are what `memmap_fill` makes of them
  bool reserved = false;
  uint8_t count = 0;  // references
  uint8_t padding = 0;
  Handle map = kNoHandle;  // device mapping; kForeignHandle: a mapping that is gone
  bool operator==(const PageView& other) const { return SameBytes(*this, other); }
};

struct alignas(uint64_t) Answer {
  enum class Kind : uint8_t {
    kValue,    // `value`: 0, a negated errno, or the result of a query (0 or 1, an Overlap, a Handle)
    kAlready,  // online_pages / offline_pages of a block in that state
    kNone,     // no such handle, block, page or mapping; or the operation does not exist in that kernel
    kPending,  // memunmap_pages waits for a pinned page
    kBug,      // assertion: the machine is lost
    kFault,    // page fault of the kernel: the machine is lost
    kPage,     // struct_page: `page`
    kOverlap,  // region_intersects: `value` is an Overlap
    kMapping,  // get_dev_pagemap: `value` is a Handle
    kData,     // ns_read: `value` is a byte, kDataMixed or kDataUnspecified
    kDax,      // dax_access: `value` is 0 or a negated errno, `detail` a pfn
  };

  Kind kind = Kind::kValue;
  uint8_t warnings = 0;  // WARN()s that fired; once-only sites count once per operation
  int16_t value = 0;
  // Payload. memremap_pages, legacy, on failure: the caller's reference counter was killed.
  bool killed = false;
  uint8_t padding[3] = {};
  // memunmap_pages and the unpin that completes it: references that were never dropped; 0 = the counter reached zero.
  int32_t refs_left = 0;
  // memremap_pages with an altmap, and its release: pages accounted as used / lost to alignment afterwards.
  int32_t altmap_alloc = 0;
  int32_t altmap_align = 0;
  PageView page;
  uint32_t more_padding = 0;
  uint64_t detail = 0;  // ns_read of mixed data: their hash; dax_access: the pfn

  static Answer Value(int value, unsigned warnings = 0);
  // `error` is positive, as in Errno.
  static Answer Error(Errno error, unsigned warnings = 0) { return Value(-error, warnings); }
  static Answer Of(Kind kind, unsigned warnings = 0);
  static Answer Intersects(Overlap overlap);
  static Answer Mapping(Handle handle);
  static Answer Page(const PageView& page);
  // `value`: a byte or one of kDataMixed and kDataUnspecified.
  static Answer Data(int value, uint64_t hash = 0) { return Detailed(Kind::kData, value, hash); }
  // `error`: 0 or an Errno.
  static Answer Dax(int error, Pfn pfn) { return Detailed(Kind::kDax, -error, pfn.value()); }

  bool stops() const { return kind == Kind::kBug || kind == Kind::kFault; }
  bool ok() const { return kind == Kind::kValue && value >= 0; }
  bool is_error(Errno error) const { return kind == Kind::kValue && value == -error; }
  bool operator==(const Answer& other) const { return SameBytes(*this, other); }

 private:
  static Answer Detailed(Kind kind, int value, uint64_t detail);
};

// Every operation of every machine returns one of these, through memory. A few words are written instead of a dozen
// fields: sanitizers look at each store.
struct AnswerWords {
  uint64_t head;
  uint64_t payload[4];
};

inline Answer MakeAnswer(Answer::Kind kind, unsigned warnings, int value) {
  struct Head {
    Answer::Kind kind;
    uint8_t warnings;
    int16_t value;
    uint32_t rest;
  };
  constexpr auto kBlank = std::bit_cast<AnswerWords>(Answer());
  const Head head{kind, static_cast<uint8_t>(warnings), static_cast<int16_t>(value), 0};
  // One assignment a word: an initialiser would be copied from a constant, which sanitizers make a call of.
  AnswerWords words;
  words.head = std::bit_cast<uint64_t>(head);
  words.payload[0] = kBlank.payload[0];
  words.payload[1] = kBlank.payload[1];
  words.payload[2] = kBlank.payload[2];
  words.payload[3] = kBlank.payload[3];
  return std::bit_cast<Answer>(words);
}

inline Answer Answer::Value(int value, unsigned warnings) { return MakeAnswer(Kind::kValue, warnings, value); }
inline Answer Answer::Of(Kind kind, unsigned warnings) { return MakeAnswer(kind, warnings, 0); }
inline Answer Answer::Intersects(Overlap overlap) { return MakeAnswer(Kind::kOverlap, 0, static_cast<int>(overlap)); }
inline Answer Answer::Mapping(Handle handle) {
  return handle == kNoHandle ? Of(Kind::kNone) : MakeAnswer(Kind::kMapping, 0, handle);
}
inline Answer Answer::Detailed(Kind kind, int value, uint64_t detail) {
  Answer a = Of(kind);
  a.value = static_cast<int16_t>(value);
  a.detail = detail;
  return a;
}
inline Answer Answer::Page(const PageView& page) {
  Answer a = Of(Kind::kPage);
  a.page = page;
  return a;
}

// "0", "-ENXIO", "already", "BUG", ...; without warnings and payload. Unknown numbers print in decimal.
std::string_view ErrnoName(int value);
std::string_view ZoneName(Zone zone);
std::string_view OverlapName(Overlap overlap);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_HOTPLUG_ANSWER_H_
