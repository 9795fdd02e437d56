// SPDX-License-Identifier: Apache-2.0
// Finding the parts of a run.
#include "campaign/fuzz_plan.h"

#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "files/input_files.h"

namespace hpfuzz {
namespace {

namespace fs = std::filesystem;

bool IsName(const std::string& target) {
  return !target.empty() && std::all_of(target.begin(), target.end(),
                                        [](unsigned char c) { return absl::ascii_isalnum(c) || c == '_' || c == '-'; });
}

bool IsProgram(const fs::path& file) {
  std::error_code error;
  return fs::is_regular_file(file, error) && access(file.c_str(), X_OK) == 0;
}

fs::path IfThere(const fs::path& file) {
  std::error_code error;
  return fs::exists(file, error) ? file : fs::path();
}

absl::Status NoTarget(const std::string& target, const FuzzPlaces& places) {
  std::string known;
  // The build writes their names down; some may not be built.
  if (const absl::StatusOr<std::string> names = ReadBytes(places.bin.parent_path() / "fuzz_targets.txt"); names.ok()) {
    const std::vector<std::string> lines = absl::StrSplit(*names, '\n', absl::SkipEmpty());
    known = absl::StrCat("; known are ", absl::StrJoin(lines, " "));
  }
  return absl::InvalidArgumentError(absl::StrCat("no fuzz target '", target, "' in ", places.bin.string(), known));
}

// The part of the path below the directory, or the whole path.
std::string Below(const fs::path& path, const fs::path& directory) {
  const fs::path relative = path.lexically_relative(directory);
  return relative.empty() || *relative.begin() == ".." ? path.string() : relative.string();
}

}  // namespace

fs::path SourceTreeAbove(const fs::path& bin) {
  std::error_code error;
  for (fs::path directory = bin; directory.has_relative_path(); directory = directory.parent_path()) {
    if (fs::is_directory(directory / "fuzzers", error) && fs::is_directory(directory / "corpus", error))
      return directory;
  }
  return fs::current_path(error);
}

absl::StatusOr<FuzzPlan> PlanFor(const std::string& target, const FuzzPlaces& places) {
  FuzzPlan plan;
  plan.target = target;
  plan.program = places.bin / target;
  if (!IsName(target) || !IsProgram(plan.program)) return NoTarget(target, places);
  plan.mutator = IfThere(places.bin / absl::StrCat("lib", target, "_mutator.so"));
  plan.dictionary = IfThere(places.source / "fuzzers" / absl::StrCat(target, ".dict"));
  const absl::StatusOr<std::string> options = ReadBytes(places.source / "fuzzers" / absl::StrCat(target, ".options"));
  if (options.ok()) {
    plan.libfuzzer_options = OptionsIn(*options, "libfuzzer");
    plan.afl_options = OptionsIn(*options, "afl_environment");
  }
  if (places.seeds) plan.seeds = IfThere(places.source / "corpus" / target);
  const std::string folder = places.pair.empty() ? target : absl::StrCat(target, "-", places.pair);
  plan.work = places.work.empty() ? places.source / "build" / "fuzz" / folder : places.work;
  plan.corpus = places.corpus.empty() ? plan.work / "corpus" : places.corpus;
  return plan;
}

std::string BuildOf(const FuzzPlaces& places) { return places.bin.parent_path().filename().string(); }

ReplayWords ReplayWordsFor(const std::string& target, const FuzzPlaces& places) {
  std::error_code error;
  ReplayWords words;
  words.directory = fs::current_path(error);
  const std::string build = BuildOf(places);
  // The launcher builds asan's by itself. Builds without a hpfuzz are made for an engine or cost much: all replay
  // alike.
  if (build != "asan" && IsProgram(places.bin / "hpfuzz")) words.command = absl::StrCat("HPFUZZ_PRESET=", build, " ");
  if (IsProgram(places.source / "hpfuzz")) {
    const std::string launcher = Below(places.source / "hpfuzz", words.directory);
    absl::StrAppend(&words.command, launcher[0] == '/' ? "" : "./", launcher);
  } else {
    words.command = Below(places.bin / "hpfuzz", words.directory);
  }
  absl::StrAppend(&words.command, " replay", target == "info_block" ? " --info-block" : "");
  if (!places.pair.empty()) absl::StrAppend(&words.command, " --pair ", places.pair);
  if (!places.without.empty()) absl::StrAppend(&words.command, " --without ", places.without);
  return words;
}

}  // namespace hpfuzz
