/* The replication status of a DC over LDAP alone: msDS-Repl* values (MS-ADTS 3.1.1.3.2.28: XML
 * fragments, or DS_REPL_NEIGHBORW_BLOB with ";binary"), and repsFrom / repsTo of the NC heads,
 * which is all that Samba has; msDS-ReplValueMetaData of one object. Decoding is pure; every byte
 * is hostile. */
#ifndef DCMEND_REPLICATION_H
#define DCMEND_REPLICATION_H

#include "src/directory/turn.h"
#include "src/model/facts.h"

/* The searches, into a turn, and what came back. */
struct replication_slots {
    size_t neighbours; /* rootDSE */
    size_t heads, heads_end;
};
void replication_ask(const struct server *here, struct turn *turn, struct replication_slots *slots);
struct replication {
    struct facts_link *links; /* owned */
    size_t count;
    enum part part; /* PRESENT: read (perhaps no links); DENIED: no right; NO_ANSWER */
};
void replication_take(const struct server *here, const struct turn *turn,
                      const struct replication_slots *slots, struct replication *out);
void replication_release(struct replication *replication);

/* One value each. False: it is not that; *out is empty then. */
bool replication_xml(const char *text, size_t len, bool outbound, struct facts_link *out);
bool replication_blob(const void *bytes, size_t len, bool outbound, struct facts_link *out);
bool replication_reps(const void *bytes, size_t len, bool outbound, const char *nc,
                      struct facts_link *out);
void replication_link_release(struct facts_link *link);

/* msDS-ReplValueMetaData of serverReference: who took the last value away, and when. False unless
 * this value's row says that it was removed. *by: owned, may be NULL. */
bool replication_removed(const char *text, size_t len, char **by, time_t *when);

#endif
