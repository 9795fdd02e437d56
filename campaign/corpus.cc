// SPDX-License-Identifier: Apache-2.0
// MergeCorpus: the merge runs in a folder of its own beside the corpus, is checked, and put in place.
#include "campaign/corpus.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <map>
#include <numeric>
#include <set>
#include <string_view>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "campaign/merge_control.h"
#include "campaign/replace_folder.h"
#include "files/input_files.h"
#include "process/child.h"

namespace hpfuzz {
namespace {

namespace fs = std::filesystem;

// Of what the target printed, in a complaint.
constexpr size_t kMostOutput = 2000;

absl::Status Because(const std::string& path, const std::string& reason) {
  return absl::UnavailableError(absl::StrCat(path, ": ", reason));
}

// Each content once, the first of its files, in the order of sizes and then of contents: the engine's choice between
// inputs of one size follows their order.
std::vector<const CorpusFile*> Distinct(const std::vector<CorpusFile>& files) {
  std::map<std::pair<size_t, std::string_view>, const CorpusFile*> by_content;
  for (const CorpusFile& file : files)
    by_content.emplace(std::pair(file.bytes.size(), std::string_view(file.bytes)), &file);
  std::vector<const CorpusFile*> distinct;
  for (const auto& [content, file] : by_content) distinct.push_back(file);
  return distinct;
}

// The engine hands its arguments and itself on to a shell: names in its folder need no quoting, whatever ours are
// called. It reads the control file we made and not the folders, of which the second must not be empty.
absl::Status Prepare(const SideFolder& work, const std::string& program, const std::vector<std::string>& paths) {
  std::error_code error;
  fs::create_symlink(fs::absolute(program), work / "target", error);
  if (!error) fs::create_directory(work / "new", error);
  if (!error) fs::create_directory(work / "in", error);
  if (error) return Because(work.path(), error.message());
  if (const absl::Status status = WriteBytes(work / "in/any", "a"); !status.ok()) return status;
  return WriteBytes(work / "control", PrintMergeControl(paths));
}

absl::Status RunMerge(const SideFolder& work, const std::string& program, size_t largest) {
  const std::vector<std::string> argv = {"env",
                                         absl::StrCat("--chdir=", work.path()),
                                         "./target",
                                         "-merge=1",
                                         "-merge_control_file=control",
                                         "-detect_leaks=0",
                                         absl::StrCat("-max_len=", std::max<size_t>(largest, 1)),
                                         "new",
                                         "in"};
  absl::StatusOr<std::unique_ptr<Child>> child = Child::Start(argv, {});
  if (!child.ok()) return child.status();
  std::optional<ChildEnd> end;
  while (!end.has_value()) end = (*child)->Wait(std::chrono::hours(1));
  if (end->exit_code == 0) return absl::OkStatus();
  return Because(program, absl::StrCat("its merge failed:\n", (*child)->Output(kMostOutput)));
}

// Places of the inputs that the engine chose, ascending. What it wrote is read back: it does not notice a full disk.
absl::StatusOr<std::vector<size_t>> Chosen(const SideFolder& work, const std::vector<const CorpusFile*>& inputs) {
  std::map<std::string_view, size_t> by_content;
  for (size_t i = 0; i < inputs.size(); ++i) by_content.emplace(inputs[i]->bytes, i);
  std::vector<size_t> chosen;
  for (const auto& entry : fs::directory_iterator(work / "new")) {
    const absl::StatusOr<std::string> bytes = ReadBytes(entry.path());
    if (!bytes.ok()) return bytes.status();
    const auto found = by_content.find(*bytes);
    if (found == by_content.end()) return Because(entry.path(), "is no input: it was not written to its end");
    chosen.push_back(found->second);
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

absl::Status CheckComplete(const MergeOutcome& outcome, const std::vector<size_t>& chosen, const std::string& folder) {
  std::vector<size_t> all(outcome.features.size());
  std::iota(all.begin(), all.end(), size_t{0});
  if (FeaturesTogether(outcome, chosen) == FeaturesTogether(outcome, all)) return absl::OkStatus();
  return Because(folder, "the engine did not write all that it chose");
}

std::vector<const CorpusFile*> At(const std::vector<size_t>& places, const std::vector<const CorpusFile*>& inputs) {
  std::vector<const CorpusFile*> files;
  for (const size_t place : places) files.push_back(inputs[place]);
  std::sort(files.begin(), files.end(), [](const CorpusFile* a, const CorpusFile* b) { return a->path < b->path; });
  return files;
}

// A name in the new corpus that is still free: that of the file, or that with a number.
std::string FreeName(const std::string& path, std::set<std::string>* taken) {
  const std::string name = fs::path(path).filename();
  std::string free = name;
  for (int i = 2; !taken->insert(free).second; ++i) free = absl::StrCat(name, "-", i);
  return free;
}

// Files of `into` that are no inputs.
absl::Status KeepOthers(const std::string& into, const std::string& made, std::set<std::string>* taken) {
  std::error_code error;
  if (!fs::exists(into, error)) return absl::OkStatus();
  for (const auto& entry : fs::directory_iterator(into)) {
    const std::string name = entry.path().filename();
    if (name.front() != '.' && !absl::EndsWith(name, ".md")) continue;
    fs::copy(entry.path(), made + "/" + name, fs::copy_options::recursive | fs::copy_options::copy_symlinks, error);
    if (error) return Because(entry.path(), error.message());
    taken->insert(name);
  }
  return absl::OkStatus();
}

bool LiesIn(const std::string& path, const std::string& folder) {
  std::error_code error;
  const fs::path inside = fs::weakly_canonical(path, error);
  const fs::path outside = fs::weakly_canonical(folder, error);
  return std::mismatch(outside.begin(), outside.end(), inside.begin(), inside.end()).first == outside.end();
}

// An input that stops the target is a finding: the only copy of it must not go with the old corpus.
absl::Status KeepStopped(const std::vector<const CorpusFile*>& stopped, const std::string& into, std::string* kept_in) {
  std::set<std::string> taken;
  for (const CorpusFile* file : stopped) {
    if (!LiesIn(file->path, into)) continue;
    std::error_code error;
    std::string folder = fs::weakly_canonical(into, error).string() + ".stopped";
    fs::create_directory(folder, error);
    if (error) return Because(folder, error.message());
    *kept_in = folder;
    std::string name = FreeName(file->path, &taken);
    while (fs::exists(folder + "/" + name, error) && ReadBytes(folder + "/" + name).value_or("") != file->bytes) {
      name = FreeName(file->path, &taken);
    }
    if (const absl::Status status = WriteBytes(folder + "/" + name, file->bytes); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// The new corpus under the names of its inputs; `folder` is empty.
absl::Status Fill(const std::string& folder, const std::vector<const CorpusFile*>& chosen, const std::string& into) {
  std::set<std::string> taken;
  if (const absl::Status status = KeepOthers(into, folder, &taken); !status.ok()) return status;
  for (const CorpusFile* file : chosen) {
    const std::string path = folder + "/" + FreeName(file->path, &taken);
    if (const absl::Status status = WriteBytes(path, file->bytes); !status.ok()) return status;
  }
  return absl::OkStatus();
}

CorpusSize SizeOf(const std::vector<const CorpusFile*>& files) {
  CorpusSize size;
  for (const CorpusFile* file : files) {
    ++size.files;
    size.bytes += file->bytes.size();
  }
  return size;
}

// What somebody else, a fuzzing run as a rule, put into the corpus while it was merged: it was no part of the request.
absl::Status KeepNewcomers(const MergeRequest& request, const std::string& old) {
  std::error_code error;
  std::set<fs::path> known;
  for (const CorpusFile& file : request.files) known.insert(fs::weakly_canonical(file.path, error));
  std::set<std::string> taken;
  for (const fs::path& input : InputsBelow(request.into)) taken.insert(input.filename());
  const fs::path into = fs::weakly_canonical(request.into, error);
  for (const fs::path& input : InputsBelow(old)) {
    const std::string name = input.filename();
    if (name.front() == '.' || absl::EndsWith(name, ".md")) continue;
    if (known.count(into / input.lexically_relative(old)) != 0) continue;
    if (const absl::Status moved = MoveFile(input, into / FreeName(name, &taken)); !moved.ok()) return moved;
  }
  return absl::OkStatus();
}

// Puts the new corpus in place; all before this was preparation.
absl::StatusOr<MergeResult> Finish(const MergeRequest& request, const SideFolder& work,
                                   const std::vector<const CorpusFile*>& inputs, const MergeOutcome& outcome,
                                   const std::vector<size_t>& chosen) {
  const std::vector<const CorpusFile*> kept = At(chosen, inputs);
  const std::vector<const CorpusFile*> stopped = At(outcome.stopped, inputs);
  MergeResult result;
  result.before = SizeOf(inputs);
  result.after = SizeOf(kept);
  result.features = FeaturesTogether(outcome, chosen);
  result.edges = outcome.edges;
  for (const CorpusFile* file : stopped) result.stopped.push_back(file->path);
  std::error_code error;
  if (!fs::create_directory(work / "made", error)) return Because(work.path(), error.message());
  if (const absl::Status status = Fill(work / "made", kept, request.into); !status.ok()) return status;
  if (const absl::Status status = KeepStopped(stopped, request.into, &result.kept_in); !status.ok()) return status;
  if (const absl::Status status = PutInPlace(work / "made", request.into); !status.ok()) return status;
  if (const absl::Status status = KeepNewcomers(request, work / "made"); !status.ok()) return status;
  return result;
}

absl::Status CheckRequest(const MergeRequest& request) {
  if (request.files.empty())
    return absl::InvalidArgumentError(absl::StrCat(request.into, ": there is nothing to merge"));
  std::error_code error;
  if (fs::exists(request.into, error) && !fs::is_directory(request.into, error))
    return Because(request.into, "is no folder");
  if (!fs::exists(request.program, error)) return Because(request.program, "is not built");
  for (const CorpusFile& file : request.files) {
    if (absl::StrContains(file.path, '\n')) return Because(file.path, "the engine takes no names with line ends");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<MergeResult> MergeCorpus(const MergeRequest& request) {
  if (const absl::Status status = CheckRequest(request); !status.ok()) return status;
  const std::vector<const CorpusFile*> inputs = Distinct(request.files);
  std::vector<std::string> paths;
  for (const CorpusFile* input : inputs) paths.push_back(fs::absolute(input->path));
  const absl::StatusOr<SideFolder> work = SideFolder::Beside(request.into);
  if (!work.ok()) return work.status();
  if (const absl::Status status = Prepare(*work, request.program, paths); !status.ok()) return status;
  if (const absl::Status status = RunMerge(*work, request.program, inputs.back()->bytes.size()); !status.ok())
    return status;

  const absl::StatusOr<std::string> control = ReadBytes(*work / "control");
  if (!control.ok()) return control.status();
  const absl::StatusOr<MergeOutcome> outcome = ParseMergeControl(*control, paths);
  if (!outcome.ok()) return outcome.status();
  const absl::StatusOr<std::vector<size_t>> chosen = Chosen(*work, inputs);
  if (!chosen.ok()) return chosen.status();
  if (const absl::Status status = CheckComplete(*outcome, *chosen, work->path()); !status.ok()) return status;
  return Finish(request, *work, inputs, *outcome, *chosen);
}

}  // namespace hpfuzz
