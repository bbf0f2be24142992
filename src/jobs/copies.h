/* The forest's copies: S.serverReference as other DCs hold it, read from all of them at the same
 * time, with a Kerberos ticket only (a password goes to one DC). On the way each DC is asked what
 * it knows of the DSAs that the accounts' SPNs name (B7) and of the accounts of its own domain
 * (B14), and N's own machine who it is (E3).
 * prepare -> run -> merge, so that a screen can be judged and shown before the answers come. */
#ifndef DCMEND_COPIES_H
#define DCMEND_COPIES_H

#include "src/base/cancel.h"
#include "src/directory/session.h"
#include "src/model/facts.h"

/* An account, and what a DC of its domain knows of it. */
struct copy_account {
    struct guid guid;
    char *dn, *domain;
    enum word word;
    struct guid bearer;
};

/* One DC: how it is asked, and what it said. */
struct copy_asked {
    char *host;
    struct guid dsa; /* who should answer there; null: not known */
    bool is_picked;  /* --source */
    bool may_ask;    /* signin is valid */
    struct signin signin;

    bool answered; /* it was reached and told who it is: the next four are valid */
    struct guid runs_as;
    char *account; /* ldapServiceName: "<forest>:<sam>$@<REALM>"; NULL */
    bool proven, read_only;
    enum copy_state state;
    struct dn_link value;
    char *why;
    struct facts_named_dsa *named; /* the DSAs it was asked for; NOT_ASKED: no answer */
    size_t named_count;
    struct copy_account *accounts;
    size_t account_count;
};

struct copies {
    struct guid server; /* S */
    struct guid dsa;    /* N */
    struct copy_asked *dcs;
    size_t count;
    int each_ms;
};

/* From facts that gather() filled; touches no network. source: one more DC by its name, or NULL.
 * After a simple bind no DC may be asked: each says why. Release with copies_release(). */
void copies_prepare(const struct session *session, const struct facts *facts, const char *source,
                    struct copies *out);
void copies_release(struct copies *copies);

/* Blocks (DNS, Kerberos, network): a worker's call. 8 at a time, 5 s each: 10 s for 16. A DC whose
 * name or ticket takes longer is left behind with its thread. progress may be NULL. */
void copies_run(struct copies *copies, struct cancel *cancel,
                void (*progress)(void *context, size_t done, size_t total), void *context);

/* The answers among the facts: copies, their words on the accounts, the live proof of each account,
 * DSAs that live elsewhere. Accounts that a copy names but the facts do not hold yet:
 * inspect_follow(). */
void copies_merge(const struct copies *copies, struct facts *facts);

#endif
