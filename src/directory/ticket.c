/* Which cache GSSAPI would take is asked from libkrb5 (krb5_cc_select), then named to it, so that
 * the ticket that was looked at is the one that is used. A password is tried with the stepwise
 * krb5_init_creds calls: krb5_get_init_creds_password() would try a failed one again on the primary
 * KDC, which counts twice towards the lockout. */
#include "src/directory/ticket.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/session_parts.h" /* signin_is_named() */
#include "src/directory/ticket_parts.h"

#include <gssapi/gssapi.h> /* GSS_S_COMPLETE, OM_uint32 */
#include <stdlib.h>
#include <string.h>

static struct err *explain(struct ticket *ticket, long code, bool password, unsigned status)
{
    const char *said = krb5_get_error_message(ticket->context, (krb5_error_code)code);
    struct ticket_failure failure = {.code = code,
                                     .status = status,
                                     .password = password,
                                     .client = ticket->client,
                                     .host = ticket->host,
                                     .said = said};
    struct err *err = ticket_explain(&failure);
    krb5_free_error_message(ticket->context, said);
    return err;
}

void ticket_note_client(struct ticket *ticket, krb5_principal principal)
{
    char *name = NULL;
    if (krb5_unparse_name(ticket->context, principal, &name) == 0) {
        mem_set(&ticket->client, name);
        krb5_free_unparsed_name(ticket->context, name);
    }
}

static void note_ccache(struct ticket *ticket)
{
    char *name = NULL;
    if (krb5_cc_get_full_name(ticket->context, ticket->cache, &name) == 0) {
        mem_set(&ticket->ccache, name);
        krb5_free_string(ticket->context, name);
    }
}

/* The cache in a collection that suits the server, as GSSAPI picks it; else the default one. */
static krb5_error_code select_cache(struct ticket *ticket, krb5_principal server)
{
    krb5_principal suited = NULL;
    if (krb5_cc_select(ticket->context, server, &ticket->cache, &suited) == 0 && ticket->cache) {
        krb5_free_principal(ticket->context, suited);
        return 0;
    }
    krb5_free_principal(ticket->context, suited);
    return krb5_cc_default(ticket->context, &ticket->cache);
}

static krb5_error_code open_cache(struct ticket *ticket, const struct signin *signin,
                                  krb5_principal server)
{
    krb5_error_code code = signin->ccache
                               ? krb5_cc_resolve(ticket->context, signin->ccache, &ticket->cache)
                               : select_cache(ticket, server);
    if (!code)
        note_ccache(ticket);
    return code;
}

static krb5_error_code fetch_ticket(struct ticket *ticket, krb5_principal server)
{
    krb5_creds wanted = {.server = server}, *got = NULL;
    krb5_error_code code = krb5_cc_get_principal(ticket->context, ticket->cache, &wanted.client);
    if (code)
        return code;
    ticket_note_client(ticket, wanted.client);
    code = krb5_get_credentials(ticket->context, 0, ticket->cache, &wanted, &got);
    if (!code && !ticket_note_service(ticket, got))
        code = KRB5_KDCREP_MODIFIED;
    if (got)
        krb5_free_creds(ticket->context, got);
    krb5_free_principal(ticket->context, wanted.client);
    return code;
}

/* Without a final dot, and in the DC's domain where it is a first label alone. */
static char *full_name(const char *host, const char *domain)
{
    size_t len = strlen(host);
    char *bare = mem_textn(host, len > 1 && host[len - 1] == '.' ? len - 1 : len);
    char *full = strchr(bare, '.') ? mem_text(bare) : str_format("%s.%s", bare, domain);
    free(bare);
    return full;
}

/* A computer may give itself "ldap/HOST", and anybody may make computers; "ldap/HOST/DOMAIN" is a
 * domain controller's alone (MS-ADTS 3.1.1.5.3.1.1.4), and the KDC says whether it exists. */
static krb5_error_code fetch_proof(struct ticket *ticket)
{
    krb5_creds wanted = {.client = NULL}, *got = NULL;
    char *domain = str_lower(ticket->realm), *host = full_name(ticket->host, domain);
    krb5_error_code code =
        krb5_build_principal(ticket->context, &wanted.server, (unsigned)strlen(ticket->realm),
                             ticket->realm, "ldap", host, domain, NULL);
    if (!code)
        code = krb5_cc_get_principal(ticket->context, ticket->cache, &wanted.client);
    if (!code)
        code = krb5_get_credentials(ticket->context, 0, ticket->cache, &wanted, &got);
    if (got)
        krb5_free_creds(ticket->context, got);
    krb5_free_principal(ticket->context, wanted.client);
    krb5_free_principal(ticket->context, wanted.server);
    free(host);
    free(domain);
    return code;
}

static struct err *no_dc(const struct ticket *ticket)
{
    return err_next(err_new(ERR_CREDENTIALS, ERR_NOT_AD,
                            "Kerberos knows %s, but not as a domain controller of %s.",
                            ticket->host, ticket->realm),
                    "Its name comes from DNS or from a text and may be forged. Name a domain "
                    "controller that you know.");
}

static struct err *prove_dc(struct ticket *ticket)
{
    krb5_error_code code = fetch_proof(ticket);
    return code == KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN ? no_dc(ticket)
           : code                                  ? explain(ticket, code, false, 0)
                                                   : NULL;
}

static struct err *open_with(struct ticket *ticket, const struct signin *signin,
                             krb5_principal server)
{
    unsigned status = 0;
    bool password = signin->password != NULL;
    krb5_error_code code =
        password ? ticket_from_password(ticket, signin->user, signin->password, &status)
                 : open_cache(ticket, signin, server);
    if (code)
        return explain(ticket, code, password, status);
    if (password)
        note_ccache(ticket);
    code = fetch_ticket(ticket, server);
    if (code)
        return explain(ticket, code, false, 0);
    return signin_is_named(signin) ? NULL : prove_dc(ticket);
}

struct err *ticket_open(const struct signin *signin, struct ticket **out)
{
    struct ticket *ticket = mem_zero(1, sizeof *ticket);
    krb5_principal server = NULL;
    ticket->host = mem_text(signin->host);
    *out = NULL;
    krb5_error_code code = krb5_init_context(&ticket->context);
    if (!code)
        code = krb5_sname_to_principal(ticket->context, signin->host, "ldap", KRB5_NT_SRV_HST,
                                       &server);
    if (!code && !(ticket_is_for(server, signin->host) && ticket_gssapi_asks_for(signin->host)))
        code = KRB5_KDCREP_MODIFIED;
    struct err *err = code ? explain(ticket, code, false, 0) : open_with(ticket, signin, server);
    if (server)
        krb5_free_principal(ticket->context, server);
    if (err)
        ticket_free(ticket);
    else
        *out = ticket;
    return err;
}

void ticket_free(struct ticket *ticket)
{
    if (!ticket)
        return;
    if (ticket->cache && ticket->in_memory)
        krb5_cc_destroy(ticket->context, ticket->cache);
    else if (ticket->cache)
        krb5_cc_close(ticket->context, ticket->cache);
    if (ticket->context)
        krb5_free_context(ticket->context);
    free(ticket->host);
    free(ticket->client);
    free(ticket->ccache);
    free(ticket->realm);
    free(ticket);
}

const char *ticket_client(const struct ticket *ticket)
{
    return ticket->client;
}

const char *ticket_ccache(const struct ticket *ticket)
{
    return ticket->ccache;
}

struct err *ticket_use(const struct ticket *ticket)
{
    OM_uint32 minor;
    if (gss_krb5_ccache_name(&minor, ticket->ccache, NULL) != GSS_S_COMPLETE)
        return err_new(ERR_INTERNAL, ERR_OTHER, "GSSAPI refuses the ticket cache %s.",
                       ticket->ccache);
    return NULL;
}

void ticket_unuse(void)
{
    OM_uint32 minor;
    (void)gss_krb5_ccache_name(&minor, NULL, NULL);
}
