/* A password becomes a ticket: one exchange with one KDC of the user's realm. AD's KDC says more in
 * the error's e-data than in its code: the NTSTATUS that tells a locked account from a disabled one
 * (KERB-ERROR-DATA, or PA-DATA type 3, both with the status as 4 little-endian bytes). */
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/ticket_parts.h"
#include "src/model/host.h"

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

static krb5_error_code run_attempt(struct ticket *ticket, krb5_init_creds_context attempt,
                                   const struct secret *password, krb5_creds *creds,
                                   unsigned *status)
{
    krb5_error_code code =
        krb5_init_creds_set_password(ticket->context, attempt, secret_bytes(password));
    if (!code)
        code = krb5_init_creds_get(ticket->context, attempt);
    if (code)
        *status = find_status(ticket->context, attempt);
    return code ? code : krb5_init_creds_get_creds(ticket->context, attempt, creds);
}

/* canonicalize: the KDC says whom the name means. */
static krb5_error_code attempt_sign_in(struct ticket *ticket, krb5_principal user,
                                       bool canonicalize, const struct secret *password,
                                       krb5_creds *creds, unsigned *status)
{
    krb5_init_creds_context attempt = NULL;
    krb5_get_init_creds_opt *options = NULL;
    krb5_error_code code = krb5_get_init_creds_opt_alloc(ticket->context, &options);
    if (code)
        return code;
    krb5_get_init_creds_opt_set_canonicalize(options, canonicalize);
    code = krb5_init_creds_init(ticket->context, user, NULL, NULL, 0, options, &attempt);
    if (!code)
        code = run_attempt(ticket, attempt, password, creds, status);
    if (attempt)
        krb5_init_creds_free(ticket->context, attempt);
    krb5_get_init_creds_opt_free(ticket->context, options);
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
    char *at = strrchr(ticket->client, '@'), *realm = at ? str_upper(at) : NULL;
    if (realm)
        memcpy(at, realm, strlen(realm) + 1);
    free(realm);
    krb5_error_code code = krb5_parse_name(ticket->context, ticket->client, principal);
    if (!code)
        ticket_note_client(ticket, *principal);
    return code;
}

static krb5_error_code sign_in(struct ticket *ticket, krb5_principal user, bool canonicalize,
                               const struct secret *password, unsigned *status)
{
    krb5_creds creds = {.magic = 0};
    krb5_error_code code = attempt_sign_in(ticket, user, canonicalize, password, &creds, status);
    if (!code)
        ticket_note_client(ticket, creds.client);
    if (!code)
        code = keep(ticket, &creds);
    krb5_free_cred_contents(ticket->context, &creds);
    return code;
}

/* ---- a name whose suffix is no realm ---- */

/* "kayla@company.com" may be a logon name with a suffix of the company's own, often the mail
 * address: the DC's KDC knows whom it means (MS-KILE 3.3.5.6.1). Only where the suffix has no KDC,
 * or is another realm whose KDC does not know the name: the password has gone nowhere yet, for it
 * is used only once a KDC has told how. */
static krb5_error_code by_logon_name(struct ticket *ticket, const char *user,
                                     const struct secret *password, unsigned *status,
                                     krb5_error_code before)
{
    krb5_principal principal = NULL;
    char *domain = host_domain(ticket->host), *realm = domain ? str_upper(domain) : NULL;
    char *name = realm && strchr(user, '@') ? str_format("%s@%s", user, realm) : NULL;
    krb5_error_code code = before;
    if (name && krb5_parse_name_flags(ticket->context, name, KRB5_PRINCIPAL_PARSE_ENTERPRISE,
                                      &principal) == 0) {
        mem_set(&ticket->client, user);
        code = sign_in(ticket, principal, true, password, status);
        krb5_free_principal(ticket->context, principal);
    }
    free(name);
    free(realm);
    free(domain);
    return code;
}

/* The suffix is no realm, or not this user's. */
static bool is_no_realm_of_theirs(const struct ticket *ticket, krb5_error_code code)
{
    const char *at = strrchr(ticket->client, '@');
    char *own = host_domain(ticket->host);
    bool other = at && own && !str_same_case(at + 1, own);
    free(own);
    return code == KRB5_REALM_UNKNOWN || code == KRB5_REALM_CANT_RESOLVE ||
           (code == KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN && other);
}

krb5_error_code ticket_from_password(struct ticket *ticket, const char *user,
                                     const struct secret *password, unsigned *status)
{
    krb5_principal principal = NULL;
    krb5_error_code code = parse_user(ticket, user, &principal);
    if (code)
        return code;
    code = sign_in(ticket, principal, false, password, status);
    krb5_free_principal(ticket->context, principal);
    return is_no_realm_of_theirs(ticket, code) ? by_logon_name(ticket, user, password, status, code)
                                               : code;
}
