#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A fuzz target that acts like libFuzzer: it reads its inputs, and does what STAND_IN says. An input that holds "crash KEY" makes
# it stop with that key. Each start adds its seed and the seconds it was given to the file starts beside it, and the pair of
# implementations that it was told to run, if any, to the file pairs.
#
#   STAND_IN=find KEY...   finds the keys one after the other, one at each start, then nothing more
#   STAND_IN=wait          runs until its time is up, or it is interrupted
#   STAND_IN=die           ends by itself, with a word about why
#   STAND_IN=empty         stops at the empty input, which no file holds
#   STAND_IN=deaf          as wait, but does not listen to an interruption
here=$(dirname "$0")
read -r what keys <<<"${STAND_IN:-wait}"
inputs=()
for argument in "$@"; do
  case $argument in
    -artifact_prefix=*) prefix=${argument#*=} ;;
    -max_total_time=*) seconds=${argument#*=} ;;
    -seed=*) seed=${argument#*=} ;;
    -*) ;;
    *) inputs+=("$argument") ;;
  esac
done

# stop FILE KEY
stop() {
  local artifact
  artifact=${prefix}crash-$(sha1sum "$1" | cut -d ' ' -f 1)
  cp "$1" "$artifact"
  printf 'the input was %s\nAssertion failure: %s FuzzerHash=%s\nSUMMARY: libFuzzer: deadly signal\n' "$(cat "$1")" "$2" "$2" >&2
  printf "artifact_prefix='%s'; Test unit written to %s\nstat::number_of_executed_units: 7\n" "$prefix" "$artifact" >&2
  exit 77
}

if [[ $what == die ]]; then
  echo "stand-in: there is a library missing" >&2
  exit 127
fi
echo "$seed $seconds" >>"$here/starts"
[[ -z ${HPFUZZ_PAIR-} ]] || echo "$HPFUZZ_PAIR without ${HPFUZZ_WITHOUT-}" >>"$here/pairs"
[[ $what != empty ]] || stop /dev/null no.input
while read -r file; do
  read -r word key <"$file"
  [[ $word != crash ]] || stop "$file" "$key"
done < <(find "${inputs[@]}" -type f | sort)
printf '#2\tINITED cov: 12 ft: 12 corp: 1/1b\nhpfuzz-stats: executions=5\n' >&2

start=$(wc -l <"$here/starts")
if [[ $what == find ]]; then
  read -ra keys <<<"$keys"
  key=${keys[start - 1]-}
  if [[ -n $key ]]; then
    printf '%s at start %d' "$key" "$start" >"$here/input"
    stop "$here/input" "$key"
  fi
  exit 0
fi
trap 'echo "libFuzzer: run interrupted; exiting" >&2; exit 72' INT
[[ $what != deaf ]] || trap '' INT
end=$((SECONDS + seconds))
while ((SECONDS < end)); do sleep 0.05; done
