// SPDX-License-Identifier: Apache-2.0
// Drawing a picture as plain text: a timeline, after each step the sections it touches as rows of one character a
// sub-section, legacy above, the sub-section generation below, differences marked under them.
#ifndef HPFUZZ_ORACLE_DRAW_PICTURE_H_
#define HPFUZZ_ORACLE_DRAW_PICTURE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "oracle/picture.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// `lockstep` is the one that the picture was taken of, `trace` what it ran; `failing` names the steps that something
// was wrong with, of the finding or of expectations that were not met.
std::string DrawPicture(const Trace& trace, const Picture& picture, const Lockstep& lockstep,
                        const std::vector<size_t>& failing);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_DRAW_PICTURE_H_
