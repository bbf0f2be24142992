/* The inside of a ticket, for ticket.c and ticket_password.c. */
#ifndef DCMEND_TICKET_PARTS_H
#define DCMEND_TICKET_PARTS_H

#include "src/directory/ticket.h"

#include "src/directory/ticket_krb5.h"

struct ticket {
    krb5_context context;
    krb5_ccache cache;
    bool in_memory; /* ours, to be destroyed */
    char *host, *client, *ccache;
    char *realm; /* of the DC: its ticket's */
};

/* ticket_name.c: "ldap/HOST", host as it was given but for its case and a final dot, in any realm.
 */
bool ticket_is_for(krb5_const_principal principal, const char *host);
bool ticket_gssapi_asks_for(const char *host); /* what SASL will ask for, in this process */

/* Notes the DC's realm. False: it is a ticket for somebody else. */
bool ticket_note_service(struct ticket *ticket, const krb5_creds *creds);

void ticket_note_client(struct ticket *ticket, krb5_principal principal);

/* Fills ticket->cache, a new one in memory. *status: the NTSTATUS beside a refusal, or 0. */
krb5_error_code ticket_from_password(struct ticket *ticket, const char *user,
                                     const struct secret *password, unsigned *status);

#endif
