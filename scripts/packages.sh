# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Installs the Debian packages that are missing. Sourced by set_up in common.sh.

readonly PACKAGES=(
  cmake ninja-build ccache g++ xz-utils zip unzip clang-format
  libabsl-dev libcli11-dev nlohmann-json3-dev
  libgtest-dev libgmock-dev librapidcheck-dev libbenchmark-dev
  python3-jsonschema
)
# The first of these that can be had is installed; where nothing can be installed, any of them is good enough.
readonly CLANG_VERSIONS=(22 19 14)

clang_packages() { printf '%s\n' "clang-$1" "libclang-rt-$1-dev" "llvm-$1" "lld-$1"; }

# Prints those of the packages that are not installed.
missing_of() {
  local installed
  # shellcheck disable=SC2016  # dpkg-query expands these
  installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null | awk '$2 == "installed" { print $1 }')
  comm -23 <(printf '%s\n' "$@" | sort -u) <(sort -u <<<"$installed")
}

clang_missing() {
  local packages
  mapfile -t packages < <(clang_packages "$1")
  missing_of "${packages[@]}"
}

# Prints the version of the best clang that is wholly installed; fails if there is none.
installed_clang() {
  local version
  for version in "${CLANG_VERSIONS[@]}"; do
    [[ -n $(clang_missing "$version") ]] || { printf '%s' "$version" && return; }
  done
  return 1
}

# Sets AS_ROOT to the words that make a command run as root; fails if there is no way.
find_root() {
  AS_ROOT=()
  ((EUID == 0)) && return
  command -v sudo >/dev/null || return 1
  AS_ROOT=(sudo)
  [[ -t 0 ]] || sudo -n true 2>/dev/null
}

readonly LOG=$ROOT/build/setup.log
apt() { "${AS_ROOT[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@"; }

install() {
  say "Installing $*."
  apt install -y --no-install-recommends "$@" >>"$LOG" 2>&1
}

cannot_install() {
  local reason=$1
  shift
  say "hpfuzz: $reason. Missing packages:"
  printf '  %s\n' "$@" >&2
  say "As root: apt-get update && apt-get install -y --no-install-recommends $*"
  exit "$EXIT_SETUP"
}

# Without Debian's package manager: only looks whether the programs are there.
require_programs() {
  local program missing=()
  for program in cmake ninja clang++; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  ((${#missing[@]} == 0)) && return
  local reason="this machine has no apt-get, and these programs are not there: ${missing[*]}"
  mapfile -t missing < <(clang_packages "${CLANG_VERSIONS[0]}")
  cannot_install "$reason" "${PACKAGES[@]}" "${missing[@]}"
}

# Installs the best clang that can be had and prints its version; fails if there is none.
install_clang() {
  local version missing
  for version in "${CLANG_VERSIONS[@]}"; do
    mapfile -t missing < <(clang_missing "$version")
    if ((${#missing[@]} == 0)) || install "${missing[@]}"; then
      printf '%s' "$version"
      return
    fi
  done
  return 1
}

# require_packages NAME...: installs those that are not there; only what was asked for on the command line needs them.
require_packages() {
  local missing
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    cannot_install "this machine has no apt-get" "$@"
  fi
  mapfile -t missing < <(missing_of "$@")
  [[ -n ${missing[*]} ]] || return 0
  find_root || cannot_install "packages are missing, and neither root nor sudo is at hand" "${missing[@]}"
  mkdir -p "$ROOT/build"
  install "${missing[@]}" && return
  say "Reading the package lists."
  apt update >>"$LOG" 2>&1
  install "${missing[@]}" || cannot_install "apt-get failed, see $LOG" "${missing[@]}"
}

install_what_is_missing() {
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    require_programs
    return
  fi
  local missing clang best=${CLANG_VERSIONS[0]} wanted
  mapfile -t missing < <(missing_of "${PACKAGES[@]}")
  clang=$(installed_clang)
  ((${#missing[@]} == 0)) && [[ $clang == "$best" ]] && return

  wanted=("${missing[@]}")
  [[ -n $clang ]] || mapfile -t -O "${#wanted[@]}" wanted < <(clang_missing "$best")
  if find_root; then
    mkdir -p "$ROOT/build"
    say "Reading the package lists."
    apt update >"$LOG" 2>&1 || say "The package lists could not be renewed; trying with those at hand."
    ((${#missing[@]} == 0)) || install "${missing[@]}" || cannot_install "apt-get failed, see $LOG" "${wanted[@]}"
    clang=$(install_clang) || cannot_install "no clang could be installed, see $LOG" "${wanted[@]}"
  elif ((${#wanted[@]} != 0)); then
    cannot_install "packages are missing, and neither root nor sudo is at hand" "${wanted[@]}"
  fi
  [[ $clang == "$best" ]] || say "Using clang $clang; clang $best is not to be had."
}
