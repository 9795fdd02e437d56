// SPDX-License-Identifier: Apache-2.0
// Mutes: reading the file.
#include "campaign/mutes.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "files/input_files.h"

namespace hpfuzz {
namespace {

struct Word {
  size_t column;  // from 1
  absl::string_view text;
};

// The words of a line before its comment.
std::vector<Word> WordsOf(absl::string_view line) {
  line = line.substr(0, line.find('#'));
  std::vector<Word> words;
  for (size_t at = 0; (at = line.find_first_not_of(" \t\r", at)) != absl::string_view::npos;) {
    const size_t end = std::min(line.find_first_of(" \t\r", at), line.size());
    words.push_back({at + 1, line.substr(at, end - at)});
    at = end;
  }
  return words;
}

bool IsKey(absl::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isgraph(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

// YYYY-MM-DD, and a day that there is.
bool ParseDay(absl::string_view text, Day* day) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  if (text.find_first_not_of("0123456789-") != absl::string_view::npos) return false;
  int year = 0;
  unsigned month = 0;
  unsigned of_month = 0;
  if (!absl::SimpleAtoi(text.substr(0, 4), &year) || !absl::SimpleAtoi(text.substr(5, 2), &month) ||
      !absl::SimpleAtoi(text.substr(8, 2), &of_month)) {
    return false;
  }
  *day = Day(std::chrono::year(year), std::chrono::month(month), std::chrono::day(of_month));
  return day->ok();
}

// One line of a file, for its errors.
class Line {
 public:
  Line(absl::string_view file, size_t number, absl::string_view text)
      : file_(file), number_(number), words_(WordsOf(text)), end_(text.substr(0, text.find('#')).size() + 1) {}

  bool empty() const { return words_.empty(); }
  absl::Status Read(std::string* key, Mute* mute) const;
  absl::Status Error(size_t word, absl::string_view expected) const {
    if (word >= words_.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat(file_, ":", number_, ":", end_, ": read end of line, expected ", expected));
    }
    return absl::InvalidArgumentError(absl::StrCat(file_, ":", number_, ":", words_[word].column, ": read \"",
                                                   absl::CEscape(words_[word].text.substr(0, 80)), "\", expected ",
                                                   expected));
  }

 private:
  absl::string_view file_;
  size_t number_;
  std::vector<Word> words_;
  size_t end_;
};

absl::Status Line::Read(std::string* key, Mute* mute) const {
  if (!IsKey(words_[0].text)) return Error(0, "the key of a finding");
  if (words_.size() < 2 || words_[1].text != "until") return Error(1, "until");
  if (words_.size() < 3 || !ParseDay(words_[2].text, &mute->until)) return Error(2, "the last day, YYYY-MM-DD");
  if (words_.size() > 3) return Error(3, "the end of the line, or # and a reason");
  *key = std::string(words_[0].text);
  mute->line = number_;
  return absl::OkStatus();
}

}  // namespace

Day Today() { return Day(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now())); }

std::string PrintDay(const Day& day) {
  return absl::StrFormat("%04d-%02d-%02d", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                         static_cast<unsigned>(day.day()));
}

absl::StatusOr<Mutes> Mutes::Parse(absl::string_view text, absl::string_view file) {
  Mutes mutes;
  size_t number = 0;
  for (const absl::string_view content : absl::StrSplit(text, '\n')) {
    const Line line(file, ++number, content);
    if (line.empty()) continue;
    std::string key;
    Mute mute;
    if (absl::Status read = line.Read(&key, &mute); !read.ok()) return read;
    const auto [it, first] = mutes.mutes_.try_emplace(key, mute);
    if (!first) return line.Error(0, absl::StrCat("each key once; it is in line ", it->second.line, " already"));
  }
  return mutes;
}

absl::StatusOr<Mutes> Mutes::Read(const std::filesystem::path& file) {
  const absl::StatusOr<std::string> text = ReadBytes(file);
  if (!text.ok()) return absl::InvalidArgumentError(text.status().message());
  return Parse(*text, file.string());
}

const Mute* Mutes::Find(const std::string& key) const {
  const auto it = mutes_.find(key);
  return it == mutes_.end() ? nullptr : &it->second;
}

}  // namespace hpfuzz
