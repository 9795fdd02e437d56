// SPDX-License-Identifier: Apache-2.0
// The recorded files as the build unpacked them.
#ifndef HPFUZZ_TESTS_RECORDED_FILES_H_
#define HPFUZZ_TESTS_RECORDED_FILES_H_

#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "trace/recorded.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

inline std::vector<RecordedCase> ReadRecordedFile(const std::string& name) {
  std::ifstream file(std::string(HPFUZZ_RECORDED_DIR "/") + name);
  std::stringstream text;
  text << file.rdbuf();
  absl::StatusOr<std::vector<RecordedCase>> cases = ParseRecorded(text.str(), name);
  if (!cases.ok()) {
    ADD_FAILURE() << cases.status();
    return {};
  }
  return *std::move(cases);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TESTS_RECORDED_FILES_H_
