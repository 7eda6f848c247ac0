// SPDX-License-Identifier: MIT
/*
 * C++ on the target: new and delete of libstdc++, in all their forms, with
 * slate behind them.
 */
#include <cstdint>
#include <map>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "libc_test.h"

namespace {

struct counted {
	static int alive;
	int value[5];

	counted() { alive++; }
	~counted() { alive--; }
};

int counted::alive;

struct alignas(64) line {
	char bytes[64];
};

struct throwing {
	throwing() { throw 5; }
};

/* A constructor of this file allocates before main(), too. */
std::vector<int> before_main(10, 7);

void global_objects_allocate(struct ktap *t)
{
	ktap_expect(t, before_main.size() == 10 && before_main[9] == 7);
}

void new_and_delete(struct ktap *t)
{
	counted *one = new counted;
	counted *many = new counted[10];

	ktap_expect(t, counted::alive == 11);
	delete one;
	delete[] many;
	ktap_expect(t, counted::alive == 0);
}

void sized_delete(struct ktap *t)
{
	void *ptr = ::operator new(100);

	ktap_expect(t, ptr != nullptr);
	::operator delete(ptr, std::size_t(100));
	ptr = ::operator new[](100);
	::operator delete[](ptr, std::size_t(100));
	ktap_expect(t, faults_seen == 0);
}

void aligned_new(struct ktap *t)
{
	line *one = new line;
	line *many = new line[3];
	void *ptr = ::operator new(10, std::align_val_t(256));

	ktap_expect(t, !(reinterpret_cast<uintptr_t>(one) % 64));
	ktap_expect(t, !(reinterpret_cast<uintptr_t>(many) % 64));
	ktap_expect(t, !(reinterpret_cast<uintptr_t>(ptr) % 256));
	delete one;
	delete[] many;
	::operator delete(ptr, std::size_t(10), std::align_val_t(256));
	ktap_expect(t, faults_seen == 0);
}

void nothrow_new(struct ktap *t)
{
	size_t much = too_much - 100;
	char *ptr = new (std::nothrow) char[much];
	char *few = new (std::nothrow) char[10];

	ktap_expect(t, ptr == nullptr);
	ktap_expect(t, few != nullptr);
	delete[] few;
	ktap_expect(t, !::operator new(much, std::align_val_t(64),
				       std::nothrow));
}

void bad_alloc_is_caught(struct ktap *t)
{
	volatile int caught = 0;

	try {
		char *ptr = new char[too_much - 100];
		ptr[0] = 1;
	} catch (const std::bad_alloc &) {
		caught = 1;
	}
	ktap_expect(t, caught == 1);
	try {
		std::vector<char> grows;
		for (;;)
			grows.resize(grows.size() * 2 + 1000);
	} catch (const std::bad_alloc &) {
		caught = 2;
	}
	ktap_expect(t, caught == 2);
}

void a_throwing_constructor_gives_back(struct ktap *t)
{
	volatile bool caught = false;

	try {
		delete new throwing;
	} catch (int value) {
		caught = value == 5;
	}
	ktap_expect(t, caught);
}

void containers(struct ktap *t)
{
	std::map<std::string, std::vector<std::string>> map;

	for (int i = 0; i < 200; i++)
		map["key " + std::to_string(i % 20)].push_back(
			std::string(static_cast<size_t>(i), 'x'));
	ktap_expect(t, map.size() == 20);
	ktap_expect(t, map["key 7"].size() == 10);
	ktap_expect(t, map["key 7"].back().size() == 187);
	map.erase("key 7");
	auto shared = std::make_shared<std::string>(100, 'y');
	std::weak_ptr<std::string> weak = shared;
	shared.reset();
	ktap_expect(t, weak.expired());
}

const struct ktap_case cases[] = {
	KTAP_CASE(global_objects_allocate),
	KTAP_CASE(new_and_delete),
	KTAP_CASE(sized_delete),
	KTAP_CASE(aligned_new),
	KTAP_CASE(nothrow_new),
	KTAP_CASE(bad_alloc_is_caught),
	KTAP_CASE(a_throwing_constructor_gives_back),
	KTAP_CASE(containers),
};

}

extern "C" {
KTAP_SUITE(cxx, cases);
}
