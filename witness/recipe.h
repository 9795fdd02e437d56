// SPDX-License-Identifier: Apache-2.0
// The kernel recipe: how a trace is played on a real kernel, as text for people (Markdown): the guest's memory, the
// calls in order, what is to be expected of each, the command. Made without a guest: placement and plan say what is
// asked (placement.h, nvdimm_plan.h).
//
// Not covered: what the kernel answers (session.h, nvdimm_player.h).
#ifndef HPFUZZ_WITNESS_RECIPE_H_
#define HPFUZZ_WITNESS_RECIPE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

struct KernelRecipe {
  bool playable = false;
  std::string text;  // not playable: the reason, in one sentence
};

// `trace` in text or bytes; `file`: what the command calls it. `crashes`: the trace ends programs that run it, so no
// model is asked here what the answers are to be.
KernelRecipe MakeKernelRecipe(absl::string_view trace, absl::string_view file, bool crashes);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_WITNESS_RECIPE_H_
