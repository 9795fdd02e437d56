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

// The answer that stands for the death of a machine, from what it said.
std::string CauseOfDeath(const std::string& console) {
  if (absl::StrContains(console, "kernel BUG at")) return std::string(kDiedOfBug);
  for (const char* fault : {"unable to handle", "general protection fault", "Oops:"}) {
    if (absl::StrContains(console, fault)) return std::string(kDiedOfFault);
  }
  return "";
}

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

}  // namespace

std::string KeyOf(const Hearing& hearing) {
  const unsigned model = hearing.deviation[0].found() ? 0 : 1;
  const Deviation& deviation = hearing.deviation[model];
  if (!deviation.found()) return "";
  const uint32_t op = hearing.deviation_op[model];
  const auto& ops = hearing.placement.trace.ops;
  const std::string where = op < ops.size() ? std::string(SpecOf(ops[op].kind).name) : "end";
  return absl::StrCat(where, ".witness-", deviation.what);
}

Session::Session(std::string directory, const Implementation& implementation)
    : directory_(std::move(directory)),
      accelerator_(FindAccelerator(directory_)),
      model_{implementation.make_layer(), implementation.make_reference()} {}

absl::Status Session::Provide(const GuestHardware& hardware) {
  if (guest_ != nullptr && guest_->hardware() == hardware) return absl::OkStatus();
  const Stopwatch watch(&statistics_.boot_seconds);
  guest_.reset();
  absl::StatusOr<std::unique_ptr<Guest>> guest = Guest::Boot(directory_, hardware, accelerator_);
  if (!guest.ok()) return guest.status();
  ++statistics_.boots;
  absl::StatusOr<Machine> machine = ParseMachine((*guest)->machine());
  if (!machine.ok()) return machine.status();
  machine_ = *std::move(machine);
  const std::vector<Request> requests = BootLooks(hardware);
  std::vector<std::string> lines = LinesOf(requests, {});
  const PfnRange hole = BootHole(hardware);
  if (!hole.empty()) lines.push_back(absl::StrFormat("snapshot %x %x", hole.first.value(), hole.pages()));
  std::vector<std::string> answers;
  if (absl::Status status = (*guest)->Ask(lines, &answers); !status.ok()) return status;
  for (auto& model : model_) model->Boot(machine_.map);
  for (size_t i = 0; i < requests.size(); ++i) {
    const Deviation deviation = CompareLook(requests[i], answers[i], *model_[1]);
    if (!deviation.found()) continue;
    return absl::InternalError(absl::StrCat("the guest did not boot as the reference foretells: ", deviation.kernel,
                                            "; the reference: ", deviation.layer));
  }
  guest_ = *std::move(guest);
  return absl::OkStatus();
}

// Ends the trace before, or with, the first operation that stops the model.
void Session::RunModels(Hearing* hearing, bool to_the_death) {
  Trace& trace = hearing->placement.trace;
  model_[0]->Boot(trace.map);
  for (size_t i = 0; i < trace.ops.size(); ++i) {
    if (!Apply(trace.ops[i], *model_[0]).stops()) continue;
    const size_t keep = i + (to_the_death ? 1 : 0);
    if (keep < trace.ops.size()) {
      hearing->note = absl::StrCat("asked to operation ", keep == 0 ? 0 : hearing->placement.origin[keep - 1] + 1,
                                   " only: what follows stops the machine, or comes after that");
    }
    trace.ops.resize(keep);
    hearing->placement.origin.resize(keep);
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
          hearing->note = "a page of the guest's own could not be moved: not compared from there on";
          return;
        }
        deviation = kernel.ok() ? CompareAnswer(*kernel, answer)
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
  if (absl::Status status = Provide(placement->hardware); !status.ok()) return status;
  Hearing hearing;
  hearing.placement = *std::move(placement);
  hearing.placement.trace.map = machine_.map;
  hearing.release = machine_.release;
  RunModels(&hearing, to_the_death);
  const std::vector<Request> requests = RequestsOf(hearing.placement.trace, guest_->hardware());
  const std::vector<std::string> lines = LinesOf(requests, hearing.placement.trace);
  std::vector<std::string> answers;
  absl::Status status;
  {
    const Stopwatch watch(&statistics_.kernel_seconds);
    status = guest_->Ask(lines, &answers);
  }
  if (!status.ok()) {
    const std::string cause = CauseOfDeath(guest_->Console());
    hearing.note = std::string(status.message());
    answers.push_back(absl::IsDeadlineExceeded(status) || cause.empty() ? "? " + hearing.note : cause);
    guest_.reset();
  }
  for (size_t i = 0; i < answers.size(); ++i) hearing.exchanges.push_back({requests[i], lines[i], answers[i]});
  {
    const Stopwatch watch(&statistics_.model_seconds);
    Compare(&hearing, model_[0].get(), model_[1].get());
  }
  ++statistics_.traces;
  statistics_.operations += hearing.steps.size();
  statistics_.requests += answers.size();
  if (!hearing.note.empty() && guest_ != nullptr && hearing.steps.size() < hearing.placement.trace.ops.size()) {
    ++statistics_.environment;
  }
  if (guest_ != nullptr) Reset(hearing);
  return hearing;
}

bool Session::IsPristine(absl::Span<const Request> requests, absl::Span<const std::string> answers) {
  model_[1]->Boot(machine_.map);
  for (size_t i = 0; i < requests.size(); ++i) {
    if (CompareLook(requests[i], answers[i], *model_[1]).found()) return false;
  }
  return true;
}

// Back to the state of boot; where that fails the next trace gets a new guest.
void Session::Reset(const Hearing& hearing) {
  const Stopwatch watch(&statistics_.kernel_seconds);
  std::vector<Request> looks;
  for (const Exchange& exchange : hearing.exchanges) {
    if (exchange.request.op == hearing.placement.trace.ops.size()) looks.push_back(exchange.request);
  }
  std::vector<std::string> lines = LinesOf(looks, {});
  lines.insert(lines.begin(), ResetLine(guest_->hardware()));
  std::vector<std::string> answers;
  const absl::Status status = guest_->Ask(lines, &answers);
  const bool clean = status.ok() && answers[0] == "v 0 0" && IsPristine(looks, absl::MakeConstSpan(answers).subspan(1));
  if (!clean) {
    ++statistics_.failed_resets;
    guest_.reset();
  }
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
