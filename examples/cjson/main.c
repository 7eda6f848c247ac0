// SPDX-License-Identifier: MIT
/*
 * A device that speaks JSON, with cJSON on a slate heap: readings of sensors
 * come as text, are kept in a log, summed up, and sent as text. What it asks of
 * the heap does not depend on the heap's size, so slate-size can say exactly
 * how much it takes. The command line is "cjson BYTES [RECORDING]".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <slate/slate.h>

#include "cJSON.h"

#include "console.h"
#include "recording.h"

#define ROUNDS		120
#define LOG		24	/* readings that are kept */
#define REPORT		10	/* rounds from one report to the next */

static struct slate_heap *heap;

static void *json_malloc(size_t size)
{
	return slate_mem_malloc(heap, size);
}

static void json_free(void *ptr)
{
	slate_mem_free(heap, ptr);
}

/* What a sensor sends; its name and its values differ in length. */
static void make_message(char *text, size_t size, unsigned int round)
{
	size_t used;
	unsigned int i;

	used = (size_t)snprintf(text, size, "{\"sensor\":\"%.*s\",\"at\":%u,"
				"\"values\":[", 3 + (int)(round % 7),
				"thermometer", round * 37);
	for (i = 0; i <= round % 5; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%u.%u",
					 i ? "," : "", 20 + (round + i) % 9,
					 round % 10);
	snprintf(text + used, size - used, "],\"ok\":%s}",
		 round % 11 ? "true" : "false");
}

/* Take a message into the log; false if memory is short. */
static bool keep(cJSON *readings, unsigned int round)
{
	char text[160];
	cJSON *reading;

	make_message(text, sizeof(text), round);
	reading = cJSON_Parse(text);
	if (!reading)
		return false;
	if (!cJSON_AddItemToArray(readings, reading)) {
		cJSON_Delete(reading);
		return false;
	}
	if (cJSON_GetArraySize(readings) > LOG)
		cJSON_DeleteItemFromArray(readings, 0);
	return true;
}

static double sum_of(const cJSON *readings)
{
	const cJSON *reading, *value;
	double sum = 0;

	cJSON_ArrayForEach(reading, readings)
		cJSON_ArrayForEach(value, cJSON_GetObjectItem(reading,
							      "values"))
			sum += value->valuedouble;
	return sum;
}

/* Put the whole log and its sum out as text; false if memory is short. */
static bool report(const cJSON *readings, unsigned int round)
{
	cJSON *root = cJSON_CreateObject();
	cJSON *copy = root ? cJSON_Duplicate(readings, true) : NULL;
	char *text = NULL;

	if (copy && !cJSON_AddItemToObject(root, "log", copy)) {
		cJSON_Delete(copy);
		copy = NULL;
	}
	if (copy && cJSON_AddNumberToObject(root, "sum", sum_of(readings)))
		text = cJSON_Print(root);
	if (text)
		printf("round %u: %u bytes\n", round,
		       (unsigned int)strlen(text));
	cJSON_free(text);
	cJSON_Delete(root);
	return text != NULL;
}

static int run(size_t size)
{
	cJSON *readings = cJSON_CreateArray();
	unsigned int round;

	for (round = 1; readings && round <= ROUNDS; round++) {
		if (!keep(readings, round))
			break;
		if (round % REPORT == 0 && !report(readings, round))
			break;
	}
	cJSON_Delete(readings);
	if (readings && round > ROUNDS)
		return EXIT_SUCCESS;
	fprintf(stderr, "cjson: out of memory in a heap of %lu bytes\n",
		(unsigned long)size);
	return EXIT_FAILURE;
}

int main(void)
{
	cJSON_Hooks hooks = { json_malloc, json_free };
	size_t room, size;
	void *base = slate_port_region(&room);
	char *word;

	console_init();
	strtok(console_command_line(), " ");
	word = strtok(NULL, " ");
	size = word ? strtoul(word, NULL, 0) : 0;
	if (!size || size > room) {
		fprintf(stderr, "usage: cjson BYTES [RECORDING], with at most "
			"%lu bytes\n", (unsigned long)room);
		return EXIT_FAILURE;
	}
	heap = slate_heap_create(base, size);
	if (!heap) {
		fprintf(stderr, "cjson: no heap in %lu bytes\n",
			(unsigned long)size);
		return EXIT_FAILURE;
	}
	word = strtok(NULL, " ");
	if (word && recording_begin(heap, word, "cjson"))
		return EXIT_FAILURE;
	cJSON_InitHooks(&hooks);
	return run(size);
}
