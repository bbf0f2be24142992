/* The Kerberos ticket for one DC, looked at before the bind: libkrb5 tells by numbers what SASL
 * tells, if at all, in a localised text. */
#ifndef DCMEND_TICKET_H
#define DCMEND_TICKET_H

#include "src/base/err.h"
#include "src/directory/session.h"

#include <stdbool.h>
#include <time.h>

struct ticket;

/* Blocks (DNS, KDCs; up to half a minute whatever is set): a worker's call. Finds the ticket cache
 * (signin->ccache, else KRB5CCNAME and its kin), or with a password gets a ticket-granting ticket
 * into a cache in memory: one request with the password, no retry elsewhere; a name whose suffix
 * has no KDC is a logon name, which the KDC of the DC's realm knows. Then gets the service ticket
 * ldap/HOST, HOST as it was given and never as DNS makes it (ERR_NO_PRINCIPAL), so that the bind
 * itself needs no KDC. Where nobody named that host (signin.named) the KDC must know it as a domain
 * controller, too (ERR_NOT_AD). ERR_NO_TICKET, ERR_TICKET_EXPIRED, ERR_CLOCK_SKEW, ERR_WRONG_REALM,
 * ERR_NO_PRINCIPAL, ERR_NO_KDC, ERR_BAD_PASSWORD, ... */
struct err *ticket_open(const struct signin *signin, struct ticket **out);
void ticket_free(struct ticket *ticket); /* destroys a cache in memory; NULL is fine */

const char *ticket_client(const struct ticket *ticket); /* "kayla@CONTOSO.COM" */
const char *ticket_ccache(const struct ticket *ticket); /* "FILE:/tmp/krb5cc_0" */

/* From here to ticket_unuse() the calling thread's GSSAPI takes this ticket and no other. */
struct err *ticket_use(const struct ticket *ticket);
void ticket_unuse(void);

/* ticket_look.c: blocks on files, or on the service that keeps the tickets. */
struct ticket_look {
    char *client; /* whose ticket is at hand (KRB5CCNAME); NULL: nobody's */
    time_t until; /* when it ends, or has ended; 0: not known */
    char *realm;  /* krb5.conf's default; NULL: none */
};
void ticket_look(struct ticket_look *look);
void ticket_look_release(struct ticket_look *look);
bool ticket_look_is_valid(const struct ticket_look *look, time_t now);

/* ticket_error.c: what a libkrb5 code means. `client` may be NULL; `status` is the NTSTATUS that
 * the KDC added, or 0; `password` tells that a password was being tried. */
struct ticket_failure {
    long code;
    unsigned status;
    bool password;
    const char *client, *host, *said;
};
struct err *ticket_explain(const struct ticket_failure *failure);

#endif
