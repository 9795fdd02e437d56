// SPDX-License-Identifier: Apache-2.0
// The tables of help.
#include "triage/rule_help.h"

namespace hpfuzz {
namespace {

constexpr CheckHelp kChecksHelp[kChecks] = {
    {Check::kAnswer, "the answer to an operation",
     "the last step of the replay, and at the order of the checks in the kernel's function"},
    {Check::kSectionFlags, "the flags of a section: present, valid, online, early, taint",
     "who sets and clears the flag, and whether the path of an error does too"},
    {Check::kBitmap, "which sub-sections of a section are active",
     "where the map of sub-sections is filled and cleared, and what stays after a refusal"},
    {Check::kBlock, "the memory block of a section, and whether it is online",
     "which of the operations makes blocks and which removes them: 5.1 does it section by section, later kernels for "
     "the whole range"},
    {Check::kMemmap, "where the memmap of a section lies and how large it is",
     "populating and depopulating struct pages: a large page, base pages, or memory of the device (altmap)"},
    {Check::kDirectMap, "which part of a section the direct map reaches",
     "arch_add_memory and what undoes it; what was refused leaves the direct map"},
    {Check::kPfnValid, "pfn_valid of a page", "the bitmap of its section, and whether the section is an early one"},
    {Check::kOnlinePage, "pfn_to_online_page of a page", "the online flag and the taint of its section"},
    {Check::kLookup, "the mapping that get_dev_pagemap finds for a page",
     "the range that memremap_pages stored, rounded or not, and who erases it"},
    {Check::kStructPage, "what the struct page of a page holds",
     "who initialised it last: zone, node, count, reserved, mapping"},
    {Check::kSpans, "the span of a zone or of a node", "how spans grow and shrink, and when: at once or at the end"},
    {Check::kResources, "the tree of resources", "what the operation inserts and releases, and where it splits a node"},
    {Check::kUsemapBalance, "how many usage maps of sections are there",
     "the last removal of a section: its usage map is freed once, and only when hotplug made it"},
    {Check::kNamespace, "what became of a namespace, or its info block as it is used",
     "nd_pfn_validate and nd_pfn_init: pads, data offset, alignment, and what a probe makes of the answer"},
    {Check::kMedia, "a byte on the media of a region",
     "who wrote there: the info block, struct pages in the device, or a user through a wrong offset"},
    {Check::kFailedRequests, "the places where requests for memory were refused",
     "the order and the number of requests for memory in the operation"},
};

constexpr CrashHelp kCrashes[] = {
    {"use-after-free", "Memory is used after it was freed.",
     "The report names where it was freed and where it was allocated. Look first at which operation let the pointer "
     "live longer than its object."},
    {"poisoned-memory", "Memory that is not populated is used.",
     "The arenas of struct pages and of section records are poisoned where nothing is populated: an implementation "
     "kept a pointer across the removal of pages, or past the end of a part of a memmap. Look first at the section of "
     "the address and at what was removed from it last."},
    {"out-of-bounds", "Memory is used beyond the end of an object.",
     "Look first at the index: a page or section number that was not checked against the section table, or a range "
     "that ends where its section does."},
    {"bad-free", "Something is freed that was not allocated so.", "Look first at who owns the object."},
    {"leak", "Memory is left behind at the end.", "Look first at the path of an error between allocation and owner."},
    {"out-of-memory", "More memory is asked for than a run may have.",
     "Look first at what grows with a number of the input: such numbers have limits (trace/op_limits.h)."},
    {"stack-exhausted", "Calls are nested without end.", "Look first at the function that the stack repeats."},
    {"uninitialised", "A value that nobody has set decides something.",
     "Look first at the members of the object that its constructor leaves out."},
    {"data-race", "Two threads use the same memory without order.",
     "The core has one thread: look first at what is static."},
    {"undefined", "The language does not define what happens: an overflow, a shift, an index, a null pointer.",
     "Look first at the expression that the report names, and at the range that its operands can have: addresses go up "
     "to 2^64 - 1."},
    {"stopped", "The program stopped by a signal.",
     "Without a report of a sanitizer: an abort, a trap, or memory that no sanitizer watches. Look first at the same "
     "input in the asan build."},
    {"too-slow", "An input takes longer than it may.",
     "Look first at loops whose length is a number of the input, and at what is quadratic in operations."},
    {"other", "The program crashed.", "Look first at the report."},
};

struct CrashKind {
  std::string_view kind;  // this, or this and words behind it
  std::string_view id;
};
constexpr CrashKind kKinds[] = {
    // AddressSanitizer
    {"heap-use-after-free", "use-after-free"},
    {"stack-use-after-return", "use-after-free"},
    {"stack-use-after-scope", "use-after-free"},
    {"use-after-poison", "poisoned-memory"},
    {"heap-buffer-overflow", "out-of-bounds"},
    {"stack-buffer-overflow", "out-of-bounds"},
    {"stack-buffer-underflow", "out-of-bounds"},
    {"dynamic-stack-buffer-overflow", "out-of-bounds"},
    {"global-buffer-overflow", "out-of-bounds"},
    {"container-overflow", "out-of-bounds"},
    {"memcpy-param-overlap", "undefined"},
    {"negative-size-param", "out-of-bounds"},
    {"attempting", "bad-free"},
    {"double-free", "bad-free"},
    {"bad-free", "bad-free"},
    {"alloc-dealloc-mismatch", "bad-free"},
    {"new-delete-type-mismatch", "bad-free"},
    {"allocation-size-too-big", "out-of-memory"},
    {"requested", "out-of-memory"},
    {"out-of-memory", "out-of-memory"},
    {"stack-overflow", "stack-exhausted"},
    // LeakSanitizer, MemorySanitizer, ThreadSanitizer
    {"detected", "leak"},
    {"memory-leak", "leak"},
    {"use-of-uninitialized-value", "uninitialised"},
    {"data", "data-race"},
    // UndefinedBehaviorSanitizer
    {"undefined-behavior", "undefined"},
    {"signed-integer-overflow", "undefined"},
    {"unsigned-integer-overflow", "undefined"},
    {"shift-exponent", "undefined"},
    {"left-shift", "undefined"},
    {"index", "undefined"},
    {"division-by-zero", "undefined"},
    {"load-of", "undefined"},
    {"store-to", "undefined"},
    {"member-access", "undefined"},
    {"member-call", "undefined"},
    {"reference-binding", "undefined"},
    {"null-pointer", "undefined"},
    {"applying", "undefined"},
    {"addition-of", "undefined"},
    {"subtraction-of", "undefined"},
    {"negation-of", "undefined"},
    {"is-outside", "undefined"},
    {"execution-reached", "undefined"},
    // Signals; libFuzzer's own words
    {"segv", "stopped"},
    {"bus", "stopped"},
    {"fpe", "stopped"},
    {"ill", "stopped"},
    {"abrt", "stopped"},
    {"signal", "stopped"},
    {"deadly", "stopped"},
    {"timeout", "too-slow"},
};

}  // namespace

absl::Span<const CheckHelp> CheckHelps() { return kChecksHelp; }
absl::Span<const CrashHelp> CrashHelps() { return kCrashes; }

std::string_view CrashHelpOf(std::string_view kind) {
  for (const CrashKind& row : kKinds) {
    if (!kind.starts_with(row.kind)) continue;
    if (kind.size() == row.kind.size() || kind[row.kind.size()] == '-') return row.id;
  }
  return {};
}

}  // namespace hpfuzz
