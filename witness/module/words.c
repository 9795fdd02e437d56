// SPDX-License-Identifier: GPL-2.0
/*
 * The operations, under the names that traces give them. Answers: "v VALUE WARNINGS [ALLOC ALIGN]" a value, negative for
 * an error; "a WARNINGS" already so; "n" no such thing; "o N" an overlap; "m HANDLE" a mapping; "? TEXT" refused
 * by this module.
 */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "witness.h"

struct dev_pagemap *mappings[MAX_HANDLES];

void say(struct reply *reply, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	reply->used += vscnprintf(reply->text + reply->used, sizeof(reply->text) - reply->used, format, args);
	va_end(args);
}

unsigned int handle_of(const struct dev_pagemap *pgmap)
{
	unsigned int i;

	if (!pgmap)
		return NO_HANDLE;
	for (i = 0; i < MAX_HANDLES; i++)
		if (mappings[i] == pgmap)
			return i;
	return FOREIGN_HANDLE;
}

void say_value(struct reply *reply, long value)
{
	say(reply, "v %ld %x", value, take_warnings());
}

static void do_add_pages(struct reply *reply, const u64 *arg, int args)
{
	struct mhp_params params = { .pgprot = PAGE_KERNEL };
	int error;

	hidden.mem_hotplug_begin();
	error = hidden.add_pages(arg[2], arg[0] >> PAGE_SHIFT, arg[1] >> PAGE_SHIFT, &params);
	hidden.mem_hotplug_done();
	say_value(reply, error);
}

static void do_remove_pages(struct reply *reply, const u64 *arg, int args)
{
	hidden.mem_hotplug_begin();
	call_remove_pages(arg[0] >> PAGE_SHIFT, arg[1] >> PAGE_SHIFT, NULL);
	hidden.mem_hotplug_done();
	say_value(reply, 0);
}

/* With the node that add_memory() would give them. */
static int create_blocks(u64 start, u64 size, int nid)
{
	const int error = hidden.create_memory_block_devices(start, size, 0, NULL);
	unsigned long nr;

	for (nr = start >> PA_SECTION_SHIFT; !error && nr < (start + size) >> PA_SECTION_SHIFT; nr++) {
		struct memory_block *block = hidden.find_memory_block(nr);

		if (!block)
			continue;
		block->nid = nid;
		put_device(&block->dev);
	}
	return error;
}

/* START SIZE NID MEMBLOCK */
static void do_arch_add_memory(struct reply *reply, const u64 *arg, int args)
{
	struct mhp_params params = { .pgprot = PAGE_KERNEL };
	int error;

	hidden.lock_device_hotplug();
	hidden.mem_hotplug_begin();
	error = hidden.arch_add_memory(arg[2], arg[0], arg[1], &params);
	if (!error && arg[3]) {
		error = create_blocks(arg[0], arg[1], arg[2]);
		if (error)
			call_arch_remove_memory(arg[0], arg[1], NULL);
	}
	hidden.mem_hotplug_done();
	hidden.unlock_device_hotplug();
	say_value(reply, error);
}

static void do_arch_remove_memory(struct reply *reply, const u64 *arg, int args)
{
	hidden.lock_device_hotplug();
	if (arg[3])
		hidden.remove_memory_block_devices(arg[0], arg[1]);
	hidden.mem_hotplug_begin();
	call_arch_remove_memory(arg[0], arg[1], NULL);
	hidden.mem_hotplug_done();
	hidden.unlock_device_hotplug();
	say_value(reply, 0);
}

static void do_add_memory(struct reply *reply, const u64 *arg, int args)
{
	say_value(reply, add_memory(arg[2], arg[0], arg[1], MHP_NONE));
}

static void do_remove_memory(struct reply *reply, const u64 *arg, int args)
{
	say_value(reply, remove_memory(arg[0], arg[1]));
}

/* The online type of a block is set first, as its file `state` in sysfs does it; NULL takes it offline. */
static int change_block(struct memory_block *block, const int *online_type)
{
	int error;

	if (online_type)
		block->online_type = *online_type;
	error = online_type ? hidden.device_online(&block->dev) : hidden.device_offline(&block->dev);
	put_device(&block->dev);
	return error;
}

/* Block by block up to the first that fails; "a" when all were in that state before. */
static void change_blocks(struct reply *reply, u64 start, u64 size, const int *online_type)
{
	const u64 last = size == 0 || start + (size - 1) < start ? start : start + (size - 1);
	unsigned long nr = start >> PA_SECTION_SHIFT;
	bool all_already = true;

	for (; nr <= last >> PA_SECTION_SHIFT; nr++) {
		struct memory_block *block;
		int error = 0;

		hidden.lock_device_hotplug();
		block = hidden.find_memory_block(nr);
		if (block)
			error = change_block(block, online_type);
		hidden.unlock_device_hotplug();
		if (!block) {
			say(reply, "n");
			return;
		}
		if (error < 0) {
			say_value(reply, error);
			return;
		}
		/* 1: it was so. */
		all_already &= error == 1;
	}
	if (all_already)
		say(reply, "a %x", take_warnings());
	else
		say_value(reply, 0);
}

/* START SIZE TYPE: 0 keep, 1 kernel, 2 movable. */
static void do_online_pages(struct reply *reply, const u64 *arg, int args)
{
	static const int types[] = { MMOP_ONLINE, MMOP_ONLINE_KERNEL, MMOP_ONLINE_MOVABLE };

	change_blocks(reply, arg[0], arg[1], &types[arg[2] % 3]);
}

static void do_offline_pages(struct reply *reply, const u64 *arg, int args)
{
	change_blocks(reply, arg[0], arg[1], NULL);
}

/* ZONE START SIZE NID */
static void do_to_zone(struct reply *reply, const u64 *arg, int args)
{
	hidden.mem_hotplug_begin();
	hidden.move_pfn_range_to_zone(&NODE_DATA(arg[3])->node_zones[arg[0]], arg[1] >> PAGE_SHIFT,
				      arg[2] >> PAGE_SHIFT, NULL, MIGRATE_MOVABLE);
	hidden.mem_hotplug_done();
	say_value(reply, 0);
}

static void do_from_zone(struct reply *reply, const u64 *arg, int args)
{
	hidden.mem_hotplug_begin();
	hidden.remove_pfn_range_from_zone(&NODE_DATA(arg[3])->node_zones[arg[0]], arg[1] >> PAGE_SHIFT,
					  arg[2] >> PAGE_SHIFT);
	hidden.mem_hotplug_done();
	say_value(reply, 0);
}

static void set_altmap(struct dev_pagemap *pgmap, const u64 *arg)
{
	const struct vmem_altmap altmap = {
		.base_pfn = arg[0] >> PAGE_SHIFT,
		.reserve = arg[1] >> PAGE_SHIFT,
		.free = arg[2] >> PAGE_SHIFT,
		.end_pfn = PHYS_PFN(pgmap->ranges[0].end),
	};

	memcpy(&pgmap->altmap, &altmap, sizeof(altmap));
	pgmap->flags |= PGMAP_ALTMAP_VALID;
}

/* HANDLE START SIZE TYPE ALTMAP BASE RESERVE FREE [START SIZE]. TYPE: 0 generic, 1 fsdax, 3 unset. */
static void do_memremap_pages(struct reply *reply, const u64 *arg, int args)
{
	static const enum memory_type types[] = { MEMORY_DEVICE_GENERIC, MEMORY_DEVICE_FS_DAX, 0, 0 };
	unsigned int handle = arg[0], warnings;
	struct dev_pagemap *pgmap;
	void *address;

	if (handle >= MAX_HANDLES || mappings[handle]) {
		say(reply, "? handle in use");
		return;
	}
	pgmap = kzalloc(sizeof(*pgmap) + 2 * sizeof(struct range), GFP_KERNEL);
	if (!pgmap) {
		say(reply, "? no memory");
		return;
	}
	pgmap->type = types[arg[3] % 4];
	pgmap->nr_range = args >= 10 ? 2 : 1;
	pgmap->ranges[0].start = arg[1];
	pgmap->ranges[0].end = arg[1] + arg[2] - 1;
	if (pgmap->nr_range == 2) {
		pgmap->ranges[1].start = arg[8];
		pgmap->ranges[1].end = arg[8] + arg[9] - 1;
	}
	if (arg[4])
		set_altmap(pgmap, arg + 5);
	address = memremap_pages(pgmap, 0);
	warnings = take_warnings();
	say(reply, "v %ld %x", IS_ERR(address) ? PTR_ERR(address) : 0, warnings);
	if (arg[4])
		say(reply, " %lx %lx", pgmap->altmap.alloc, pgmap->altmap.align);
	if (IS_ERR(address))
		kfree(pgmap);
	else
		mappings[handle] = pgmap;
}

static struct dev_pagemap *dead[MAX_HANDLES];
static unsigned int dead_count;

void free_dead_mappings(void)
{
	while (dead_count)
		kfree(dead[--dead_count]);
}

void release_mapping(unsigned int handle)
{
	memunmap_pages(mappings[handle]);
	if (dead_count < MAX_HANDLES)
		dead[dead_count++] = mappings[handle];
	mappings[handle] = NULL;
}

static void do_memunmap_pages(struct reply *reply, const u64 *arg, int args)
{
	struct dev_pagemap *pgmap = arg[0] < MAX_HANDLES ? mappings[arg[0]] : NULL;
	unsigned int warnings;

	if (!pgmap) {
		say(reply, "n");
		return;
	}
	release_mapping(arg[0]);
	warnings = take_warnings();
	say(reply, "v 0 %x", warnings);
	if (pgmap->flags & PGMAP_ALTMAP_VALID)
		say(reply, " %lx %lx", pgmap->altmap.alloc, pgmap->altmap.align);
}

static void do_pfn_valid(struct reply *reply, const u64 *arg, int args)
{
	say(reply, "v %d 0", pfn_valid(arg[0]) ? 1 : 0);
}

static void do_pfn_to_online_page(struct reply *reply, const u64 *arg, int args)
{
	say(reply, "v %d 0", pfn_to_online_page(arg[0]) ? 1 : 0);
}

static void do_get_dev_pagemap(struct reply *reply, const u64 *arg, int args)
{
	struct dev_pagemap *pgmap = get_dev_pagemap(arg[0], NULL);

	if (!pgmap) {
		say(reply, "n");
		return;
	}
	say(reply, "m %x", handle_of(pgmap));
	put_dev_pagemap(pgmap);
}

const struct word operation_words[] = {
	{ "__add_pages", 3, do_add_pages },
	{ "__remove_pages", 2, do_remove_pages },
	{ "arch_add_memory", 4, do_arch_add_memory },
	{ "arch_remove_memory", 4, do_arch_remove_memory },
	{ "add_memory", 3, do_add_memory },
	{ "remove_memory", 2, do_remove_memory },
	{ "online_pages", 3, do_online_pages },
	{ "offline_pages", 2, do_offline_pages },
	{ "move_pfn_range_to_zone", 4, do_to_zone },
	{ "remove_pfn_range_from_zone", 4, do_from_zone },
	{ "memremap_pages", 8, do_memremap_pages },
	{ "memunmap_pages", 1, do_memunmap_pages },
	{ "pfn_valid", 1, do_pfn_valid },
	{ "pfn_to_online_page", 1, do_pfn_to_online_page },
	{ "get_dev_pagemap", 1, do_get_dev_pagemap },
	{},
};

static bool run_one(const struct word *words, const char *name, struct reply *reply, const u64 *arg, int args)
{
	for (; words->name; words++) {
		if (strcmp(words->name, name))
			continue;
		if (args < words->args)
			say(reply, "? too few numbers for %s", name);
		else
			words->run(reply, arg, args);
		return true;
	}
	return false;
}

void run_line(char *line, struct reply *reply)
{
	u64 arg[MAX_ARGS] = {};
	const char *name = strsep(&line, " ");
	char *token;
	int args = 0;

	while (args < MAX_ARGS && (token = strsep(&line, " "))) {
		if (kstrtou64(token, 16, &arg[args++])) {
			say(reply, "? no number: %s", token);
			return;
		}
	}
	if (!run_one(operation_words, name, reply, arg, args) &&
	    !run_one(resource_words, name, reply, arg, args) && !run_one(look_words, name, reply, arg, args) &&
	    !run_one(reset_words, name, reply, arg, args))
		say(reply, "? no such word: %s", name);
}
