// SPDX-License-Identifier: Apache-2.0
// The yardstick of the speed measurements: two bare models of a section bitmap driven by bytes. Kept as it
// is, so that its figures compare with older ones. toy 'section bitmap' model pair. -DVARIANT=0 empty,1 arena,2
// malloc(new/delete sections),3 std::map both, 4 absl::flat_hash_map.  64 ops/input, 4 bytes/op. 64 sections x 64
// subsections x 512 pages.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <vector>
#ifndef VARIANT
#define VARIANT 1
#endif
#if VARIANT == 4
#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#endif
namespace {
constexpr uint32_t kSections = 64, kSub = 64, kPagesPerSub = 512;
constexpr uint32_t kTotalSub = kSections * kSub;
enum Err : int { kOk = 0, kExist = -17, kInval = -22, kNoMem = -12 };
struct Section {
  uint64_t submap;
  uint64_t online;
  uint32_t nid;
  uint32_t gen;
  uint32_t refs[8];
};

// ---- Model A: kernel-like per-section subsection bitmap ----
#if VARIANT == 1
struct ArenaA {  // fixed arena, generation reset: O(1) reset
  Section sec[kSections];
  uint32_t gen = 1;
  void reset() { ++gen; }
  Section* get(uint32_t i) { return sec[i].gen == gen ? &sec[i] : nullptr; }
  Section* get_or_make(uint32_t i) {
    Section& s = sec[i];
    if (s.gen != gen) {
      std::memset(&s, 0, sizeof s);
      s.gen = gen;
    }
    return &s;
  }
  void drop(uint32_t i) { sec[i].gen = 0; }
};
#elif VARIANT == 2
struct ArenaA {
  std::unique_ptr<Section> sec[kSections];
  void reset() {
    for (auto& s : sec) s.reset();
  }
  Section* get(uint32_t i) { return sec[i].get(); }
  Section* get_or_make(uint32_t i) {
    if (!sec[i]) sec[i] = std::make_unique<Section>();
    return sec[i].get();
  }
  void drop(uint32_t i) { sec[i].reset(); }
};
#elif VARIANT == 3
struct ArenaA {
  std::map<uint32_t, Section> sec;
  void reset() { sec.clear(); }
  Section* get(uint32_t i) {
    auto it = sec.find(i);
    return it == sec.end() ? nullptr : &it->second;
  }
  Section* get_or_make(uint32_t i) { return &sec[i]; }
  void drop(uint32_t i) { sec.erase(i); }
};
#elif VARIANT == 4
struct ArenaA {
  absl::flat_hash_map<uint32_t, Section> sec;
  void reset() { sec.clear(); }
  Section* get(uint32_t i) {
    auto it = sec.find(i);
    return it == sec.end() ? nullptr : &it->second;
  }
  Section* get_or_make(uint32_t i) { return &sec[i]; }
  void drop(uint32_t i) { sec.erase(i); }
};
#endif
inline uint64_t mask(uint32_t lo, uint32_t n) { return (n >= 64 ? ~0ull : ((1ull << n) - 1)) << lo; }
#if VARIANT > 0
struct ModelA {
  ArenaA a;
  void reset() { a.reset(); }
  int add(uint32_t s, uint32_t n, uint32_t nid) {
    if (n == 0 || s + n > kTotalSub) return kInval;
    for (uint32_t p = s; p < s + n;) {  // check pass
      uint32_t si = p / kSub, lo = p % kSub, c = std::min(kSub - lo, s + n - p);
      if (Section* x = a.get(si)) {
        if (x->submap & mask(lo, c)) return kExist;
        if (x->nid != nid) return kInval;
      }
      p += c;
    }
    for (uint32_t p = s; p < s + n;) {
      uint32_t si = p / kSub, lo = p % kSub, c = std::min(kSub - lo, s + n - p);
      Section* x = a.get_or_make(si);
      x->submap |= mask(lo, c);
      x->nid = nid;
      p += c;
    }
    return kOk;
  }
  int remove(uint32_t s, uint32_t n) {
    if (n == 0 || s + n > kTotalSub) return kInval;
    for (uint32_t p = s; p < s + n;) {
      uint32_t si = p / kSub, lo = p % kSub, c = std::min(kSub - lo, s + n - p);
      Section* x = a.get(si);
      if (!x || (x->submap & mask(lo, c)) != mask(lo, c)) return kInval;
      p += c;
    }
    for (uint32_t p = s; p < s + n;) {
      uint32_t si = p / kSub, lo = p % kSub, c = std::min(kSub - lo, s + n - p);
      Section* x = a.get(si);
      x->submap &= ~mask(lo, c);
      if (!x->submap) a.drop(si);
      p += c;
    }
    return kOk;
  }
  bool pfn_valid(uint64_t pfn) {
    uint64_t sub = pfn / kPagesPerSub;
    if (sub >= kTotalSub) return false;
    Section* x = a.get(uint32_t(sub / kSub));
    return x && (x->submap >> (sub % kSub) & 1);
  }
};
// ---- Model B: flat per-subsection owner table (1,2), interval map (3,4) ----
#if VARIANT <= 2
struct ModelB {
  // per-section nid is implied by any owned subsection in that section
  uint16_t own[kTotalSub];
  uint16_t cnt[kSections];
  uint16_t nid_[kSections];
  uint32_t dirty_lo = kTotalSub, dirty_hi = 0;
  void reset() {
    if (dirty_lo < dirty_hi) std::memset(own + dirty_lo, 0, (dirty_hi - dirty_lo) * sizeof own[0]);
    std::memset(cnt, 0, sizeof cnt);
    dirty_lo = kTotalSub;
    dirty_hi = 0;
  }
  int add(uint32_t s, uint32_t n, uint32_t nid) {
    if (n == 0 || s + n > kTotalSub) return kInval;
    for (uint32_t sec = s / kSub; sec <= (s + n - 1) / kSub; ++sec) {
      uint32_t lo = std::max(s, sec * kSub), hi = std::min(s + n, (sec + 1) * kSub);
      if (!cnt[sec]) continue;
      for (uint32_t i = lo; i < hi; ++i)
        if (own[i]) return kExist;
      if (nid_[sec] != nid) return kInval;
    }
    for (uint32_t i = s; i < s + n; ++i) {
      own[i] = 1;
      cnt[i / kSub]++;
      nid_[i / kSub] = uint16_t(nid);
    }
    dirty_lo = std::min(dirty_lo, s);
    dirty_hi = std::max(dirty_hi, s + n);
    return kOk;
  }
  int remove(uint32_t s, uint32_t n) {
    if (n == 0 || s + n > kTotalSub) return kInval;
    for (uint32_t i = s; i < s + n; ++i)
      if (!own[i]) return kInval;
    for (uint32_t i = s; i < s + n; ++i) {
      own[i] = 0;
      cnt[i / kSub]--;
    }
    return kOk;
  }
  bool pfn_valid(uint64_t pfn) {
    uint64_t s = pfn / kPagesPerSub;
    return s < kTotalSub && own[s];
  }
};
#else
template <class M>
struct IntervalB {
  M iv;
  std::map<uint32_t, std::pair<uint32_t, uint32_t> > secs;  // start->end ; sec->(cnt,nid)
  void reset() {
    iv.clear();
    secs.clear();
  }
  bool overlaps(uint32_t s, uint32_t e) {
    auto it = iv.lower_bound(e);
    if (it == iv.begin()) return false;
    --it;
    return it->second > s;
  }
  int add(uint32_t s, uint32_t n, uint32_t nid) {
    if (n == 0 || s + n > kTotalSub) return kInval;
    for (uint32_t sec = s / kSub; sec <= (s + n - 1) / kSub; ++sec) {
      uint32_t lo = std::max(s, sec * kSub), hi = std::min(s + n, (sec + 1) * kSub);
      auto f = secs.find(sec);
      if (f == secs.end()) continue;
      if (overlaps(lo, hi)) return kExist;
      if (f->second.second != nid) return kInval;
    }
    for (uint32_t sec = s / kSub; sec <= (s + n - 1) / kSub; ++sec) {
      uint32_t lo = std::max(s, sec * kSub), hi = std::min(s + n, (sec + 1) * kSub);
      auto& f = secs[sec];
      f.first += hi - lo;
      f.second = nid;
    }
    uint32_t e = s + n;
    auto nx = iv.find(e);
    if (nx != iv.end()) {
      e = nx->second;
      iv.erase(nx);
    }
    auto it = iv.lower_bound(s);
    if (it != iv.begin()) {
      --it;
      if (it->second == s) {
        it->second = e;
        return kOk;
      }
    }
    iv[s] = e;
    return kOk;
  }
  int remove(uint32_t s, uint32_t n) {
    if (n == 0 || s + n > kTotalSub) return kInval;
    uint32_t e = s + n;
    auto it = iv.upper_bound(s);
    if (it == iv.begin()) return kInval;
    --it;
    if (it->second < e) return kInval;
    uint32_t a = it->first, b = it->second;
    iv.erase(it);
    if (a < s) iv[a] = s;
    if (e < b) iv[e] = b;
    for (uint32_t sec = s / kSub; sec <= (e - 1) / kSub; ++sec) {
      uint32_t lo = std::max(s, sec * kSub), hi = std::min(e, (sec + 1) * kSub);
      auto f = secs.find(sec);
      f->second.first -= hi - lo;
      if (!f->second.first) secs.erase(f);
    }
    return kOk;
  }
  bool pfn_valid(uint64_t pfn) {
    uint64_t s = pfn / kPagesPerSub;
    return s < kTotalSub && overlaps(uint32_t(s), uint32_t(s + 1));
  }
};
#if VARIANT == 3
using ModelB = IntervalB<std::map<uint32_t, uint32_t> >;
#else
using ModelB = IntervalB<absl::btree_map<uint32_t, uint32_t> >;
#endif
#endif
ModelA A;
ModelB B;
[[noreturn]] void diverge() { __builtin_trap(); }
#endif
}  // namespace
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* d, size_t n) {
#if VARIANT == 0
  (void)d;
  (void)n;
#else
  A.reset();
  B.reset();
  size_t ops = std::min<size_t>(n / 4, 64);
  for (size_t i = 0; i < ops; ++i, d += 4) {
    uint32_t s = (d[1] | d[2] << 8) % kTotalSub, len = d[3] & 127;
    switch (d[0] % 3) {
      case 0:
        if (A.add(s, len, d[0] >> 7) != B.add(s, len, d[0] >> 7)) diverge();
        break;
      case 1:
        if (A.remove(s, len) != B.remove(s, len)) diverge();
        break;
      case 2: {
        uint64_t pfn = uint64_t(s) * kPagesPerSub + len * 4;
        if (A.pfn_valid(pfn) != B.pfn_valid(pfn)) diverge();
      }
    }
#ifdef BUGGY
    if (A.pfn_valid(777 * 512) && A.pfn_valid(3001 * 512) && !A.pfn_valid(778 * 512)) diverge();
#endif
  }
#endif
  return 0;
}
