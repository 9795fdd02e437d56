// SPDX-License-Identifier: GPL-2.0
/*
 * Back to the state of boot, between traces. What hotplug itself can undo is undone by hotplug; what it leaves behind by
 * its own rules (spans of Device, the taint flag and struct pages of a hole in boot RAM, direct map of refused requests) is
 * put back by hand. Whether it worked, the other end finds out by looking.
 */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/vmalloc.h>

#include "witness.h"

static struct {
	unsigned long start, spanned;
} zone_spans[MAX_NR_ZONES], node_span;

/* Struct pages of a hole in boot RAM, as they were at boot. */
static struct {
	void *pages;
	unsigned long pfn, count;
} snapshot;

void remember_spans(void)
{
	pg_data_t *node = NODE_DATA(0);
	int i;

	for (i = 0; i < MAX_NR_ZONES; i++) {
		zone_spans[i].start = node->node_zones[i].zone_start_pfn;
		zone_spans[i].spanned = node->node_zones[i].spanned_pages;
	}
	node_span.start = node->node_start_pfn;
	node_span.spanned = node->node_spanned_pages;
}

static void restore_spans(void)
{
	pg_data_t *node = NODE_DATA(0);
	int i;

	for (i = 0; i < MAX_NR_ZONES; i++) {
		node->node_zones[i].zone_start_pfn = zone_spans[i].start;
		node->node_zones[i].spanned_pages = zone_spans[i].spanned;
	}
	node->node_start_pfn = node_span.start;
	node->node_spanned_pages = node_span.spanned;
}

void free_snapshot(void)
{
	vfree(snapshot.pages);
	snapshot.pages = NULL;
}

/* PFN COUNT: pages of a hole in boot RAM, which nobody owns. */
static void do_snapshot(struct reply *reply, const u64 *arg, int args)
{
	free_snapshot();
	snapshot.pages = vmalloc(arg[1] * sizeof(struct page));
	if (!snapshot.pages) {
		say(reply, "? no memory");
		return;
	}
	snapshot.pfn = arg[0];
	snapshot.count = arg[1];
	memcpy(snapshot.pages, pfn_to_page(snapshot.pfn), snapshot.count * sizeof(struct page));
	say(reply, "v 0 0");
}

/*
 * A memmap that a failed request left in memory of [first, end) itself would be freed as if it were RAM: an altmap, which only
 * counts, keeps it from that.
 */
static void remove_bits(unsigned long first, unsigned long end)
{
	const unsigned long pages = PAGES_PER_SUBSECTION;
	struct vmem_altmap counter = {};
	unsigned long pfn;

	for (pfn = first; pfn < end; pfn += pages) {
		const u64 bitmap = section_bitmap(section_at(pfn_to_section_nr(pfn)));

		if (bitmap & BIT_ULL((pfn & ~PAGE_SECTION_MASK) / pages))
			call_remove_pages(pfn, pages, in_range(memmap_pfn(pfn), first, end - first) ? &counter : NULL);
	}
}

/* The sub-section that RAM shares with the hole stays as it is. */
static void restore_hole(void)
{
	const unsigned long first = ALIGN(snapshot.pfn, PAGES_PER_SUBSECTION), end = snapshot.pfn + snapshot.count;
	unsigned long nr;
	struct mem_section *section;

	if (!snapshot.pages)
		return;
	remove_bits(first, end);
	if (first < end)
		call_arch_remove_memory(PFN_PHYS(first), PFN_PHYS(end - first), NULL);
	memcpy(pfn_to_page(snapshot.pfn), snapshot.pages, snapshot.count * sizeof(struct page));
	for (nr = pfn_to_section_nr(snapshot.pfn); nr <= pfn_to_section_nr(snapshot.pfn + snapshot.count - 1); nr++) {
		section = section_at(nr);
		if (section)
			section->section_mem_map &= ~SECTION_TAINT_ZONE_DEVICE;
	}
}

/*
 * Releasing reads the zone of the first page, which faults when it was removed underneath: what is missing is added again. False
 * when that cannot help, because the first page lies behind all pages of the mapping.
 */
static bool revive(const struct dev_pagemap *pgmap)
{
	const unsigned long pages = PAGES_PER_SUBSECTION;
	struct mhp_params params = { .pgprot = PAGE_KERNEL };
	int i;

	for (i = 0; i < pgmap->nr_range; i++) {
		const struct range *range = &pgmap->ranges[i];
		unsigned long pfn = ALIGN_DOWN(PHYS_PFN(range->start), pages);

		if (pgmap->flags & PGMAP_ALTMAP_VALID &&
		    pgmap->altmap.reserve + pgmap->altmap.free >= PHYS_PFN(range_len(range)))
			return false;
		for (; pfn <= PHYS_PFN(range->end); pfn += pages) {
			if (pfn_valid(pfn))
				continue;
			if (hidden.add_pages(0, pfn, pages, &params))
				return false;
			hidden.move_pfn_range_to_zone(&NODE_DATA(0)->node_zones[ZONE_DEVICE], pfn, pages, NULL,
						      MIGRATE_MOVABLE);
		}
	}
	return true;
}

static bool release_mappings(struct reply *reply)
{
	unsigned int i;
	bool alive;

	for (i = 0; i < MAX_HANDLES; i++) {
		if (!mappings[i])
			continue;
		hidden.mem_hotplug_begin();
		alive = revive(mappings[i]);
		hidden.mem_hotplug_done();
		if (!alive) {
			say(reply, "? mapping %x cannot be released", i);
			return false;
		}
		release_mapping(i);
	}
	return true;
}

static bool remove_block(struct reply *reply, unsigned long nr)
{
	struct memory_block *block;
	const u64 size = PAGES_PER_SECTION * PAGE_SIZE;
	int error;

	hidden.lock_device_hotplug();
	block = hidden.find_memory_block(nr);
	error = block ? hidden.device_offline(&block->dev) : 0;
	if (block)
		put_device(&block->dev);
	hidden.unlock_device_hotplug();
	if (!block)
		return true;
	if (error >= 0)
		error = remove_memory((u64)section_nr_to_pfn(nr) << PAGE_SHIFT, size);
	if (error)
		say(reply, "? block %lx does not go: %d", nr, error);
	return !error;
}

/*
 * FIRST COUNT: sections of the arena, none of which the machine booted with. The hole of do_snapshot() is emptied too. Answers
 * what cannot be undone.
 */
static void do_reset(struct reply *reply, const u64 *arg, int args)
{
	const u64 start = (u64)section_nr_to_pfn(arg[0]) << PAGE_SHIFT;
	const u64 size = arg[1] * PAGES_PER_SECTION * PAGE_SIZE;
	bool clean = release_mappings(reply);
	unsigned long nr;

	for (nr = arg[0]; clean && nr < arg[0] + arg[1]; nr++)
		clean = remove_block(reply, nr);
	if (!clean)
		return;
	remove_resources(start, start + size - 1);
	hidden.mem_hotplug_begin();
	remove_bits(PHYS_PFN(start), PHYS_PFN(start + size));
	/* Nothing is left there but direct map, which has no way of its own to be removed. */
	call_arch_remove_memory(start, size, NULL);
	restore_hole();
	hidden.mem_hotplug_done();
	restore_spans();
	take_warnings();
	free_dead_mappings();
	say(reply, "v 0 0");
}

const struct word reset_words[] = {
	{ "snapshot", 2, do_snapshot },
	{ "reset", 2, do_reset },
	{},
};
