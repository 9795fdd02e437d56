/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hpfuzz_witness: lets a program outside the machine call the memory-hotplug functions of this kernel and look at the
 * state they leave. One text line in, one line out; all numbers are hexadecimal. The words stand in words.c,
 * resources.c, look.c and reset.c.
 *
 * Not covered: libnvdimm, which ndctl drives. One task at a time; meant for a machine that may be lost.
 */
#ifndef HPFUZZ_WITNESS_H
#define HPFUZZ_WITNESS_H

#include <linux/memory.h>
#include <linux/memory_hotplug.h>
#include <linux/memremap.h>
#include <linux/types.h>

#define MAX_HANDLES 4096
#define NO_HANDLE 0xffff
#define FOREIGN_HANDLE 0xfffe
#define MAX_ARGS 16

/* An answer under construction; more than it holds is cut off and says so at its end. */
struct reply {
	char text[16384];
	int used;
};
__printf(2, 3) void say(struct reply *reply, const char *format, ...);
/* The answer "v VALUE WARNINGS". */
void say_value(struct reply *reply, long value);

/* A word, the numbers it needs at least, and what it does with them. */
struct word {
	const char *name;
	int args;
	void (*run)(struct reply *reply, const u64 *arg, int args);
};
/* Each table ends with a word without a name. */
extern const struct word operation_words[];
extern const struct word resource_words[];
extern const struct word look_words[];
extern const struct word reset_words[];

/* Executes one line, without its end. */
void run_line(char *line, struct reply *reply);

/* Functions that modules are not given, by their own declarations: a changed signature does not compile. */
struct hidden {
	typeof(&__add_pages) add_pages;
	typeof(&__remove_pages) remove_pages;
	typeof(&arch_add_memory) arch_add_memory;
	typeof(&arch_remove_memory) arch_remove_memory;
	typeof(&create_memory_block_devices) create_memory_block_devices;
	typeof(&remove_memory_block_devices) remove_memory_block_devices;
	typeof(&move_pfn_range_to_zone) move_pfn_range_to_zone;
	typeof(&remove_pfn_range_from_zone) remove_pfn_range_from_zone;
	typeof(&find_memory_block) find_memory_block;
	typeof(&device_online) device_online;
	typeof(&device_offline) device_offline;
	typeof(&mem_hotplug_begin) mem_hotplug_begin;
	typeof(&mem_hotplug_done) mem_hotplug_done;
	typeof(&lock_device_hotplug) lock_device_hotplug;
	typeof(&unlock_device_hotplug) unlock_device_hotplug;
	void (*clear_warn_once)(void);
	char *once_start;
	char *once_end;
	struct mm_struct *kernel_mm;
};
extern struct hidden hidden;
int find_hidden(void);

/* These two differ between kernels. With the hotplug lock held by the caller. */
void call_remove_pages(unsigned long pfn, unsigned long pages, struct vmem_altmap *altmap);
void call_arch_remove_memory(u64 start, u64 size, struct vmem_altmap *altmap);

/* Counts warnings instead of printing them. */
int watch_warnings(void);
void unwatch_warnings(void);
/* Warnings since the last call; re-arms those that fire once. */
unsigned int take_warnings(void);

/* Mappings by handle, NULL where none lives. */
extern struct dev_pagemap *mappings[MAX_HANDLES];
/* NO_HANDLE for NULL, FOREIGN_HANDLE for one that is not of ours or gone. */
unsigned int handle_of(const struct dev_pagemap *pgmap);
void release_mapping(unsigned int handle);
/* A released mapping keeps its memory until then: struct pages still name it, and another must not be taken for it. */
void free_dead_mappings(void);
const struct resource *next_resource(const struct resource *r, int *depth);
/* Those of traces, and those that lie in [first, last]. */
void remove_resources(u64 first, u64 last);

/* The section, or NULL beyond the table or where no root was made. */
struct mem_section *section_at(unsigned long nr);
u64 section_bitmap(const struct mem_section *section);
/* The page that holds this page's struct page; 0: none. */
unsigned long memmap_pfn(unsigned long pfn);
/* 0 none, 1 offline, 2 online. */
int block_state(unsigned long nr);

void remember_spans(void);
void free_snapshot(void);

#endif
