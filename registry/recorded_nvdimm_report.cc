// SPDX-License-Identifier: Apache-2.0
// Recorded answers about namespaces: the files they need, the machines, one line a difference.
#include "registry/recorded_nvdimm_report.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "oracle/recorded_nvdimm_check.h"
#include "registry/registry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// The files of info blocks that the cases name.
absl::StatusOr<InfoBlockFiles> ReadBlocks(const std::vector<RecordedNvdimmCase>& cases, absl::string_view file,
                                          ReadNamed read_named) {
  InfoBlockFiles blocks;
  for (const RecordedNvdimmCase& recorded : cases) {
    const std::string& name = recorded.block_file;
    if (name.empty() || blocks.count(name) != 0) continue;
    absl::StatusOr<std::string> text = read_named(name);
    if (!text.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(file, ":", recorded.line, ":", recorded.block_column, ": read \"", name,
                       "\", expected the name of a file beside this one: ", text.status().message()));
    }
    absl::StatusOr<InfoBlockFile> parsed = ParseInfoBlocks(*text, name);
    if (!parsed.ok()) return parsed.status();
    blocks.emplace(name, *std::move(parsed));
  }
  if (absl::Status status = CheckBlockNames(cases, blocks, file); !status.ok()) return status;
  return blocks;
}

// One machine of each kernel, all of them layers or all references.
struct Subjects {
  std::vector<std::unique_ptr<HotplugLayer>> owned;
  NvdimmMachines machines{};
  absl::string_view suffix;
};

Subjects MakeSubjects(bool references) {
  Subjects subjects;
  subjects.suffix = references ? " reference" : "";
  for (unsigned i = 0; i < kNvdimmKernels; ++i) {
    const Implementation* implementation = FindImplementation(ImplementationOf(static_cast<NvdimmKernel>(i)));
    subjects.owned.push_back(references ? implementation->make_reference() : implementation->make_layer());
    subjects.machines[i] = subjects.owned.back().get();
  }
  return subjects;
}

}  // namespace

absl::StatusOr<RecordedReport> CheckNvdimmFile(absl::string_view text, absl::string_view file, bool every_difference,
                                               ReadNamed read_named) {
  absl::StatusOr<std::vector<RecordedNvdimmCase>> cases = ParseRecordedNvdimm(text, file);
  if (!cases.ok()) return cases.status();
  absl::StatusOr<InfoBlockFiles> blocks = ReadBlocks(*cases, file, read_named);
  if (!blocks.ok()) return blocks.status();
  const Subjects subjects[] = {MakeSubjects(false), MakeSubjects(true)};
  RecordedReport report;
  for (const RecordedNvdimmCase& recorded : *cases) {
    ++report.cases;
    for (const Subjects& subject : subjects) {
      for (const NvdimmDifference& difference : CheckRecordedNvdimm(recorded, *blocks, subject.machines)) {
        ++report.differences;
        absl::StrAppendFormat(&report.text, "%s:%d: case %s, %s: %s%s: %s: recorded %s, ours %s\n", file, recorded.line,
                              recorded.id, std::string(NvdimmOpName(recorded.op)),
                              std::string(ImplementationOf(difference.kernel)), subject.suffix, difference.what,
                              difference.recorded, difference.ours);
        if (!every_difference) break;  // later ones of a case mostly follow from the first
      }
    }
  }
  return report;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
