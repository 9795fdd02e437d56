// SPDX-License-Identifier: Apache-2.0
// Comparison: answers and looks, kind by kind.
#include "witness/comparison.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "oracle/compare.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

std::string Text(const SectionSight& s) {
  std::string text = absl::StrFormat("%s%s%s%s%s%sblock %d, memmap %d/%d, bits %x, direct map %x, valid %x, online %x",
                                     s.facts.present ? "present " : "", s.facts.valid ? "valid " : "",
                                     s.facts.online ? "online " : "", s.facts.early ? "early " : "",
                                     s.facts.tainted ? "tainted " : "", s.facts.kept_usage ? "kept-usage " : "",
                                     static_cast<int>(s.facts.block), static_cast<int>(s.facts.memmap),
                                     s.facts.memmap_pages, s.facts.bitmap, s.facts.direct_map, s.valid, s.online);
  for (unsigned i = 0; i < kSubsectionsPerSection; ++i) {
    const bool new_run = s.lookup[i] != kNoHandle && (i == 0 || s.lookup[i - 1] != s.lookup[i]);
    if (new_run) absl::StrAppend(&text, ", mapping ", s.lookup[i], " from ", i);
  }
  return text;
}

std::string Text(const PfnFacts& f) {
  return absl::StrCat("valid ", f.valid, ", online ", f.online, ", mapping ", f.map, ", ",
                      f.backed ? PrintAnswer(Answer::Page(f.page)) : "no memory behind it");
}

std::string Text(const Span& s) { return absl::StrFormat("%x-%x/%x", s.start.value(), s.end.value(), s.present); }

std::string Text(const std::vector<ResourceRow>& rows) {
  std::string text;
  for (const ResourceRow& row : rows) {
    absl::StrAppendFormat(&text, "%s%x-%x%s%s; ", std::string(row.depth, '>'), row.range.start,
                          row.range.start + (row.range.size - 1), row.ram ? " ram" : "", row.busy ? "" : " idle");
  }
  return text.empty() ? "none" : text;
}

// Who uses a page of online RAM, and what nobody wrote, is the machine's own.
bool IsOwn(const PfnFacts& facts) { return facts.online || facts.unspecified || !facts.page.initialised; }

// Makes `page` what `ours` says, but for the zone and node of a page that is online: those are hotplug's.
void HideUse(const PfnFacts& ours, PageView* page) {
  const PageView seen = *page;
  *page = ours.page;
  if (ours.unspecified || !ours.page.initialised) return;
  page->zone = seen.zone;
  page->nid = seen.nid;
}

Deviation Unreadable(const absl::Status& status) { return {"unreadable", std::string(status.message()), ""}; }

SectionSight SightOf(SectionNr nr, const HotplugLayer& layer) {
  SectionSight sight;
  sight.facts = layer.Section(nr);
  for (unsigned i = 0; i < kSubsectionsPerSection; ++i) {
    const PfnFacts facts = layer.Facts(nr.first_pfn() + i * kPagesPerSubsection);
    sight.valid |= uint64_t{facts.valid} << i;
    sight.online |= uint64_t{facts.online} << i;
    sight.lookup[i] = facts.map;
  }
  return sight;
}

Deviation CompareSection(SectionNr nr, absl::string_view line, const HotplugLayer& layer) {
  const absl::StatusOr<SectionSight> kernel = ParseSectionSight(line);
  if (!kernel.ok()) return Unreadable(kernel.status());
  const SectionSight ours = SightOf(nr, layer);
  if (*kernel == ours) return {};
  std::string what = "lookup";
  if (const auto check = Difference(kernel->facts, ours.facts); check.has_value()) {
    what = std::string(CheckName(*check));
  } else if (kernel->valid != ours.valid) {
    what = std::string(CheckName(Check::kPfnValid));
  } else if (kernel->online != ours.online) {
    what = std::string(CheckName(Check::kOnlinePage));
  }
  const std::string where = absl::StrFormat("section %x: ", nr.value());
  return {what, where + Text(*kernel), where + Text(ours)};
}

Deviation ComparePage(Pfn pfn, absl::string_view line, const HotplugLayer& layer) {
  absl::StatusOr<PfnFacts> kernel = ParsePageSight(line);
  if (!kernel.ok()) return Unreadable(kernel.status());
  const PfnFacts ours = layer.Facts(pfn);
  if (ours.backed && IsOwn(ours)) HideUse(ours, &kernel->page);
  const auto check = Difference(*kernel, ours);
  if (!check.has_value()) return {};
  const std::string where = absl::StrFormat("page %x: ", pfn.value());
  return {std::string(CheckName(*check)), where + Text(*kernel), where + Text(ours)};
}

Deviation CompareSpans(absl::string_view line, const HotplugLayer& layer) {
  const absl::StatusOr<NodeSpans> kernel = ParseSpans(line);
  if (!kernel.ok()) return Unreadable(kernel.status());
  const NodeSpans& ours = layer.Node(0);
  const std::string name(CheckName(Check::kSpans));
  for (const Zone zone : {Zone::kNormal, Zone::kMovable, Zone::kDevice}) {
    const unsigned i = static_cast<unsigned>(zone);
    if (kernel->zone[i] == ours.zone[i]) continue;
    const std::string where = absl::StrCat(std::string(ZoneName(zone)), " ");
    return {name, where + Text(kernel->zone[i]), where + Text(ours.zone[i])};
  }
  if (kernel->node == ours.node) return {};
  return {name, "node " + Text(kernel->node), "node " + Text(ours.node)};
}

Deviation CompareResources(PhysRange range, absl::string_view line, const HotplugLayer& layer) {
  const absl::StatusOr<std::vector<ResourceRow>> kernel = ParseResources(line);
  if (!kernel.ok()) return Unreadable(kernel.status());
  std::vector<ResourceRow> rows(layer.Resources(nullptr, 0));
  layer.Resources(rows.data(), rows.size());
  std::vector<ResourceRow> ours;
  bool shown = false;
  for (const ResourceRow& row : rows) {
    if (row.depth == 0) shown = row.range.overlaps(range);
    if (shown) ours.push_back(row);
  }
  if (*kernel == ours) return {};
  return {std::string(CheckName(Check::kResources)), Text(*kernel), Text(ours)};
}

}  // namespace

bool IsEnvironment(const Op& op, const Answer& kernel, const Answer& layer) {
  return op.kind == OpKind::kOfflinePages && kernel.is_error(kEBUSY) && !layer.is_error(kEBUSY);
}

Deviation CompareAnswer(const Op& op, const Answer& kernel, Answer answer, const HotplugLayer& layer) {
  answer.refs_left = kernel.refs_left;
  answer.killed = kernel.killed;
  const bool both_pages = answer.kind == Answer::Kind::kPage && kernel.kind == answer.kind;
  Answer heard = kernel;
  if (const PfnFacts facts = layer.Facts(op.pfn); both_pages && IsOwn(facts)) HideUse(facts, &heard.page);
  if (SameAnswerAsReference(heard, answer)) return {};
  return {std::string(CheckName(Check::kAnswer)), PrintAnswer(kernel), PrintAnswer(answer)};
}

Deviation CompareLook(const Request& request, absl::string_view line, const HotplugLayer& layer) {
  switch (request.kind) {
    case Request::Kind::kSection: return CompareSection(request.section, line, layer);
    case Request::Kind::kPage: return ComparePage(request.pfn, line, layer);
    case Request::Kind::kSpans: return CompareSpans(line, layer);
    case Request::Kind::kResources: return CompareResources(request.range, line, layer);
    case Request::Kind::kOperation: break;
  }
  return {};
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
