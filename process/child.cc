// SPDX-License-Identifier: Apache-2.0
// Child: fork, exec, wait.
#include "process/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>
#include <thread>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace hpfuzz {
namespace {

constexpr int kNotStarted = 127;  // as shells say it

absl::Status Failed(absl::string_view what) {
  return absl::UnavailableError(absl::StrCat(what, ": ", std::strerror(errno)));
}

// In the child: ties it to its parent, gives it its standard streams. Only what may be called after a fork.
bool SetUp(int output, pid_t parent) {
  // A parent that ended before this line would leave its child behind: its number has changed then.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  return getppid() == parent && nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0 &&
         dup2(output, STDERR_FILENO) >= 0;
}

// In the child; never returns. exec's errno goes through `report`.
[[noreturn]] void Become(char* const* argv, char* const* environment, const std::vector<int>& inherited, int output,
                         int report, pid_t parent) {
  if (SetUp(output, parent)) {
    for (const int fd : inherited) fcntl(fd, F_SETFD, 0);
    for (const int ignored : {SIGPIPE, SIGINT}) signal(ignored, SIG_DFL);
    execvpe(argv[0], argv, environment);
  }
  const int error = errno;
  [[maybe_unused]] const ssize_t written = write(report, &error, sizeof(error));
  _exit(kNotStarted);
}

// "NAME=value" of this program's environment, changed as `changes` say.
std::vector<std::string> Changed(const Environment& changes) {
  std::vector<std::string> lines;
  for (char** line = environ; *line != nullptr; ++line) {
    const std::string_view name = std::string_view(*line).substr(0, std::string_view(*line).find('='));
    if (std::none_of(changes.begin(), changes.end(), [name](const auto& change) { return change.first == name; }))
      lines.emplace_back(*line);
  }
  for (const auto& [name, value] : changes) lines.push_back(absl::StrCat(name, "=", value));
  return lines;
}

// The form that exec takes: a null at the end. Lives as long as the texts.
std::vector<char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// Of a process and its children. A kernel without CONFIG_PROC_CHILDREN names no children.
size_t ResidentPages(pid_t pid) {
  const std::string folder = absl::StrCat("/proc/", pid);
  size_t pages = 0;
  size_t resident = 0;
  std::ifstream(absl::StrCat(folder, "/statm")) >> pages >> resident;
  std::ifstream children(absl::StrCat(folder, "/task/", pid, "/children"));
  for (pid_t child = 0; children >> child;) resident += ResidentPages(child);
  return resident;
}

OwnedFd OpenOutput(const std::string& file) {
  // A file without a name: nothing to clean up.
  if (file.empty()) return OwnedFd(memfd_create("output", MFD_CLOEXEC));
  // Appending: standard output and error, and what a child of the child writes, never overwrite each other.
  return OwnedFd(open(file.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Child>> Child::Start(const std::vector<std::string>& argv, const ChildSetting& setting) {
  OwnedFd output = OpenOutput(setting.output_file);
  if (output.get() < 0) return Failed(setting.output_file.empty() ? "memfd_create" : setting.output_file);
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0) return Failed("pipe");
  OwnedFd read_end(report[0]);
  OwnedFd write_end(report[1]);
  const std::vector<char*> words = Pointers(argv);
  const std::vector<std::string> lines = Changed(setting.environment);
  const std::vector<char*> environment = Pointers(lines);
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) return Failed("fork");
  if (pid == 0) Become(words.data(), environment.data(), setting.inherited, output.get(), write_end.get(), parent);
  write_end.Close();
  auto child = std::unique_ptr<Child>(new Child(pid, std::move(output)));
  int error = 0;
  // Nothing to read: exec closed the other end.
  if (read(read_end.get(), &error, sizeof(error)) == sizeof(error)) {
    errno = error;
    return Failed(argv[0]);
  }
  return child;
}

absl::StatusOr<std::unique_ptr<Child>> Child::Fork(absl::FunctionRef<int()> work) {
  OwnedFd output = OpenOutput("");
  if (output.get() < 0) return Failed("memfd_create");
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) return Failed("fork");
  if (pid == 0) {
    if (!SetUp(output.get(), parent)) _exit(kNotStarted);
    for (const int heard : {SIGINT, SIGHUP}) signal(heard, SIG_IGN);
    signal(SIGTERM, SIG_DFL);
    // A crash of it is told by what it printed; a core file would be one for each.
    const rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    _exit(work());
  }
  return std::unique_ptr<Child>(new Child(pid, std::move(output)));
}

Child::~Child() { Kill(); }

std::optional<ChildEnd> Child::Wait(std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (std::chrono::milliseconds pause(1); !end_.has_value();
       pause = std::min(2 * pause, std::chrono::milliseconds(50))) {
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) {
      end_ = WIFEXITED(status) ? ChildEnd{WEXITSTATUS(status), 0} : ChildEnd{-1, WTERMSIG(status)};
    } else if (std::chrono::steady_clock::now() >= deadline) {
      break;
    } else {
      std::this_thread::sleep_for(pause);
    }
  }
  return end_;
}

void Child::Interrupt() {
  if (!end_.has_value()) kill(pid_, SIGINT);
}

void Child::Kill() {
  if (end_.has_value()) return;
  kill(pid_, SIGKILL);
  Wait(std::chrono::seconds(10));
}

size_t Child::Memory() const {
  return end_.has_value() ? 0 : ResidentPages(pid_) * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

std::string Child::Output(size_t most) const {
  struct stat info = {};
  if (fstat(output_.get(), &info) != 0) return "";
  const size_t size = std::min(static_cast<size_t>(info.st_size), most);
  std::string text(size, '\0');
  const ssize_t got = pread(output_.get(), text.data(), size, info.st_size - static_cast<off_t>(size));
  text.resize(got < 0 ? 0 : static_cast<size_t>(got));
  return text;
}

}  // namespace hpfuzz
