#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes what `hpfuzz witness` boots: a kernel, the witness module built for it, and an initramfs. Everything lands in one
# directory; nothing is installed on this machine.
set -euo pipefail
export LC_ALL=C.UTF-8

usage() {
  cat <<'TEXT'
usage: scripts/witness_guest.sh --kernel 6.1|6.12 DIRECTORY
       scripts/witness_guest.sh --image BZIMAGE --headers DIRECTORY [--modules DIRECTORY] DIRECTORY

  --kernel VERSION    the newest Debian kernel of that series, as the package manager knows it
  --image BZIMAGE     a kernel of your own, and with it:
  --headers DIR       its headers, prepared for building modules
  --modules DIR       its lib/modules/RELEASE, where virtio_console and what it needs are not built in

Makes DIRECTORY/vmlinuz, DIRECTORY/initramfs.gz and DIRECTORY/release, and, where the package manager has ndctl,
DIRECTORY/initramfs-nvdimm.gz. Does nothing if they are up to date.
TEXT
}

fail() { printf 'witness_guest.sh: %s\n' "$*" >&2; exit 3; }

ROOT=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
readonly ROOT
version='' image='' headers='' modules='' out=''
while (($# > 0)); do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --kernel) version=${2:?--kernel takes a version}; shift ;;
    --image) image=$(readlink -f "${2:?--image takes a file}"); shift ;;
    --headers) headers=$(readlink -f "${2:?--headers takes a directory}"); shift ;;
    --modules) modules=$(readlink -f "${2:?--modules takes a directory}"); shift ;;
    -*) printf 'witness_guest.sh: unknown option %s\n' "$1" >&2; exit 2 ;;
    *) out=$1 ;;
  esac
  shift
done
[[ -n $out && ($version$image != '') ]] || { usage >&2; exit 2; }
[[ -z $image || (-f $image && -d $headers) ]] || fail "--image and --headers must both exist"
mkdir -p "$out"
out=$(readlink -f "$out")
# Two at once would build in one place.
exec 9>"$out/.lock"
flock 9
readonly LOG=$out/guest.log

# The modules that carry the channel, in any order; those that a kernel has built in are not there to be found.
readonly CHANNEL_MODULES=(virtio_pci virtio_console)
# And those that an NVDIMM and a file system on it need.
readonly NVDIMM_MODULES=(nfit nd_pmem dax_pmem device_dax ext4)

# The newest package that a meta-package of that series stands for.
newest() { apt-cache depends "$1" 2>/dev/null | awk '$1 == "Depends:" && $2 ~ /^linux-(image|headers)-/ { print $2; exit }'; }

# Downloads and unpacks the kernel and its headers; sets image, headers and modules.
fetch_debian() {
  local image_meta=linux-image-cloud-amd64 headers_meta=linux-headers-cloud-amd64
  [[ $version == 6.1 ]] || image_meta=linux-image-$version-cloud-amd64 headers_meta=linux-headers-$version-cloud-amd64
  command -v apt-get >/dev/null || fail "Debian's package manager is not here; use --image and --headers"
  local image_package headers_package
  image_package=$(newest "$image_meta")
  headers_package=$(newest "$headers_meta")
  [[ -n $image_package && -n $headers_package ]] ||
    fail "the package manager knows no $image_meta and $headers_meta ('apt-get update' renews its lists)"
  local packages=("$image_package" "$headers_package") depends
  # Of what headers depend on, their own other halves; compilers are installed as packages.
  mapfile -t depends < <(apt-cache depends "$headers_package" |
    awk '/Depends:/ && $2 ~ /^linux-(headers|kbuild|compiler)-/ { print $2 }')
  packages+=("${depends[@]}")
  local stamp=$out/debian/.packages
  local state
  state=$(apt-cache show --no-all-versions "${packages[@]}" | awk '/^(Package|Version):/ { print $2 }')
  if [[ ! -f $stamp || $(<"$stamp") != "$state" ]]; then
    rm -rf "$out/debian"
    mkdir -p "$out/debian/packages"
    printf 'Fetching %s.\n' "${packages[*]}" >&2
    (cd "$out/debian/packages" && apt-get download -q "${packages[@]}") >"$LOG" 2>&1 || fail "download failed, see $LOG"
    local package
    for package in "$out"/debian/packages/*.deb; do dpkg -x "$package" "$out/debian"; done
    rm -rf "$out/debian/packages"
    printf '%s\n' "$state" >"$stamp"
  fi
  image=$(echo "$out"/debian/boot/vmlinuz-*)
  modules=$(echo "$out"/debian/lib/modules/*)
  headers=$out/debian/usr/src/linux-headers-$(basename "$modules")
  # The packaged Makefile names the place where it would be installed.
  printf 'include %s/Makefile\n' "$(echo "$out"/debian/usr/src/linux-headers-*-common)" >"$headers/Makefile"
}

build_module() {
  mkdir -p "$out/module"
  cp "$ROOT"/witness/module/* "$out/module/"
  local compiler=gcc
  grep -q 'CC_VERSION_TEXT="gcc-12' "$headers/include/config/auto.conf" 2>/dev/null && compiler=gcc-12
  # No BTF: it takes a program and the uncompressed kernel, which packages do not hold.
  make -C "$headers" M="$out/module" CC="$compiler" CONFIG_DEBUG_INFO_BTF_MODULES= modules >"$LOG" 2>&1 ||
    { grep -E 'error|undefined' "$LOG" >&2; fail "the witness module does not build for this kernel, see $LOG"; }
}

# find_module NAME: its file, if it is not built in. Module files spell _ as _ or -.
find_module() {
  [[ -n $modules ]] || return 0
  local pattern=${1//_/[_-]}
  find -L "$modules/kernel" -name "$pattern.ko*" -print -quit
}

declare -A have
# take_module NAME: puts the module behind those it depends on into the initramfs and the list of its order.
take_module() {
  local name=$1 file dependency depends
  [[ -z ${have[$name]-} ]] || return 0
  have[$name]=1
  file=$(find_module "$name")
  [[ -n $file ]] || return 0
  case $file in
    *.xz) xz -dc "$file" >"$root/modules/$name.ko" ;;
    *.gz) gzip -dc "$file" >"$root/modules/$name.ko" ;;
    *) cp "$file" "$root/modules/$name.ko" ;;
  esac
  depends=$(tr '\0' '\n' <"$root/modules/$name.ko" | sed -n 's/^depends=//p' | head -1)
  for dependency in ${depends//,/ }; do take_module "${dependency//-/_}"; done
  printf '%s.ko\n' "$name" >>"$root/modules/order$order"
}

# What the guest of the NVDIMM side runs besides busybox, and the packages of these and of the libraries they load.
readonly TOOLS=(usr/bin/ndctl sbin/mke2fs)
readonly TOOL_PACKAGES=(ndctl e2fsprogs)

# Downloads and unpacks them, once; fails where there is no such package.
fetch_tools() {
  local tools=$out/tools packages package
  [[ ! -f $tools/.complete ]] || return 0
  rm -rf "$tools"
  mkdir -p "$tools/packages"
  mapfile -t packages < <(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks \
    --no-replaces --no-enhances "${TOOL_PACKAGES[@]}" 2>/dev/null | grep -E '^(ndctl|e2fsprogs|lib[a-z0-9.-]*)$' |
    grep -v perl | sort -u)
  ((${#packages[@]} > 0)) || return 1
  printf 'Fetching %s and their libraries.\n' "${TOOL_PACKAGES[*]}" >&2
  (cd "$tools/packages" && apt-get download -q "${packages[@]}") >"$LOG" 2>&1 || return 1
  for package in "$tools"/packages/*.deb; do dpkg -x "$package" "$tools" || return 1; done
  rm -rf "$tools/packages"
  touch "$tools/.complete"
}

# Programs and the libraries that they load, all from those packages.
take_tools() {
  local tools=$out/tools program library
  local path=$tools/lib/x86_64-linux-gnu:$tools/usr/lib/x86_64-linux-gnu
  mkdir -p "$root"/{lib,lib64,mnt,tmp}
  for program in "${TOOLS[@]}"; do
    cp "$tools/$program" "$root/bin/"
    while read -r library; do cp -nL "$library" "$root/lib/"; done < <(
      LD_LIBRARY_PATH=$path ldd "$tools/$program" | awk '$2 == "=>" && $3 ~ /^\// { print $3 }')
  done
  cp -L "$tools"/lib*/x86_64-linux-gnu/ld-linux-x86-64.so.2 "$root/lib64/"
}

build_bytes() {
  "$(command -v gcc || command -v gcc-12)" -O2 -static -o "$root/bin/bytes" "$ROOT/witness/guest/bytes.c" >"$LOG" 2>&1
}

pack() { (cd "$root" && find . | cpio -o -H newc --quiet -R 0:0 | gzip -1) >"$1"; }

# The same with what takes over the conversation (witness/guest/nvdimm).
build_nvdimm_initramfs() {
  local order=-nvdimm module applet
  rm -f "$out/initramfs-nvdimm.gz" "$out/.no-nvdimm"
  fetch_tools && build_bytes ||
    { touch "$out/.no-nvdimm"; printf 'witness_guest.sh: no ndctl or no static libc here, so no guest with NVDIMMs (see %s)\n' "$LOG" >&2; return 0; }
  take_tools
  # mke2fs makes what it is called after.
  mv "$root/bin/mke2fs" "$root/bin/mkfs.ext4"
  for applet in dd umount tr head sync cut; do ln -s busybox "$root/bin/$applet"; done
  install -m 644 "$ROOT/witness/guest/nvdimm" "$root/nvdimm"
  : >"$root/modules/order-nvdimm"
  for module in "${NVDIMM_MODULES[@]}"; do take_module "$module"; done
  pack "$out/initramfs-nvdimm.gz"
}

build_initramfs() {
  local root=$out/root order='' module busybox
  busybox=$(command -v busybox) || fail "busybox is not here (package busybox-static)"
  rm -rf "$root"
  mkdir -p "$root"/{bin,dev,proc,sys,modules}
  cp "$busybox" "$root/bin/busybox"
  local applet
  for applet in sh mount insmod cat grep sleep basename dirname poweroff echo dmesg tail; do ln -s busybox "$root/bin/$applet"; done
  install -m 755 "$ROOT/witness/guest/init" "$root/init"
  : >"$root/modules/order"
  for module in "${CHANNEL_MODULES[@]}"; do take_module "$module"; done
  cp "$out/module/hpfuzz_witness.ko" "$root/modules/"
  printf 'hpfuzz_witness.ko\n' >>"$root/modules/order"
  pack "$out/initramfs.gz"
  build_nvdimm_initramfs
}

inputs() {
  printf '%s\n' "$headers" "$modules"
  sha256sum "$ROOT"/witness/module/* "$ROOT"/witness/guest/* "$ROOT/scripts/witness_guest.sh" "$image" | cut -d' ' -f1
}

[[ -z $version ]] || fetch_debian
state=$(inputs)
[[ -f $out/.inputs && $(<"$out/.inputs") == "$state" && -f $out/vmlinuz && -f $out/initramfs.gz &&
  (-f $out/initramfs-nvdimm.gz || -f $out/.no-nvdimm) ]] && exit 0
rm -f "$out/.inputs"
printf 'Building the witness for %s.\n' "$(basename "$headers")" >&2
build_module
cp "$image" "$out/vmlinuz"
cp "$headers/include/config/kernel.release" "$out/release"
rm -f "$out/accelerator"
build_initramfs
printf '%s\n' "$state" >"$out/.inputs"
