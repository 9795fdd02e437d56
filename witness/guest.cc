// SPDX-License-Identifier: Apache-2.0
// Guest: the command line of the machine, and reading and writing its channel.
#include "witness/guest.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using Clock = std::chrono::steady_clock;

// A machine that has not answered by then has hung; a busy host needs ten times the three seconds of an idle one.
constexpr std::chrono::seconds kBootLimit(60);
constexpr std::chrono::seconds kKvmTrialLimit(10);

std::string Initramfs(const GuestHardware& hardware) {
  return hardware.dimms.empty() ? "/initramfs.gz" : "/initramfs-nvdimm.gz";
}

std::vector<std::string> MediaOptions(const GuestHardware& hardware) {
  std::vector<std::string> words;
  for (const Dimm& dimm : hardware.dimms) {
    const size_t nr = words.size();
    const std::string labels = dimm.label_size == 0 ? "" : absl::StrFormat(",label-size=%d", dimm.label_size);
    const uint64_t size = dimm.range.size + dimm.label_size;
    words.insert(
        words.end(),
        {"-object",
         absl::StrFormat("memory-backend-file,id=m%d,share=on,mem-path=/proc/self/fd/%d,size=%d", nr, dimm.file, size),
         "-device", absl::StrFormat("nvdimm,id=d%d,memdev=m%d,addr=%d%s", nr, nr, dimm.range.start, labels)});
  }
  return words;
}

std::vector<std::string> QemuCommand(const std::string& directory, const GuestHardware& hardware,
                                     Accelerator accelerator, int channel) {
  const bool kvm = accelerator == Accelerator::kKvm;
  std::vector<std::string> command = {
      "qemu-system-x86_64", "-nodefaults", "-no-reboot", "-display", "none", "-serial", "stdio",
      // Without 1 GiB pages: the direct map is then made in steps of 2 MiB, as the models have it.
      "-accel", kvm ? "kvm" : "tcg,thread=multi", "-cpu", kvm ? "host,-pdpe1gb" : "max,-pdpe1gb", "-smp", "1",
      "-device", "virtio-serial-pci", "-chardev", absl::StrFormat("socket,id=channel,fd=%d", channel), "-device",
      "virtserialport,chardev=channel,name=hpfuzz", "-kernel", directory + "/vmlinuz", "-initrd",
      directory + Initramfs(hardware), "-append", KernelCommandLine(hardware)};
  for (const std::vector<std::string>& more : {MemoryOptions(hardware), MediaOptions(hardware)}) {
    command.insert(command.end(), more.begin(), more.end());
  }
  return command;
}

std::string LastLines(const std::string& text, size_t most) {
  size_t at = text.size();
  for (size_t lines = 0; at != 0 && lines <= most; --at) lines += text[at - 1] == '\n';
  return text.substr(at);
}

}  // namespace

std::vector<std::string> MemoryOptions(const GuestHardware& hardware) {
  std::vector<std::string> words = {
      "-machine",
      absl::StrFormat("q35,max-ram-below-4g=%dM%s", kLowRam >> 20, hardware.dimms.empty() ? "" : ",nvdimm=on"), "-m",
      absl::StrFormat("size=%dM,slots=%d,maxmem=64G", (kLowRam + hardware.high_ram) >> 20,
                      std::max<size_t>(1, hardware.dimms.size()))};
  if (!hardware.dimms.empty()) return words;
  // The arena: memory that is taken from the host page by page, as it is touched.
  words.insert(words.end(),
               {"-object", absl::StrFormat("memory-backend-ram,id=arena,size=%dM,reserve=off", kArenaSize >> 20),
                "-device", absl::StrFormat("pc-dimm,id=dimm,memdev=arena,addr=%d", hardware.arena().start)});
  return words;
}

// Kernel options: printing nothing but panics, no memory online that nobody asked for, a crash that ends the machine,
// RCU that does not wait for a clock tick (releasing a mapping takes 12 ms instead of 36), and no check at boot of
// whether the timer ticks, which a machine on a busy host fails now and then.
std::string KernelCommandLine(const GuestHardware& hardware) {
  std::string line =
      "console=ttyS0 quiet loglevel=1 nokaslr no_timer_check memhp_default_state=offline acpi_no_memhotplug oops=panic "
      "panic=-1 "
      "rcupdate.rcu_expedited=1 rcutree.jiffies_till_first_fqs=0 rcutree.jiffies_till_next_fqs=0";
  if (!hardware.five_level) line += " no5lvl";
  for (const PhysRange& hole : hardware.holes) absl::StrAppendFormat(&line, " memmap=0x%x$0x%x", hole.size, hole.start);
  return line;
}

absl::StatusOr<std::unique_ptr<Guest>> Guest::Boot(const std::string& directory, const GuestHardware& hardware,
                                                   Accelerator accelerator) {
  for (const std::string& name : {std::string("/vmlinuz"), Initramfs(hardware)}) {
    if (access((directory + name).c_str(), R_OK) != 0) {
      return absl::NotFoundError(absl::StrCat(directory, name, ": ", std::strerror(errno),
                                              "; './hpfuzz witness doctor' says what is missing"));
    }
  }
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return absl::UnavailableError(absl::StrCat("socketpair: ", std::strerror(errno)));
  }
  auto guest = std::unique_ptr<Guest>(new Guest);
  guest->channel_ = OwnedFd(ends[0]);
  OwnedFd theirs(ends[1]);
  guest->hardware_ = hardware;
  std::vector<int> inherited = {theirs.get()};
  for (const Dimm& dimm : hardware.dimms) inherited.push_back(dimm.file);
  const auto start = Clock::now();
  absl::StatusOr<std::unique_ptr<Child>> child =
      Child::Start(QemuCommand(directory, hardware, accelerator, theirs.get()), {.inherited = inherited});
  if (!child.ok()) return child.status();
  theirs.Close();
  guest->child_ = *std::move(child);
  std::vector<std::string> answers;
  const std::string first[] = {"machine"};
  const auto limit = accelerator == Accelerator::kKvm ? kKvmTrialLimit : kBootLimit;
  if (absl::Status status = guest->Ask(first, &answers, limit); !status.ok()) {
    return absl::Status(status.code(), absl::StrCat("the guest did not boot: ", status.message()));
  }
  guest->machine_ = answers[0];
  guest->boot_seconds_ = std::chrono::duration<double>(Clock::now() - start).count();
  return guest;
}

absl::Status Guest::Lost(bool died) const {
  const std::string console = LastLines(Console(), 12);
  if (!died) return absl::DeadlineExceededError(absl::StrCat("it hangs. Console:\n", console));
  return absl::AbortedError(absl::StrCat("the machine died. Console:\n", console));
}

absl::Status Guest::Ask(absl::Span<const std::string> lines, std::vector<std::string>* answers,
                        std::chrono::milliseconds limit) {
  std::string out;
  for (const std::string& line : lines) absl::StrAppend(&out, line, "\n");
  size_t sent = 0;
  answers->clear();
  auto deadline = Clock::now() + limit;
  while (answers->size() < lines.size()) {
    pollfd poll_fd = {channel_.get(), static_cast<short>(POLLIN | (sent < out.size() ? POLLOUT : 0)), 0};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    const int ready = left.count() <= 0 ? 0 : poll(&poll_fd, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) {
      child_->Kill();
      return Lost(false);
    }
    if ((poll_fd.revents & POLLOUT) != 0) {
      const ssize_t n = send(channel_.get(), out.data() + sent, out.size() - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (n > 0) sent += static_cast<size_t>(n);
    }
    if ((poll_fd.revents & ~POLLOUT) == 0) continue;
    char part[1 << 16];
    const ssize_t n = recv(channel_.get(), part, sizeof(part), MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (n <= 0) {
      child_->Wait(std::chrono::seconds(2));
      child_->Kill();
      return Lost(true);
    }
    unread_.append(part, static_cast<size_t>(n));
    size_t at = 0;
    for (size_t end; answers->size() < lines.size() && (end = unread_.find('\n', at)) != std::string::npos;
         at = end + 1) {
      answers->push_back(unread_.substr(at, end - at));
      deadline = Clock::now() + limit;
    }
    unread_.erase(0, at);
  }
  return absl::OkStatus();
}

Accelerator FindAccelerator(const std::string& directory) {
  const std::string file = directory + "/accelerator";
  std::string known;
  std::ifstream(file) >> known;
  if (known == "kvm") return Accelerator::kKvm;
  if (known == "tcg") return Accelerator::kTcg;
  const bool kvm = access("/dev/kvm", R_OK | W_OK) == 0 && Guest::Boot(directory, {}, Accelerator::kKvm).ok();
  std::ofstream(file) << (kvm ? "kvm" : "tcg") << "\n";
  return kvm ? Accelerator::kKvm : Accelerator::kTcg;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
