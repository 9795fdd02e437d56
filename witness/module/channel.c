// SPDX-License-Identifier: GPL-2.0
/*
 * The device /dev/hpfuzz_witness: what is written to it is executed line by line, what is read from it are the answers,
 * in the same order. A writer waits while nobody reads the answers.
 */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>

#include "witness.h"

#define QUEUE (1 << 20)
#define LINE 512

static char *queue; /* a ring */
static unsigned int head, tail;
static DECLARE_WAIT_QUEUE_HEAD(changed);

static char line[LINE];
static int line_used;
static struct reply reply;

static unsigned int queued(void)
{
	return READ_ONCE(head) - READ_ONCE(tail);
}

static int put_answer(void)
{
	int i;

	if (reply.used > (int)sizeof(reply.text) - 2) {
		reply.used = sizeof(reply.text) - 8;
		memcpy(reply.text + reply.used, " [cut]", 6);
		reply.used += 6;
	}
	reply.text[reply.used++] = '\n';
	if (wait_event_interruptible(changed, queued() + reply.used <= QUEUE))
		return -ERESTARTSYS;
	for (i = 0; i < reply.used; i++)
		queue[(head + i) % QUEUE] = reply.text[i];
	smp_store_release(&head, head + reply.used);
	wake_up_interruptible(&changed);
	return 0;
}

static int end_line(void)
{
	line[line_used] = 0;
	line_used = 0;
	reply.used = 0;
	run_line(line, &reply);
	cond_resched();
	return put_answer();
}

static ssize_t witness_write(struct file *file, const char __user *from, size_t size, loff_t *offset)
{
	char part[256];
	size_t done = 0;

	while (done < size) {
		size_t i, n = min(size - done, sizeof(part));

		if (copy_from_user(part, from + done, n))
			return -EFAULT;
		for (i = 0; i < n; i++) {
			if (part[i] == '\n') {
				if (end_line())
					return -ERESTARTSYS;
			} else if (line_used < LINE - 1) {
				line[line_used++] = part[i];
			}
		}
		done += n;
	}
	return done;
}

static ssize_t witness_read(struct file *file, char __user *to, size_t size, loff_t *offset)
{
	size_t n, at, part;

	if (wait_event_interruptible(changed, queued() != 0))
		return -ERESTARTSYS;
	n = min_t(size_t, size, smp_load_acquire(&head) - tail);
	at = tail % QUEUE;
	part = min_t(size_t, n, QUEUE - at);
	if (copy_to_user(to, queue + at, part) || copy_to_user(to + part, queue, n - part))
		return -EFAULT;
	smp_store_release(&tail, tail + n);
	wake_up_interruptible(&changed);
	return n;
}

static const struct file_operations operations = {
	.owner = THIS_MODULE,
	.read = witness_read,
	.write = witness_write,
	.llseek = noop_llseek,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "hpfuzz_witness",
	.fops = &operations,
};

static int __init witness_init(void)
{
	int error = find_hidden();

	if (error)
		return error;
	queue = vmalloc(QUEUE);
	if (!queue)
		return -ENOMEM;
	error = watch_warnings();
	if (error)
		goto free_queue;
	remember_spans();
	error = misc_register(&device);
	if (!error)
		return 0;
	unwatch_warnings();
free_queue:
	vfree(queue);
	return error;
}

static void __exit witness_exit(void)
{
	misc_deregister(&device);
	unwatch_warnings();
	free_snapshot();
	vfree(queue);
}

module_init(witness_init);
module_exit(witness_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Memory hotplug of this kernel, as a witness for hotplug-fuzz");
