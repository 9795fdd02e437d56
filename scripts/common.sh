# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What every word of the launcher needs: messages, option values, set-up, building. Sourced by hpfuzz with ROOT set.
# Nothing here writes to standard output, which belongs to the word.

readonly EXIT_FINDINGS=1 EXIT_USAGE=2 EXIT_SETUP=3
export EXIT_FINDINGS

say() { printf '%s\n' "$*" >&2; }
die() {
  local code=$1
  shift
  say "hpfuzz: $*"
  exit "$code"
}

# need_value OPTION REMAINING: dies unless the option is followed by something.
need_value() { (($2 > 1)) || die "$EXIT_USAGE" "$1 needs a value"; }
# need_number OPTION VALUE: dies unless the value is a whole number above zero.
need_number() { [[ $2 =~ ^[1-9][0-9]{0,8}$ ]] || die "$EXIT_USAGE" "$1 needs a number above zero, not '$2'"; }

# A sanitizer's report costs memory and time per allocation; two frames of context and a small quarantine are enough for
# code that hardly allocates.
sanitizer_environment() {
  export ASAN_OPTIONS="quarantine_size_mb=8:malloc_context_size=2${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
  export UBSAN_OPTIONS="print_stacktrace=1${UBSAN_OPTIONS:+:$UBSAN_OPTIONS}"
  local version
  for version in 22 19 14; do
    # Debian keeps the symbolizer out of PATH under its bare name, the only one sanitizers look for.
    if [[ -z ${ASAN_SYMBOLIZER_PATH-} && -x /usr/lib/llvm-$version/bin/llvm-symbolizer ]]; then
      export ASAN_SYMBOLIZER_PATH=/usr/lib/llvm-$version/bin/llvm-symbolizer
    fi
  done
}

load_packages() {
  declare -F install_what_is_missing >/dev/null && return
  # shellcheck source=scripts/packages.sh
  source "$ROOT/scripts/packages.sh"
}

# Returns when everything that is needed is installed; reads the package lists only if something changed since.
set_up() {
  local stamp=$ROOT/build/.packages
  local state
  state=$(stat -c '%Y %s' /var/lib/dpkg/status "$ROOT/scripts/packages.sh" 2>/dev/null)
  [[ -f $stamp && $(<"$stamp") == "$state" ]] && return
  load_packages
  install_what_is_missing
  mkdir -p "$ROOT/build"
  stat -c '%Y %s' /var/lib/dpkg/status "$ROOT/scripts/packages.sh" >"$stamp" 2>/dev/null
}

configure() {
  local preset=$1
  local directory=$ROOT/build/$preset
  local stamp=$directory/.configured
  # Ninja notices every change but these: other presets, and a build tree that came from another place.
  if [[ -f $directory/build.ninja && -f $stamp && ! $ROOT/CMakePresets.json -nt $stamp && $(<"$stamp") == "$ROOT" ]]; then
    return
  fi
  say "Configuring $preset."
  mkdir -p "$directory"
  local fresh=()
  [[ -f $stamp && $(<"$stamp") != "$ROOT" ]] && fresh=(--fresh)
  if ! (cd "$ROOT" && cmake "${fresh[@]}" --preset "$preset") >"$directory/configure.log" 2>&1; then
    cat "$directory/configure.log" >&2
    die "$EXIT_SETUP" "configuring '$preset' failed"
  fi
  printf '%s\n' "$ROOT" >"$stamp"
}

# Shows Ninja's steps in place on a terminal and not at all elsewhere; everything else it says in full.
show_build() {
  local terminal=0
  [[ -t 2 ]] && terminal=1
  awk -v terminal="$terminal" '
    /^ninja: (no work to do|Entering)/ || /^-- / || /Re-checking globbed/ { next }
    /^\[[0-9]+\/[0-9]+\]/ {
      if (terminal) { printf "\r\033[K%s", substr($0, 1, 100); fflush(); shown = 1 }
      next
    }
    { if (shown) printf "\r\033[K"; shown = 0; print; fflush() }
    END { if (shown) printf "\r\033[K" }' >&2
}

# compiler_of PRESET: the C++ compiler of a build that is configured.
compiler_of() { sed -n 's/^CMAKE_CXX_COMPILER:[A-Z]*=//p' "$ROOT/build/$1/CMakeCache.txt"; }

# build PRESET [TARGET]...: configures if need be and builds; everything if no target is named.
build() {
  local preset=$1
  shift
  configure "$preset"
  local target
  for target in "${@:-build.ninja}"; do
    [[ -e $ROOT/build/$preset/bin/$target ]] && continue
    say "Building $preset${*:+ ($*)}."
    break
  done
  cmake --build "$ROOT/build/$preset" ${1:+--target "$@"} 2>&1 | show_build
  # Ninja's status; that of the filter does not matter.
  ((PIPESTATUS[0] == 0)) || die "$EXIT_SETUP" "building '$preset' failed"
}
