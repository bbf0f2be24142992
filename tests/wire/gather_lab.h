/* A DC in memory with one more DC to ask about, for the tests of gather() and browse. */
#ifndef DCMEND_TESTS_GATHER_LAB_H
#define DCMEND_TESTS_GATHER_LAB_H

#include "src/directory/gather.h"
#include "tests/wire/responder.h"

#define DOMAIN "DC=contoso,DC=com"
#define CONFIG "CN=Configuration," DOMAIN
#define SITES "CN=Sites," CONFIG
#define LIVDC02 "CN=LIVDC02,CN=Servers,CN=Liverpool," SITES
#define CHILD "DC=child," DOMAIN
#define ACCOUNT "CN=LIVDC02,OU=Domain Controllers," DOMAIN

struct lab {
    struct responder *responder;
    struct responder_dc dc; /* LIVDC02 in Liverpool, healthy */
    struct subject subject;
    struct session *session; /* opened by the first reading */
    struct facts facts;
    unsigned turns; /* of the last reading */
};

void lab_start(struct lab *lab);
void lab_end(struct lab *lab);
struct responder_entry *lab_add(struct responder *responder, const char *dn, const char *class);
/* The subject: a GUID as text; what else is meant is set by the test itself. */
struct subject_dsa *lab_ask(struct lab *lab, const char *guid);
/* LIVDC02 serves the child domain, whose accounts this DC does not hold; it has no value. */
void lab_move_to_child(struct lab *lab);
struct responder *lab_child_dc(void); /* dc5.child.contoso.com, which holds that domain */
/* LIVDC02's account there, with the replication SPN of this DSA. guid NULL: made of the DN. */
#define CHILD_ACCOUNT "CN=LIVDC02,OU=Domain Controllers," CHILD
struct responder_entry *lab_child_account(struct responder *dc, const char *guid, const char *dsa);
/* A session whose port is this one (0: 636). */
struct session *lab_session(struct responder *responder, int port);
/* gather() on a new session with this port in its mind (0: as usual). */
struct err *lab_gather(struct lab *lab, int port);
/* The same for LIVDC02's DSA; must succeed. */
void lab_read(struct lab *lab);

#endif
