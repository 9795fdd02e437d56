// SPDX-License-Identifier: Apache-2.0
// Drawing a picture as plain text.
#include "oracle/draw_picture.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr char kDiffers = '^';
constexpr absl::string_view kFailing = "   >>>  the finding is seen here\n";

absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }

std::string Legend() {
  std::string text = "        a character is a sub-section:";
  for (const TenantSpec& spec : kTenantSpecs) {
    if (spec.tenant == Tenant::kPadding) text += "\n       ";
    absl::StrAppend(&text, " ", std::string(1, spec.letter), " ", Absl(spec.meaning), ",");
  }
  absl::StrAppend(&text, " ", std::string(1, kDiffers), " the two differ\n");
  return text;
}

std::string Cells(const SectionPicture& section, Side side) {
  std::string cells;
  for (const SubsectionPicture& cell : section.side[static_cast<unsigned>(side)])
    cells += kTenantSpecs[static_cast<unsigned>(cell.tenant)].letter;
  return cells;
}

std::string Marks(uint64_t differs) {
  std::string marks;
  for (; differs != 0; differs >>= 1) marks += (differs & 1) != 0 ? kDiffers : ' ';
  return marks;
}

// Neighbours that look the same are drawn once.
std::string DrawMemory(const MemoryPicture& memory, const Lockstep& lockstep) {
  std::string text;
  for (size_t i = 0; i < memory.size();) {
    size_t last = i;
    while (last + 1 < memory.size() && memory[last + 1].nr == memory[last].nr + 1 &&
           memory[last + 1].LooksLike(memory[i])) {
      ++last;
    }
    const SectionPicture& section = memory[i];
    const std::string count = last == i ? "" : absl::StrCat(", ", last - i + 1, " sections alike");
    absl::StrAppend(&text, "        ", absl::Hex(section.nr.first_byte()), "-",
                    absl::Hex(memory[last].nr.first_byte() + (kSectionSize - 1)), count, "\n");
    for (const Side side : {Side::kLegacy, Side::kSubsection}) {
      absl::StrAppendFormat(&text, "          %-13s %s\n", Absl(lockstep.party(side).name), Cells(section, side));
    }
    if (section.differs() != 0) absl::StrAppendFormat(&text, "          %-13s %s\n", "", Marks(section.differs()));
    i = last + 1;
  }
  return text;
}

bool Same(const MemoryPicture& a, const MemoryPicture& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const SectionPicture& x, const SectionPicture& y) { return x.LooksLike(y); });
}

}  // namespace

std::string DrawPicture(const Trace& trace, const Picture& picture, const Lockstep& lockstep,
                        const std::vector<size_t>& failing) {
  std::string text = Legend();
  if (picture.hidden_sections != 0) {
    absl::StrAppend(&text, "        the trace touches ", picture.hidden_sections, " more sections than are drawn\n");
  }
  absl::StrAppend(&text, "boot\n", DrawMemory(picture.boot, lockstep));
  const MemoryPicture* before = &picture.boot;
  for (size_t i = 0; i < picture.log.size(); ++i) {
    const bool fails = std::find(failing.begin(), failing.end(), i) != failing.end();
    if (picture.log.step(i).teardown && !fails) continue;
    absl::StrAppend(&text, fails ? kFailing : "", ExplainStep(trace, picture.log, i, lockstep));
    const MemoryPicture& memory = picture.memory[i];
    text += Same(*before, memory) ? "        memory as before\n" : DrawMemory(memory, lockstep);
    before = &memory;
  }
  const bool at_end = std::any_of(failing.begin(), failing.end(), [&](size_t i) { return i >= picture.log.size(); });
  return at_end ? absl::StrCat(text, kFailing, " end\n") : text;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
