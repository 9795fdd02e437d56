// SPDX-License-Identifier: Apache-2.0
// NvdimmJudge: the models beside a guest with NVDIMMs, and each thing the kernel says against what they say. Not
// covered: who is asked what, and when (nvdimm_player.h).
#ifndef HPFUZZ_WITNESS_NVDIMM_JUDGE_H_
#define HPFUZZ_WITNESS_NVDIMM_JUDGE_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "registry/registry.h"
#include "witness/nvdimm_guest.h"
#include "witness/nvdimm_media.h"
#include "witness/session.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// One thing compared.
struct NvdimmCheck {
  std::string what;    // the operation, or, behind blanks, what was looked at after it
  std::string kernel;  // what it said
  std::string model;   // what the layer says, and, behind " | reference ", its reference where that says otherwise
  bool agrees = false;
};

struct NvdimmResult {
  size_t checks = 0;
  size_t differences = 0;
  uint64_t block_bytes = 0;  // of info blocks, compared
  uint64_t media_bytes = 0;
  double boot_seconds = 0;

  NvdimmResult& operator+=(const NvdimmResult& other);
};

// One line, with what all said; more where they differ.
std::string NvdimmCheckText(const NvdimmCheck& check);
std::string NvdimmSummaryText(const NvdimmResult& result, std::string_view implementation);

class NvdimmJudge {
 public:
  using Say = absl::FunctionRef<void(const NvdimmCheck&)>;
  using Answers = std::array<Answer, kModels>;

  // `say` must outlive the judge.
  NvdimmJudge(const Implementation& implementation, Say say)
      : model_{implementation.make_layer(), implementation.make_reference()}, say_(say) {}

  // A machine with that map, in which the regions may be, on these media.
  void Boot(const FirmwareMap& map, const MediaImage& media);
  // What each model answers.
  Answers Ask(absl::FunctionRef<Answer(HotplugLayer&)> operation);

  void CheckAnswer(const std::string& what, const NvdimmAnswer& kernel, const Answers& answers);
  void CheckState(Handle ns, const std::optional<NamespaceSight>& sight);
  // The block of a namespace at `offset` of its region.
  void CheckBlock(Handle region, uint64_t offset, const DimmFile& file);
  // `lines`: the witness's answers to `section`.
  absl::Status CheckSections(absl::Span<const std::pair<SectionNr, std::string>> lines);
  void CheckMedia(Handle region, const DimmFile& file);

  const NvdimmResult& result() const { return result_; }

 private:
  using Texts = std::array<std::string, kModels>;
  void Check(const std::string& what, const std::string& kernel, const Texts& model, bool agrees);

  std::unique_ptr<HotplugLayer> model_[kModels];
  FirmwareMap map_;
  Say say_;
  NvdimmResult result_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_WITNESS_NVDIMM_JUDGE_H_
