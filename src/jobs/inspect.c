/* gather() does the reading; this adds what needs the subject or DNS. */
#include "src/jobs/inspect.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/directory/dns.h"
#include "src/directory/gather.h"
#include "src/remedy/intake.h"

#include <stdlib.h>

/* B13: which GUIDs of the text may be written. */
static bool in_conflict(const struct subject *subject, size_t which, bool picked)
{
    if (!subject->conflict || !picked)
        return subject->conflict;
    bool proven = false;
    for (size_t i = 0; i < subject->count; i++)
        proven = proven || !subject->dsas[i].hypothesis;
    return subject->dsas[which].hypothesis && proven;
}

static void read_dns(struct facts *facts)
{
    char guid[GUID_TEXT];
    if (!facts->server.forest || facts->dsa.part != PART_PRESENT)
        return;
    char *name = str_format("%s._msdcs.%s", guid_text(&facts->dsa.guid, guid), facts->server.forest);
    struct dns_cname cname;
    dns_cname(name, &cname);
    facts->dns = cname.state == CNAME_FOUND     ? DNS_FOUND
                 : cname.state == CNAME_MISSING ? DNS_MISSING
                                                : DNS_FAILED;
    mem_set(&facts->dns_target, cname.target);
    dns_cname_release(&cname);
    free(name);
}

struct err *inspect(struct session *session, const struct subject *subject, size_t which,
                    bool picked, struct facts *facts)
{
    struct err *err = gather(session, subject, which, facts);
    if (err)
        return err;
    facts->conflict = in_conflict(subject, which, picked);
    mem_set(&facts->destination, subject->destination);
    facts->other_dc_read = subject->destination &&
                           !intake_same_host(subject->destination, facts->server.host) &&
                           !intake_same_host(subject->destination, facts->server.dns_host);
    read_dns(facts);
    return NULL;
}
