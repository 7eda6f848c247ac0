// SPDX-License-Identifier: MIT
/*
 * Blocks of a recording. The buffer is an array of blocks of one size.
 *
 * With a write function it is a queue: @nfull blocks from @oldest on wait to
 * be written, the one behind them is open. If all wait there is none to open,
 * and events are lost until one is written.
 *
 * Without one it is a ring behind the block of facts: the block behind the
 * open one is the oldest, and the next to be overwritten.
 *
 * A block is whole after each event: length and checksum are put behind it
 * every time, so that a dump of the memory of a program that died holds all
 * events. The length is not under the checksum; a wrong one shows, as the
 * checksum then stands elsewhere.
 */
#include "mem_calls.h"
#include "record_block.h"

/* CRC-32 as in zlib, four bits at a time. */
static const uint32_t crc_table[16] = {
	0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
	0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
	0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
	0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
};

static uint32_t crc_add(uint32_t crc, const unsigned char *p,
			const unsigned char *end)
{
	for (; p < end; p++) {
		crc ^= *p;
		crc = crc >> 4 ^ crc_table[crc & 15];
		crc = crc >> 4 ^ crc_table[crc & 15];
	}
	return crc;
}

static unsigned char *put_little(unsigned char *p, uint32_t number, int bytes)
{
	for (; bytes; bytes--) {
		*p++ = (unsigned char)number;
		number >>= 8;
	}
	return p;
}

static size_t block_bytes(const unsigned char *block)
{
	return RECORD_HEAD + RECORD_TAIL +
	       (block[10] | (size_t)block[11] << 8);
}

unsigned char *slate_record_begin_(struct slate_record *record,
				   unsigned char *block, unsigned char type)
{
	const struct slate_record_config *config = record->config;
	unsigned char *p = block;

	*p++ = 'S';
	*p++ = 'R';
	*p++ = SLATE_RECORD_VERSION;
	*p++ = type;
	*p++ = (unsigned char)((SLATE_WORD_BITS == 64) |
			       (config->time != NULL) << 1 |
			       (SLATE_CONFIG_GRANULE == 16 ? 4 : 3) << 4);
	*p++ = 0;
	p = put_little(p, record->sequence++, 4);
	record->crc = crc_add(0xffffffffu, block, p);
	record->open = block;
	record->at = block + RECORD_HEAD;
	slate_record_commit_(record, record->at);
	return record->at;
}

void slate_record_commit_(struct slate_record *record, unsigned char *end)
{
	unsigned char *block = record->open;

	record->crc = crc_add(record->crc, record->at, end);
	record->at = end;
	put_little(block + 10, (uint32_t)(end - block) - RECORD_HEAD, 2);
	put_little(end, ~record->crc, 4);
}

unsigned char *slate_record_block_(const struct slate_record *record, size_t n)
{
	if (n >= record->nblocks)
		n -= record->nblocks;
	return record->first + n * record->block;
}

/* A ring has no block that waits: @oldest is where the next one goes. */
static bool open_next(struct slate_record *record, uintptr_t time,
		      unsigned int owner)
{
	unsigned char *p;

	if (record->nfull == record->nblocks)
		return false;
	p = slate_record_block_(record, record->oldest + record->nfull);
	p = slate_record_begin_(record, p, 'E');
	p = record_put(p, record->events);
	p = record_put(p, time);
	p = record_put(p, owner);
	slate_record_commit_(record, p);
	record->address = 0;
	record->site = 0;
	record->time = time;
	record->owner = owner;
	memset(record->sites, 0, sizeof(record->sites));
	return true;
}

bool slate_record_open_(struct slate_record *record, uintptr_t time,
			unsigned int owner)
{
	if (record->open) {
		size_t used = (size_t)(record->at - record->open);

		if (record->block - used >= RECORD_EVENT + RECORD_TAIL)
			return true;
		slate_record_close_(record);
	}
	if (open_next(record, time, owner))
		return true;
	record->events++;
	record->lost++;
	return false;
}

void slate_record_close_(struct slate_record *record)
{
	if (!record->open)
		return;
	record->bytes += block_bytes(record->open);
	record->open = NULL;
	if (record->config->write)
		record->nfull++;
	else if (++record->oldest == record->nblocks)
		record->oldest = 0;
}

/*
 * Lock held: the next block to write, or NULL. Whoever gets one writes it, and
 * asks again; until then nobody else gets any, so blocks never mix.
 */
static unsigned char *take_full(struct slate_record *record, bool mine)
{
	if (record->writing && !mine)
		return NULL;
	record->writing = record->nfull > 0;
	if (!record->writing)
		return NULL;
	return slate_record_block_(record, record->oldest);
}

/* Lock held: the oldest block is written, or could not be. */
static void drop_full(struct slate_record *record)
{
	record->nfull--;
	if (++record->oldest == record->nblocks)
		record->oldest = 0;
}

int slate_record_put_(const unsigned char *block,
		      int (*write)(void *arg, const void *data, size_t len),
		      void *arg)
{
	if (block[0] != 'S')
		return 0;
	return write(arg, block, block_bytes(block));
}

void slate_record_send_(struct slate_record *record)
{
	const struct slate_record_config *config = record->config;
	unsigned char *block;
	bool mine = false;
	slate_port_key key;

	key = port_lock();
	while ((block = take_full(record, mine))) {
		port_unlock(key);
		mine = true;
		if (slate_record_put_(block, config->write, config->arg))
			record->failed++;
		key = port_lock();
		drop_full(record);
	}
	port_unlock(key);
}
