/* Setting up and reading; what is wrong with the DC is each test's own doing. */
#include "tests/wire/gather_lab.h"

#include "src/base/mem.h"
#include "src/base/str.h"

#include <check.h>

static const struct deadlines quick = {2000, 2000, 2000, 500, 500};

struct responder_entry *lab_add(struct responder *responder, const char *dn, const char *class)
{
    struct responder_entry *entry = responder_entry(responder, dn, NULL);
    responder_value(entry, "objectClass", "top");
    responder_value(entry, "objectClass", class);
    return entry;
}

void lab_start(struct lab *lab)
{
    *lab = (struct lab){.responder = responder_new()};
    lab->dc = responder_add_dc(lab->responder, "LIVDC02", "Liverpool");
    facts_init(&lab->facts);
}

static void forget(struct lab *lab)
{
    facts_release(&lab->facts);
    session_close(lab->session);
    lab->session = NULL;
}

void lab_end(struct lab *lab)
{
    forget(lab);
    subject_release(&lab->subject);
    responder_free(lab->responder);
}

struct subject_dsa *lab_ask(struct lab *lab, const char *guid)
{
    struct subject_dsa *dsa = subject_add(&lab->subject, SUBJECT_GUID);
    dsa->has_guid = guid && guid_parse(guid, &dsa->guid);
    return dsa;
}

void lab_move_to_child(struct lab *lab)
{
    struct responder_entry *crossref =
        lab_add(lab->responder, "CN=CHILD,CN=Partitions," CONFIG, "crossRef");
    responder_value(crossref, "systemFlags", "3");
    responder_link(crossref, "nCName", CHILD);
    responder_clear(lab->dc.ntds, "msDS-HasDomainNCs");
    responder_link(lab->dc.ntds, "msDS-HasDomainNCs", CHILD);
    responder_gone(lab->dc.computer);
    responder_clear(lab->dc.server, "serverReference");
}

struct responder *lab_child_dc(void)
{
    struct responder *responder = responder_new();
    struct responder_entry *root = responder_root(responder);
    responder_clear(root, "defaultNamingContext");
    responder_link(root, "defaultNamingContext", CHILD);
    responder_link(root, "namingContexts", CHILD);
    responder_set(root, "dnsHostName", "dc5.child.contoso.com");
    lab_add(responder, CHILD, "domainDNS");
    return responder;
}

struct responder_entry *lab_child_account(struct responder *dc, const char *guid, const char *dsa)
{
    struct responder_entry *entry = responder_entry(dc, CHILD_ACCOUNT, guid);
    char *spn = str_format("E3514235-4B06-11D1-AB04-00C04FC2DCD2/%s/child.contoso.com", dsa);
    responder_value(entry, "objectClass", "computer");
    responder_value(entry, "sAMAccountName", "LIVDC02$");
    responder_value(entry, "dNSHostName", "livdc02.contoso.com");
    responder_value(entry, "userAccountControl", "532480");
    responder_value(entry, "primaryGroupID", "516");
    responder_value(entry, "servicePrincipalName", spn);
    free(spn);
    return entry;
}

struct session *lab_session(struct responder *responder, int port)
{
    struct signin signin;
    struct session *session = NULL;
    responder_signin(responder, &signin);
    if (port)
        signin.port = port;
    struct err *err = session_open(&signin, &quick, NULL, &session);
    signin_release(&signin);
    ck_assert_msg(!err, "%s", err ? err->text : "");
    return session;
}

struct err *lab_gather(struct lab *lab, int port)
{
    forget(lab);
    lab->session = lab_session(lab->responder, port);
    unsigned before = session_counts(lab->session).turns;
    struct err *err =
        gather(lab->session, &lab->subject, lab->subject.count - 1, &lab->facts, NULL);
    lab->turns = session_counts(lab->session).turns - before;
    return err;
}

void lab_read(struct lab *lab)
{
    lab_ask(lab, responder_guid(lab->dc.ntds));
    struct err *err = lab_gather(lab, 0);
    ck_assert_msg(!err, "%s", err ? err->text : "");
    /* A Windows DC that is no catalog is asked twice whether it knows a GUID. */
    ck_assert_uint_le(lab->turns, responder_is_windows(lab->responder) ? 6 : 4);
    ck_assert_int_eq(lab->facts.dsa.part, PART_PRESENT);
}
