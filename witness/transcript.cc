// SPDX-License-Identifier: Apache-2.0
// Transcript: writing and reading.
#include "witness/transcript.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

class Reader {
 public:
  Reader(absl::string_view text, absl::string_view file) : lines_(absl::StrSplit(text, '\n')), file_(file) {}
  absl::StatusOr<std::vector<TranscriptCase>> Run() &&;

 private:
  absl::Status Error(absl::string_view expected) const {
    const absl::string_view read = at_ < lines_.size() ? lines_[at_] : "the end of the file";
    return absl::InvalidArgumentError(
        absl::StrCat(file_, ":", at_ + 1, ":1: read \"", read.substr(0, 80), "\", expected ", expected));
  }
  bool AtCase() const { return at_ >= lines_.size() || absl::StartsWith(lines_[at_], "case "); }
  absl::Status ReadCase();
  absl::Status ReadTraceOf(TranscriptCase* read);
  absl::Status ReadExchange(TranscriptCase* read);
  absl::Status ReadLook(absl::string_view request, Request* look) const;

  const std::vector<absl::string_view> lines_;
  const absl::string_view file_;
  size_t at_ = 0;
  std::string release_;
  std::vector<TranscriptCase> cases_;
};

absl::Status Reader::ReadTraceOf(TranscriptCase* read) {
  std::string text;
  for (; at_ < lines_.size() && lines_[at_] != "asked"; ++at_) absl::StrAppend(&text, lines_[at_], "\n");
  if (at_ >= lines_.size()) return Error("asked");
  absl::StatusOr<Trace> trace = ParseTrace(text, absl::StrCat(file_, ", case ", read->name));
  if (!trace.ok()) return trace.status();
  read->hearing.placement.trace = *std::move(trace);
  ++at_;
  return absl::OkStatus();
}

absl::Status Reader::ReadLook(absl::string_view request, Request* look) const {
  const std::vector<absl::string_view> words = absl::StrSplit(request, ' ');
  uint64_t first = 0;
  uint64_t second = 0;
  const bool one = words.size() > 1 && absl::SimpleHexAtoi(words[1], &first);
  const bool two = one && words.size() > 2 && absl::SimpleHexAtoi(words[2], &second);
  if (words[0] == "section" && one) {
    look->kind = Request::Kind::kSection;
    look->section = SectionNr(first);
  } else if (words[0] == "page" && one) {
    look->kind = Request::Kind::kPage;
    look->pfn = Pfn(first);
  } else if (words[0] == "spans") {
    look->kind = Request::Kind::kSpans;
  } else if (words[0] == "resources" && two) {
    look->kind = Request::Kind::kResources;
    look->range = {first, second - first + 1};
  } else {
    return Error("look section NR, page PFN, spans or resources FIRST LAST");
  }
  return absl::OkStatus();
}

absl::Status Reader::ReadExchange(TranscriptCase* read) {
  absl::string_view line = lines_[at_];
  const bool operation = absl::ConsumePrefix(&line, "op ");
  if (!operation && !absl::ConsumePrefix(&line, "look ")) return Error("op, look, end or case");
  const size_t equals = line.find(" = ");
  if (equals == absl::string_view::npos) return Error("REQUEST = ANSWER");
  Exchange exchange;
  exchange.line = std::string(line.substr(0, equals));
  exchange.answer = std::string(line.substr(equals + 3));
  if (!operation) {
    if (absl::Status status = ReadLook(exchange.line, &exchange.request); !status.ok()) return status;
  }
  read->hearing.exchanges.push_back(std::move(exchange));
  return absl::OkStatus();
}

absl::Status Reader::ReadCase() {
  TranscriptCase read;
  read.line = static_cast<int>(at_) + 1;
  read.name = std::string(lines_[at_].substr(5));
  read.hearing.release = release_;
  ++at_;
  if (absl::Status status = ReadTraceOf(&read); !status.ok()) return status;
  const auto ops = static_cast<uint32_t>(read.hearing.placement.trace.ops.size());
  uint32_t next = 0;
  bool end = false;
  for (; !AtCase(); ++at_) {
    if (lines_[at_].empty()) continue;
    if (lines_[at_] == "end") {
      end = true;
      continue;
    }
    if (absl::Status status = ReadExchange(&read); !status.ok()) return status;
    Request& request = read.hearing.exchanges.back().request;
    if (request.kind == Request::Kind::kOperation) {
      if (next == ops) return Error("no more operations than the trace has");
      request.op = next++;
      const std::string asked = RequestLine(request, read.hearing.placement.trace);
      if (read.hearing.exchanges.back().line != asked) return Error(asked);
    } else {
      request.op = end || next == 0 ? ops : next - 1;
    }
  }
  // A machine that died answers nothing more.
  const auto& exchanges = read.hearing.exchanges;
  const absl::string_view last = exchanges.empty() ? absl::string_view() : exchanges.back().answer;
  const bool died = last == kDiedOfBug || last == kDiedOfFault || absl::StartsWith(last, "?");
  if (!died && (next < ops || !end)) return Error("an answer to every operation, and the looks at the end");
  cases_.push_back(std::move(read));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<TranscriptCase>> Reader::Run() && {
  for (; at_ < lines_.size(); ++at_) {
    absl::string_view line = lines_[at_];
    if (line.empty() || line[0] == '#') continue;
    if (absl::ConsumePrefix(&line, "kernel ")) {
      release_ = std::string(line);
      continue;
    }
    break;
  }
  if (release_.empty()) return Error("kernel RELEASE");
  while (at_ < lines_.size()) {
    if (!AtCase()) return Error("case NAME");
    if (absl::Status status = ReadCase(); !status.ok()) return status;
  }
  return std::move(cases_);
}

}  // namespace

std::string TranscriptText(const std::string& name, const Hearing& hearing) {
  const auto ops = hearing.placement.trace.ops.size();
  std::string text = absl::StrCat("case ", name, "\n", PrintTrace(hearing.placement.trace), "asked\n");
  bool end = false;
  for (const Exchange& exchange : hearing.exchanges) {
    const bool operation = exchange.request.kind == Request::Kind::kOperation;
    if (exchange.request.op == ops && !std::exchange(end, true)) text += "end\n";
    absl::StrAppend(&text, operation ? "op " : "look ", exchange.line, " = ", exchange.answer, "\n");
  }
  return text;
}

absl::StatusOr<std::vector<TranscriptCase>> ParseTranscript(absl::string_view text, absl::string_view file) {
  return Reader(text, file).Run();
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
