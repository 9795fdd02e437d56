#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes tests/data/witness-*.txt.xz anew: what Debian's 6.1 and 6.12 answer to repro/ and to random traces. Takes some minutes.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

for kernel in 6.1 6.12; do
  ./hpfuzz witness record --kernel "$kernel" repro --random 200 >"build/witness-$kernel.txt"
  xz -9e -c "build/witness-$kernel.txt" >"tests/data/witness-$kernel.txt.xz"
done
