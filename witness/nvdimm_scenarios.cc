// SPDX-License-Identifier: Apache-2.0
// NvdimmScenarios: the traces. Addresses are those of a guest without RAM above 4 GiB.
#include "witness/nvdimm_scenarios.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr NvdimmScenario kScenarios[] = {
    // sub-section.sh of ndctl (7c59b4867e1c): ten namespaces of 16 MiB, eight of them in one section, used through dax.
    {"sub-section", R"(
region     p 100000000-10fffffff
ns_create  a p 0+1000000 fsdax pmem align 200000 uuid 10
ns_write   a 0+10000 51 dax
ns_read    a 0+10000
ns_create  b p 1000000+1000000 fsdax pmem align 200000 uuid 20
ns_write   b 0+10000 52 dax
ns_read    b 0+10000
ns_create  c p 2000000+1000000 fsdax pmem align 200000 uuid 30
ns_write   c 0+10000 53 dax
ns_read    c 0+10000
ns_create  d p 3000000+1000000 fsdax pmem align 200000 uuid 40
ns_write   d 0+10000 54 dax
ns_read    d 0+10000
ns_create  e p 4000000+1000000 fsdax pmem align 200000 uuid 50
ns_write   e 0+10000 55 dax
ns_read    e 0+10000
ns_create  f p 5000000+1000000 fsdax pmem align 200000 uuid 60
ns_write   f 0+10000 56 dax
ns_read    f 0+10000
ns_create  g p 6000000+1000000 fsdax pmem align 200000 uuid 70
ns_write   g 0+10000 57 dax
ns_read    g 0+10000
ns_create  h p 7000000+1000000 fsdax pmem align 200000 uuid 80
ns_write   h 0+10000 58 dax
ns_read    h 0+10000
ns_create  i p 8000000+1000000 fsdax pmem align 200000 uuid 90
ns_write   i 0+10000 59 dax
ns_read    i 0+10000
ns_create  j p 9000000+1000000 fsdax pmem align 200000 uuid a0
ns_write   j 0+10000 5a dax
ns_read    j 0+10000
ns_disable a
ns_disable b
ns_disable c
ns_disable d
ns_disable e
ns_disable f
ns_disable g
ns_disable h
ns_disable i
ns_disable j
ns_enable  a
ns_read    a 0+10000 dax
ns_disable a
ns_destroy a
ns_enable  b
ns_read    b 0+10000 dax
ns_disable b
ns_destroy b
ns_enable  c
ns_read    c 0+10000 dax
ns_disable c
ns_destroy c
ns_enable  d
ns_read    d 0+10000 dax
ns_disable d
ns_destroy d
ns_enable  e
ns_read    e 0+10000 dax
ns_disable e
ns_destroy e
ns_enable  f
ns_read    f 0+10000 dax
ns_disable f
ns_destroy f
ns_enable  g
ns_read    g 0+10000 dax
ns_disable g
ns_destroy g
ns_enable  h
ns_read    h 0+10000 dax
ns_disable h
ns_destroy h
ns_enable  i
ns_read    i 0+10000 dax
ns_disable i
ns_destroy i
ns_enable  j
ns_read    j 0+10000 dax
ns_disable j
ns_destroy j
)"},
    // A block for each mode, memmap and align that ndctl has, in a region that is divided.
    {"info-blocks", R"(
region     p 100000000-11fffffff
ns_create  a p 0+1000000 fsdax pmem align 200000 uuid 10
ns_create  b p 1000000+1000000 fsdax ram align 200000 uuid 20
ns_create  c p 2000000+1000000 devdax pmem align 200000 uuid 30
ns_create  d p 3000000+1000000 devdax ram align 200000 uuid 40
ns_create  e p 4000000+1000000 fsdax pmem align 1000 uuid 50
ns_create  f p 5000000+1000000 fsdax ram align 1000 uuid 60
ns_create  g p 6000000+1000000 devdax pmem align 1000 uuid 70
ns_create  h p 7000000+1000000 devdax ram align 1000 uuid 80
ns_create  i p 8000000+3000000 fsdax pmem align 200000 uuid 90
ns_create  j p b000000+9000000 devdax pmem align 200000 uuid a0
ns_create  k p 14000000+8000000 fsdax ram align 200000 uuid b0
ns_create  l p 1c000000+1000000 raw
ns_write   a 0+4000 a1
ns_write   d 200000+1000 d4 dax
ns_write   j 7e00000+3000 aa dax
ns_write   l 2000+1800 11
ns_read    a 0+8000
ns_read    d 1ff000+3000 dax
ns_read    j 7dff000+5000 dax
ns_read    l 0+8000
ns_disable j
ns_disable a
ns_enable  j
ns_enable  a
ns_read    j 7dff000+5000 dax
ns_read    a 0+8000
ns_disable k
ns_destroy k
ns_disable l
ns_destroy l
)"},
    // Namespaces that end at any sub-section, made, taken away and made again in the gaps.
    {"any-sub-section", R"(
region     p 100000000-117ffffff
ns_create  a p 0+1000000 fsdax ram align 200000 uuid 10
ns_create  b p 1000000+1200000 fsdax pmem align 200000 uuid 20
ns_create  c p 2200000+1600000 devdax ram align 200000 uuid 30
ns_create  d p 3800000+5200000 fsdax ram align 200000 uuid 40
ns_create  e p 8a00000+1200000 devdax pmem align 200000 uuid 50
ns_create  f p 9c00000+6600000 fsdax pmem align 1000 uuid 60
ns_write   c 5ff000+1000 c1 dax
ns_write   f 1000+2000 f1
ns_disable b
ns_destroy b
ns_disable d
ns_enable  d
ns_disable e
ns_destroy e
ns_create  g p 1000000+1200000 devdax pmem align 1000 uuid 70
ns_create  h p 8a00000+1200000 fsdax ram align 200000 uuid 80
ns_disable h
ns_disable d
ns_enable  h
ns_read    c 0+600000 dax
ns_read    f 0+4000
)"},
    // Regions without labels, off the borders of sections, of 2 MiB and of 1 GiB.
    {"off-the-borders", R"(
region     p 100000000+8100000
region     q 10a100000+7f00000
region     r 114000000+4003000
region     s 11c000000+1000000
region     t 124000000+c000000
region     u 140000000+40000000
region     v 180000000+80000000
ns_create  a p 0+8100000 fsdax ram align 1000 uuid 10
ns_create  b q 0+7f00000 fsdax ram align 200000 uuid 20
ns_create  c r 0+4003000 fsdax pmem align 1000 uuid 30
ns_create  d s 0+1000000 devdax ram align 1000 uuid 40
ns_create  e t 0+c000000 fsdax pmem align 200000 uuid 50
ns_create  f u 0+40000000 fsdax ram align 40000000 uuid 60
ns_create  g v 0+80000000 devdax pmem align 40000000 uuid 70
ns_write   e 0+1000 e5
ns_read    e 0+2000
ns_disable a
ns_disable c
ns_disable e
ns_disable f
ns_disable g
ns_enable  a
ns_enable  c
ns_enable  e
ns_read    e 0+2000
ns_enable  f
ns_enable  g
)"},
    // Nothing is left behind what the alignment cuts off at the end. 6.1 makes such devices, and does not survive the
    // release of one with its struct pages on the media.
    {"no-capacity", R"(
region     p 140000000+60000000
region     q 1c0000000+60000000
ns_create  a p 0+60000000 fsdax ram align 40000000 uuid 10
ns_disable a
ns_enable  a
ns_create  b q 0+60000000 fsdax pmem align 40000000 uuid 20
ns_disable b
)"},
    // Media of 5.1, which padded what had a neighbour in its section: at the start, at the end, at both; with struct
    // pages in RAM and on the device, for a file system and for processes.
    {"padded-by-5.1", R"(
region     o 100000000+4000000
region     p 104000000+c000000
region     q 110000000+4000000
region     r 114000000+10000000
region     s 124000000+4000000
region     t 128000000+c000000
region     u 134000000+c000000
ns_create  a p 0+c000000 fsdax ram align 200000 uuid 10
ns_create  b r 0+10000000 fsdax pmem align 200000 uuid 20
ns_create  c t 0+c000000 devdax pmem align 200000 uuid 30
ns_create  d u 0+c000000 fsdax pmem align 1000 uuid 40
ns_write   a 0+3000 5a
ns_write   a 7dff000+1000 5b
ns_write   b 1000+2000 b0
ns_write   c 0+1000 c0 dax
ns_write   d 4000+1000 d0
reboot other
ns_enable  a
ns_enable  b
ns_enable  c
ns_enable  d
ns_read    a 0+8000
ns_read    a 7dfe000+2000
ns_read    b 0+8000
ns_read    c 0+8000 dax
ns_read    d 0+8000
ns_write   a 1000+1000 a6
ns_write   b 6000+1000 b6
ns_disable a
ns_disable b
ns_enable  a
ns_enable  b
ns_read    a 0+8000
ns_read    b 0+8000
)"},
    // What a file system mounted with dax does on a padded namespace: through mappings it lies start_pad too low.
    {"dax-on-padded", R"(
region     o 100000000+4000000
region     p 104000000+c000000
ns_create  a p 0+c000000 fsdax ram align 200000 uuid 10
reboot other
ns_enable  a
ns_read    a 0+1000 dax
ns_write   a 0+2000 5a
ns_read    a 0+3000
ns_read    a 0+3000 dax
ns_write   a 0+1000 a5 dax
ns_read    a 0+3000 dax
ns_read    a 0+3000
ns_disable a
ns_enable  a
ns_read    a 0+3000 dax
ns_read    a 0+3000
)"},
    // Blocks that something else than a kernel wrote: field by field, what a probe makes of them.
    {"blocks-by-hand", R"(
region     p 100000000-107ffffff
ns_create  a p 0+8000000 fsdax pmem align 200000 uuid 10
ns_disable a
corrupt    a flags 1
ns_enable  a
ns_disable a
corrupt    a flags ffffffff sealed
ns_enable  a
ns_disable a
corrupt    a mode 3 sealed
ns_enable  a
ns_disable a
corrupt    a mode 1 sealed
ns_enable  a
ns_disable a
corrupt    a mode 2 sealed
corrupt    a page_size 10000 sealed
ns_enable  a
corrupt    a page_size 800 sealed
ns_enable  a
ns_disable a
corrupt    a page_struct_size 20 sealed
ns_enable  a
corrupt    a page_struct_size 80 sealed
ns_enable  a
ns_disable a
corrupt    a version_minor 3 sealed
corrupt    a page_size 10000 sealed
ns_enable  a
ns_disable a
corrupt    a start_pad 1000 sealed
ns_enable  a
corrupt    a start_pad 200000 sealed
ns_enable  a
ns_disable a
corrupt    a end_trunc 1000 sealed
ns_enable  a
corrupt    a end_trunc 200000 sealed
ns_enable  a
ns_disable a
corrupt    a npfns 1 sealed
ns_enable  a
ns_disable a
corrupt    a version_minor 0 sealed
ns_enable  a
ns_disable a
corrupt    a version_minor 4 sealed
corrupt    a align 10000000 sealed
ns_enable  a
corrupt    a align 200000 sealed
corrupt    a dataoff 8000000 sealed
ns_enable  a
corrupt    a dataoff 401000 sealed
ns_enable  a
corrupt    a dataoff 7800000 sealed
ns_enable  a
ns_disable a
)"},
};

}  // namespace

absl::Span<const NvdimmScenario> BuiltInNvdimmScenarios() { return kScenarios; }

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
