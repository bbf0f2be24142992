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
};

void ticket_note_client(struct ticket *ticket, krb5_principal principal);

/* Fills ticket->cache, a new one in memory. *status: the NTSTATUS beside a refusal, or 0. */
krb5_error_code ticket_from_password(struct ticket *ticket, const char *user,
                                     const struct secret *password, unsigned *status);

#endif
