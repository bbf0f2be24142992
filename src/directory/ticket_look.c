/* What there is without asking a KDC: a cache's own ticket-granting ticket says whose it is and how
 * long it lasts. */
#include "src/base/mem.h"
#include "src/directory/ticket_parts.h"

#include <stdlib.h>
#include <string.h>

static bool grants_tickets(const krb5_creds *creds)
{
    const krb5_data *service = creds->server->data;
    return creds->server->length > 0 && service->length == strlen("krbtgt") &&
           memcmp(service->data, "krbtgt", service->length) == 0;
}

/* A ticket to one service alone would do as well, where nothing else is there. */
static time_t find_end(krb5_context context, krb5_ccache cache)
{
    krb5_cc_cursor cursor;
    krb5_creds creds;
    time_t end = 0;
    bool granting = false;
    if (krb5_cc_start_seq_get(context, cache, &cursor) != 0)
        return 0;
    while (krb5_cc_next_cred(context, cache, &cursor, &creds) == 0) {
        time_t one = (time_t)(uint32_t)creds.times.endtime; /* good until 2106 */
        bool grants = grants_tickets(&creds);
        if (!krb5_is_config_principal(context, creds.server) && grants >= granting &&
            (one > end || grants > granting)) {
            end = one;
            granting = grants;
        }
        krb5_free_cred_contents(context, &creds);
    }
    (void)krb5_cc_end_seq_get(context, cache, &cursor);
    return end;
}

static void look_at_cache(krb5_context context, struct ticket_look *look)
{
    krb5_ccache cache = NULL;
    krb5_principal client = NULL;
    char *name = NULL;
    if (krb5_cc_default(context, &cache) != 0)
        return;
    if (krb5_cc_get_principal(context, cache, &client) == 0 &&
        krb5_unparse_name(context, client, &name) == 0) {
        look->client = mem_text(name);
        look->until = find_end(context, cache);
        krb5_free_unparsed_name(context, name);
    }
    krb5_free_principal(context, client);
    krb5_cc_close(context, cache);
}

void ticket_look(struct ticket_look *look)
{
    krb5_context context;
    char *realm = NULL;
    *look = (struct ticket_look){NULL, 0, NULL};
    if (krb5_init_context(&context) != 0)
        return;
    look_at_cache(context, look);
    if (krb5_get_default_realm(context, &realm) == 0) {
        look->realm = mem_text(realm);
        krb5_free_default_realm(context, realm);
    }
    krb5_free_context(context);
}

void ticket_look_release(struct ticket_look *look)
{
    free(look->client);
    free(look->realm);
    *look = (struct ticket_look){NULL, 0, NULL};
}

bool ticket_look_is_valid(const struct ticket_look *look, time_t now)
{
    return look->client && look->until > now;
}
