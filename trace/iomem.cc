// SPDX-License-Identifier: Apache-2.0
// Iomem: lines, then what they say about RAM, PMEM and the rest, then a map.
#include "trace/iomem.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "trace/lexer.h"
#include "trace/map_builder.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// The kernel indents by two blanks a level and names a handful of levels; deeper lines are no file of this kind.
constexpr size_t kIndent = 2;
constexpr size_t kMaxDepth = 32;

struct Resource {
  size_t depth = 0;
  uint64_t first = 0;
  uint64_t last = 0;  // inclusive
  absl::string_view name;
  int line = 0;
};

bool IsRam(absl::string_view name) { return absl::StartsWith(name, "System RAM"); }
bool IsPmem(absl::string_view name) { return absl::StartsWith(name, "Persistent Memory"); }

absl::StatusOr<Resource> ReadResource(absl::string_view text, absl::string_view file, int number) {
  Resource resource{.name = {}, .line = number};
  size_t blanks = 0;
  while (blanks < text.size() && text[blanks] == ' ') ++blanks;
  LineReader line(text, file, number);
  if (blanks % kIndent != 0 || blanks / kIndent > kMaxDepth) return line.Error("two blanks a level before a resource");
  resource.depth = blanks / kIndent;
  PhysRange range;
  if (const absl::Status status = line.TakeRange(&range); !status.ok()) return status;
  resource.first = range.start;
  resource.last = range.start + range.size - 1;
  if (range.size == 0 || range.wraps()) return LineReader(text, file, number).Error("a range START-LAST");
  if (line.word() != ":") return line.Error("\" : \" and the name of the resource");
  resource.name = absl::StripAsciiWhitespace(text.substr(text.find(':') + 1));
  return resource;
}

absl::StatusOr<std::vector<Resource>> ReadResources(absl::string_view text, absl::string_view file) {
  std::vector<Resource> resources;
  int number = 0;
  bool hidden = true;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (absl::StripAsciiWhitespace(line).empty()) continue;
    absl::StatusOr<Resource> resource = ReadResource(line, file, number);
    if (!resource.ok()) return resource.status();
    const size_t depth = resource->depth;
    const LineReader at_range(line, file, number);
    if (depth > (resources.empty() ? 0 : resources.back().depth + 1)) return at_range.Error("at most one level more");
    hidden = hidden && resource->last == 0;
    resources.push_back(*resource);
  }
  if (resources.empty()) {
    return LineReader("", file, 1).Error("a resource START-LAST : NAME");
  }
  if (hidden) {
    return absl::FailedPreconditionError(
        absl::StrCat(file, ": all addresses are zero, as the kernel shows them to anybody but root: read it as root"));
  }
  return resources;
}

// Whole pages, as the kernel's memblock takes RAM: what a firmware leaves of a page is not used.
PhysRange WholePagesInside(const Resource& resource) {
  const uint64_t start = AlignUp(resource.first, kPageSize);
  const uint64_t end = resource.last == std::numeric_limits<uint64_t>::max() ? AlignDown(resource.last, kPageSize)
                                                                             : AlignDown(resource.last + 1, kPageSize);
  return {start, start < end && start >= resource.first ? end - start : 0};
}

// The pages that a resource touches, as far as a map can name them; empty beyond.
PhysRange PagesTouched(const Resource& resource) {
  constexpr uint64_t kEnd = uint64_t{1} << kMaxPhysBits;
  if (resource.first >= kEnd) return {};
  const uint64_t start = AlignDown(resource.first, kPageSize);
  return {start, AlignUp(std::min(resource.last, kEnd - 1) + 1, kPageSize) - start};
}

// What the file says of memory: RAM and PMEM never overlap, reserved ranges may.
struct Memory {
  struct Placed {
    FirmwareRange range;
    int line;
  };
  std::vector<Placed> used;          // RAM, PMEM
  std::vector<PhysRange> unmovable;  // inside RAM
  std::vector<PhysRange> reserved;
};

Memory MemoryOf(const std::vector<Resource>& resources) {
  Memory memory;
  const Resource* top = nullptr;
  for (const Resource& resource : resources) {
    if (resource.depth == 0) {
      top = &resource;
      const bool ram = IsRam(resource.name);
      if (!ram && !IsPmem(resource.name)) {
        memory.reserved.push_back(PagesTouched(resource));
        continue;
      }
      const PhysRange range = WholePagesInside(resource);
      const FirmwareKind kind = ram ? FirmwareKind::kRam : FirmwareKind::kPmem;
      if (range.size != 0) memory.used.push_back({{kind, 0, range}, resource.line});
    } else if (resource.depth == 1 && IsRam(top->name)) {
      memory.unmovable.push_back(PagesTouched(resource));
    }
  }
  return memory;
}

// Sorted, touching and overlapping ones joined.
std::vector<PhysRange> Joined(std::vector<PhysRange> ranges) {
  std::sort(ranges.begin(), ranges.end(), [](PhysRange a, PhysRange b) { return a.start < b.start; });
  std::vector<PhysRange> joined;
  for (const PhysRange range : ranges) {
    if (range.size == 0) continue;
    if (!joined.empty() && range.start <= joined.back().end()) {
      joined.back().size = std::max(joined.back().end(), range.end()) - joined.back().start;
    } else {
      joined.push_back(range);
    }
  }
  return joined;
}

// Takes `used` out of sorted `ranges`: a page that RAM and a reserved range share is RAM's.
std::vector<PhysRange> Without(const std::vector<PhysRange>& ranges, const std::vector<Memory::Placed>& used) {
  std::vector<PhysRange> left = ranges;
  for (const Memory::Placed& placed : used) {
    const PhysRange taken = placed.range.range;
    std::vector<PhysRange> next;
    for (const PhysRange range : left) {
      if (!range.overlaps(taken)) {
        next.push_back(range);
        continue;
      }
      if (range.start < taken.start) next.push_back({range.start, taken.start - range.start});
      if (taken.end() < range.end()) next.push_back({taken.end(), range.end() - taken.end()});
    }
    left = std::move(next);
  }
  return left;
}

// Joins neighbours across the smallest gap that holds no RAM or PMEM until at most `room` are left or no such gap is.
void JoinAcrossGaps(size_t room, const std::vector<Memory::Placed>& used, std::vector<PhysRange>* ranges) {
  const auto free = [&used](PhysRange gap) {
    return std::none_of(used.begin(), used.end(),
                        [gap](const Memory::Placed& placed) { return placed.range.range.overlaps(gap); });
  };
  while (ranges->size() > room) {
    size_t best = 0;
    uint64_t smallest = std::numeric_limits<uint64_t>::max();
    for (size_t i = 0; i + 1 < ranges->size(); ++i) {
      const PhysRange gap{(*ranges)[i].end(), (*ranges)[i + 1].start - (*ranges)[i].end()};
      if (gap.size >= smallest || !free(gap)) continue;
      smallest = gap.size;
      best = i;
    }
    if (smallest == std::numeric_limits<uint64_t>::max()) return;
    (*ranges)[best].size = (*ranges)[best + 1].end() - (*ranges)[best].start;
    ranges->erase(ranges->begin() + static_cast<std::ptrdiff_t>(best) + 1);
  }
}

// The machine's own bits are not in the file: enough for what is, and at least what the section table spans.
void SetWidth(FirmwareMap* map) {
  for (const FirmwareRange& range : *map) {
    const uint64_t last = range.range.start + (range.range.size - 1);
    while (last >> map->phys_bits != 0 && map->phys_bits < kMaxPhysBits) ++map->phys_bits;
    const bool memory = range.kind == FirmwareKind::kRam || range.kind == FirmwareKind::kPmem;
    map->five_level |= memory && last >> kPhysmemBits != 0;
  }
}

}  // namespace

absl::StatusOr<FirmwareMap> ParseIomem(absl::string_view text, absl::string_view file_name) {
  absl::StatusOr<std::vector<Resource>> resources = ReadResources(text, file_name);
  if (!resources.ok()) return resources.status();
  Memory memory = MemoryOf(*resources);
  FirmwareMap map;
  const auto insert = [&](const FirmwareRange& range, int line) {
    const MapError error = InsertRange(range, &map);
    if (error == MapError::kNone) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat(file_name, ":", line, ":1: read ", RangeText(range.range),
                                                   ", expected ", std::string(MapErrorText(error))));
  };
  for (const Memory::Placed& placed : memory.used) {
    if (const absl::Status status = insert(placed.range, placed.line); !status.ok()) return status;
  }
  std::vector<PhysRange> unmovable = Joined(std::move(memory.unmovable));
  std::vector<PhysRange> reserved = Without(Joined(std::move(memory.reserved)), memory.used);
  const size_t room = FirmwareMap::kMaxRanges - map.count;
  JoinAcrossGaps(room - std::min(room / 2, unmovable.size()), memory.used, &reserved);
  JoinAcrossGaps(room - std::min(room, reserved.size()), {}, &unmovable);
  for (const auto& [kind, ranges] :
       {std::pair(FirmwareKind::kReserved, &reserved), std::pair(FirmwareKind::kUnmovable, &unmovable)}) {
    for (const PhysRange range : *ranges) {
      if (const absl::Status status = insert({kind, 0, range}, resources->front().line); !status.ok()) return status;
    }
  }
  SetWidth(&map);
  return map;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
