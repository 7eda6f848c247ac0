// SPDX-License-Identifier: MIT
/*
 * X.509 chains with mbedTLS: its test authorities and a server's certificate,
 * RSA and then elliptic curves, are parsed from PEM and verified. Returns 0 if
 * everything went well, 1 if memory ran out, which mbedTLS also tells as a
 * chain that is not accepted.
 */
#include <mbedtls/certs.h>
#include <mbedtls/x509_crt.h>

#include "client.h"

static int chain(const char *cas, size_t cas_len, const char *cert,
		 size_t cert_len)
{
	mbedtls_x509_crt ca, server;
	uint32_t flags = 0;
	int error;

	mbedtls_x509_crt_init(&ca);
	mbedtls_x509_crt_init(&server);
	error = mbedtls_x509_crt_parse(&ca, (const unsigned char *)cas,
				       cas_len);
	if (!error)
		error = mbedtls_x509_crt_parse(&server,
					       (const unsigned char *)cert,
					       cert_len);
	if (!error)
		error = mbedtls_x509_crt_verify(&server, &ca, NULL, NULL,
						&flags, NULL, NULL);
	mbedtls_x509_crt_free(&server);
	mbedtls_x509_crt_free(&ca);
	return error != 0;
}

int client(void)
{
	int error = chain(mbedtls_test_ca_crt_rsa, mbedtls_test_ca_crt_rsa_len,
			  mbedtls_test_srv_crt_rsa,
			  mbedtls_test_srv_crt_rsa_len);

	if (error)
		return error;
	return chain(mbedtls_test_cas_pem, mbedtls_test_cas_pem_len,
		     mbedtls_test_srv_crt_ec, mbedtls_test_srv_crt_ec_len);
}
