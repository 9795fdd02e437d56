// SPDX-License-Identifier: Apache-2.0
// The table of operations, and reading stacks.
#include "triage/source_places.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "triage/crash_key.h"

namespace hpfuzz {
namespace {

using enum OpKind;

// clang-format off
constexpr OpPlace kPlaces[kOpKinds] = {
    {kAddPages, {{"impl_legacy/memory_hotplug.cc", "AddPages"}, {"impl_subsection/memory_hotplug.cc", "MemoryHotplug::AddPages"}}},
    {kRemovePages, {{"impl_legacy/memory_hotplug.cc", "RemovePages"}, {"impl_subsection/memory_hotplug.cc", "MemoryHotplug::RemovePages"}}},
    {kArchAddMemory, {{"impl_legacy/init_64.cc", "ArchAddMemory"}, {"impl_subsection/init_64.cc", "ArchMemory::Add"}}},
    {kArchRemoveMemory, {{"impl_legacy/init_64.cc", "ArchRemoveMemory"}, {"impl_subsection/init_64.cc", "ArchMemory::Remove"}}},
    {kAddMemory, {{"impl_legacy/memory_hotplug.cc", "AddMemory"}, {"impl_subsection/memory_hotplug_ram.cc", "RamHotplug::Add"}}},
    {kRemoveMemory, {{"impl_legacy/memory_hotplug.cc", "RemoveMemory"}, {"impl_subsection/memory_hotplug_ram.cc", "RamHotplug::Remove"}}},
    {kOnlinePages, {{"impl_legacy/memory_hotplug_online.cc", "OnlineBlock"}, {"impl_subsection/memory_hotplug_online.cc", "MemoryHotplug::OnlineBlock"}}},
    {kOfflinePages, {{"impl_legacy/memory_hotplug_online.cc", "OfflineBlock"}, {"impl_subsection/memory_hotplug_online.cc", "MemoryHotplug::OfflineBlock"}}},
    {kMovePfnRangeToZone, {{"impl_legacy/memory_hotplug.cc", "MovePfnRangeToZone"}, {"impl_subsection/memory_hotplug_zone.cc", "MemoryHotplug::MovePfnRangeToZone"}}},
    {kRemovePfnRangeFromZone, {{"impl_legacy/legacy_layer.cc", "RemovePfnRangeFromZone"}, {"impl_subsection/memory_hotplug_zone.cc", "MemoryHotplug::RemovePfnRangeFromZone"}}},
    {kMemremapPages, {{"impl_legacy/memremap.cc", "Pagemaps::Remap"}, {"impl_subsection/memremap.cc", "Memremap::Map"}}},
    {kMemunmapPages, {{"impl_legacy/memremap.cc", "Pagemaps::Release"}, {"impl_subsection/memremap.cc", "Memremap::Release"}}},
    {kPinPage, {{"impl_legacy/legacy_layer.cc", "PinPage"}, {"impl_subsection/kernel.cc", "MainlineKernel::PinPage"}}},
    {kUnpinPage, {{"impl_legacy/memremap.cc", "Pagemaps::Release"}, {"impl_subsection/memremap.cc", "Memremap::Release"}}},
    {kInsertResource, {{"machine/resource_tree.cc", "ResourceTree::Insert"}, {"machine/resource_tree.cc", "ResourceTree::Insert"}}},
    {kRemoveResource, {{"machine/resource_tree.cc", "ResourceTree::Remove"}, {"machine/resource_tree.cc", "ResourceTree::Remove"}}},
    {kRegionIntersects, {{"machine/resource_tree.cc", "ResourceTree::IntersectsTopLevel"}, {"machine/resource_tree.cc", "ResourceTree::IntersectsNested"}}},
    {kPfnValid, {{"impl_legacy/kernel.h", "PfnValid"}, {"impl_subsection/sparse.h", "PfnValid"}}},
    {kPfnToOnlinePage, {{"impl_legacy/kernel.h", "PfnToOnlinePage"}, {"impl_subsection/memory_hotplug.h", "PfnToOnlinePage"}}},
    {kGetDevPagemap, {{"impl_legacy/legacy_layer.cc", "GetDevPagemap"}, {"impl_subsection/kernel_facts.cc", "MainlineKernel::GetDevPagemap"}}},
    {kStructPage, {{"impl_legacy/legacy_layer.cc", "StructPage"}, {"impl_subsection/kernel_facts.cc", "MainlineKernel::StructPage"}}},
    {kMemmapFill, {{"machine/struct_pages.h", "SetFill"}, {"machine/struct_pages.h", "SetFill"}}},
    {kFailAlloc, {{"machine/page_allocator.h", "Arm"}, {"machine/page_allocator.h", "Arm"}}},
    {kRegion, {{"machine/nvdimm_bus_base.cc", "NvdimmBusBase::AddRegion"}, {"machine/nvdimm_bus_base.cc", "NvdimmBusBase::AddRegion"}}},
    {kNsCreate, {{"impl_legacy/nvdimm_pfn.cc", "NdPfnInit"}, {"impl_subsection/nvdimm_pfn.cc", "NdPfnInit"}}},
    {kNsEnable, {{"impl_legacy/nvdimm_pfn.cc", "NdPfnValidate"}, {"impl_subsection/nvdimm_pfn.cc", "NdPfnValidate"}}},
    {kNsDisable, {{"machine/nvdimm_bus_base.cc", "NvdimmBusBase::NsDisable"}, {"machine/nvdimm_bus_base.cc", "NvdimmBusBase::NsDisable"}}},
    {kNsDestroy, {{"machine/nvdimm_bus_base.cc", "NvdimmBusBase::NsDestroy"}, {"machine/nvdimm_bus_base.cc", "NvdimmBusBase::NsDestroy"}}},
    {kNsRead, {{"machine/nvdimm_bus_access.cc", "NvdimmBusBase::NsRead"}, {"machine/nvdimm_bus_access.cc", "NvdimmBusBase::NsRead"}}},
    {kNsWrite, {{"machine/nvdimm_bus_access.cc", "NvdimmBusBase::NsWrite"}, {"machine/nvdimm_bus_access.cc", "NvdimmBusBase::NsWrite"}}},
    {kDaxAccess, {{"machine/nvdimm_bus_access.cc", "NvdimmBusBase::DaxAccess"}, {"machine/nvdimm_bus_access.cc", "NvdimmBusBase::DaxAccess"}}},
    {kCorrupt, {{"machine/nvdimm_bus_access.cc", "NvdimmBusBase::Corrupt"}, {"machine/nvdimm_bus_access.cc", "NvdimmBusBase::Corrupt"}}},
    {kReboot, {{"impl_legacy/boot.cc", "BootKernel"}, {"impl_subsection/boot.cc", "BootMachine"}}},
};
// clang-format on

consteval bool PlacesStandByOpKind() {
  for (unsigned i = 0; i < kOpKinds; ++i) {
    if (kPlaces[i].op != static_cast<OpKind>(i)) return false;
  }
  return true;
}
static_assert(PlacesStandByOpKind());

// The folders that hold what is tested. They have no folders in them.
constexpr absl::string_view kFolders[] = {"impl_legacy", "impl_subsection", "machine"};
constexpr size_t kMostPlaces = 8;
constexpr absl::string_view kOurs = "hpfuzz::";

void AddPlace(SarifLocation place, std::vector<SarifLocation>* places) {
  const bool known = std::any_of(places->begin(), places->end(), [&place](const SarifLocation& other) {
    return other.file == place.file && other.line == place.line;
  });
  if (!known && places->size() < kMostPlaces) places->push_back(std::move(place));
}

bool IsSourceFile(absl::string_view name) {
  if (!absl::EndsWith(name, ".cc") && !absl::EndsWith(name, ".h")) return false;
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.'; });
}

// "/any/where/impl_legacy/sparse.cc:12:3" -> impl_legacy/sparse.cc, 12. Of a header the path goes through the include
// roots of the build; so only its last two names count.
std::optional<SarifLocation> PlaceOf(absl::string_view text) {
  const size_t slash = text.find_last_of('/');
  if (slash == absl::string_view::npos) return std::nullopt;
  absl::string_view folder = text.substr(0, slash);
  folder = folder.substr(folder.find_last_of('/') + 1);
  const std::vector<absl::string_view> parts = absl::StrSplit(text.substr(slash + 1), ':');
  int line = 0;
  if (parts.size() < 2 || !absl::SimpleAtoi(parts[1], &line) || line <= 0) return std::nullopt;
  if (std::find(std::begin(kFolders), std::end(kFolders), folder) == std::end(kFolders)) return std::nullopt;
  if (!IsSourceFile(parts[0])) return std::nullopt;
  return SarifLocation{absl::StrCat(folder, "/", parts[0]), line};
}

// The side that is named in "op.legacy-bitmap"; none: both.
std::optional<Side> SideOf(absl::string_view name) {
  for (const Side side : {Side::kLegacy, Side::kSubsection}) {
    const std::string_view word = SideName(side);
    if (absl::StartsWith(name, absl::StrCat(absl::string_view(word.data(), word.size()), "-"))) return side;
  }
  if (absl::StartsWith(name, "series-")) return Side::kSubsection;
  return std::nullopt;
}

}  // namespace

absl::Span<const OpPlace> OpPlaces() { return kPlaces; }

std::vector<SarifLocation> PlacesOfKey(std::string_view key) {
  std::vector<SarifLocation> places;
  const size_t dot = key.find('.');
  if (dot == std::string_view::npos || IsCrashKey({key.data(), key.size()})) return places;
  const std::string_view op = key.substr(0, dot);
  const std::optional<Side> side = SideOf({key.data() + dot + 1, key.size() - dot - 1});
  for (const OpPlace& row : kPlaces) {
    if (SpecOf(row.op).name != op) continue;
    for (const Side one : {Side::kLegacy, Side::kSubsection}) {
      if (side.has_value() && *side != one) continue;
      AddPlace({std::string(row.of[static_cast<unsigned>(one)].file), 0}, &places);
    }
  }
  return places;
}

std::vector<SarifLocation> PlacesInReport(std::string_view report) {
  std::vector<SarifLocation> places;
  bool in_stack = false;
  for (absl::string_view line : absl::StrSplit(absl::string_view(report.data(), report.size()), '\n')) {
    line = absl::StripAsciiWhitespace(line);
    const bool frame = absl::StartsWith(line, "#");
    if (in_stack && !frame) break;
    in_stack = in_stack || frame;
    const size_t error = frame ? absl::string_view::npos : line.find(": runtime error: ");
    if (error != absl::string_view::npos) {
      if (std::optional<SarifLocation> place = PlaceOf(line.substr(0, error))) AddPlace(*std::move(place), &places);
    } else if (frame && absl::StrContains(line, kOurs)) {
      std::optional<SarifLocation> place = PlaceOf(line.substr(line.find_last_of(' ') + 1));
      if (place) AddPlace(*std::move(place), &places);
    }
  }
  return places;
}

}  // namespace hpfuzz
