// SPDX-License-Identifier: Apache-2.0
// hpfuzz corpus: merge, minimize and stats of folders of inputs.
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "campaign/corpus.h"
#include "campaign/corpus_stats.h"
#include "cli/command.h"
#include "cli/files.h"

namespace hpfuzz {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string target = "differential";
  std::string bin;
  std::string into;
  std::vector<std::string> from;
  bool json = false;
};

struct Corpus {
  std::vector<CorpusFile> files;
  std::vector<std::string> unreadable;  // with the reason
};

Corpus Load(const std::vector<std::string>& folders) {
  Corpus corpus;
  for (const std::string& folder : folders) {
    std::error_code error;
    if (!fs::is_directory(folder, error)) {
      corpus.unreadable.push_back(absl::StrCat(folder, ": is no folder"));
    } else if (!fs::is_empty(folder, error)) {
      const Inputs inputs = FilesOf({folder});
      corpus.unreadable.insert(corpus.unreadable.end(), inputs.errors.begin(), inputs.errors.end());
      for (const std::string& file : inputs.files) {
        absl::StatusOr<std::string> bytes = ReadFile(file);
        if (bytes.ok()) corpus.files.push_back({file, *std::move(bytes)});
        if (!bytes.ok()) corpus.unreadable.emplace_back(bytes.status().message());
      }
    }
  }
  return corpus;
}

void Complain(const std::vector<std::string>& reasons) {
  for (const std::string& reason : reasons) std::cerr << "hpfuzz corpus: " << reason << "\n";
}

// Where this program is: fuzz targets are built into the same folder.
std::string OwnFolder() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error).parent_path().string();
}

std::string Size(const CorpusSize& size) { return absl::StrCat(size.files, " files, ", size.bytes, " bytes"); }

// Nothing is written unless every input was read: what is not read would be lost.
int MergeInto(const Options& options, const Corpus& corpus, const std::string& into) {
  if (!corpus.unreadable.empty()) {
    Complain(corpus.unreadable);
    return kExitBadInput;
  }
  const std::string bin = options.bin.empty() ? OwnFolder() : options.bin;
  const absl::StatusOr<MergeResult> result =
      MergeCorpus({.program = absl::StrCat(bin, "/", options.target), .into = into, .files = corpus.files});
  if (!result.ok()) {
    Complain({std::string(result.status().message())});
    return result.status().code() == absl::StatusCode::kUnavailable ? kExitSetup : kExitBadInput;
  }
  std::cout << "before  " << Size(result->before) << "\nafter   " << Size(result->after) << ", " << result->edges
            << " edges, " << result->features << " features as before\n";
  if (result->stopped.empty()) return kExitAgrees;
  std::cout << "left out, for they stop the target: " << result->stopped.size() << "\n";
  for (const std::string& path : result->stopped) std::cout << "  " << path << "\n";
  if (!result->kept_in.empty()) std::cout << "those that were in " << into << " are in " << result->kept_in << "\n";
  return kExitFinding;
}

int Merge(const Options& options) {
  std::vector<std::string> folders;
  std::error_code error;
  if (fs::exists(options.into, error)) folders.push_back(options.into);
  folders.insert(folders.end(), options.from.begin(), options.from.end());
  return MergeInto(options, Load(folders), options.into);
}

int Minimize(const Options& options) {
  std::error_code error;
  const std::string& into = options.into.empty() ? options.from[0] : options.into;
  if (!options.into.empty() && fs::exists(into, error) &&
      !(fs::is_directory(into, error) && fs::is_empty(into, error))) {
    Complain({absl::StrCat(into, ": is not empty; hpfuzz corpus merge adds to what is there")});
    return kExitBadInput;
  }
  return MergeInto(options, Load({options.from[0]}), into);
}

int Stats(const Options& options) {
  int exit_code = kExitAgrees;
  std::string separator = options.json ? "[\n" : "";
  for (const std::string& folder : options.from) {
    const Corpus corpus = Load({folder});
    const std::string target = options.target.empty() ? TargetOf(folder) : options.target;
    const CorpusStats stats = StatsOf(corpus.files, FormOf(target));
    std::cout << separator
              << (options.json ? CorpusStatsJson(stats, folder, target, corpus.unreadable)
                               : PrintCorpusStats(stats, folder, target, corpus.unreadable));
    separator = options.json ? ",\n" : "\n";
    if (!stats.findings.empty() && exit_code == kExitAgrees) exit_code = kExitFinding;
    if (!corpus.unreadable.empty()) exit_code = kExitBadInput;
  }
  if (options.json) std::cout << "\n]\n";
  return exit_code;
}

void AddEngineOptions(CLI::App* command, Options* options) {
  command->add_option("--target", options->target, "the fuzz target whose inputs these are (differential)");
  command->add_option("--bin", options->bin, "where the target is, built with libFuzzer (beside this program)");
}

void AddMerge(CLI::App* corpus, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = corpus->add_subcommand(
      "merge", "Make DIR what it and the others reach together, each feature by the smallest input");
  command->add_option("--into", options->into, "the corpus that is replaced, when all is done; may be missing")
      ->required();
  command->add_option("FROM", options->from, "folders of inputs; they stay as they are")->required();
  AddEngineOptions(command, options.get());
  command->footer(
      "Example: hpfuzz corpus merge --into build/fuzz/differential/corpus corpus/differential other-machine");
  command->callback([options, exit_code] { *exit_code = Merge(*options); });
}

void AddMinimize(CLI::App* corpus, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = corpus->add_subcommand(
      "minimize", "Keep what reaches everything that DIR reaches, each feature by the smallest input");
  command->add_option("DIR", options->from, "a folder of inputs")->required()->expected(1);
  command->add_option("-o", options->into,
                      "an empty or missing folder to put the smaller corpus in (default: DIR itself)");
  AddEngineOptions(command, options.get());
  command->footer("Example: hpfuzz corpus minimize build/fuzz/differential/corpus");
  command->callback([options, exit_code] { *exit_code = Minimize(*options); });
}

void AddStats(CLI::App* corpus, int* exit_code) {
  auto options = std::make_shared<Options>();
  options->target = "";
  CLI::App* command = corpus->add_subcommand(
      "stats", "Print files, sizes, operations, clauses hit, and inputs that are the same trace");
  command->add_option("DIR", options->from, "folders of inputs, each on its own")->required();
  command->add_option("--target", options->target,
                      "the fuzz target whose inputs these are (default: the one its path names, else differential)");
  command->add_flag("--json", options->json, "an array of one object for each folder");
  command->footer("Example: hpfuzz corpus stats corpus/differential");
  command->callback([options, exit_code] { *exit_code = Stats(*options); });
}

}  // namespace

void AddCorpus(CLI::App& app, int* exit_code) {
  CLI::App* corpus = app.add_subcommand("corpus", "Make folders of inputs smaller, and say what they consist of");
  corpus->require_subcommand(1);
  corpus->footer(
      "Example: hpfuzz corpus stats corpus/differential\nExit codes: 0 done, 1 an input stops the target or is a "
      "finding, 2 bad "
      "input or usage, 3 the target is missing or cannot be run.");
  AddMerge(corpus, exit_code);
  AddMinimize(corpus, exit_code);
  AddStats(corpus, exit_code);
}

}  // namespace hpfuzz
