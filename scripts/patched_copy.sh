# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A copy of the tree, in COPY, that patches of bugs/ are applied to. Sourced with SOURCE and COPY set.

sources_in() { (cd "$1" && find . -path ./build -prune -o -path ./.git -prune -o -type f -print); }

# The copy becomes what the tree is. A file that is the same keeps its time, and what was built from it.
refresh_copy() {
  local file
  mkdir -p "$COPY"
  while IFS= read -r file; do
    [[ -e $SOURCE/$file ]] || rm -f "$COPY/$file"
  done < <(sources_in "$COPY")
  while IFS= read -r file; do
    cmp -s "$SOURCE/$file" "$COPY/$file" && continue
    mkdir -p "$COPY/${file%/*}"
    cp "$SOURCE/$file" "$COPY/$file" || die "$EXIT_SETUP" "$COPY/$file cannot be written"
  done < <(sources_in "$SOURCE")
}

# apply_patch [--reverse] PATCH. The ceiling: git would otherwise find the repository around the copy, and apply nothing.
apply_patch() { GIT_CEILING_DIRECTORIES=${COPY%/*} git -C "$COPY" apply -p1 "$@"; }
