// SPDX-License-Identifier: Apache-2.0
// The parts of one recorded line as they are read, before they become steps. Internal to trace/recorded*.cc.
#ifndef HPFUZZ_TRACE_RECORDED_PARTS_H_
#define HPFUZZ_TRACE_RECORDED_PARTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/string_view.h"
#include "hotplug/layer.h"
#include "trace/op.h"
#include "trace/recorded.h"
#include "trace/recorded_reader.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// The driver's numbers of mappings, or of resources, and the handles they stand for at this point of the case.
class RecordedIds {
 public:
  static constexpr uint64_t kMaxId = 4095;

  Handle Define(uint64_t id) {
    if (id >= handles_.size()) handles_.resize(id + 1, kNoHandle);
    return handles_[id] = next_++;
  }
  Handle Of(uint64_t id) const { return id < handles_.size() ? handles_[id] : kNoHandle; }

 private:
  std::vector<Handle> handles_;
  Handle next_ = 0;
};

enum class LineKind : uint8_t {
  kOp,         // one operation
  kManyPages,  // `pv`: the same question about several pages
  kPage,       // `page`: two questions about one page
  kFail,       // concerns the next line; its site is known only from what that one asked for
  kNothing,    // `state`, `set safe`
};

struct RawOp {
  LineKind kind = LineKind::kNothing;
  std::vector<Op> ops;  // handles of new mappings and resources are not defined yet
  uint64_t new_id = 0;
};

// One entry of alloc=[..].
struct AllocRequest {
  char unit = 's';     // s slab, u usage record, p pages
  uint32_t size = 0;   // bytes, or pages
  uint32_t count = 1;  // the same request several times
  bool failed = false;
};

struct RawAnswer {
  absl::string_view rc;
  size_t rc_position = 0;
  int warnings = 0;
  std::optional<bool> killed;
  std::optional<int> refs_left;
  std::optional<int> altmap_alloc;
  std::optional<int> altmap_align;
  std::vector<AllocRequest> requests;
  std::optional<PageView> page;
  bool page_zone_known = true;  // false: "?"
  int64_t page_count = 0;       // as printed; what nobody initialised may be negative, or more than PageView holds
  absl::string_view page_map;   // a number, "?", or empty
  bool online_page = false;
};

// Readers of the parts, in their order on the line. Errors are left in the reader.
void ReadRecordedOp(RecordedReader& reader, const RecordedIds& mappings, const RecordedIds& resources, RawOp& raw);
void ReadRecordedAnswer(RecordedReader& reader, const RawOp& op, RawAnswer& raw);
void ReadRecordedState(RecordedReader& reader, RecordedKernel kernel, const RecordedIds& mappings,
                       RecordedState& state);

std::optional<Zone> ZoneOfName(absl::string_view name);

// The failures to arm so that `op` meets what the log says was made to fail; none when that changed nothing. `from`:
// the driver let everything fail from there on.
std::vector<FailPlan> PlansOfLog(RecordedKernel kernel, const Op& op, const Answer& answer, bool from,
                                 const std::vector<AllocRequest>& log);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_RECORDED_PARTS_H_
