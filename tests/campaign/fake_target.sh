#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Stands for a fuzz target in tests of merging: reads and writes libFuzzer's control file and copies what it chooses. An input
# reaches a feature for each of its distinct letters; one with '!' stops the target. The file `how` beside this script says
# what goes wrong: `dies`, `short` (the disk is full within a file), `missing` (the disk is full before one), `cut` (within the
# control file), `kills` (the program that started it ends), `grows` (somebody puts an input into the folder `into` meanwhile),
# or nothing.
how=$(cat "$(dirname "$(readlink -f "$0")")/how" 2>/dev/null)
echo "fake target, how: $how"
[ "$how" != dies ] || exit 3
[ "$how" != grows ] || printf z >"$(dirname "$(readlink -f "$0")")/into/newcomer"
[ "$how" != kills ] || { kill -KILL "$PPID"; sleep 1; exit 0; }
awk -v how="$how" '
  { line[NR] = $0 }
  END {
    n = line[1]
    for (c = 1; c < 256; ++c) code[sprintf("%c", c)] = c
    for (i = 0; i < n; ++i) {
      text = ""
      while ((getline piece < line[3 + i]) > 0) text = text piece
      printf "STARTED %d %d\n", i, length(text) >>FILENAME
      if (text ~ /!/) continue
      if (how == "cut" && i == n - 1) { printf "FT %d 1", i >>FILENAME; exit }
      list = ""; new = 0
      for (k = 1; k <= length(text); ++k) {
        letter = substr(text, k, 1)
        if (index(substr(text, 1, k - 1), letter)) continue
        list = list " " code[letter]
        if (!(letter in seen)) { seen[letter]; new = 1 }
      }
      printf "FT %d%s\nCOV %d%s\n", i, list, i, list >>FILENAME
      if (!new) continue
      if (how == "missing" && i == n - 1) exit
      if (how == "short" && i == n - 1) system("printf q >new/" i)
      else printf "%s", text >("new/" i)
    }
  }' control
