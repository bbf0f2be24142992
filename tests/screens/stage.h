/* The whole program on a test's terminal, but for the network: the wizard, its screens and the
 * frame around them. Effects are counted, not carried out; the test answers them with made-up
 * facts. */
#ifndef DCMEND_TESTS_STAGE_H
#define DCMEND_TESTS_STAGE_H

#include "tests/screens/harness.h"
#include "tests/unit/facts_builder.h"
#include "ui/app_parts.h"

#define STAGE_DC "londc01.contoso.com"

struct stage {
    struct harness *h;
    struct app app;
    struct options options;
    unsigned effects[EFFECT_QUIT + 1]; /* how often each was wished for */
    enum wizard_effect last;
};

/* Whose Kerberos ticket is at hand on the next stages, and for how many seconds; NULL: nobody's. It
 * is kayla's until then. */
void stage_ticket(const char *client, long seconds);
/* DNS answers Connect: these are the DCs of the domain (NULL: of this machine's own); none: it is
 * no domain. */
void stage_found(struct stage *stage, const char *domain, const char *const *hosts, size_t count);
struct stage *stage_open(int rows, int cols, bool read_only);
struct stage *stage_open_with(const struct term_options *options, int rows, int cols,
                              bool read_only);
void stage_close(struct stage *stage);
void stage_show(struct stage *stage);                  /* one frame reaches the screen */
bool stage_has(struct stage *stage, const char *text); /* somewhere on one line */
const char *stage_footer(struct stage *stage);         /* the last line, without its margin */
void stage_resize(struct stage *stage, int rows, int cols);

/* The sizes that every screen is looked at. */
struct stage_size {
    int rows, cols;
};
enum { STAGE_SIZES = 3 };
extern const struct stage_size stage_sizes[STAGE_SIZES];

/* A fixture: a plain locale, a home and a state folder of the test's own, which becomes the current
 * one. stage_leave_home() removes it. */
void stage_enter_home(void);
void stage_leave_home(void);

/* Events; each is followed by a frame. */
void stage_key(struct stage *stage, enum term_key key);
void stage_char(struct stage *stage, uint32_t rune);
void stage_type(struct stage *stage, const char *text);
void stage_type_by_hand(struct stage *stage, const char *text); /* with time between the keys */
void stage_paste(struct stage *stage, const char *text);

/* Long enough for the next key not to be part of a burst (a paste that comes as keys). */
void stage_pause(void);
/* As the terminal sends them, through all that tells keys from pastes; taken, then shown. */
void stage_bytes(struct stage *stage, const char *bytes, size_t len);
/* Time in which no key comes. */
void stage_stall(struct stage *stage, int ms);

/* Answers to what the wizard waits for. */
void stage_connected(struct stage *stage);
void stage_subject(struct stage *stage, const char *destination, size_t dsas);
void stage_facts(struct stage *stage, void (*make)(struct facts *));
void stage_failed(struct stage *stage, const char *text);
void stage_report(struct stage *stage, enum apply_state state);

/* The DSA and its server are called so: what the facts say of them, SPNs included. */
void stage_rename(struct facts *facts, const struct guid *dsa, const char *name);

/* From nothing to a step, the way an operator goes, ending with a frame. */
void stage_go(struct stage *stage, enum wizard_step step, void (*make)(struct facts *));

/* Browse over the present step, with a forest of so many sites and servers: every tenth server has
 * no serverReference, one is hostile. Server number n has the GUID build_guid(20000 + n), its DSA
 * 40000 + n. */
void stage_browse(struct stage *stage, size_t sites, size_t servers);
/* Browse's forest is judged: server n healthy, of every tenth (1, 11, ...) the link is missing,
 * server 5 names the wrong account, and from server 6 replication fails. */
void stage_verdicts(struct stage *stage, size_t servers);
/* The object that Browse asked for comes. */
void stage_object(struct stage *stage, const char *name);

/* Facts for the most frequent verdicts. */
void stage_missing(struct facts *facts);
void stage_medium(struct facts *facts);
void stage_ambiguous(struct facts *facts);
void stage_wrong(struct facts *facts);
void stage_dangling(struct facts *facts);
void stage_deleted(struct facts *facts);
void stage_unknown(struct facts *facts);
void stage_no_computer(struct facts *facts);
/* Long names, and others with escape sequences, direction marks and 100 kB of text. */
void stage_long(struct facts *facts);
void stage_hostile(struct facts *facts);

#endif
