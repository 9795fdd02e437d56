// SPDX-License-Identifier: GPL-2.0
/*
 * Resources: the operations on them, and taking them back between traces. Not covered: looking at the tree (look.c).
 */
#include <linux/gfp.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "witness.h"

/* By handle, NULL where none was inserted. */
static struct resource *resources[MAX_HANDLES];

/* remove_memory() drops what is nested in the memory it removes, with a parent that is gone. */
static bool resource_is_in_tree(const struct resource *resource)
{
	const struct resource *r = &iomem_resource;
	int depth = -1;

	while (r && r != resource)
		r = next_resource(r, &depth);
	return r;
}

/*
 * Memory for the resource of a handle, never given back. release_mem_region_adjustable() frees what it takes out of the tree,
 * ours too, if it came from a slab (free_resource()): so it comes in whole pages.
 */
static struct resource *resource_slot(unsigned int handle)
{
	const unsigned int per_page = PAGE_SIZE / sizeof(struct resource);
	static struct resource *pages[DIV_ROUND_UP(MAX_HANDLES, PAGE_SIZE / sizeof(struct resource))];
	struct resource **page = &pages[handle / per_page];

	if (!*page)
		*page = (struct resource *)get_zeroed_page(GFP_KERNEL);
	return *page ? *page + handle % per_page : NULL;
}

/* HANDLE START SIZE BUSY RAM */
static void do_insert_resource(struct reply *reply, const u64 *arg, int args)
{
	struct resource *resource;
	int error;

	if (arg[0] >= MAX_HANDLES || resources[arg[0]]) {
		say(reply, "? handle in use");
		return;
	}
	resource = resource_slot(arg[0]);
	if (!resource) {
		say(reply, "? no memory");
		return;
	}
	memset(resource, 0, sizeof(*resource));
	resource->name = "hpfuzz";
	resource->start = arg[1];
	resource->end = arg[1] + arg[2] - 1;
	resource->flags = arg[4] ? IORESOURCE_SYSTEM_RAM : IORESOURCE_MEM;
	if (arg[3])
		resource->flags |= IORESOURCE_BUSY;
	error = insert_resource(&iomem_resource, resource);
	if (!error)
		resources[arg[0]] = resource;
	say_value(reply, error);
}

static void do_remove_resource(struct reply *reply, const u64 *arg, int args)
{
	struct resource *resource = arg[0] < MAX_HANDLES ? resources[arg[0]] : NULL;

	if (!resource || !resource_is_in_tree(resource)) {
		say(reply, "n");
		return;
	}
	say_value(reply, remove_resource(resource));
	resources[arg[0]] = NULL;
}

static void do_region_intersects(struct reply *reply, const u64 *arg, int args)
{
	int overlap = region_intersects(arg[0], arg[1], IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE);

	say(reply, "o %d", overlap == REGION_INTERSECTS ? 1 : overlap == REGION_MIXED ? 2 : 0);
}

void remove_resources(u64 first, u64 last)
{
	struct resource *r;
	unsigned int i;
	bool again;

	for (i = 0; i < MAX_HANDLES; i++) {
		if (!resources[i])
			continue;
		if (resource_is_in_tree(resources[i]))
			remove_resource(resources[i]);
		resources[i] = NULL;
	}
	do {
		again = false;
		for (r = iomem_resource.child; r && !again; r = r->sibling) {
			if (r->start < first || r->end > last)
				continue;
			/* Made by add_memory(); a few bytes of memory are lost with each. */
			remove_resource(r);
			again = true;
		}
	} while (again);
}

const struct word resource_words[] = {
	{ "insert_resource", 5, do_insert_resource },
	{ "remove_resource", 1, do_remove_resource },
	{ "region_intersects", 2, do_region_intersects },
	{},
};
