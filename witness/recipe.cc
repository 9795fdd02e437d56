// SPDX-License-Identifier: Apache-2.0
// KernelRecipe: what will be asked, found out as a session and a player do, then printed.
#include "witness/recipe.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "oracle/explain.h"
#include "registry/registry.h"
#include "trace/apply.h"
#include "trace/read_trace.h"
#include "trace/text.h"
#include "witness/nvdimm_plan.h"
#include "witness/placement.h"
#include "witness/session.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }

constexpr char kTitle[] = "# The kernel recipe\n\n";

// A word of a shell, whatever is in it, on one line.
std::string ShellWord(absl::string_view word) {
  std::string quoted;
  bool plain = !word.empty() && word[0] != '-';
  for (const char c : word) {
    const auto byte = static_cast<unsigned char>(c);
    plain = plain && (absl::ascii_isalnum(byte) || c == '/' || c == '.' || c == '_' || c == '-');
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += absl::ascii_iscntrl(byte) ? '?' : c;
    }
  }
  if (plain) return std::string(word);
  return absl::StrCat(word.empty() || word[0] != '-' ? "'" : "'./", quoted, "'");
}

std::string CommandText(absl::string_view word, absl::string_view file, bool to_the_death) {
  return absl::StrCat("    ./hpfuzz witness ", word, to_the_death ? " --to-the-death" : "", " --kernel 6.1 ",
                      ShellWord(file), "\n\n");
}

// --- What the models answer to each operation of a trace

// By party, in the order of the registry: the answers of layer and reference, as far as the run got.
struct Answers {
  std::string_view party;
  std::vector<std::string> layer;
  std::vector<std::string> reference;
  bool stops = false;
};

void AddAnswers(Side side, const StepLog& log, const HandleNames& names, Answers* answers) {
  const auto which = static_cast<unsigned>(side);
  for (size_t i = 0; i < log.size(); ++i) {
    const Step& step = log.step(i);
    if (step.teardown) break;
    answers->layer.push_back(step.applied[which] ? PrintAnswer(step.answer[which], names) : "none, it has stopped");
    answers->reference.push_back(step.applied[which] ? PrintAnswer(step.expected[which], names)
                                                     : "none, it has stopped");
    answers->stops |= step.applied[which] && step.expected[which].stops();
  }
}

// Of the default pairs, as the oracle runs them, each up to its first finding.
std::vector<Answers> AnswersTo(const Trace& trace) {
  std::vector<Answers> all;
  for (const ImplementationPair& pair : DefaultPairs()) {
    Lockstep lockstep = MakeLockstep(pair);
    StepLog log;
    lockstep.Run(trace, &log);
    for (const Side side : {Side::kLegacy, Side::kSubsection}) {
      const std::string_view name = lockstep.party(side).name;
      if (std::any_of(all.begin(), all.end(), [name](const Answers& one) { return one.party == name; })) continue;
      all.push_back({.party = name, .layer = {}, .reference = {}});
      AddAnswers(side, log, NamesOf(trace), &all.back());
    }
  }
  return all;
}

// "   - legacy: -ENXIO warn\n", a row a party.
std::string AnswerRows(const std::vector<Answers>& all, size_t op) {
  std::string rows;
  for (const Answers& one : all) {
    absl::StrAppend(&rows, "   - ", Absl(one.party), ": ");
    if (op >= one.layer.size()) {
      absl::StrAppend(&rows, "not known, the models part or stop before\n");
    } else if (one.layer[op] == one.reference[op]) {
      absl::StrAppend(&rows, one.layer[op], "\n");
    } else {
      absl::StrAppend(&rows, one.layer[op], "; its reference: ", one.reference[op], "\n");
    }
  }
  return rows;
}

bool AnyStops(const std::vector<Answers>& all) {
  return std::any_of(all.begin(), all.end(),
                     [](const Answers& one) { return one.stops && one.party != SideName(Side::kLegacy); });
}

constexpr char kExpected[] =
    "Behind each call what is to be expected: of a stock kernel what the model of its series answers, beside it what "
    "5.1 would. After each call the witness also compares what can be seen around its range.\n\n";
constexpr char kNotExpected[] = "What is to be expected of each call is not known here: no model was asked.\n\n";

constexpr char kPartly[] = "Not all of it can be asked. What remains may lack what the finding needs.\n\n";

// --- Memory

std::string Row(uint64_t start, uint64_t end, absl::string_view what) {
  return absl::StrFormat("| %x | %x | %s |\n", start, end - 1, what);
}

std::string GuestText(const GuestHardware& hardware, absl::string_view rows) {
  return absl::StrCat("## The guest\n\n| first byte | last byte | what is there |\n|---|---|---|\n",
                      Row(0, kLowRam, "RAM that the kernel lives in"), rows, "\nQEMU:\n\n    ",
                      absl::StrJoin(MemoryOptions(hardware), " "), "\n\nCommand line of the kernel:\n\n    ",
                      KernelCommandLine(hardware), "\n\n");
}

std::string MemoryRows(const GuestHardware& hardware) {
  std::string rows;
  uint64_t at = kHighRamStart;
  for (const PhysRange& hole : hardware.holes) {
    if (hole.start > at) rows += Row(at, hole.start, "RAM as the trace has it");
    rows += Row(hole.start, hole.end(), "a hole in it, `memmap=` on the command line");
    at = hole.end();
  }
  const uint64_t end = kHighRamStart + hardware.high_ram;
  if (end > at) rows += Row(at, end, "RAM as the trace has it");
  const PhysRange arena = hardware.arena();
  return rows + Row(arena.start, arena.end(), "no RAM at boot, but memory is there: where memory is added and mapped");
}

// What the guest will tell of itself, near enough. Nothing: it has more ranges than a map can hold.
std::optional<FirmwareMap> ExpectedMap(const GuestHardware& hardware) {
  constexpr uint64_t kFirstMiB = uint64_t{1} << 20;
  constexpr uint8_t kGuestPhysBits = 40;
  FirmwareMap map;
  map.phys_bits = kGuestPhysBits;
  map.five_level = hardware.five_level;
  bool fits = true;
  const auto add = [&](FirmwareKind kind, uint64_t start, uint64_t end) {
    if (end <= start) return;
    fits = fits && map.count < FirmwareMap::kMaxRanges;
    if (fits) map.ranges[map.count++] = {kind, 0, {start, end - start}};
  };
  add(FirmwareKind::kRam, kFirstMiB, kLowRam);
  uint64_t at = kHighRamStart;
  for (const PhysRange& hole : hardware.holes) {
    add(FirmwareKind::kRam, at, hole.start);
    add(FirmwareKind::kReserved, hole.start, hole.end());
    at = hole.end();
  }
  add(FirmwareKind::kRam, at, kHighRamStart + hardware.high_ram);
  return fits ? std::optional<FirmwareMap>(map) : std::nullopt;
}

// As Session does: what the guest would not survive goes.
void LeaveOutDangers(Placement* placement) {
  const std::unique_ptr<HotplugLayer> model = FindImplementation("mainline-6.1")->make_reference();
  model->Boot(placement->trace.map);
  std::vector<Op> ops;
  std::vector<uint32_t> origin;
  for (size_t i = 0; i < placement->trace.ops.size(); ++i) {
    const Op& op = placement->trace.ops[i];
    if (std::string why = Danger(op, *model); !why.empty()) {
      placement->left_out.push_back({placement->origin[i], std::move(why)});
      continue;
    }
    ops.push_back(op);
    origin.push_back(placement->origin[i]);
    if (Apply(op, *model).stops()) break;
  }
  placement->trace.ops = std::move(ops);
  placement->origin = std::move(origin);
}

std::string CallsText(const Trace& trace, const Placement& placement, const std::vector<Answers>& answers) {
  std::map<uint32_t, size_t> asked;
  for (size_t i = 0; i < placement.origin.size(); ++i) asked[placement.origin[i]] = i;
  std::map<uint32_t, std::string> left_out;
  for (const LeftOut& left : placement.left_out) left_out[left.op] = left.why;
  std::string text;
  if (!left_out.empty()) text += kPartly;
  absl::string_view rest = "the machine has stopped before";
  for (uint32_t i = 0; i < trace.ops.size(); ++i) {
    if (trace.ops[i].kind == OpKind::kReboot) rest = "it follows a reboot";
    const auto found = asked.find(i);
    if (found != asked.end()) {
      absl::StrAppend(&text, i + 1, ". `", PrintOp(placement.trace.ops[found->second]), "`\n",
                      AnswerRows(answers, found->second));
    } else {
      const auto why = left_out.find(i);
      absl::StrAppend(&text, i + 1, ". `", PrintOp(trace.ops[i], NamesOf(trace)),
                      "`\n   - not asked: ", why == left_out.end() ? rest : absl::string_view(why->second), "\n");
    }
  }
  return text;
}

std::string ShiftText(uint64_t delta) {
  if (delta == 0) return "Addresses are those of the trace.\n\n";
  const bool down = delta >> 63 != 0;
  return absl::StrFormat(
      "Addresses are those of the trace %s %x, whole sections; those near the end of the section table or of physical "
      "memory stay as near to it.\n\n",
      down ? "minus" : "plus", down ? 0 - delta : delta);
}

KernelRecipe MemoryRecipe(const Trace& trace, absl::string_view file, bool crashes) {
  absl::StatusOr<Placement> placement = Place(trace);
  if (!placement.ok()) return {false, std::string(placement.status().message())};
  const std::optional<FirmwareMap> map = ExpectedMap(placement->hardware);
  std::vector<Answers> answers;
  if (map.has_value() && !crashes) {
    placement->trace.map = *map;
    LeaveOutDangers(&*placement);
    answers = AnswersTo(placement->trace);
  }
  if (placement->trace.ops.empty()) {
    if (placement->left_out.empty()) return {false, "the trace has no operation"};
    const LeftOut& first = placement->left_out.front();
    return {false, absl::StrCat("of its operations none can be asked, beginning with `",
                                PrintOp(trace.ops[first.op], NamesOf(trace)), "`: ", first.why)};
  }
  return {true,
          absl::StrCat(CommandText("replay", file, AnyStops(answers)),
                       GuestText(placement->hardware, MemoryRows(placement->hardware)),
                       "The module `hpfuzz_witness` (witness/module), loaded by the guest's init, makes the calls.\n\n",
                       ShiftText(placement->delta), "## The calls\n\n", answers.empty() ? kNotExpected : kExpected,
                       CallsText(trace, *placement, answers))};
}

// --- Namespaces

KernelRecipe NamespaceRecipe(const Trace& trace, absl::string_view file, bool crashes) {
  const absl::StatusOr<NvdimmPlan> plan = PlanNvdimm(trace);
  if (!plan.ok()) return {false, std::string(plan.status().message())};
  GuestHardware hardware;
  std::string rows;
  for (const NvdimmPlan::Region& region : plan->regions) {
    hardware.dimms.push_back({.range = region.request.range});
    absl::StrAppend(&rows, Row(region.request.range.start, region.request.range.end(),
                               region.labels ? "an NVDIMM with labels" : "an NVDIMM without labels"));
  }
  const std::vector<Answers> answers = crashes ? std::vector<Answers>() : AnswersTo(trace);
  std::string calls;
  for (size_t i = 0; i < trace.ops.size(); ++i) {
    const bool beforehand = !plan->legacy.empty() && i < plan->regions.size() + plan->legacy.size();
    const absl::string_view who = trace.ops[i].kind == OpKind::kRegion ? " (the machine)"
                                  : beforehand                         ? " (the model of 5.1, before the guest boots)"
                                                                       : "";
    absl::StrAppend(&calls, i + 1, ". `", PrintOp(trace.ops[i], NamesOf(trace)), "`", who, "\n",
                    AnswerRows(answers, i));
  }
  return {true, absl::StrCat(CommandText("nvdimm", file, false), GuestText(hardware, rows),
                             "ndctl makes, enables and disables namespaces; the media are files of the host, in which "
                             "blocks are edited.\n\n## The calls\n\n",
                             answers.empty() ? kNotExpected : kExpected, calls)};
}

KernelRecipe RecipeOf(absl::string_view content, absl::string_view file, bool crashes) {
  std::string left_out;
  const absl::StatusOr<Trace> trace = ReadTrace(content, "the trace", &left_out);
  if (absl::IsFailedPrecondition(trace.status())) {
    return {false, absl::StrCat("real kernels have the geometry ", Absl(kGeometryName), ", and it has another")};
  }
  if (!trace.ok()) return {false, "it is no trace"};
  const bool namespaces = std::any_of(trace->ops.begin(), trace->ops.end(),
                                      [](const Op& op) { return IsNvdimmOp(op.kind) && op.kind != OpKind::kReboot; });
  return namespaces ? NamespaceRecipe(*trace, file, crashes) : MemoryRecipe(*trace, file, crashes);
}

}  // namespace

KernelRecipe MakeKernelRecipe(absl::string_view trace, absl::string_view file, bool crashes) {
  KernelRecipe recipe = RecipeOf(trace, file, crashes);
  recipe.text = recipe.playable ? absl::StrCat(kTitle, recipe.text)
                                : absl::StrCat(kTitle, "No real kernel can be asked this trace: ", recipe.text, ".\n");
  return recipe;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
