/* When the GUID is no DSA's: what is it instead? The wrong GUID of the right domain controller (its
 * server object, its account, its invocation ID) is an easy slip, and the right one can be named.
 */
#include "src/directory/read/reading.h"

#include "src/base/mem.h"

#include <stdlib.h>

static const char *guid_of(const struct entry *entry, char text[GUID_TEXT])
{
    struct guid guid;
    return entry && entry_identity(entry, &guid) ? guid_text(&guid, text) : NULL;
}

static char *server_sentence(const char *name, const char *dsa)
{
    if (!dsa)
        return str_format("This GUID is that of the server object %s, which has no NTDS Settings "
                          "object.",
                          name);
    return str_format("This GUID is that of the server object %s; its NTDS Settings object has the "
                      "GUID %s.",
                      name, dsa);
}

static char *account_sentence(const struct entry *entry, const char *name)
{
    struct strs spns = {NULL, 0};
    struct guid guid;
    bool known = false;
    char text[GUID_TEXT], *sentence;
    entry_texts(entry, "servicePrincipalName", &spns);
    for (size_t i = 0; i < spns.count && !known; i++)
        known = spn_drs_guid(spns.items[i], &guid);
    if (known)
        sentence = str_format("This GUID is that of the computer account %s; its own names say "
                              "that its DSA has the GUID %s.",
                              name, guid_text(&guid, text));
    else
        sentence = str_format("This GUID is that of the computer account %s, not of a DSA.", name);
    strs_release(&spns);
    return sentence;
}

static char *sentence_for(const struct entry *entry, const struct entry *child)
{
    char *name = dn_rdn_value(entry->name.dn), *sentence, text[GUID_TEXT];
    if (entry_is_class(entry, "server"))
        sentence = server_sentence(name ? name : entry->name.dn, guid_of(child, text));
    else if (entry_is_class(entry, "computer"))
        sentence = account_sentence(entry, name ? name : entry->name.dn);
    else
        sentence = str_format("This GUID is that of %s, which is no NTDS Settings object.",
                              entry->name.dn);
    free(name);
    return sentence;
}

static char *invocation_sentence(const struct entry *entry)
{
    char *server = dn_parent(entry->name.dn), *name = server ? dn_rdn_value(server) : NULL;
    char text[GUID_TEXT];
    const char *guid = guid_of(entry, text);
    char *sentence = str_format("This GUID is the invocation ID of %s; its NTDS Settings object "
                                "has the GUID %s.",
                                name ? name : entry->name.dn, guid ? guid : "(not readable)");
    free(server);
    free(name);
    return sentence;
}

void facts_not_a_dsa(struct reading *r, struct facts *facts)
{
    const struct guid *guid = &facts->asked;
    const struct entry *object =
        answer_entry(answer_to(r, (struct question){.ask = ASK_OBJECT, .guid = guid}));
    const struct entry *holder =
        answer_entry(answer_to(r, (struct question){.ask = ASK_INVOCATION, .guid = guid}));
    const struct entry *child = known_child(r, guid, NULL);
    if (object)
        facts->asked_is = sentence_for(object, child);
    else if (holder)
        facts->asked_is = invocation_sentence(holder);
}
