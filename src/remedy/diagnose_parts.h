/* What the files of diagnose share with each other and with nobody else. */
#ifndef DCMEND_DIAGNOSE_PARTS_H
#define DCMEND_DIAGNOSE_PARTS_H

#include "src/model/facts.h"
#include "src/model/verdict.h"

/* diagnose_account.c: how one account fits N. */
struct judged_account judge_account(const struct facts *facts, const struct facts_account *account);
/* B6 or B7: the account is proven to be another live DSA's. */
bool judged_elsewhere(const struct judged_account *judged);
/* Any of E1, E3, E6, E7, E8: proof of its own for the present value's account (B15). */
bool judged_has_own_proof(const struct judged_account *judged);
bool judged_has_identity(const struct judged_account *judged);
/* E1 or E3. */
bool judged_is_strong(const struct judged_account *judged);

/* diagnose_second.c: what another DC of the account's domain says of it. */
/* It rests on the word of one DC, where the domain has others. */
bool account_is_one_word(const struct facts *facts, const struct facts_account *account);
/* Another DC of its domain knows better, or may: one sentence a DC. */
void add_second_words(const struct facts *facts, const struct facts_account *account,
                      struct verdict *verdict);
/* The same of the first that an ambiguous verdict is about. */
void add_second_words_of_any(const struct facts *facts, struct verdict *verdict);
/* Of a writable one: why no second DC confirms it; owned; NULL: one does. */
char *second_unchecked(const struct facts *facts, const struct facts_account *account);

/* diagnose.c: why something counts as not read. */
bool reference_is_hidden(const struct facts *facts);
bool has_opaque_account(const struct facts *facts);

/* diagnose_side.c: what is noticed beside the verdict. */
void add_side_findings(const struct facts *facts, struct verdict *verdict);
/* The proposed or right account; NULL: none. */
const struct facts_account *verdict_chosen(const struct facts *facts,
                                           const struct verdict *verdict);

/* diagnose_blockers.c: what forbids a write in general, and what it takes. */
void add_write_blockers(const struct facts *facts, struct verdict *verdict);
void add_second_reasons(const struct facts *facts, struct verdict *verdict);
bool copy_was_read(const struct facts_copy *copy); /* its answer says what that DC holds */

/* diagnose_words.c: headline, meaning and advice of the finished verdict. */
void add_words(const struct facts *facts, struct verdict *verdict);
void verdict_advise(struct verdict *verdict, const char *text); /* one more line */
/* An account with evidence for N, else the one that the present value names. */
const struct facts_account *account_with(const struct facts *facts, const struct verdict *verdict,
                                         bool deleted);

/* diagnose_words_write.c: what stands in the way of the write, and what to know before it. */
void add_write_words(const struct facts *facts, struct verdict *verdict, const char *here);

/* diagnose_names.c: names for people; owned by the caller. */
char *name_of_server(const struct facts *facts); /* S's cn without mark, else from N's DN */
char *name_of_here(const struct facts *facts);   /* the judged DC's short name */
char *name_of_host(const struct facts *facts, const char *host); /* dc_name() of it */
char *name_of_dsa(const struct guid *guid, const char *dn);      /* "DCX (1234...)" */

bool same_link(const struct dn_link *a, const struct dn_link *b); /* by GUID, else by DN */

#endif
