// SPDX-License-Identifier: Apache-2.0
// NvdimmJudge: comparisons, kind by kind.
#include "witness/nvdimm_judge.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "oracle/compare.h"
#include "trace/text.h"
#include "witness/comparison.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// The module's handle of a mapping that is not its own.
constexpr Handle kOfAnother = 0xfffe;

const char* NameOf(Disposition disposition) {
  constexpr const char* kNames[] = {"absent", "idle", "raw", "pfn", "dax", "pfn without driver", "dax without driver"};
  return kNames[static_cast<unsigned>(disposition)];
}

std::string StateText(Disposition disposition, uint64_t capacity) {
  return capacity == 0 ? NameOf(disposition) : absl::StrFormat("%s of %x", NameOf(disposition), capacity);
}

// A mapping of a namespace is nobody's whom the module knows; it is taken for the one that the model has there.
std::string WithNamespaces(SectionNr nr, const std::string& line, const SectionSight& sight,
                           const HotplugLayer& model) {
  constexpr size_t kWords = 8;  // in front of the lookups
  size_t end = 0;
  for (size_t i = 0; i < kWords && end != std::string::npos; ++i) end = line.find(' ', i == 0 ? 0 : end + 1);
  std::string text = line.substr(0, end);
  for (unsigned i = 0; i < kSubsectionsPerSection; ++i) {
    if (sight.lookup[i] == kNoHandle) continue;
    const Handle map = model.Facts(nr.first_pfn() + i * kPagesPerSubsection).map;
    const Handle handle = IsNamespaceMapping(map) && sight.lookup[i] == kOfAnother ? map : sight.lookup[i];
    absl::StrAppendFormat(&text, " %x %x %x", handle, i, i + 1);
  }
  return text;
}

// "NR:BITMAP ", with NR-NR for neighbours that hold the same.
std::string BitmapsText(const std::vector<std::pair<SectionNr, uint64_t>>& bitmaps) {
  std::string text;
  for (size_t i = 0, end = 0; i < bitmaps.size(); i = end) {
    for (end = i + 1; end < bitmaps.size() && bitmaps[end].second == bitmaps[i].second &&
                      bitmaps[end].first == bitmaps[end - 1].first + 1;) {
      ++end;
    }
    if (bitmaps[i].second == 0) continue;
    absl::StrAppendFormat(&text, "%s%x", text.empty() ? "" : " ", bitmaps[i].first.value());
    if (end != i + 1) absl::StrAppendFormat(&text, "-%x", bitmaps[end - 1].first.value());
    absl::StrAppendFormat(&text, ":%x", bitmaps[i].second);
  }
  return text.empty() ? "nothing" : text;
}

}  // namespace

NvdimmResult& NvdimmResult::operator+=(const NvdimmResult& other) {
  checks += other.checks;
  differences += other.differences;
  block_bytes += other.block_bytes;
  media_bytes += other.media_bytes;
  boot_seconds += other.boot_seconds;
  return *this;
}

std::string NvdimmCheckText(const NvdimmCheck& check) {
  if (check.agrees && check.kernel == check.model) return absl::StrFormat("  %-60s %s\n", check.what, check.kernel);
  if (check.agrees) return absl::StrFormat("  %-60s %s | %s\n", check.what, check.kernel, check.model);
  return absl::StrFormat("  %s\n    DIFFERENCE: kernel %s\n                model  %s\n", check.what, check.kernel,
                         check.model);
}

std::string NvdimmSummaryText(const NvdimmResult& result, std::string_view implementation) {
  return absl::StrFormat(
      "%d checks against %s: %d differ; compared byte by byte: %d of info blocks, %d of media; booting took %.1f s\n",
      result.checks, std::string(implementation), result.differences, result.block_bytes, result.media_bytes,
      result.boot_seconds);
}

void NvdimmJudge::Boot(const FirmwareMap& map, const MediaImage& media) {
  map_ = map;
  for (auto& model : model_) {
    model->Boot(map_);
    model->Nvdimm().Restore(media, 0);
  }
}

NvdimmJudge::Answers NvdimmJudge::Ask(absl::FunctionRef<Answer(HotplugLayer&)> operation) {
  Answers answers;
  for (unsigned i = 0; i < kModels; ++i) answers[i] = operation(*model_[i]);
  return answers;
}

void NvdimmJudge::Check(const std::string& what, const std::string& kernel, const Texts& model, bool agrees) {
  std::string text = model[0];
  if (model[1] != model[0]) absl::StrAppend(&text, " | reference ", model[1]);
  ++result_.checks;
  result_.differences += agrees ? 0 : 1;
  say_({what, kernel, text, agrees});
}

// An errno that nobody told is any; the counters of a mapping are not for ndctl to see.
void NvdimmJudge::CheckAnswer(const std::string& what, const NvdimmAnswer& kernel, const Answers& answers) {
  Texts text;
  bool agrees = true;
  for (unsigned i = 0; i < kModels; ++i) {
    Answer said = answers[i];
    if (said.kind == Answer::Kind::kValue) said = Answer::Value(said.value, said.warnings);
    text[i] = PrintAnswer(said);
    const bool both_fail = !kernel.errno_told && said.kind == Answer::Kind::kValue && said.value < 0;
    agrees = agrees && (both_fail || SameAnswerAsReference(kernel.answer, said));
  }
  const std::string heard = kernel.errno_told ? PrintAnswer(kernel.answer) : "refused";
  Check(what, kernel.words.empty() ? heard : absl::StrCat(heard, " (", kernel.words, ")"), text, agrees);
}

void NvdimmJudge::CheckState(Handle ns, const std::optional<NamespaceSight>& sight) {
  const std::string kernel =
      sight.has_value() ? StateText(sight->disposition(), sight->capacity()) : StateText(Disposition::kAbsent, 0);
  Texts text;
  for (unsigned i = 0; i < kModels; ++i) {
    const NamespaceFacts facts = model_[i]->Nvdimm().Namespace(ns);
    text[i] = StateText(facts.disposition, facts.capacity);
  }
  Check("  namespace", kernel, text, kernel == text[0] && kernel == text[1]);
}

void NvdimmJudge::CheckBlock(Handle region, uint64_t offset, const DimmFile& file) {
  const InfoBlock kernel = BlockIn(file, offset);
  Texts text;
  bool agrees = true;
  MediaImage image;
  for (unsigned i = 0; i < kModels; ++i) {
    model_[i]->Nvdimm().Image(&image);
    const std::string difference = BlockDifference(kernel, BlockIn(image, region, offset));
    text[i] = difference.empty() ? absl::StrFormat("the same %d bytes", kInfoBlockSize) : difference;
    agrees = agrees && difference.empty();
  }
  result_.block_bytes += kInfoBlockSize;
  Check("  info block", BlockText(kernel), text, agrees);
}

// One line for all that hold something, in which bitmaps stand for the rest.
absl::Status NvdimmJudge::CheckSections(absl::Span<const std::pair<SectionNr, std::string>> lines) {
  std::vector<std::pair<SectionNr, uint64_t>> kernel;
  std::vector<std::pair<SectionNr, uint64_t>> ours[kModels];
  Texts deviations;
  bool agrees = true;
  for (const auto& [nr, line] : lines) {
    const absl::StatusOr<SectionSight> sight = ParseSectionSight(line);
    if (!sight.ok()) return sight.status();
    kernel.emplace_back(nr, sight->facts.bitmap);
    for (unsigned i = 0; i < kModels; ++i) {
      ours[i].emplace_back(nr, model_[i]->Section(nr).bitmap);
      const Deviation deviation = CompareLook({.kind = Request::Kind::kSection, .section = nr},
                                              WithNamespaces(nr, line, *sight, *model_[i]), *model_[i]);
      if (!deviation.found()) continue;
      agrees = false;
      // The first one says enough.
      if (!deviations[i].empty()) continue;
      absl::StrAppend(&deviations[i], " [", deviation.what, ": ", deviation.kernel, "; model ", deviation.layer, "]");
    }
  }
  Texts text;
  for (unsigned i = 0; i < kModels; ++i) text[i] = BitmapsText(ours[i]) + deviations[i];
  Check("  sections", BitmapsText(kernel), text, agrees);
  return absl::OkStatus();
}

void NvdimmJudge::CheckMedia(Handle region, const DimmFile& file) {
  MediaImage image;
  Texts text;
  bool agrees = true;
  for (unsigned i = 0; i < kModels; ++i) {
    model_[i]->Nvdimm().Image(&image);
    const MediaComparison media = CompareMedia(file, image, region);
    if (i == 0) result_.media_bytes += media.compared;
    text[i] = media.first_difference.has_value()
                  ? absl::StrFormat("at %x: %02x/%02x", *media.first_difference, media.kernel, media.model)
                  : absl::StrFormat("the same %d bytes", media.compared);
    agrees = agrees && !media.first_difference.has_value();
  }
  Check("media", absl::StrFormat("region %x", file.range().start), text, agrees);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
