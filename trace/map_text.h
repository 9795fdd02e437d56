// SPDX-License-Identifier: Apache-2.0
// Firmware maps as lines of trace text.
#ifndef HPFUZZ_TRACE_MAP_TEXT_H_
#define HPFUZZ_TRACE_MAP_TEXT_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "hotplug/firmware_map.h"
#include "trace/lexer.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Reads map lines into one map; phys_bits, paging and movable may stand once each.
class MapReader {
 public:
  explicit MapReader(FirmwareMap* map) : map_(map) {}
  // Whether the word begins a map line.
  static bool Begins(absl::string_view word);
  absl::Status ReadLine(LineReader& line);

 private:
  absl::Status ReadRange(LineReader& line, FirmwareKind kind);
  absl::Status ReadSetting(LineReader& line, unsigned setting);

  FirmwareMap* map_;
  uint8_t settings_seen_ = 0;
};

// Ranges in ascending order, then what differs from the default.
void AppendMap(const FirmwareMap& map, std::string* out);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_MAP_TEXT_H_
