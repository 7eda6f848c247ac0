# SPDX-License-Identifier: MIT
# make clients: the smallest heaps of programs from Debian's sources, with each
# C library's own allocator and with slate; clients-page writes docs/libc.md.

.PHONY: clients clients-page clients-sources

clients-dir := out/clients

clients clients-page: clients-sources
	@$(bench-python) bench/clients.py $(if $(filter %-page,$@),--write)

clients-sources:
	@scripts/need.sh python3:python3 $(need-arm) $(need-libc)
	@[ -f $(clients-dir)/cjson/cJSON.c ] || \
		scripts/debian-source.sh cjson $(clients-dir)/cjson
	@[ -f $(clients-dir)/mbedtls/library/x509_crt.c ] || \
		scripts/debian-source.sh mbedtls $(clients-dir)/mbedtls
