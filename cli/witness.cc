// SPDX-License-Identifier: Apache-2.0
// hpfuzz witness: traces asked of a real kernel in a virtual machine.
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "cli/command.h"
#include "cli/files.h"
#include "trace/read_trace.h"
#include "trace/text.h"
#include "witness/campaign.h"
#include "witness/doctor.h"
#include "witness/nvdimm_player.h"
#include "witness/nvdimm_scenarios.h"
#include "witness/report.h"
#include "witness/session.h"
#include "witness/transcript.h"

namespace hpfuzz {
namespace {

struct Options {
  std::string guest;
  std::vector<std::string> files;
  bool quiet = false;
  bool to_the_death = false;
  CampaignOptions campaign;
  std::string save;  // empty: with the guest
  size_t random = 0;
};

// Operations of a random trace that is recorded: enough to collide, few enough to keep the file small.
constexpr unsigned kRecordedOps = 24;

int Fail(const absl::Status& status) {
  std::cerr << "hpfuzz witness: " << status.message() << "\n";
  return absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status) ? kExitBadInput : kExitSetup;
}

absl::StatusOr<std::string> ImplementationOf(const Options& options) {
  absl::StatusOr<std::string> release = ReleaseIn(options.guest);
  if (!release.ok()) return release.status();
  return std::string(ImplementationForRelease(*release));
}

// The traces of the files; those that cannot be read are said and counted.
std::vector<std::pair<std::string, Trace>> ReadTraces(const std::vector<std::string>& arguments, size_t* unreadable) {
  std::vector<std::pair<std::string, Trace>> traces;
  const Inputs inputs = FilesOf(arguments);
  for (const std::string& error : inputs.errors) std::cerr << "hpfuzz witness: " << error << "\n";
  *unreadable = inputs.errors.size();
  for (const std::string& file : inputs.files) {
    const absl::StatusOr<std::string> content = ReadFile(file);
    std::string left_out;
    absl::StatusOr<Trace> trace = content.ok() ? ReadTrace(*content, file, &left_out) : content.status();
    if (!left_out.empty()) std::cerr << "hpfuzz witness: " << left_out << "\n";
    if (trace.ok()) {
      traces.emplace_back(file, *std::move(trace));
      continue;
    }
    std::cerr << "hpfuzz witness: " << trace.status().message() << "\n";
    ++*unreadable;
  }
  return traces;
}

int Replay(const Options& options) {
  const absl::StatusOr<std::string> implementation = ImplementationOf(options);
  if (!implementation.ok()) return Fail(implementation.status());
  size_t unreadable = 0;
  size_t differences = 0;
  size_t not_placed = 0;
  const auto traces = ReadTraces(options.files, &unreadable);
  Session session(options.guest, *FindImplementation(*implementation));
  for (const auto& [file, trace] : traces) {
    const absl::StatusOr<Hearing> hearing = session.Hear(trace, options.to_the_death);
    if (absl::IsFailedPrecondition(hearing.status())) {
      std::cout << file << ": not asked: " << hearing.status().message() << "\n";
      ++not_placed;
      continue;
    }
    if (!hearing.ok()) return Fail(hearing.status());
    differences += hearing->agrees() ? 0 : 1;
    if (!options.quiet) {
      std::cout << file << "\n" << HearingText(trace, *hearing, *implementation) << "\n";
    } else if (!hearing->agrees()) {
      std::cout << file << ": DIFFERENCE " << KeyOf(*hearing) << "\n" << DeviationText(*hearing, *implementation);
    }
  }
  std::cout << SummaryText(session.statistics(), traces.size() - not_placed - differences, differences, not_placed);
  if (unreadable != 0) return kExitBadInput;
  return differences != 0 ? kExitFinding : kExitAgrees;
}

absl::Status Save(const Options& options, const std::string& implementation, const Contradiction& difference) {
  std::error_code error;
  const std::string directory = options.save.empty() ? options.guest + "/findings" : options.save;
  std::filesystem::create_directories(directory, error);
  const std::string file = directory + "/" + difference.key + ".trace";
  std::cout << "saved " << file << "\n";
  return WriteFile(file, ReproText(difference.hearing, implementation));
}

int Fuzz(const Options& options) {
  const absl::StatusOr<std::string> implementation = ImplementationOf(options);
  if (!implementation.ok()) return Fail(implementation.status());
  size_t unreadable = 0;
  CampaignOptions campaign = options.campaign;
  for (auto& [file, trace] : ReadTraces(options.files, &unreadable)) campaign.corpus.push_back(std::move(trace));
  Session session(options.guest, *FindImplementation(*implementation));
  const CampaignResult result =
      RunCampaign(session, campaign, [](const std::string& line) { std::cerr << "hpfuzz witness: " << line << "\n"; });
  for (const Contradiction& difference : result.differences) {
    std::cout << HearingText(difference.hearing.placement.trace, difference.hearing, *implementation);
    if (absl::Status status = Save(options, *implementation, difference); !status.ok()) return Fail(status);
  }
  std::cout << CampaignText(result, session.statistics());
  if (!result.differences.empty()) return kExitFinding;
  if (!result.error.ok()) return Fail(result.error);
  return unreadable != 0 ? kExitBadInput : kExitAgrees;
}

// What the kernel answers, to standard output, for those who have no guest.
int Record(const Options& options) {
  const absl::StatusOr<std::string> release = ReleaseIn(options.guest);
  if (!release.ok()) return Fail(release.status());
  size_t unreadable = 0;
  auto traces = ReadTraces(options.files, &unreadable);
  for (size_t i = 0; i < options.random; ++i) {
    const RandomKind kind = i % 2 == 0 ? RandomKind::kPages : RandomKind::kMemory;
    traces.emplace_back("random-" + std::to_string(options.campaign.seed + i),
                        RandomTrace(options.campaign.seed + i, kind, kRecordedOps));
  }
  Session session(options.guest, *FindImplementation(ImplementationForRelease(*release)));
  std::cout
      << "# Answers of a real kernel, written by `hpfuzz witness record`; read by `hpfuzz witness check`.\nkernel "
      << *release << "\n";
  for (const auto& [file, trace] : traces) {
    const absl::StatusOr<Hearing> hearing = session.Hear(trace, true);
    if (absl::IsFailedPrecondition(hearing.status())) continue;
    if (!hearing.ok()) return Fail(hearing.status());
    if (!hearing->exchanges.empty()) std::cout << TranscriptText(file, *hearing);
  }
  return unreadable != 0 ? kExitBadInput : kExitAgrees;
}

int CheckFiles(const Options& options) {
  size_t differences = 0;
  size_t cases = 0;
  for (const std::string& file : options.files) {
    const absl::StatusOr<std::string> content = ReadFile(file);
    if (!content.ok()) return Fail(absl::InvalidArgumentError(content.status().message()));
    const absl::StatusOr<TranscriptReport> report = CheckTranscript(*content, file);
    if (!report.ok()) return Fail(report.status());
    std::cout << report->text;
    cases += report->cases;
    differences += report->differences;
  }
  std::cout << cases << " cases: " << differences << " differ\n";
  return differences == 0 ? kExitAgrees : kExitFinding;
}

int Doctor(const Options& options) {
  const Diagnosis diagnosis = Examine(options.guest);
  std::cout << diagnosis.text;
  return diagnosis.healthy ? kExitAgrees : kExitSetup;
}

// Those of the files, or, without any, those that are built in.
std::vector<std::pair<std::string, Trace>> NvdimmScenarios(const Options& options, size_t* unreadable) {
  if (!options.files.empty()) return ReadTraces(options.files, unreadable);
  std::vector<std::pair<std::string, Trace>> scenarios;
  for (const NvdimmScenario& scenario : BuiltInNvdimmScenarios()) {
    const std::string name(scenario.name);
    absl::StatusOr<Trace> trace = ParseTrace(std::string(scenario.text), name);
    if (trace.ok()) scenarios.emplace_back(name, *std::move(trace));
    if (!trace.ok()) std::cerr << "hpfuzz witness: " << trace.status().message() << "\n";
    *unreadable += trace.ok() ? 0 : 1;
  }
  return scenarios;
}

int Nvdimm(const Options& options) {
  const absl::StatusOr<std::string> implementation = ImplementationOf(options);
  if (!implementation.ok()) return Fail(implementation.status());
  size_t unreadable = 0;
  NvdimmResult sum;
  const Accelerator accelerator = FindAccelerator(options.guest);
  for (const auto& [name, trace] : NvdimmScenarios(options, &unreadable)) {
    std::cout << name << "\n";
    const auto say = [&options](const NvdimmCheck& check) {
      if (!options.quiet || !check.agrees) std::cout << NvdimmCheckText(check) << std::flush;
    };
    const absl::StatusOr<NvdimmResult> result =
        PlayNvdimm(options.guest, accelerator, *FindImplementation(*implementation), trace, say);
    if (absl::IsFailedPrecondition(result.status())) {
      std::cout << "not asked: " << result.status().message() << "\n";
      continue;
    }
    if (!result.ok()) return sum.differences != 0 ? kExitFinding : Fail(result.status());
    sum += *result;
  }
  std::cout << NvdimmSummaryText(sum, *implementation);
  if (unreadable != 0) return kExitBadInput;
  return sum.differences == 0 ? kExitAgrees : kExitFinding;
}

CLI::App* AddWord(CLI::App* witness, const std::string& name, const std::string& help, Options* options) {
  CLI::App* word = witness->add_subcommand(name, help);
  word->add_option("--guest", options->guest, "what scripts/witness_guest.sh made; the launcher names it")->required();
  return word;
}

}  // namespace

void AddWitness(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* witness = app.add_subcommand("witness", "Ask a real kernel in a virtual machine");
  witness->require_subcommand(1);
  witness->footer("Example: ./hpfuzz witness replay repro/cover-letter.trace");

  CLI::App* replay =
      AddWord(witness, "replay", "The kernel's answers beside those of the model and its reference", options.get());
  replay->add_option("FILE|DIR", options->files, "traces in text or bytes")->required();
  replay->add_flag("--quiet", options->quiet, "differences and the summary only");
  replay->add_flag("--to-the-death", options->to_the_death, "also ask what stops the machine, and see how it dies");
  replay->callback([options, exit_code] { *exit_code = Replay(*options); });

  CLI::App* fuzz =
      AddWord(witness, "fuzz", "Random traces until the time is up; differences are reduced and saved", options.get());
  fuzz->add_option("--seconds", options->campaign.seconds, "how long (default 60)")->check(CLI::PositiveNumber);
  fuzz->add_option("--seed", options->campaign.seed, "of the random traces (default 1)");
  fuzz->add_option("--pages-operations", options->campaign.pages_operations,
                   "end after so many of __add_pages and the like ...");
  fuzz->add_option("--memory-operations", options->campaign.memory_operations,
                   "... and so many of mappings and blocks");
  fuzz->add_option("--save", options->save,
                   "where differences go (default: findings/ beside the guest, below build/witness)");
  fuzz->add_option("CORPUS", options->files, "traces that are asked first");
  fuzz->callback([options, exit_code] { *exit_code = Fuzz(*options); });

  CLI::App* record = AddWord(witness, "record", "The kernel's answers to traces, as a transcript", options.get());
  record->add_option("FILE|DIR", options->files, "traces in text or bytes");
  record->add_option("--random", options->random, "and so many random ones");
  record->add_option("--seed", options->campaign.seed, "of the first of them (default 1)");
  record->callback([options, exit_code] { *exit_code = Record(*options); });

  CLI::App* check = witness->add_subcommand("check", "Compare the models with transcripts; needs no guest");
  check->add_option("FILE", options->files, "what `record` wrote")->required();
  check->callback([options, exit_code] { *exit_code = CheckFiles(*options); });

  CLI::App* nvdimm = AddWord(
      witness, "nvdimm", "Namespaces made, used and opened by the kernel beside those of the models", options.get());
  nvdimm->add_option("FILE|DIR", options->files, "traces of namespaces (default: those that are built in)");
  nvdimm->add_flag("--quiet", options->quiet, "differences and the summary only");
  nvdimm->callback([options, exit_code] { *exit_code = Nvdimm(*options); });

  AddWord(witness, "doctor", "What this machine lacks, and how to install it", options.get())
      ->callback([options, exit_code] { *exit_code = Doctor(*options); });
}

}  // namespace hpfuzz
