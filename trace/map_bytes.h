// SPDX-License-Identifier: Apache-2.0
// Firmware maps as bytes: one byte for a preset machine, or a map of its own.
#ifndef HPFUZZ_TRACE_MAP_BYTES_H_
#define HPFUZZ_TRACE_MAP_BYTES_H_

#include "hotplug/firmware_map.h"
#include "trace/byte_io.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Whether a trace whose first byte this is may speak of NVDIMMs.
bool MapSpeaksOfNvdimms(uint8_t first);
// A first byte with which it may, for the same kind of map.
uint8_t NvdimmMapByte(uint8_t first);

// Ranges that InsertRange refuses are left out. True: the trace may speak of NVDIMMs.
bool ReadMap(ByteReader& in, FirmwareMap* map);
void PutMap(const FirmwareMap& map, bool nvdimm, Bytes* out);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_MAP_BYTES_H_
