/* libkrb5 and its GSSAPI extensions, for ticket*.c and dns.c alone. */
#ifndef DCMEND_TICKET_KRB5_H
#define DCMEND_TICKET_KRB5_H

#include <gssapi/gssapi_krb5.h>
#include <krb5.h>

#endif
