/* B14 where the account belongs to a domain that the judged DC does not hold: is the DC a global
 * catalog, its own catalog port says whether it has received the account. */
#ifndef DCMEND_OWN_CATALOG_H
#define DCMEND_OWN_CATALOG_H

#include "src/directory/session.h"
#include "src/model/facts.h"

/* Blocks (Kerberos, network), 5 s at most to sign in: a worker's call. Fills `here` of accounts of
 * other domains that nobody was asked for yet; what could not be read stays PART_NOT_ASKED. Needs a
 * ticket: a password goes to one port of one DC. */
void own_catalog_ask(struct session *session, struct facts *facts);

#endif
