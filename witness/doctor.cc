// SPDX-License-Identifier: Apache-2.0
// Doctor: one line for each thing looked at.
#include "witness/doctor.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "witness/wire.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

struct Program {
  const char* name;
  const char* package;
  const char* use;
};
constexpr Program kPrograms[] = {
    {"qemu-system-x86_64", "qemu-system-x86 seabios", "the machine that the guest runs on"},
    {"busybox", "busybox-static", "the programs of the guest"},
    {"cpio", "cpio", "packs the guest"},
    {"make", "make", "builds the witness module"},
    {"gcc-12", "gcc-12", "builds the witness module"},
    {"xz", "xz-utils", "unpacks modules of the kernel"},
};

bool IsInPath(const std::string& program) {
  const char* path = std::getenv("PATH");
  const std::vector<std::string> folders = absl::StrSplit(path == nullptr ? "" : path, ':');
  return std::any_of(folders.begin(), folders.end(), [&program](const std::string& folder) {
    return access(absl::StrCat(folder, "/", program).c_str(), X_OK) == 0;
  });
}

void Line(Diagnosis* diagnosis, bool good, absl::string_view what, absl::string_view text) {
  absl::StrAppendFormat(&diagnosis->text, "%-8s %-20s %s\n", good ? "ok" : "MISSING", what, text);
  diagnosis->healthy &= good;
}

void BootOnce(const std::string& directory, Diagnosis* diagnosis) {
  const Accelerator accelerator = FindAccelerator(directory);
  const absl::StatusOr<std::unique_ptr<Guest>> guest = Guest::Boot(directory, {}, accelerator);
  if (!guest.ok()) {
    Line(diagnosis, false, "a guest that boots", std::string(guest.status().message()));
    return;
  }
  const absl::StatusOr<Machine> machine = ParseMachine((*guest)->machine());
  Line(diagnosis, machine.ok(), "a guest that boots",
       machine.ok()
           ? absl::StrFormat("Linux %s answered after %.1f s, %s", machine->release, (*guest)->boot_seconds(),
                             accelerator == Accelerator::kKvm ? "with KVM" : "emulated (KVM does not work here)")
           : std::string(machine.status().message()));
}

}  // namespace

Diagnosis Examine(const std::string& directory) {
  Diagnosis diagnosis{.healthy = true, .text = ""};
  for (const Program& program : kPrograms) {
    const bool there = IsInPath(program.name);
    Line(&diagnosis, there, program.name,
         there ? program.use : absl::StrCat("as root: apt-get install --no-install-recommends ", program.package));
  }
  for (const char* name : {"vmlinuz", "initramfs.gz", "initramfs-nvdimm.gz", "release"}) {
    const std::string file = absl::StrCat(directory, "/", name);
    const bool there = access(file.c_str(), R_OK) == 0;
    Line(&diagnosis, there, name, there ? file : absl::StrCat("scripts/witness_guest.sh makes it in ", directory));
  }
  if (diagnosis.healthy) BootOnce(directory, &diagnosis);
  return diagnosis;
}

std::string_view ImplementationForRelease(std::string_view release) {
  int major = 0;
  int minor = 0;
  if (std::sscanf(std::string(release).c_str(), "%d.%d", &major, &minor) != 2) return "mainline-6.1";
  return major > 6 || (major == 6 && minor >= 12) ? "mainline-6.12" : "mainline-6.1";
}

absl::StatusOr<std::string> ReleaseIn(const std::string& directory) {
  std::string release;
  std::ifstream(directory + "/release") >> release;
  if (!release.empty()) return release;
  return absl::NotFoundError(
      absl::StrCat(directory, ": no guest is here; './hpfuzz witness doctor' says what is missing"));
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
