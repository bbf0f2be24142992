/* A password becomes a ticket: one exchange with one KDC of the user's realm. AD's KDC says more in
 * the error's e-data than in its code: the NTSTATUS that tells a locked account from a disabled one
 * (KERB-ERROR-DATA, or PA-DATA type 3, both with the status as 4 little-endian bytes). */
#include "src/base/mem.h"
#include "src/directory/ticket_parts.h"

#include <stdlib.h>
#include <string.h>

static const unsigned statuses[] = {
    0xC0000234, /* ACCOUNT_LOCKED_OUT */
    0xC0000072, /* ACCOUNT_DISABLED */
    0xC0000193, /* ACCOUNT_EXPIRED */
    0xC0000071, /* PASSWORD_EXPIRED */
    0xC0000224, /* PASSWORD_MUST_CHANGE */
    0xC000006F, /* INVALID_LOGON_HOURS */
    0xC0000070, /* INVALID_WORKSTATION */
    0xC000006E, /* ACCOUNT_RESTRICTION */
    0xC00002FA, /* SMARTCARD_LOGON_REQUIRED */
    0xC0000413, /* AUTHENTICATION_FIREWALL_FAILED */
};

static unsigned known_status(const unsigned char *bytes)
{
    unsigned status = (unsigned)bytes[0] | (unsigned)bytes[1] << 8 | (unsigned)bytes[2] << 16 |
                      (unsigned)bytes[3] << 24;
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (status == statuses[i])
            return status;
    return 0;
}

static unsigned find_status(krb5_context context, krb5_init_creds_context attempt)
{
    krb5_error *error = NULL;
    unsigned status = 0;
    if (krb5_init_creds_get_error(context, attempt, &error) != 0 || !error)
        return 0;
    const unsigned char *bytes = (const unsigned char *)error->e_data.data;
    for (size_t i = 0; bytes && i + 4 <= error->e_data.length && !status; i++)
        status = known_status(bytes + i);
    krb5_free_error(context, error);
    return status;
}

static krb5_error_code attempt_sign_in(struct ticket *ticket, krb5_principal user,
                                       const struct secret *password, krb5_creds *creds,
                                       unsigned *status)
{
    krb5_init_creds_context attempt = NULL;
    krb5_error_code code =
        krb5_init_creds_init(ticket->context, user, NULL, NULL, 0, NULL, &attempt);
    if (!code)
        code = krb5_init_creds_set_password(ticket->context, attempt, secret_bytes(password));
    if (!code)
        code = krb5_init_creds_get(ticket->context, attempt);
    if (code && attempt)
        *status = find_status(ticket->context, attempt);
    if (!code)
        code = krb5_init_creds_get_creds(ticket->context, attempt, creds);
    if (attempt)
        krb5_init_creds_free(ticket->context, attempt);
    return code;
}

static krb5_error_code keep(struct ticket *ticket, krb5_creds *creds)
{
    krb5_error_code code = krb5_cc_new_unique(ticket->context, "MEMORY", NULL, &ticket->cache);
    if (code)
        return code;
    ticket->in_memory = true;
    code = krb5_cc_initialize(ticket->context, ticket->cache, creds->client);
    return code ? code : krb5_cc_store_cred(ticket->context, ticket->cache, creds);
}

/* "kayla" or "kayla@contoso.com": AD's realms are in capitals whatever was typed. */
static krb5_error_code parse_user(struct ticket *ticket, const char *user,
                                  krb5_principal *principal)
{
    mem_set(&ticket->client, user);
    if (strpbrk(user, "\\/"))
        return KRB5_PARSE_MALFORMED;
    char *realm = strrchr(ticket->client, '@');
    for (; realm && *realm; realm++)
        if (*realm >= 'a' && *realm <= 'z')
            *realm = (char)(*realm - 'a' + 'A');
    krb5_error_code code = krb5_parse_name(ticket->context, ticket->client, principal);
    if (!code)
        ticket_note_client(ticket, *principal);
    return code;
}

krb5_error_code ticket_from_password(struct ticket *ticket, const char *user,
                                     const struct secret *password, unsigned *status)
{
    krb5_principal principal = NULL;
    krb5_creds creds = {.magic = 0};
    krb5_error_code code = parse_user(ticket, user, &principal);
    if (code)
        return code;
    code = attempt_sign_in(ticket, principal, password, &creds, status);
    if (!code)
        code = keep(ticket, &creds);
    krb5_free_cred_contents(ticket->context, &creds);
    krb5_free_principal(ticket->context, principal);
    return code;
}
