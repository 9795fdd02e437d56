// SPDX-License-Identifier: Apache-2.0
// NvdimmPlan.
#include "witness/nvdimm_plan.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "trace/text.h"
#include "witness/guest.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

bool Has(const NvdimmPlan& plan, Handle region) {
  return std::any_of(plan.regions.begin(), plan.regions.end(),
                     [region](const NvdimmPlan::Region& candidate) { return candidate.handle == region; });
}

bool IsMade(Handle ns, const NvdimmPlan& plan) {
  const auto makes = [ns](const Op& op) { return op.kind == OpKind::kNsCreate && op.handle == ns; };
  return std::any_of(plan.legacy.begin(), plan.legacy.end(), makes) ||
         std::any_of(plan.guest.begin(), plan.guest.end(), makes);
}

// Why no guest has it, or nullptr.
const char* Obstacle(const Op& op, const NvdimmPlan& plan) {
  if (op.kind == OpKind::kRegion) {
    if (!plan.guest.empty() || !plan.legacy.empty()) return "regions must come first";
    if (op.read_only || op.hidden || op.unreadable || op.blk) return "only plain regions can be built";
    if (op.range.wraps() || op.range.size == 0 || !op.range.aligned_to(kPageSize)) return "not whole pages";
    if (op.range.start < kHighRamStart || op.range.end() > kHighRamStart + kArenaSize) {
      return "an NVDIMM lies in the 8 GiB above 4 GiB";
    }
    const auto overlaps = [&op](const NvdimmPlan::Region& region) { return region.request.range.overlaps(op.range); };
    return std::any_of(plan.regions.begin(), plan.regions.end(), overlaps) ? "it overlaps another region" : nullptr;
  }
  if (!IsNvdimmOp(op.kind)) return "not about namespaces";
  if (op.kind == OpKind::kNsCreate && !Has(plan, op.region)) return "no such region";
  if (op.kind != OpKind::kReboot && op.kind != OpKind::kNsCreate && !IsMade(op.handle, plan))
    return "no such namespace";
  if (op.kind == OpKind::kDaxAccess) return "pfns are not to be seen from outside";
  if (op.kind != OpKind::kReboot) return nullptr;
  if (!op.other || op.number != 0) return "only 'reboot other' without a move can be done";
  return plan.legacy.empty() ? nullptr : "it has been rebooted before";
}

bool IsWhole(const Op& create, const NvdimmPlan& plan) {
  return std::any_of(plan.regions.begin(), plan.regions.end(), [&create](const NvdimmPlan::Region& region) {
    return region.handle == create.region && create.extent.start == 0 &&
           create.extent.size == region.request.range.size;
  });
}

}  // namespace

absl::StatusOr<NvdimmPlan> PlanNvdimm(const Trace& trace) {
  NvdimmPlan plan;
  for (const Op& op : trace.ops) {
    const auto refuse = [&](absl::string_view why) {
      return absl::FailedPreconditionError(absl::StrCat(PrintOp(op, NamesOf(trace)), ": ", why));
    };
    if (const char* obstacle = Obstacle(op, plan); obstacle != nullptr) return refuse(obstacle);
    if (op.kind == OpKind::kRegion) {
      plan.regions.push_back({op.handle, {.range = op.range}, false});
    } else if (op.kind == OpKind::kReboot) {
      if (std::any_of(plan.regions.begin(), plan.regions.end(), [](const auto& region) { return region.labels; })) {
        return refuse("5.1 writes no labels here: a namespace must be all of its region");
      }
      plan.legacy.swap(plan.guest);
    } else {
      plan.guest.push_back(op);
    }
    if (op.kind != OpKind::kNsCreate) continue;
    for (NvdimmPlan::Region& region : plan.regions) {
      if (region.handle == op.region && !IsWhole(op, plan)) region.labels = true;
    }
  }
  if (plan.regions.empty()) return absl::FailedPreconditionError("there is no region");
  if (plan.guest.empty()) return absl::FailedPreconditionError("there is nothing to ask");
  return plan;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
