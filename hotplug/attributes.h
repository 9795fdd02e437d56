// SPDX-License-Identifier: Apache-2.0
// Attributes that not every compiler knows.
#ifndef HPFUZZ_HOTPLUG_ATTRIBUTES_H_
#define HPFUZZ_HOTPLUG_ATTRIBUTES_H_

// For functions whose branches depend on earlier inputs (reset and growth of pools): a fuzzing engine that saw them
// would take the same input for new coverage.
#if defined(__clang__)
#define HPFUZZ_UNCOVERED __attribute__((noinline, no_sanitize("coverage")))
#else
#define HPFUZZ_UNCOVERED __attribute__((noinline))
#endif

#endif  // HPFUZZ_HOTPLUG_ATTRIBUTES_H_
