// SPDX-License-Identifier: GPL-2.0
/*
 * What this kernel does not hand to modules: functions by name, and its warnings as a number.
 */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/string.h>

#include "witness.h"

struct hidden hidden;

/* kallsyms_lookup_name() is hidden itself; a probe on it tells its address. */
static unsigned long (*find_lookup(void))(const char *)
{
	struct kprobe probe = { .symbol_name = "kallsyms_lookup_name" };
	unsigned long address;

	if (register_kprobe(&probe) < 0)
		return NULL;
	address = (unsigned long)probe.addr;
	unregister_kprobe(&probe);
	return (unsigned long (*)(const char *))address;
}

int find_hidden(void)
{
	const struct {
		const char *name;
		void *slot;
	} wanted[] = {
		{ "__add_pages", &hidden.add_pages },
		{ "__remove_pages", &hidden.remove_pages },
		{ "arch_add_memory", &hidden.arch_add_memory },
		{ "arch_remove_memory", &hidden.arch_remove_memory },
		{ "create_memory_block_devices", &hidden.create_memory_block_devices },
		{ "remove_memory_block_devices", &hidden.remove_memory_block_devices },
		{ "move_pfn_range_to_zone", &hidden.move_pfn_range_to_zone },
		{ "remove_pfn_range_from_zone", &hidden.remove_pfn_range_from_zone },
		{ "find_memory_block", &hidden.find_memory_block },
		{ "device_online", &hidden.device_online },
		{ "device_offline", &hidden.device_offline },
		{ "mem_hotplug_begin", &hidden.mem_hotplug_begin },
		{ "mem_hotplug_done", &hidden.mem_hotplug_done },
		{ "lock_device_hotplug", &hidden.lock_device_hotplug },
		{ "unlock_device_hotplug", &hidden.unlock_device_hotplug },
		{ "generic_bug_clear_once", &hidden.clear_warn_once },
		{ "__start_once", &hidden.once_start },
		{ "__end_once", &hidden.once_end },
		{ "init_mm", &hidden.kernel_mm },
	};
	unsigned long (*lookup)(const char *) = find_lookup();
	int i;

	if (!lookup)
		return -ENOENT;
	for (i = 0; i < ARRAY_SIZE(wanted); i++) {
		unsigned long address = lookup(wanted[i].name);

		if (!address) {
			pr_err("hpfuzz_witness: this kernel has no %s\n", wanted[i].name);
			return -ENOENT;
		}
		*(unsigned long *)wanted[i].slot = address;
	}
	return 0;
}

/* The kernels known: with a mapping as last argument (6.12.y since 2026) and without. */
typedef void remove_pages_3(unsigned long, unsigned long, struct vmem_altmap *);
typedef void remove_pages_4(unsigned long, unsigned long, struct vmem_altmap *, struct dev_pagemap *);
typedef void arch_remove_3(u64, u64, struct vmem_altmap *);
typedef void arch_remove_4(u64, u64, struct vmem_altmap *, struct dev_pagemap *);
#define HAS_TYPE(function, type) __builtin_types_compatible_p(typeof(function), type)
static_assert(HAS_TYPE(__remove_pages, remove_pages_3) || HAS_TYPE(__remove_pages, remove_pages_4));
static_assert(HAS_TYPE(arch_remove_memory, arch_remove_3) || HAS_TYPE(arch_remove_memory, arch_remove_4));

void call_remove_pages(unsigned long pfn, unsigned long pages, struct vmem_altmap *altmap)
{
	void *function = hidden.remove_pages;

	if (HAS_TYPE(__remove_pages, remove_pages_3))
		((remove_pages_3 *)function)(pfn, pages, altmap);
	else
		((remove_pages_4 *)function)(pfn, pages, altmap, NULL);
}

void call_arch_remove_memory(u64 start, u64 size, struct vmem_altmap *altmap)
{
	void *function = hidden.arch_remove_memory;

	if (HAS_TYPE(arch_remove_memory, arch_remove_3))
		((arch_remove_3 *)function)(start, size, altmap);
	else
		((arch_remove_4 *)function)(start, size, altmap, NULL);
}

static atomic_t warnings;

static noinline void nothing(void)
{
	barrier();
}

/* Goes on at an empty function in place of __warn(): printing one warning takes as long as a hundred operations. */
static int count_warning(struct kprobe *probe, struct pt_regs *regs)
{
	atomic_inc(&warnings);
	instruction_pointer_set(regs, (unsigned long)nothing);
	return 1;
}
NOKPROBE_SYMBOL(count_warning);

static struct kprobe warn_probe = {
	.symbol_name = "__warn",
	.pre_handler = count_warning,
};

int watch_warnings(void)
{
	return register_kprobe(&warn_probe);
}

void unwatch_warnings(void)
{
	unregister_kprobe(&warn_probe);
}

unsigned int take_warnings(void)
{
	unsigned int count = atomic_xchg(&warnings, 0);

	if (count) {
		hidden.clear_warn_once();
		memset(hidden.once_start, 0, hidden.once_end - hidden.once_start);
	}
	return count;
}
