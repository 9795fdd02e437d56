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
// Large machines have some thousands.
constexpr size_t kMaxResources = size_t{1} << 16;

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
  const bool other_space = blanks < text.size() && absl::ascii_isspace(static_cast<unsigned char>(text[blanks]));
  if (other_space || blanks % kIndent != 0 || blanks / kIndent > kMaxDepth)
    return line.Error("two blanks a level before a resource");
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
    if (absl::StripAsciiWhitespace(line).empty() || line.front() == '#') continue;
    if (resources.size() == kMaxResources) {
      return LineReader(line, file, number).Error(absl::StrCat("at most ", kMaxResources, " resources"));
    }
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
  size_t later = 0;   // RAM that was added after boot
  size_t beyond = 0;  // resources that no map can name
};

Memory MemoryOf(const std::vector<Resource>& resources) {
  Memory memory;
  const Resource* top = nullptr;
  for (const Resource& resource : resources) {
    memory.beyond += resource.last >> kMaxPhysBits != 0 ? 1 : 0;
    memory.later += resource.depth != 0 && IsRam(resource.name) && !IsRam(top->name) ? 1 : 0;
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

// Joins neighbours across the smallest gaps that hold no RAM or PMEM until at most `room` are left or no such gap is.
// Returns how many were joined.
size_t JoinAcrossGaps(size_t room, const std::vector<Memory::Placed>& used, std::vector<PhysRange>* ranges) {
  if (ranges->size() <= room) return 0;
  std::vector<std::pair<uint64_t, size_t>> gaps;  // size, index of the range below
  for (size_t i = 0; i + 1 < ranges->size(); ++i) {
    const PhysRange gap{(*ranges)[i].end(), (*ranges)[i + 1].start - (*ranges)[i].end()};
    const bool free = std::none_of(used.begin(), used.end(),
                                   [gap](const Memory::Placed& placed) { return placed.range.range.overlaps(gap); });
    if (free) gaps.emplace_back(gap.size, i);
  }
  std::sort(gaps.begin(), gaps.end());
  gaps.resize(std::min(gaps.size(), ranges->size() - room));
  std::vector<bool> closed(ranges->size());
  for (const auto& [size, below] : gaps) closed[below] = true;
  std::vector<PhysRange> joined;
  for (size_t i = 0; i < ranges->size(); ++i) {
    if (i != 0 && closed[i - 1]) {
      joined.back().size = (*ranges)[i].end() - joined.back().start;
    } else {
      joined.push_back((*ranges)[i]);
    }
  }
  *ranges = std::move(joined);
  return gaps.size();
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

absl::StatusOr<IomemMap> ParseIomem(absl::string_view text, absl::string_view file_name) {
  absl::StatusOr<std::vector<Resource>> resources = ReadResources(text, file_name);
  if (!resources.ok()) return resources.status();
  Memory memory = MemoryOf(*resources);
  IomemMap result;
  for (const Memory::Placed& placed : memory.used) {
    MapError error = InsertRange(placed.range, &result.map);
    const bool named = placed.range.range.start + (placed.range.range.size - 1) < uint64_t{1} << kPhysmemBits5Level;
    if (error == MapError::kNone && named) continue;
    const std::string expected =
        named ? std::string(MapErrorText(error)) : absl::StrCat("memory below 2^", kPhysmemBits5Level);
    return absl::InvalidArgumentError(
        absl::StrCat(file_name, ":", placed.line, ":1: read ", RangeText(placed.range.range), ", expected ", expected));
  }
  std::vector<PhysRange> unmovable = Joined(std::move(memory.unmovable));
  std::vector<PhysRange> reserved = Without(Joined(std::move(memory.reserved)), memory.used);
  const size_t room = FirmwareMap::kMaxRanges - result.map.count;
  const size_t fewer = JoinAcrossGaps(room - std::min(room / 2, unmovable.size()), memory.used, &reserved);
  const size_t rougher = JoinAcrossGaps(room - std::min(room, reserved.size()), {}, &unmovable);
  for (const auto& [kind, ranges] :
       {std::pair(FirmwareKind::kReserved, &reserved), std::pair(FirmwareKind::kUnmovable, &unmovable)}) {
    for (const PhysRange range : *ranges) {
      if (const MapError error = InsertRange({kind, 0, range}, &result.map); error != MapError::kNone) {
        return absl::InvalidArgumentError(absl::StrCat(file_name, ": read ", resources->size(), " resources, expected ",
                                                       std::string(MapErrorText(error))));
      }
    }
  }
  SetWidth(&result.map);
  const auto note = [&result](size_t count, absl::string_view what) {
    if (count != 0) result.notes.push_back(absl::StrCat(count, " ", what));
  };
  note(memory.later, "ranges of RAM were added after boot and are left out");
  note(memory.beyond, "resources reach above 2^63 and are cut there");
  note(fewer, "gaps between reserved ranges are closed, to make them fit");
  note(rougher, "gaps between unmovable ranges are closed, to make them fit");
  return result;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
