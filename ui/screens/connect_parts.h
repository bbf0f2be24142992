/* The inside of the Connect screen, for connect*.c alone. */
#ifndef DCMEND_CONNECT_PARTS_H
#define DCMEND_CONNECT_PARTS_H

#include "src/directory/ticket.h"
#include "ui/screens/parts.h"
#include "ui/widgets/field.h"

enum focus { FOCUS_HOST, FOCUS_WAY, FOCUS_USER, FOCUS_PASSWORD, FOCUS_CACERT };

struct connect_way {
    enum auth auth;
    enum transport transport;
    bool password;
    const char *text, *kind; /* as it is remembered */
};
enum { WAYS = 5, BY_TICKET = 0, BY_PASSWORD = 1 };
extern const struct connect_way connect_ways[WAYS];

struct connect {
    struct field host, user, password, cacert;
    struct secret *secret;
    bool typed; /* the host is the operator's word: on the command line, here, or the last time */
    size_t way;
    enum focus focus;
    struct strs hosts; /* found by DNS */
    char *domain;      /* theirs, where it was typed; NULL: this machine's own */
    char *looked_up;   /* the host that DNS was asked about last: is it a domain? */
    bool no_domain;    /* it is none */
    bool choosing;     /* among hosts: the one that is chosen is in sight */
    bool asked;
    bool touched; /* by a key: what is found out later moves neither the focus nor the way */
    bool looked;  /* ticket is known */
    struct ticket_look ticket;
    struct pager page;
};

size_t connect_way_of(const struct signin *signin);
bool connect_wants_password(const struct connect *connect);
bool connect_wants_authority(const struct connect *connect); /* TLS */
/* Without scheme and port; NULL: it is none. Owned by the caller. */
char *connect_host(const struct connect *connect);
/* What the name is called in full; NULL: as it was typed. Owned by the caller. */
char *connect_user(const struct connect *connect);

/* What is typed names a domain, not a DC: its DCs are listed. */
bool connect_is_domain(const struct connect *connect);

/* connect_lead.c: what is found out, and where it leads. */
void connect_enter(struct app *app, void *state);
/* A name that DNS, an event or an undo file gave. */
void connect_offer(struct connect *connect, const char *host);
/* Asks DNS whether what is typed is a domain, unless that is known. */
void connect_look_up(struct app *app, struct connect *connect);
/* Inspect's "sign in as another": who is connected stays so until then. */
bool connect_as_another(const struct wizard *w);

void connect_draw(struct app *app, void *state, struct rect rect); /* connect_draw.c */

#endif
