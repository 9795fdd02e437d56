#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the seeds in corpus/ from the traces in repro/: bytes for differential, text for trace_text. Nothing there is made
# by hand.
#
# usage: make_seeds.sh HPFUZZ_BINARY [--check]
#   --check   change nothing; fail when a seed is missing, stale or has no trace
set -euo pipefail

hpfuzz=$1
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
mkdir "$made/differential" "$made/trace_text"

while IFS= read -r trace; do
  name=${trace#"$root/repro/"}
  name=${name%.trace}
  name=${name//\//-}
  cp "$trace" "$made/trace_text/$name"
  # Bytes belong to a geometry, and the targets run that of real machines.
  grep -q '^geometry' "$trace" || "$hpfuzz" encode "$trace" -o "$made/differential/$name"
done < <(find "$root/repro" -name '*.trace' | sort)

if [[ ${2-} == --check ]]; then
  diff -r "$made" "$root/corpus" && echo "corpus/ is what repro/ makes"
else
  rm -rf "$root/corpus/differential" "$root/corpus/trace_text"
  mkdir -p "$root/corpus"
  cp -r "$made/." "$root/corpus/"
fi
