// SPDX-License-Identifier: Apache-2.0
// The recorded answers about namespaces and the info blocks beside them, as the build unpacked them, and the machines
// that they are held against.
#ifndef HPFUZZ_TESTS_RECORDED_NVDIMM_FILES_H_
#define HPFUZZ_TESTS_RECORDED_NVDIMM_FILES_H_

#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "oracle/recorded_nvdimm_check.h"
#include "registry/registry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

inline std::string RecordedText(const std::string& name) {
  std::ifstream file(std::string(HPFUZZ_RECORDED_DIR "/") + name);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << name;
  return text.str();
}

inline std::vector<RecordedNvdimmCase> ReadNvdimmCases() {
  absl::StatusOr<std::vector<RecordedNvdimmCase>> cases =
      ParseRecordedNvdimm(RecordedText("nvdimm-cases.txt"), "nvdimm-cases.txt");
  if (cases.ok()) return *std::move(cases);
  ADD_FAILURE() << cases.status();
  return {};
}

inline InfoBlockFiles ReadInfoBlocks() {
  InfoBlockFiles files;
  for (const char* name :
       {"real-5.1.15.txt", "real-6.1.192.txt", "real-6.12.117.txt", "user-5.1.15.txt", "user-6.1.192.txt"}) {
    absl::StatusOr<InfoBlockFile> file = ParseInfoBlocks(RecordedText(std::string("info-blocks/") + name), name);
    if (!file.ok()) {
      ADD_FAILURE() << file.status();
      continue;
    }
    files.emplace(name, *std::move(file));
  }
  return files;
}

// All layers or all references, by kernel.
class NvdimmSubjects {
 public:
  explicit NvdimmSubjects(bool references) {
    for (unsigned i = 0; i < kNvdimmKernels; ++i) {
      const Implementation* implementation = FindImplementation(ImplementationOf(static_cast<NvdimmKernel>(i)));
      owned_[i] = references ? implementation->make_reference() : implementation->make_layer();
      machines_[i] = owned_[i].get();
    }
  }
  const NvdimmMachines& machines() const { return machines_; }
  HotplugLayer& of(NvdimmKernel kernel) const { return *machines_[static_cast<unsigned>(kernel)]; }

 private:
  std::array<std::unique_ptr<HotplugLayer>, kNvdimmKernels> owned_;
  NvdimmMachines machines_{};
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TESTS_RECORDED_NVDIMM_FILES_H_
