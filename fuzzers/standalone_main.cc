// SPDX-License-Identifier: Apache-2.0
// main() of a fuzz target without a fuzzing engine: runs the target once on each file named, and on each file below
// each directory named, in the order of their names; without arguments on standard input. Works with any compiler. Not
// covered: finding new inputs, catching crashes (the target ends the program, as it would under an engine).
#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
extern "C" __attribute__((weak)) int LLVMFuzzerInitialize(int* argc, char*** argv);

// Of builds that count what is reached (scripts/coverage.sh).
extern "C" __attribute__((weak)) int __llvm_profile_write_file();

// What the mutators of targets call is part of an engine. Nothing is mutated here.
extern "C" size_t LLVMFuzzerMutate(uint8_t* /*data*/, size_t size, size_t /*max_size*/) { return size; }

namespace {

namespace fs = std::filesystem;

void RunOn(std::istream& input) {
  const std::string bytes{std::istreambuf_iterator<char>(input), std::istreambuf_iterator<char>()};
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
}

// False, with a line on stderr, when `argument` names nothing.
bool Collect(const fs::path& argument, std::vector<fs::path>& files) {
  std::error_code error;
  if (!fs::is_directory(argument, error)) {
    files.push_back(argument);
    if (fs::exists(argument, error)) return true;
    std::fprintf(stderr, "%s: no such file or directory\n", argument.c_str());
    return false;
  }
  const size_t first = files.size();
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(argument, error)) {
    if (entry.is_regular_file(error)) files.push_back(entry.path());
  }
  std::sort(files.begin() + static_cast<std::ptrdiff_t>(first), files.end());
  return true;
}

// A finding ends in a trap, behind which nothing would write down what was reached until then.
void WriteProfileAndTrap(int signal) {
  __llvm_profile_write_file();
  std::raise(signal);
}

}  // namespace

int main(int argc, char** argv) {
  if (LLVMFuzzerInitialize != nullptr) LLVMFuzzerInitialize(&argc, &argv);
  struct sigaction at_trap {};
  at_trap.sa_handler = WriteProfileAndTrap;
  at_trap.sa_flags = static_cast<int>(SA_RESETHAND);
  if (__llvm_profile_write_file != nullptr) sigaction(SIGILL, &at_trap, nullptr);
  std::vector<fs::path> files;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--help") {
      std::printf("usage: %s [FILE|DIR]...\nexample: %s corpus/differential\n", argv[0], argv[0]);
      return 0;
    }
    if (!Collect(argv[i], files)) return 2;
  }
  if (argc < 2) RunOn(std::cin);
  for (const fs::path& file : files) {
    std::ifstream input(file, std::ios::binary);
    if (!input) {
      std::fprintf(stderr, "%s: cannot be read\n", file.c_str());
      return 2;
    }
    RunOn(input);
  }
  std::fprintf(stderr, "%zu inputs run, none crashed\n", argc < 2 ? size_t{1} : files.size());
  return 0;
}
