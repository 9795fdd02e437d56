// SPDX-License-Identifier: Apache-2.0
// Session: one trace from placement to reset.
#include "witness/session.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "oracle/finding.h"
#include "trace/apply.h"
#include "trace/op_limits.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using Clock = std::chrono::steady_clock;

// Adds the time until it goes to a sum.
class Stopwatch {
 public:
  explicit Stopwatch(double* seconds) : seconds_(seconds) {}
  ~Stopwatch() { *seconds_ += std::chrono::duration<double>(Clock::now() - start_).count(); }

 private:
  double* seconds_;
  Clock::time_point start_ = Clock::now();
};

// Pages of the hole between the end of RAM and the end of its section: their struct pages are there from boot.
PfnRange BootHole(const GuestHardware& hardware) {
  const Pfn first = Pfn::OfByte(kHighRamStart + hardware.high_ram);
  const SectionNr end = SectionNr(SectionNr::Of(first - 1).value() + 1);
  return {first, end.first_pfn()};
}

std::string ResetLine(const GuestHardware& hardware) {
  const PhysRange arena = hardware.arena();
  return absl::StrFormat("reset %x %x", SectionNr::OfByte(arena.start).value(), arena.size >> kSectionShift);
}

// Where a machine that has just booted is looked at: the border of its RAM, and the arena.
std::vector<Request> BootLooks(const GuestHardware& hardware) {
  const PhysRange arena = hardware.arena();
  std::vector<Request> requests = {{.kind = Request::Kind::kSpans},
                                   {.kind = Request::Kind::kResources, .range = arena}};
  SectionNr nr = SectionNr::OfByte(hardware.high_ram == 0 ? arena.start : kHighRamStart);
  for (; nr.first_byte() < arena.end(); ++nr) requests.push_back({.kind = Request::Kind::kSection, .section = nr});
  return requests;
}

std::vector<std::string> LinesOf(absl::Span<const Request> requests, const Trace& trace) {
  std::vector<std::string> lines;
  lines.reserve(requests.size());
  for (const Request& request : requests) lines.push_back(RequestLine(request, trace));
  return lines;
}

void AddNote(absl::string_view text, Hearing* hearing) {
  absl::StrAppend(&hearing->note, hearing->note.empty() ? "" : "; ", text);
}

// Whether pages of the device that `op` took for struct pages were given to the page allocator (free_reserved_page),
// which hands them out from then on, though their memory comes and goes.
bool GavePagesAway(const Op& op, const HotplugLayer& model) {
  // Such an altmap is refused, and may be as large as numbers are.
  if ((op.altmap.reserve >> kPageShift) + (op.altmap.free >> kPageShift) > op.range.pfns().pages()) return false;
  const Pfn first = Pfn::OfByte(op.altmap.base + op.altmap.reserve);
  const Pfn end = Pfn::OfByte(op.altmap.base + op.altmap.reserve + op.altmap.free);
  for (Pfn pfn(AlignUp(first.value(), kMemmapPagesPerSection)); pfn < end; pfn = pfn + kMemmapPagesPerSection) {
    const PageView page = model.Facts(pfn).page;
    if (page.zone == Zone::kDevice && page.initialised && !page.reserved) return true;
  }
  return false;
}

}  // namespace

std::string Danger(const Op& op, const HotplugLayer& model) {
  const bool takes = op.kind == OpKind::kRemovePages || op.kind == OpKind::kArchRemoveMemory ||
                     op.kind == OpKind::kMovePfnRangeToZone || op.kind == OpKind::kRemovePfnRangeFromZone;
  const bool gives = op.kind == OpKind::kOnlinePages;
  if ((!takes && !gives) || op.range.wraps() || ExceedsRangeLimit(op.kind, op.range)) return "";
  const SectionNr last = SectionNr::OfByte(op.range.start + (op.range.size == 0 ? 0 : op.range.size - 1));
  for (SectionNr nr = SectionNr::OfByte(op.range.start); nr <= last; ++nr) {
    const SectionFacts section = model.Section(nr);
    if (takes && section.online) return "it would take away pages that the guest uses";
    // Left so by a removal that was refused but for the direct map.
    if (gives && section.valid && section.direct_map != kFullBitmap) {
      return "the guest would use pages that its direct map does not reach";
    }
  }
  return "";
}

std::string CauseOfDeath(const std::string& console) {
  // "kernel BUG at" is said before the console is turned up, and not heard.
  if (absl::StrContains(console, "invalid opcode")) return std::string(kDiedOfBug);
  for (const char* fault : {"unable to handle", "general protection fault", "Oops:"}) {
    if (absl::StrContains(console, fault)) return std::string(kDiedOfFault);
  }
  return "";
}

std::string KeyOf(const Hearing& hearing) {
  const unsigned model = hearing.deviation[0].found() ? 0 : 1;
  const Deviation& deviation = hearing.deviation[model];
  if (!deviation.found()) return "";
  const uint32_t op = hearing.deviation_op[model];
  const auto& ops = hearing.placement.trace.ops;
  const std::string where = hearing.at_boot ? "boot" : op < ops.size() ? std::string(SpecOf(ops[op].kind).name) : "end";
  return absl::StrCat(where, ".witness-", deviation.what);
}

Session::Session(std::string directory, const Implementation& implementation)
    : directory_(std::move(directory)),
      accelerator_(FindAccelerator(directory_)),
      model_{implementation.make_layer(), implementation.make_reference()} {}

absl::StatusOr<std::unique_ptr<Session::Seat>> Session::BootSeat(const GuestHardware& hardware) {
  const Stopwatch watch(&statistics_.boot_seconds);
  absl::StatusOr<std::unique_ptr<Guest>> guest = Guest::Boot(directory_, hardware, accelerator_);
  // One boot that fails on a busy host does not end a campaign; two do.
  if (absl::IsAborted(guest.status()) || absl::IsDeadlineExceeded(guest.status())) {
    guest = Guest::Boot(directory_, hardware, accelerator_);
  }
  if (!guest.ok()) return guest.status();
  ++statistics_.boots;
  absl::StatusOr<Machine> machine = ParseMachine((*guest)->machine());
  if (!machine.ok()) return machine.status();
  auto seat = std::make_unique<Seat>();
  seat->guest = *std::move(guest);
  seat->machine = *std::move(machine);
  const std::vector<Request> requests = BootLooks(hardware);
  std::vector<std::string> lines = LinesOf(requests, {});
  const PfnRange hole = BootHole(hardware);
  if (!hole.empty()) lines.push_back(absl::StrFormat("snapshot %x %x", hole.first.value(), hole.pages()));
  std::vector<std::string> answers;
  if (absl::Status status = seat->guest->Ask(lines, &answers); !status.ok()) return status;
  for (unsigned i = 0; i < kModels; ++i) {
    model_[i]->Boot(seat->machine.map);
    for (size_t j = 0; j < requests.size() && !seat->boot_deviation[i].found(); ++j) {
      seat->boot_deviation[i] = CompareLook(requests[j], answers[j], *model_[i]);
    }
  }
  return seat;
}

// The newest stands last.
absl::StatusOr<Session::Seat*> Session::Provide(const GuestHardware& hardware) {
  const auto found =
      std::find_if(seats_.begin(), seats_.end(), [&](const auto& seat) { return seat->guest->hardware() == hardware; });
  if (found != seats_.end()) {
    std::rotate(found, found + 1, seats_.end());
    return seats_.back().get();
  }
  if (seats_.size() == kMostGuests) seats_.erase(seats_.begin());
  absl::StatusOr<std::unique_ptr<Seat>> seat = BootSeat(hardware);
  if (!seat.ok()) return seat.status();
  seats_.push_back(*std::move(seat));
  return seats_.back().get();
}

// What the guest would not survive is left out. Ends the trace before, or with, the first operation that stops the
// model.
void Session::RunModels(Hearing* hearing, bool to_the_death) {
  Placement& placement = hearing->placement;
  HotplugLayer& model = *model_[0];
  const std::vector<Op> ops = std::move(placement.trace.ops);
  const std::vector<uint32_t> origin = std::move(placement.origin);
  placement.trace.ops.clear();
  placement.origin.clear();
  model.Boot(placement.trace.map);
  std::vector<Op> altmaps;
  for (size_t i = 0; i < ops.size(); ++i) {
    if (std::string why = Danger(ops[i], model); !why.empty()) {
      placement.left_out.push_back({origin[i], std::move(why)});
      continue;
    }
    const bool stops = Apply(ops[i], model).stops();
    if (ops[i].altmap.given) altmaps.push_back(ops[i]);
    if (std::any_of(altmaps.begin(), altmaps.end(), [&](const Op& op) { return GavePagesAway(op, model); })) {
      hearing->not_reset = "pages of a device were given to the page allocator";
    }
    if (!stops || to_the_death) {
      placement.trace.ops.push_back(ops[i]);
      placement.origin.push_back(origin[i]);
    }
    if (!stops) continue;
    if (!to_the_death || i + 1 < ops.size()) {
      hearing->note = absl::StrCat("asked up to operation ", origin[i] + 1, " only, ",
                                   to_the_death ? "" : "without it: ", "it stops the machine");
    }
    return;
  }
}

void Compare(Hearing* hearing, HotplugLayer* layer, HotplugLayer* reference) {
  HotplugLayer* const models[kModels] = {layer, reference};
  const Trace& trace = hearing->placement.trace;
  bool stopped[kModels] = {};
  for (HotplugLayer* model : models) model->Boot(trace.map);
  for (const Exchange& exchange : hearing->exchanges) {
    const Request& request = exchange.request;
    const bool operation = request.kind == Request::Kind::kOperation;
    absl::StatusOr<Answer> kernel = operation ? ParseOperationAnswer(exchange.answer) : Answer();
    if (operation) hearing->steps.emplace_back();
    if (operation && kernel.ok()) hearing->steps.back().kernel = *kernel;
    for (unsigned i = 0; i < kModels; ++i) {
      if (stopped[i]) continue;
      Deviation deviation;
      if (!operation) {
        deviation = CompareLook(request, exchange.answer, *models[i]);
      } else {
        const Answer answer = Apply(trace.ops[request.op], *models[i]);
        hearing->steps.back().model[i] = answer;
        stopped[i] = answer.stops();
        if (kernel.ok() && IsEnvironment(trace.ops[request.op], *kernel, answer)) {
          AddNote("a page of the guest's own could not be moved: not compared from there on", hearing);
          return;
        }
        deviation = kernel.ok() ? CompareAnswer(trace.ops[request.op], *kernel, answer, *models[i])
                                : Deviation{"unreadable", std::string(kernel.status().message()), ""};
      }
      if (!deviation.found() || hearing->deviation[i].found()) continue;
      hearing->deviation[i] = std::move(deviation);
      hearing->deviation_op[i] = request.op;
    }
  }
}

absl::StatusOr<Hearing> Session::Hear(const Trace& trace, bool to_the_death) {
  absl::StatusOr<Placement> placement = Place(trace);
  if (!placement.ok()) return placement.status();
  const absl::StatusOr<Seat*> seat = Provide(placement->hardware);
  if (!seat.ok()) return seat.status();
  Hearing hearing;
  hearing.placement = *std::move(placement);
  hearing.placement.trace.map = (*seat)->machine.map;
  hearing.release = (*seat)->machine.release;
  for (unsigned i = 0; i < kModels; ++i) {
    hearing.deviation[i] = (*seat)->boot_deviation[i];
    hearing.at_boot |= hearing.deviation[i].found();
  }
  if (hearing.at_boot) return hearing;
  RunModels(&hearing, to_the_death);
  const bool survived = Ask(*(*seat)->guest, &hearing);
  {
    const Stopwatch watch(&statistics_.model_seconds);
    Compare(&hearing, model_[0].get(), model_[1].get());
  }
  ++statistics_.traces;
  statistics_.operations += hearing.steps.size();
  statistics_.requests += hearing.exchanges.size();
  statistics_.environment += survived && hearing.steps.size() < hearing.placement.trace.ops.size() ? 1 : 0;
  statistics_.given_up += survived && !hearing.not_reset.empty() ? 1 : 0;
  if (survived && hearing.not_reset.empty()) Reset(**seat, &hearing);
  if (!survived || !hearing.not_reset.empty()) seats_.pop_back();
  return hearing;
}

// False: the machine did not survive it.
bool Session::Ask(Guest& guest, Hearing* hearing) {
  const Stopwatch watch(&statistics_.kernel_seconds);
  const std::vector<Request> requests = RequestsOf(hearing->placement.trace, guest.hardware());
  const std::vector<std::string> lines = LinesOf(requests, hearing->placement.trace);
  std::vector<std::string> answers;
  const absl::Status status = guest.Ask(lines, &answers);
  const bool survived = status.ok();
  // Answers that were on their way when the machine died are lost: asked again one by one, the last one asked is the
  // one.
  if (!survived) answers = AskOneByOne(lines, guest.hardware(), hearing);
  if (hearing->lost) absl::StrAppend(&hearing->note, ": ", status.message());
  for (size_t i = 0; i < answers.size(); ++i) hearing->exchanges.push_back({requests[i], lines[i], answers[i]});
  return survived;
}

std::vector<std::string> Session::AskOneByOne(absl::Span<const std::string> lines, const GuestHardware& hardware,
                                              Hearing* hearing) {
  std::vector<std::string> all;
  const absl::StatusOr<std::unique_ptr<Seat>> seat = BootSeat(hardware);
  if (!seat.ok()) return {absl::StrCat("? ", seat.status().message())};
  for (const std::string& line : lines) {
    std::vector<std::string> answers;
    const absl::Status status = (*seat)->guest->Ask(absl::MakeConstSpan(&line, 1), &answers);
    if (status.ok()) {
      all.push_back(answers[0]);
      continue;
    }
    const std::string cause = CauseOfDeath((*seat)->guest->Console());
    AddNote(absl::StrCat(line, ": ", status.message()), hearing);
    const bool hangs = absl::IsDeadlineExceeded(status);
    all.push_back(hangs ? "? the machine hangs" : cause.empty() ? "? the machine died" : cause);
    return all;
  }
  ++statistics_.lost;
  hearing->lost = true;
  AddNote("the machine died or hung, but not when a new one was asked the same line by line", hearing);
  return all;
}

// Back to the state of boot; where that fails the next trace gets a new guest.
void Session::Reset(Seat& seat, Hearing* hearing) {
  const Stopwatch watch(&statistics_.kernel_seconds);
  std::vector<Request> looks;
  for (const Exchange& exchange : hearing->exchanges) {
    if (exchange.request.op == hearing->placement.trace.ops.size()) looks.push_back(exchange.request);
  }
  std::vector<std::string> lines = LinesOf(looks, {});
  lines.insert(lines.begin(), ResetLine(seat.guest->hardware()));
  std::vector<std::string> answers;
  if (absl::Status status = seat.guest->Ask(lines, &answers); !status.ok()) {
    hearing->not_reset = std::string(status.message());
  } else if (answers[0] != "v 0 0") {
    hearing->not_reset = answers[0];
  }
  model_[1]->Boot(seat.machine.map);
  for (size_t i = 0; hearing->not_reset.empty() && i < looks.size(); ++i) {
    hearing->not_reset = CompareLook(looks[i], answers[i + 1], *model_[1]).kernel;
  }
  statistics_.failed_resets += hearing->not_reset.empty() ? 0 : 1;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
