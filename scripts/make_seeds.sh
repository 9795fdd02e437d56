#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the seeds in corpus/ from the traces in repro/, but for those of another pair (repro/v5): bytes for differential and namespace, text for trace_text, their
# maps as /proc/iomem for recorded_text, beside the first recorded answers of each kernel; for info_block the first blocks
# that each kernel wrote. Nothing there is made by hand.
#
# usage: make_seeds.sh HPFUZZ_BINARY [--check]
#   --check   change nothing; fail when a seed is missing, stale or has no trace, or when they are too large together
set -euo pipefail

# A checkout stays small, and a run over all seeds short.
readonly most_bytes=$((2 << 20))
hpfuzz=$1
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
targets=(differential namespace info_block trace_text recorded_text)
for target in "${targets[@]}"; do mkdir "$made/$target"; done

# Traces that speak of NVDIMMs are another family of bytes.
target_of() { if grep -qE '^(region|ns_[a-z]+|dax_access|corrupt|reboot) ' "$1"; then echo namespace; else echo differential; fi; }

# The map of a trace as the target's "i" and a /proc/iomem: what is unmovable lies inside the RAM before it.
as_iomem() {
  "$hpfuzz" show "$1" | awk '
    BEGIN { name["ram"] = "System RAM"; name["pmem"] = "Persistent Memory"; name["reserved"] = "Reserved"; printf "i" }
    $1 == "unmovable" { print "  " $2 " : Kernel code" }
    $1 in name { print $2 " : " name[$1] }'
}

# The first cases of a file of recorded answers, each below the comment that names the kernel.
first_cases() {
  xz -dc "$1" | awk -v into="$2" -v cases=8 '
    /^#/ { if (!kernel && /real Linux/) kernel = $0; next }
    /^case/ { if (++n <= cases) print kernel >(file = into "-" n) }
    n && n <= cases { print >file }'
}

while IFS= read -r trace; do
  name=${trace#"$root/repro/"}
  name=${name%.trace}
  name=${name//\//-}
  cp "$trace" "$made/trace_text/$name"
  # Bytes belong to a geometry, and the targets run that of real machines.
  grep -q '^geometry' "$trace" || "$hpfuzz" encode "$trace" -o "$made/$(target_of "$trace")/$name"
  [[ $name != maps-* ]] || as_iomem "$trace" >"$made/recorded_text/iomem-${name#maps-}"
done < <(find "$root/repro" \( -path "$root/repro/open" -o -path "$root/repro/v5" \) -prune -o -name '*.trace' -print | sort)
for kernel in legacy mainline; do
  first_cases "$root/tests/data/$kernel-cases.txt.xz" "$made/recorded_text/$kernel"
done

# The first blocks of a file of info blocks, each behind four bytes that choose a place and seal it.
first_blocks() {
  xz -dc "$1" | awk -v into="$2" -v blocks=4 '
    function value(hex,   i, v) { for (i = 1; i <= length(hex); ++i) v = v * 16 + index("123456789abcdef", substr(hex, i, 1)); return v }
    function put(hex, file,   i) { for (i = 1; i < length(hex); i += 2) printf "%s", "\\x" substr(hex, i, 2) >file }
    /^@/ {
      if (++n > blocks) exit
      file = into "-" n
      put("83000000", file)
      at = 0
      next
    }
    n {
      split($0, row, ": ")
      for (; at < value(row[1]); ++at) put("00", file)
      put(row[2], file)
      at += 16
    }'
}
for kernel in 5.1.15 6.1.192; do
  first_blocks "$root/tests/data/info-blocks/real-$kernel.txt.xz" "$made/info_block/real-$kernel"
done
for block in "$made"/info_block/*; do
  escaped=$(<"$block")
  printf '%b' "$escaped" >"$block"
done

if [[ ${2-} == --check ]]; then
  bytes=$(find "$root/corpus" -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum + 0 }')
  ((bytes < most_bytes)) || { echo "corpus/ has $bytes bytes, expected less than $most_bytes" && exit 1; }
  diff -r "$made" "$root/corpus" && echo "corpus/ is what repro/ and tests/data/ make: $bytes bytes"
else
  for target in "${targets[@]}"; do rm -rf "${root:?}/corpus/$target"; done
  mkdir -p "$root/corpus"
  cp -r "$made/." "$root/corpus/"
fi
