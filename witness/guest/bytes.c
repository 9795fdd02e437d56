// SPDX-License-Identifier: Apache-2.0
// A program of the guest: reads and writes bytes of a file or of a device, by read() and write() or through a shared
// mapping, and tells where a file lies.
//
//   bytes io|map FILE OFFSET LENGTH          prints runs of equal bytes, "LENGTH BYTE" in decimal and hexadecimal
//   bytes io|map FILE OFFSET LENGTH BYTE     writes BYTE (hexadecimal) all over it
//   bytes where FILE                         prints the block at which it begins; fails if it is not in one piece
//
// Exit code: 0, else the errno.
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// A device that maps pages of 2 MiB takes nothing smaller.
#define STEP (2UL << 20)
#define BLOCK 4096

static int fail(const char *what)
{
	const int error = errno;

	perror(what);
	return error ? error : EIO;
}

static void bus(int signal)
{
	(void)signal;
	_exit(EFAULT);
}

static void print_runs(const unsigned char *bytes, unsigned long length)
{
	unsigned long i, first = 0;

	for (i = 1; i <= length; i++) {
		if (i < length && bytes[i] == bytes[first])
			continue;
		printf("%lu %02x\n", i - first, bytes[first]);
		first = i;
	}
}

static int through_io(int fd, unsigned long offset, unsigned long length, int byte)
{
	unsigned char *bytes = malloc(length);
	ssize_t done;

	if (!bytes)
		return ENOMEM;
	if (byte >= 0)
		memset(bytes, byte, length);
	done = byte >= 0 ? pwrite(fd, bytes, length, offset) : pread(fd, bytes, length, offset);
	if (done < 0 || (unsigned long)done != length)
		return fail("io");
	if (byte >= 0)
		return fsync(fd) == 0 ? 0 : fail("fsync");
	print_runs(bytes, length);
	return 0;
}

static int through_map(int fd, unsigned long offset, unsigned long length, int byte)
{
	const unsigned long start = offset & ~(STEP - 1), end = (offset + length + STEP - 1) & ~(STEP - 1);
	const int protection = PROT_READ | (byte >= 0 ? PROT_WRITE : 0);
	unsigned char *at = mmap(NULL, end - start, protection, MAP_SHARED, fd, start);

	if (at == MAP_FAILED)
		return fail("mmap");
	signal(SIGBUS, bus);
	at += offset - start;
	if (byte < 0) {
		print_runs(at, length);
		return 0;
	}
	memset(at, byte, length);
	// A device has nothing to synchronise and says so.
	return fsync(fd) == 0 || errno == EINVAL ? 0 : fail("fsync");
}

static int where(int fd)
{
	struct stat info;
	int block, first = 0;
	long i;

	if (fstat(fd, &info) != 0)
		return fail("stat");
	for (i = 0; i < (info.st_size + BLOCK - 1) / BLOCK; i++) {
		block = i;
		if (ioctl(fd, FIBMAP, &block) != 0)
			return fail("FIBMAP");
		if (i == 0)
			first = block;
		if (block == 0 || block != first + i)
			return ENOTSUP;
	}
	printf("%d\n", first);
	return 0;
}

int main(int argc, char **argv)
{
	int fd, byte = -1;

	if (argc < 3)
		return EINVAL;
	fd = open(argv[2], O_RDWR);
	if (fd < 0)
		return fail(argv[2]);
	if (strcmp(argv[1], "where") == 0)
		return where(fd);
	if (argc < 5)
		return EINVAL;
	if (argc > 5)
		byte = (int)strtoul(argv[5], NULL, 16);
	return (strcmp(argv[1], "map") == 0 ? through_map : through_io)(fd, strtoul(argv[3], NULL, 0),
									strtoul(argv[4], NULL, 0), byte);
}
