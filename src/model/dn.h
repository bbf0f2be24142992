/* Distinguished names as text (RFC 4514), and the extended form of AD's control
 * 1.2.840.113556.1.4.529. A DN text is for people and for search bases: objects are compared by
 * their GUID, never by these functions alone. All returned texts are owned by the caller. */
#ifndef DCMEND_DN_H
#define DCMEND_DN_H

#include "src/model/guid.h"

#include <stdbool.h>

char *dn_parent(const char *dn);    /* NULL when there is none or the text is no DN */
char *dn_rdn_value(const char *dn); /* first RDN's value, unescaped (may hold a newline) */
char *dn_ancestor(const char *dn, int levels); /* dn_parent() so many times; 0 is a copy */
char *dn_site(const char *server_dn); /* of a server object: its site's name; NULL: too short */
bool dn_is_valid(const char *dn);     /* parses, and is not empty */
bool dn_equal(const char *a, const char *b); /* case and spacing ignored, escapes normalised */
bool dn_is_under(const char *dn, const char *base); /* below base, or base itself */
char *dn_child(const char *attribute, const char *value, const char *parent); /* value: as it is */
char *dn_to_dns(const char *dn);    /* "DC=a,DC=com" at the end -> "a.com"; NULL when none */
char *dn_from_dns(const char *dns); /* "a.com" -> "DC=a,DC=com" */

/* Values carry the marks of a deleted or conflicting object: "\nDEL:" and "\nCNF:" in the raw
 * value, "\0ADEL:" in the DN. Looks at the first RDN only. */
enum dn_mark { DN_PLAIN, DN_DELETED, DN_CONFLICT };
enum dn_mark dn_first_mark(const char *dn);
/* The RDN value before the mark ("DC5" for "DC5\nDEL:..."); raw is what dn_rdn_value() gave. */
char *dn_unmarked(const char *raw);
char *dn_plain_rdn(const char *dn); /* both: the first RDN's value, no mark; NULL for NULL */

/* What a link value or an entry's DN means with the extended DN control. */
struct dn_link {
    struct guid guid;
    bool has_guid;
    char *sid; /* "S-1-5-..." or NULL */
    char *dn;
};
/* "<GUID=dashed>;<SID=S-1-..>;DN"; a plain DN gives has_guid false. False: no DN in it. */
bool dn_parse_extended(const char *text, struct dn_link *out);
void dn_link_release(struct dn_link *link);
/* For people: the DN. Where the other one (may be NULL) is another object of the same name, which
 * of the two it is: "CN=DC5,... (GUID 3dab7f9b)". Owned by the caller; NULL where it has no DN. */
char *dn_link_told(const struct dn_link *link, const struct dn_link *beside);
void dn_link_copy(struct dn_link *to, const struct dn_link *from);

#endif
