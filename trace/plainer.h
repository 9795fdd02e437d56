// SPDX-License-Identifier: Apache-2.0
// Plainer operations: what lies beneath those of a trace, and looking without doing. Damage of a lower layer shows
// under whatever touches it; with the plainest operations that still show it, all of these traces look alike.
#ifndef HPFUZZ_TRACE_PLAINER_H_
#define HPFUZZ_TRACE_PLAINER_H_

#include "absl/functional/function_ref.h"
#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// These offer a trace in other words, the plainest first, until `take` says true, and return whether it did. Expected
// answers go. Whoever goes on with what was taken comes to an end: each offer has fewer mappings of two ranges, else
// fewer operations, else plainer ones.

// What an operation adds was there at boot: one operation less, one range of the firmware more.
bool EachFromBoot(const Trace& trace, absl::FunctionRef<bool(const Trace&)> take);

// A mapping of two ranges becomes two mappings; so does its end.
bool EachInTwo(const Trace& trace, absl::FunctionRef<bool(const Trace&)> take);

// An operation replaced by a look at a page: the first or the last of its range or of its sections, or one beside the
// range; where it has none, the same of the firmware's ranges.
bool EachWithLook(const Trace& trace, absl::FunctionRef<bool(const Trace&)> take);

// All operations of a layer replaced by those beneath it (memremap_pages and memunmap_pages by arch_add_memory and
// arch_remove_memory, these by __add_pages and __remove_pages; what moves pages between zones by that alone), then one
// alone.
bool EachFromBeneath(const Trace& trace, absl::FunctionRef<bool(const Trace&)> take);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_PLAINER_H_
