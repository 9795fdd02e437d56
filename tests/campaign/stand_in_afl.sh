#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Acts like afl-fuzz: writes what a run of one instance leaves behind, and its arguments and environment to the file asked.
#
#   STAND_IN_AFL=die   ends by itself, with a word about why
here=$(dirname "$0")
if [[ ${STAND_IN_AFL-} == die ]]; then
  echo "stand-in: the fork server does not listen"
  exit 1
fi
instance=default
{ printf '%s\n' "$*"; env | grep -E '^(AFL|ASAN)_'; cat "$2"/*; } >"$here/asked"
while (($# > 0)); do
  case $1 in
    -o) out=$2 ;;
    -M | -S) instance=$2 ;;
  esac
  shift
done
mkdir -p "$out/$instance"/{queue/.state,crashes,hangs}
cd "$out/$instance" || exit 1
printf 'from the seeds' >'queue/id:000000,time:0,execs:0,orig:seed'
printf 'new of %s' "$instance" >'queue/id:000001,src:000000,time:9,execs:77,op:havoc'
printf 'not an input' >queue/.state/note
printf 'crash a.b' >'crashes/id:000000,sig:05,src:000000'
printf 'crash a.b and more' >'crashes/id:000001,sig:05,src:000000'
printf 'well' >'crashes/id:000002,sig:05,src:000000'
printf 'a text' >crashes/README.txt
printf 'slow and well' >'hangs/id:000000,src:000000'
printf 'execs_done : 100\nedges_found : 7\nstability : 99.50%%\n' >fuzzer_stats
