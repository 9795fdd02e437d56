#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the seeds in corpus/ from the traces in repro/: bytes for differential, text for trace_text, their maps as
# /proc/iomem for recorded_text, beside the first recorded answers of each kernel. Nothing there is made by hand.
#
# usage: make_seeds.sh HPFUZZ_BINARY [--check]
#   --check   change nothing; fail when a seed is missing, stale or has no trace
set -euo pipefail

hpfuzz=$1
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
mkdir "$made/differential" "$made/trace_text" "$made/recorded_text"

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
  grep -q '^geometry' "$trace" || "$hpfuzz" encode "$trace" -o "$made/differential/$name"
  [[ $name != maps-* ]] || as_iomem "$trace" >"$made/recorded_text/iomem-${name#maps-}"
done < <(find "$root/repro" -name '*.trace' | sort)
for kernel in legacy mainline; do
  first_cases "$root/tests/data/$kernel-cases.txt.xz" "$made/recorded_text/$kernel"
done

if [[ ${2-} == --check ]]; then
  diff -r "$made" "$root/corpus" && echo "corpus/ is what repro/ and tests/data/ make"
else
  rm -rf "$root/corpus/differential" "$root/corpus/trace_text" "$root/corpus/recorded_text"
  mkdir -p "$root/corpus"
  cp -r "$made/." "$root/corpus/"
fi
