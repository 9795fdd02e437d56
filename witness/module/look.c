// SPDX-License-Identifier: GPL-2.0
/*
 * Looking at the machine: sections, pages, spans, resources, warnings. Changes nothing.
 */
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/utsname.h>

#include "witness.h"

#define SUBSECTIONS (PAGES_PER_SECTION / PAGES_PER_SUBSECTION)
#define MEMMAP_PAGES (PAGES_PER_SECTION * sizeof(struct page) / PAGE_SIZE)

struct mem_section *section_at(unsigned long nr)
{
	return nr < NR_MEM_SECTIONS ? __nr_to_section(nr) : NULL;
}

u64 section_bitmap(const struct mem_section *section)
{
	return section && section->usage ? section->usage->subsection_map[0] : 0;
}

int block_state(unsigned long nr)
{
	struct memory_block *block = hidden.find_memory_block(nr);
	int state;

	if (!block)
		return 0;
	state = block->state == MEM_ONLINE ? 2 : 1;
	put_device(&block->dev);
	return state;
}

/*
 * Whether the kernel's page tables map the address, and to which page (not of a mapping of 1 GiB); *size is how much of the address space around it shares the answer.
 * lookup_address() does not say at which level nothing was found, or says it differently from kernel to kernel.
 */
static bool mapped_to(unsigned long address, unsigned long *size, unsigned long *pfn)
{
	pgd_t *pgd = pgd_offset_pgd(hidden.kernel_mm->pgd, address);
	p4d_t *p4d;
	pud_t *pud;
	pmd_t *pmd;

	*size = P4D_SIZE;
	if (pgd_none(*pgd))
		return false;
	p4d = p4d_offset(pgd, address);
	if (p4d_none(*p4d))
		return false;
	*size = PUD_SIZE;
	pud = pud_offset(p4d, address);
	if (!pud_present(*pud) || pud_leaf(*pud))
		return pud_present(*pud);
	*size = PMD_SIZE;
	pmd = pmd_offset(pud, address);
	*pfn = pmd_pfn(*pmd);
	if (!pmd_present(*pmd) || pmd_leaf(*pmd))
		return pmd_present(*pmd);
	*size = PAGE_SIZE;
	*pfn = pte_pfn(*pte_offset_kernel(pmd, address));
	return pte_present(*pte_offset_kernel(pmd, address));
}

static bool mapped(unsigned long address, unsigned long *size)
{
	unsigned long pfn;

	return mapped_to(address, size, &pfn);
}

unsigned long memmap_pfn(unsigned long pfn)
{
	unsigned long size, memory;

	return mapped_to((unsigned long)pfn_to_page(pfn), &size, &memory) ? memory : 0;
}

static unsigned long page_address_of(unsigned long pfn)
{
	return (unsigned long)pfn_to_page(pfn);
}

/* 0 none, 1 one large page, 2 base pages for all of it, 3 for some (*pages). */
static int memmap_kind(unsigned long nr, unsigned int *pages)
{
	const unsigned long start = page_address_of(section_nr_to_pfn(nr));
	unsigned long at, size;

	*pages = 0;
	for (at = start; at < start + MEMMAP_PAGES * PAGE_SIZE; at = (at & ~(size - 1)) + size) {
		if (!mapped(at, &size))
			continue;
		if (size >= PMD_SIZE)
			return 1;
		++*pages;
	}
	if (*pages == 0)
		return 0;
	if (*pages == MEMMAP_PAGES) {
		*pages = 0;
		return 2;
	}
	return 3;
}

static u64 direct_map(unsigned long nr)
{
	const unsigned long start = (unsigned long)__va((u64)section_nr_to_pfn(nr) << PAGE_SHIFT);
	u64 map = 0;
	unsigned long i, size;

	for (i = 0; i < SUBSECTIONS; i++) {
		const unsigned long address = start + i * PAGES_PER_SUBSECTION * PAGE_SIZE;
		const bool here = mapped(address, &size);

		if (size >= PUD_SIZE)
			return here ? ~0ULL : 0;
		if (here)
			map |= BIT_ULL(i);
	}
	return map;
}

static void look_up(struct reply *reply, unsigned long nr)
{
	const unsigned long first = section_nr_to_pfn(nr);
	unsigned int handle, run = NO_HANDLE, start = 0, i;

	for (i = 0; i <= SUBSECTIONS; i++) {
		struct dev_pagemap *pgmap = NULL;

		if (i < SUBSECTIONS)
			pgmap = get_dev_pagemap(first + i * PAGES_PER_SUBSECTION, NULL);
		handle = handle_of(pgmap);
		if (pgmap)
			put_dev_pagemap(pgmap);
		if (handle == run)
			continue;
		if (run != NO_HANDLE)
			say(reply, " %x %x %x", run, start, i);
		run = handle;
		start = i;
	}
}

/*
 * NR -> FLAGS BLOCK MEMMAP PAGES BITMAP DIRECT VALID ONLINE, then HANDLE FIRST END for each run of sub-sections whose first
 * page looks up to it. VALID and ONLINE: bits of sub-sections, by their first pages.
 */
static void look_section(struct reply *reply, const u64 *arg, int args)
{
	const unsigned long nr = arg[0], first = section_nr_to_pfn(nr);
	struct mem_section *section = section_at(nr);
	unsigned int flags = 0, pages, kind;
	u64 valid = 0, online = 0;
	unsigned long i;

	if (nr >= NR_MEM_SECTIONS) {
		say(reply, "0 0 0 0 0 0 0 0");
		return;
	}
	if (section) {
		const unsigned long word = section->section_mem_map;

		flags |= word & SECTION_MARKED_PRESENT ? 1 : 0;
		flags |= word & SECTION_HAS_MEM_MAP ? 2 : 0;
		flags |= word & SECTION_IS_ONLINE ? 4 : 0;
		flags |= word & SECTION_IS_EARLY ? 8 : 0;
		flags |= word & SECTION_TAINT_ZONE_DEVICE ? 0x10 : 0;
		flags |= !(word & SECTION_HAS_MEM_MAP) && section->usage ? 0x20 : 0;
	}
	for (i = 0; i < SUBSECTIONS; i++) {
		if (pfn_valid(first + i * PAGES_PER_SUBSECTION))
			valid |= BIT_ULL(i);
		if (pfn_to_online_page(first + i * PAGES_PER_SUBSECTION))
			online |= BIT_ULL(i);
	}
	kind = memmap_kind(nr, &pages);
	say(reply, "%x %x %x %x %llx %llx %llx %llx", flags, block_state(nr), kind, pages, section_bitmap(section),
	    direct_map(nr), valid, online);
	look_up(reply, nr);
}

/* PFN -> VALID ONLINE BACKED MAP ZONE NID RESERVED COUNT PAGEMAP; the last five 0 unless backed. */
static void look_page(struct reply *reply, const u64 *arg, int args)
{
	const unsigned long pfn = arg[0];
	struct dev_pagemap *pgmap = get_dev_pagemap(pfn, NULL);
	unsigned long size;
	bool backed;

	backed = pfn < (1UL << (MAX_PHYSMEM_BITS - PAGE_SHIFT)) && mapped(page_address_of(pfn), &size);
	say(reply, "%x %x %x %x", pfn_valid(pfn) ? 1 : 0, pfn_to_online_page(pfn) ? 1 : 0, backed ? 1 : 0,
	    handle_of(pgmap));
	if (pgmap)
		put_dev_pagemap(pgmap);
	if (backed) {
		struct page *page = pfn_to_page(pfn);
		const bool device = page_zonenum(page) == ZONE_DEVICE;

		say(reply, " %x %x %x %x %x", page_zonenum(page), page_to_nid(page), PageReserved(page) ? 1 : 0,
		    page_ref_count(page), device ? handle_of(page->pgmap) : NO_HANDLE);
	} else {
		say(reply, " 0 0 0 0 0");
	}
}

/* -> START END PRESENT of each zone and of the node, in pages. */
static void look_spans(struct reply *reply, const u64 *arg, int args)
{
	const pg_data_t *node = NODE_DATA(0);
	int i;

	for (i = 0; i < MAX_NR_ZONES; i++) {
		const struct zone *zone = &node->node_zones[i];

		say(reply, "%lx %lx %lx ", zone->zone_start_pfn, zone->zone_start_pfn + zone->spanned_pages,
		    zone->present_pages);
	}
	say(reply, "%lx %lx %lx", node->node_start_pfn, node->node_start_pfn + node->node_spanned_pages,
	    node->node_present_pages);
}

/* Depth first, without recursion: the tree may be deeper than the stack. NULL behind the last; *depth of those below the root is 0. */
const struct resource *next_resource(const struct resource *r, int *depth)
{
	if (r->child) {
		++*depth;
		return r->child;
	}
	while (!r->sibling) {
		r = r->parent;
		--*depth;
		if (!r || r == &iomem_resource)
			return NULL;
	}
	return r->sibling;
}

/* START LAST -> for each resource that reaches into it, and those below: START LAST DEPTH BUSY RAM. */
static void look_resources(struct reply *reply, const u64 *arg, int args)
{
	const struct resource *r;
	bool shown = false;
	int depth = -1;

	say(reply, "r");
	for (r = next_resource(&iomem_resource, &depth); r; r = next_resource(r, &depth)) {
		if (depth == 0)
			shown = r->end >= arg[0] && r->start <= arg[1];
		if (shown)
			say(reply, " %llx %llx %x %x %x", (u64)r->start, (u64)r->end, depth,
			    r->flags & IORESOURCE_BUSY ? 1 : 0,
			    (r->flags & IORESOURCE_SYSTEM_RAM) == IORESOURCE_SYSTEM_RAM ? 1 : 0);
	}
}

/* The machine: release, last byte of the resource tree, bits of the section table, and its map as /proc/iomem has it. */
static void look_machine(struct reply *reply, const u64 *arg, int args)
{
	const struct resource *r;

	say(reply, "%s %llx %x", init_utsname()->release, (u64)iomem_resource.end, MAX_PHYSMEM_BITS);
	for (r = iomem_resource.child; r; r = r->sibling)
		say(reply, "|%llx-%llx : %s", (u64)r->start, (u64)r->end, r->name);
}

/* Warnings since they were asked for last, or since the last operation. */
static void look_warnings(struct reply *reply, const u64 *arg, int args)
{
	say(reply, "v 0 %x", take_warnings());
}

const struct word look_words[] = {
	{ "warnings", 0, look_warnings },
	{ "section", 1, look_section },
	{ "page", 1, look_page },
	{ "spans", 0, look_spans },
	{ "resources", 2, look_resources },
	{ "machine", 0, look_machine },
	{},
};
