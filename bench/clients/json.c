// SPDX-License-Identifier: MIT
/*
 * A JSON document, edited with cJSON: a device's settings and log are parsed,
 * changed for forty rounds, printed and parsed again. Returns 0 if everything
 * went well, 1 if memory ran out.
 */
#include <cJSON.h>
#include <string.h>

#include "client.h"

#define ROUNDS	40

static const char document[] =
"{\"device\":{\"name\":\"sensor-17\",\"serial\":\"A40F-99-1802\",\"uptime\":8"
"6422,\"firmware\":{\"version\":\"2.4.1\",\"built\":\"2024-03-01\",\"flags\":"
"[\"ota\",\"tls\",\"log\"]}},\"network\":{\"ssid\":\"workshop\",\"dhcp\":true"
",\"dns\":[\"192.168.1.1\",\"9.9.9.9\"],\"proxy\":null},\"limits\":{\"low\":-"
"12.5,\"high\":71.25,\"hysteresis\":0.75,\"enabled\":true},\"channels\":[{\"i"
"d\":0,\"unit\":\"C\",\"gain\":1.0025,\"offset\":-0.125,\"label\":\"inlet\"},"
"{\"id\":1,\"unit\":\"C\",\"gain\":0.9981,\"offset\":0.25,\"label\":\"outlet"
"\"},{\"id\":2,\"unit\":\"bar\",\"gain\":1.5,\"offset\":0,\"label\":\"pressur"
"e\"},{\"id\":3,\"unit\":\"l/min\",\"gain\":12.25,\"offset\":0.5,\"label\":\""
"flow\"}],\"log\":[{\"t\":100,\"level\":\"info\",\"text\":\"started\"},{\"t\""
":160,\"level\":\"warn\",\"text\":\"flow below limit for 10 s\"}],\"users\":["
"{\"name\":\"admin\",\"roles\":[\"read\",\"write\",\"update\"]},{\"name\":\"g"
"uest\",\"roles\":[\"read\"]}]}";

/* One more line of the log; the oldest goes when there are twelve. */
static int add_to_log(cJSON *root, int round)
{
	static const char *const texts[] = {
		"flow back to normal",
		"pressure above limit, valve opened by the controller",
		"user admin changed the limits",
	};
	cJSON *log = cJSON_GetObjectItem(root, "log");
	cJSON *line = cJSON_CreateObject();

	if (!line)
		return 0;
	cJSON_AddItemToArray(log, line);
	if (!cJSON_AddNumberToObject(line, "t", 160 + round * 7.25) ||
	    !cJSON_AddStringToObject(line, "level", round % 3 ? "info" :
				     "warn") ||
	    !cJSON_AddStringToObject(line, "text", texts[round % 3]))
		return 0;
	if (cJSON_GetArraySize(log) > 12)
		cJSON_DeleteItemFromArray(log, 0);
	return 1;
}

/* A channel is copied, changed, and takes the place of another one. */
static int replace_channel(cJSON *root, int round)
{
	cJSON *channels = cJSON_GetObjectItem(root, "channels");
	cJSON *copy = cJSON_Duplicate(cJSON_GetArrayItem(channels, round % 4),
				      1);
	cJSON *gain;

	if (!copy)
		return 0;
	gain = cJSON_CreateNumber(1.0 + round / 64.0);
	if (!gain)
		return 0;
	cJSON_ReplaceItemInObject(copy, "gain", gain);
	return cJSON_ReplaceItemInArray(channels, (round + 1) % 4, copy);
}

/* The text of the document, from which it is made anew. */
static cJSON *print_and_parse(cJSON *root, int round)
{
	char *text = round % 2 ? cJSON_PrintUnformatted(root) :
		     cJSON_Print(root);
	cJSON *again;

	if (!text)
		return NULL;
	cJSON_Delete(root);
	again = cJSON_Parse(text);
	cJSON_free(text);
	return again;
}

int client(void)
{
	cJSON *root = cJSON_Parse(document);
	int round;

	for (round = 0; root && round < ROUNDS; round++) {
		if (!add_to_log(root, round) || !replace_channel(root, round))
			return 1;
		if (round % 4 == 3)
			root = print_and_parse(root, round);
	}
	if (!root || cJSON_GetArraySize(cJSON_GetObjectItem(root, "log")) != 12)
		return 1;
	cJSON_Delete(root);
	return 0;
}
