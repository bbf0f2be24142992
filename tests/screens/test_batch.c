/* What the batch commands print: the JSON contract, the page of text, and what happens when the
 * directory or the output misbehaves. */
#include "src/base/mem.h"
#include "src/base/text.h"
#include "src/jobs/journal.h"
#include "src/remedy/diagnose.h"
#include "src/remedy/intake.h"
#include "tests/suite.h"
#include "tests/unit/facts_builder.h"
#include "ui/batch_json.h"
#include "ui/batch_parts.h"
#include "ui/batch_table.h"
#include "ui/batch_text.h"
#include "ui/output.h"

#include <check.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define N_GUID "9531985d-5d9d-49f8-9818-e811892f902b"
#define NEXT_GUID "5b1f02d7-0000-4000-8000-000000009a41"
#define ACCOUNT "CN=LIVDC02,OU=Domain Controllers,DC=contoso,DC=com"
#define SERVER "CN=LIVDC02,CN=Servers,CN=Liverpool,CN=Sites,CN=Configuration,DC=contoso,DC=com"
#define ESCAPE "\x1B[31m"

static struct facts facts;
static struct verdict verdict;

static void add_copy(const char *server, enum copy_state state, const char *value)
{
    struct facts_copy *copy = facts_add_copy(&facts);
    copy->server = mem_text(server);
    copy->state = state;
    copy->value.dn = mem_text(value);
}

static char *page(bool plain)
{
    struct str text = STR_INIT;
    batch_text_finding(&text, &facts, &verdict, "dcmend -D kayla -W " N_GUID " dcsrv01", 80, plain);
    return str_steal(&text);
}

static void set_up(void)
{
    facts_init(&facts);
    facts.server.host = mem_text("dcsrv01");
    facts.server.dns_host = mem_text("dcsrv01.contoso.com");
    facts.server.identity = mem_text("kayla@CONTOSO.COM");
    facts.server.protection = mem_text("Kerberos, sealed");
    guid_parse(N_GUID, &facts.asked);
    facts.dsa.part = facts.srv.part = PART_PRESENT;
    facts.dsa.guid = facts.asked;
    facts.dsa.dn = mem_text("CN=NTDS Settings," SERVER);
    facts.srv.dn = mem_text(SERVER);
    facts.srv.reference = PART_ABSENT;
    add_copy("dcsrv01.contoso.com", COPY_ABSENT, NULL);
    add_copy("dcsrv02.contoso.com", COPY_VALUE, ACCOUNT);
    verdict = (struct verdict){.kind = VERDICT_MISSING,
                               .confidence = LEVEL_HIGH,
                               .writable = true,
                               .proposed = mem_text(ACCOUNT),
                               .headline = mem_text("LIVDC02 has no serverReference on DCSRV01."),
                               .meaning = mem_text("DCSRV01 cannot name LIVDC02 to Kerberos."),
                               .advice = mem_text("Propose the repair.\nThen watch.")};
    findings_add(&verdict.evidence, E1, "its replication SPN carries this DSA's GUID");
    findings_add(&verdict.side, SIDE_REPLICATION_8589, "8589 since yesterday");
}

static void tear_down(void)
{
    facts_release(&facts);
    verdict_release(&verdict);
}

/* --- JSON --- */

static json_t *parsed(const struct str *line)
{
    json_error_t error;
    json_t *object = json_loads(line->text, JSON_REJECT_DUPLICATES, &error);
    ck_assert_msg(object, "%s: %s", error.text, line->text);
    ck_assert_uint_eq(strcspn(line->text, "\n"), line->len - 1);
    for (size_t i = 0; i + 1 < line->len; i++)
        ck_assert_msg((unsigned char)line->text[i] >= 0x20 && line->text[i] != 0x7F, "%zu", i);
    return object;
}

static json_t *finding(void)
{
    struct str line = STR_INIT;
    batch_json_add(&line, batch_json_finding(&facts, &verdict));
    json_t *object = parsed(&line);
    str_release(&line);
    return object;
}

static const char *text_in(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    ck_assert_msg(text, "%s is no text", key);
    return text;
}

static void check_error(const json_t *object, const char *sentence)
{
    ck_assert_uint_eq(json_object_size(object), 5);
    ck_assert_int_eq(json_integer_value(json_object_get(object, "schema")), 1);
    ck_assert_str_eq(json_string_value(json_object_get(object, "version")), DCMEND_VERSION);
    ck_assert_uint_eq(json_string_length(json_object_get(object, "checked_at")), 20);
    ck_assert_str_eq(json_string_value(json_object_get(object, "error")), sentence);
    ck_assert_str_eq(json_string_value(json_object_get(object, "error_code")), "refused");
}

START_TEST(json_has_exactly_the_contract)
{
    static const char *const keys[] = {"schema",        "server",   "dsa_guid",    "ntds_dn",
                                       "server_dn",     "verdict",  "current",     "proposed",
                                       "confidence",    "writable", "evidence",    "blockers",
                                       "side_findings", "copies",   "replication", "successor",
                                       "advice",        "version",  "checked_at",  "accounts"};
    json_t *object = finding();
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        ck_assert_msg(json_object_get(object, keys[i]), "%s", keys[i]);
    ck_assert_uint_eq(json_object_size(object), sizeof keys / sizeof *keys);
    ck_assert_int_eq(json_integer_value(json_object_get(object, "schema")), 1);
    ck_assert_str_eq(text_in(object, "server"), "dcsrv01.contoso.com");
    ck_assert_str_eq(text_in(object, "dsa_guid"), N_GUID);
    ck_assert_str_eq(text_in(object, "verdict"), "missing");
    ck_assert_str_eq(text_in(object, "proposed"), ACCOUNT);
    ck_assert_str_eq(text_in(object, "confidence"), "high");
    ck_assert_str_eq(text_in(object, "advice"), "Propose the repair.\nThen watch.");
    ck_assert(json_is_null(json_object_get(object, "current")));
    ck_assert(json_is_true(json_object_get(object, "writable")));
    ck_assert(json_is_null(json_object_get(object, "successor")));
    json_decref(object);
}
END_TEST

START_TEST(an_ambiguous_verdict_names_its_accounts)
{
    struct facts_account *account = facts_add_account(&facts);
    account->dn = mem_text(ACCOUNT);
    account->guid = facts.asked;
    facts_add_account(&facts)->dn = mem_text("CN=NOBODY");
    verdict.kind = VERDICT_AMBIGUOUS;
    verdict.account_count = 2;
    verdict.accounts = mem_zero(2, sizeof *verdict.accounts);
    verdict.accounts[0].fits = true;
    findings_add(&verdict.accounts[0].reasons, E4, "the same name");
    json_t *object = finding(), *accounts = json_object_get(object, "accounts");
    ck_assert_uint_eq(json_array_size(accounts), 1);
    ck_assert_str_eq(text_in(json_array_get(accounts, 0), "dn"), ACCOUNT);
    ck_assert_str_eq(text_in(json_array_get(accounts, 0), "guid"), N_GUID);
    json_t *reasons = json_object_get(json_array_get(accounts, 0), "reasons");
    ck_assert_str_eq(text_in(json_array_get(reasons, 0), "kind"), "E4");
    json_decref(object);
    char *text = page(false);
    ck_assert_ptr_nonnull(
        strstr(text, "The accounts that could be meant\n  " ACCOUNT "\n    E4   the same name\n"));
    ck_assert_ptr_null(strstr(text, "CN=NOBODY"));
    free(text);
}
END_TEST

/* A line of a log leads back to the same DSA on the same DC. */
START_TEST(json_leads_back)
{
    struct str line = STR_INIT;
    struct subject subject;
    for (int i = 0; i < 3; i++) { /* they all name this DSA */
        struct facts_link *link = facts_add_link(&facts);
        link->dsa_guid = facts.dsa.guid;
        link->result = i ? 8589 : _i & 1 ? 1722 : 0;
        link->outbound = i == 2;
    }
    if (_i & 4) { /* accounts are listed with their GUIDs */
        struct facts_account *account = facts_add_account(&facts);
        account->dn = mem_text(ACCOUNT);
        guid_parse(NEXT_GUID, &account->guid);
        verdict.kind = VERDICT_AMBIGUOUS;
        verdict.account_count = 1;
        verdict.accounts = mem_zero(1, sizeof *verdict.accounts);
        verdict.accounts[0].fits = true;
    }
    verdict.has_successor = _i & 2;
    guid_parse(NEXT_GUID, &verdict.successor);
    batch_json_add(&line, batch_json_finding(&facts, &verdict));
    struct err *err = intake_read(line.text, line.len, &subject);
    ck_assert_msg(err == NULL && subject.count == 1, "%zu DSAs: %s", subject.count, line.text);
    ck_assert(subject.dsas[0].has_guid && guid_equal(&subject.dsas[0].guid, &facts.dsa.guid));
    ck_assert_ptr_null(subject.dsas[0].other_fault);
    ck_assert_str_eq(subject.destination, "dcsrv01.contoso.com");
    subject_release(&subject);
    str_release(&line);
}
END_TEST

START_TEST(json_lists)
{
    json_t *object = finding();
    json_t *evidence = json_array_get(json_object_get(object, "evidence"), 0);
    json_t *side = json_array_get(json_object_get(object, "side_findings"), 0);
    json_t *copies = json_object_get(object, "copies");
    ck_assert_str_eq(text_in(evidence, "kind"), "E1");
    ck_assert_str_eq(text_in(side, "kind"), "replication-8589");
    ck_assert_str_eq(text_in(side, "text"), "8589 since yesterday");
    ck_assert_uint_eq(json_array_size(json_object_get(object, "blockers")), 0);
    ck_assert_str_eq(text_in(json_array_get(copies, 0), "state"), "absent");
    ck_assert(json_is_null(json_object_get(json_array_get(copies, 0), "value")));
    ck_assert_str_eq(text_in(json_array_get(copies, 1), "state"), "value");
    ck_assert_str_eq(text_in(json_array_get(copies, 1), "value"), ACCOUNT);
    json_decref(object);
}
END_TEST

START_TEST(json_replication_in_utc)
{
    struct facts_link *link = facts_add_link(&facts);
    link->partner = mem_text("LIVDC02");
    link->result = 8589;
    link->failures = 1700;
    link->last_attempt = 1795359791; /* 2026-11-22T15:03:11Z */
    json_t *object = finding();
    json_t *item = json_array_get(json_object_get(object, "replication"), 0);
    ck_assert_str_eq(text_in(item, "partner"), "LIVDC02");
    ck_assert_int_eq(json_integer_value(json_object_get(item, "result")), 8589);
    ck_assert_int_eq(json_integer_value(json_object_get(item, "failures")), 1700);
    ck_assert_str_eq(text_in(item, "last_attempt"), "2026-11-22T15:03:11Z");
    ck_assert(json_is_null(json_object_get(item, "last_success")));
    json_decref(object);
}
END_TEST

/* An HRESULT as repadmin shows it. */
START_TEST(json_result_is_signed)
{
    facts_add_link(&facts)->result = (int32_t)0x80090322;
    json_t *object = finding();
    json_t *item = json_array_get(json_object_get(object, "replication"), 0);
    ck_assert_int_eq(json_integer_value(json_object_get(item, "result")), -2146893022);
    json_decref(object);
}
END_TEST

START_TEST(json_of_what_is_unknown_is_null)
{
    verdict_release(&verdict);
    facts.survey = true;
    facts.dsa.part = PART_ABSENT;
    mem_set(&facts.dsa.dn, NULL);
    mem_set(&facts.srv.dn, NULL);
    json_t *object = finding();
    ck_assert_str_eq(text_in(object, "dsa_guid"), N_GUID);
    ck_assert(json_is_null(json_object_get(object, "ntds_dn")));
    ck_assert(json_is_null(json_object_get(object, "server_dn")));
    ck_assert(json_is_null(json_object_get(object, "confidence")));
    ck_assert(json_is_null(json_object_get(object, "writable")));
    ck_assert_str_eq(text_in(object, "advice"), "");
    json_decref(object);
}
END_TEST

START_TEST(json_names_the_successor)
{
    verdict.has_successor = true;
    guid_parse(NEXT_GUID, &verdict.successor);
    json_t *object = finding();
    ck_assert_str_eq(text_in(object, "successor"), NEXT_GUID);
    json_decref(object);
}
END_TEST

/* As read by a JSON parser: a DN is what the server gave, unless it is no UTF-8. */
static const struct {
    const char *raw, *read;
} names[] = {
    {"CN=Z\xC3\xBCrich", "CN=Z\xC3\xBCrich"},
    {"CN=a\x1B[31mb", "CN=a\x1B[31mb"},
    {"CN=\"\\\"\n\x7F", "CN=\"\\\"\n\x7F"},
    {"CN=\xC2\x9B"
     "2J",
     "CN=\xC2\x9B"
     "2J"},
    {"CN=\xE2\x80\xAE"
     "evil",
     "CN=\xE2\x80\xAE"
     "evil"},
    {"CN=\xF3\xA0\x80\x81", "CN=\xF3\xA0\x80\x81"},
    {"CN=\xF0\x9F\x98\x80", "CN=\xF0\x9F\x98\x80"},
    {"CN=a\xFF", "CN=a\\FF"},
    {"CN=\xED\xA0\x80", "CN=\\ED\\A0\\80"},
    {"CN=x\xC3", "CN=x\\C3"},
};

START_TEST(json_keeps_dns_and_stays_valid)
{
    struct str line = STR_INIT;
    mem_set(&verdict.proposed, names[_i].raw);
    batch_json_add(&line, batch_json_finding(&facts, &verdict));
    ck_assert(text_is_utf8(line.text, line.len));
    for (const char *harmful = "\xC2\x9B|\xE2\x80\xAE|\xF3\xA0\x80\x81"; *harmful;) {
        size_t len = strcspn(harmful, "|");
        ck_assert_ptr_null(memmem(line.text, line.len, harmful, len));
        harmful += len + (harmful[len] == '|');
    }
    json_t *object = parsed(&line);
    ck_assert_str_eq(text_in(object, "proposed"), names[_i].read);
    json_decref(object);
    str_release(&line);
}
END_TEST

START_TEST(json_error_is_one_sentence)
{
    struct str line = STR_INIT;
    struct err *err = err_next(err_new(ERR_NETWORK, ERR_REFUSED, "dc1 refused \xFF."), "Try dc2.");
    batch_json_add(&line, batch_json_error(err));
    json_t *object = parsed(&line);
    check_error(object, "dc1 refused \\FF. Try dc2.");
    json_decref(object);
    str_release(&line);
    err_free(err);
}
END_TEST

/* --- text --- */

static void check_page(const char *text, bool ascii)
{
    for (const char *line = text; *line;) {
        size_t len = strcspn(line, "\n");
        char *one = mem_textn(line, len), *clean = text_clean(line, len);
        ck_assert_msg(text_width(one) <= 80, "%s", one);
        ck_assert_str_eq(one, clean);
        ck_assert_msg(len == 0 || one[len - 1] != ' ', "blank at the end: %s", one);
        for (size_t i = 0; ascii && i < len; i++)
            ck_assert((unsigned char)one[i] < 0x80);
        free(one);
        free(clean);
        line += len + (line[len] == '\n');
    }
}

START_TEST(text_of_a_missing_value)
{
    char *text = page(false);
    ck_assert_str_eq(text,
                     "LIVDC02 has no serverReference on DCSRV01.\n"
                     "DCSRV01 cannot name LIVDC02 to Kerberos.\n"
                     "\n"
                     "Verdict   missing\n"
                     "DSA       " N_GUID ", live\n"
                     "          CN=NTDS Settings,CN=LIVDC02,CN=Servers,CN=Liverpool,CN=Sites,\n"
                     "          CN=Configuration,DC=contoso,DC=com\n"
                     "Server    CN=LIVDC02,CN=Servers,CN=Liverpool,CN=Sites,CN=Configuration,\n"
                     "          DC=contoso,DC=com\n"
                     "Present   (absent)\n"
                     "Proposed  " ACCOUNT "\n"
                     "Read on   dcsrv01.contoso.com as kayla@CONTOSO.COM (Kerberos, sealed)\n"
                     "\n"
                     "serverReference, copy by copy\n"
                     "  dcsrv01.contoso.com       absent\n"
                     "  dcsrv02.contoso.com       " ACCOUNT "\n"
                     "\n"
                     "Proof: high\n"
                     "  E1  its replication SPN carries this DSA's GUID\n"
                     "\n"
                     "Noticed beside it\n"
                     "  replication-8589  8589 since yesterday\n"
                     "\n"
                     "What to do\n"
                     "  - Propose the repair.\n"
                     "  - Then watch.\n"
                     "  - Nothing was written. The repair starts with:\n"
                     "    dcmend -D kayla -W " N_GUID " dcsrv01\n");
    check_page(text, true);
    free(text);
}
END_TEST

START_TEST(text_is_as_wide_as_the_terminal_and_whole_in_a_pipe)
{
    static const int wide[] = {0, 132, 60};
    mem_set(&facts.copies[0].server, "a-domain-controller-of.a-long.domain.contoso.com");
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
        struct str text = STR_INIT;
        batch_text_finding(&text, &facts, &verdict, "dcmend GUID SERVER", wide[i], false);
        bool whole =
            strstr(text.text, "  a-domain-controller-of.a-long.domain.contoso.com  absent");
        ck_assert_int_eq(whole, wide[i] == 0);
        whole = strstr(text.text, "          CN=NTDS Settings," SERVER "\n");
        ck_assert_int_eq(whole, wide[i] != 60);
        const char *stop = strstr(text.text, "    dcmend "); /* the command is never broken */
        for (const char *line = text.text; wide[i] && line < stop; line += strcspn(line, "\n") + 1)
            ck_assert_uint_le(strcspn(line, "\n"), (size_t)wide[i]);
        str_release(&text);
    }
}
END_TEST

START_TEST(text_of_hostile_names)
{
    static const char evil[] = ESCAPE "CN=\xC2\x9B\xE2\x80\xAE\r\nDC01,\xFF" ESCAPE;
    struct facts_link *link = facts_add_link(&facts);
    link->nc = mem_text(evil);
    mem_set(&facts.dsa.dn, evil);
    mem_set(&facts.srv.dn, evil);
    mem_set(&facts.server.identity, evil);
    mem_set(&facts.server.host, evil);
    mem_set(&facts.copies[1].server, evil);
    mem_set(&facts.copies[1].value.dn, evil);
    mem_set(&facts.copies[1].why, evil);
    mem_set(&verdict.current, evil);
    mem_set(&verdict.proposed, evil);
    mem_set(&verdict.headline, evil);
    mem_set(&verdict.advice, evil);
    mem_set(&verdict.successor_dn, evil);
    verdict.has_successor = true;
    facts.dns = DNS_FOUND;
    mem_set(&facts.dns_target, evil);
    findings_add(&verdict.blockers, B8, "%s", evil);
    findings_add(&verdict.second, B9, "%s", evil);
    char *text = page(false), *plain = page(true);
    check_page(text, false);
    check_page(plain, true);
    free(text);
    free(plain);
}
END_TEST

START_TEST(text_in_ascii_keeps_a_dn_valid)
{
    mem_set(&verdict.proposed, "CN=Z\xC3\xBCrich,DC=a");
    char *text = page(true);
    ck_assert_ptr_nonnull(strstr(text, "Proposed  CN=Z\\C3\\BCrich,DC=a\n"));
    free(text);
}
END_TEST

START_TEST(text_of_every_state)
{
    for (int i = 0; i < VERDICT_KINDS; i++)
        for (enum part part = PART_NOT_ASKED; part <= PART_PRESENT; part++) {
            verdict.kind = (enum verdict_kind)i;
            facts.dsa.part = facts.srv.part = facts.srv.reference = part;
            char *text = page(false);
            ck_assert_ptr_nonnull(strstr(text, verdict_name(verdict.kind)));
            check_page(text, true);
            free(text);
        }
}
END_TEST

START_TEST(locale_without_utf8_gets_ascii)
{
    ck_assert(!output_is_plain(false));
    ck_assert(output_is_plain(true));
    setlocale(LC_ALL, "C");
    ck_assert(output_is_plain(false));
    setlocale(LC_ALL, "");
}
END_TEST

/* --- exit status --- */

START_TEST(status_of_verdicts)
{
    struct verdict healthy = {.kind = VERDICT_HEALTHY};
    ck_assert_int_eq(batch_verdict_status(&healthy), BATCH_CLEAN);
    findings_add(&healthy.side, SIDE_RENAMED, "renamed");
    ck_assert_int_eq(batch_verdict_status(&healthy), BATCH_CLEAN);
    findings_add(&healthy.side, SIDE_COPIES_DIFFER, "differ");
    ck_assert_int_eq(batch_verdict_status(&healthy), BATCH_FINDINGS);
    ck_assert_int_eq(batch_verdict_status(&verdict), BATCH_FINDINGS);
    verdict.kind = VERDICT_UNREADABLE;
    ck_assert_int_eq(batch_verdict_status(&verdict), BATCH_TROUBLE);
    verdict_release(&healthy);
}
END_TEST

START_TEST(larger_status_wins)
{
    struct batch_io io = {.status = BATCH_CLEAN};
    batch_io_raise(&io, BATCH_TROUBLE);
    batch_io_raise(&io, BATCH_FINDINGS);
    ck_assert_int_eq(io.status, BATCH_TROUBLE);
}
END_TEST

/* --- outputs that take nothing --- */

static char *said(FILE *file)
{
    static char buffer[4096];
    fflush(file);
    rewind(file);
    buffer[fread(buffer, 1, sizeof buffer - 1, file)] = '\0';
    return buffer;
}

static void emit_into(FILE *out, struct batch_io *io)
{
    struct str text = STR_INIT;
    *io = (struct batch_io){.out = out, .errors = tmpfile()};
    for (int i = 0; i < 100000; i++)
        str_add(&text, "more than any buffer holds\n");
    batch_io_emit(io, &text);
    ck_assert_ptr_null(text.text);
}

START_TEST(full_disk_is_told)
{
    struct batch_io io;
    FILE *full = fopen("/dev/full", "w");
    emit_into(full, &io);
    ck_assert_int_eq(io.status, BATCH_TROUBLE);
    ck_assert_ptr_nonnull(strstr(said(io.errors), "No space left"));
    fclose(io.errors);
    fclose(full);
}
END_TEST

START_TEST(closed_pipe_is_quiet)
{
    struct batch_io io;
    int ends[2];
    signal(SIGPIPE, SIG_IGN);
    ck_assert_int_eq(pipe(ends), 0);
    close(ends[0]);
    FILE *out = fdopen(ends[1], "w");
    emit_into(out, &io);
    ck_assert(io.closed);
    ck_assert_int_eq(io.status, BATCH_TROUBLE);
    ck_assert_str_eq(said(io.errors), "");
    fclose(io.errors);
    fclose(out);
}
END_TEST

START_TEST(errors_are_cleaned)
{
    FILE *file = tmpfile();
    struct err *err =
        err_said(err_next(err_new(ERR_DIRECTORY, ERR_OTHER, "It " ESCAPE "failed."), "Do\nthis."),
                 "0000202B: \x1B]0;title\x07");
    output_err(file, err);
    output_err(file, NULL);
    ck_assert_str_eq(said(file), "dcmend: It \\1B[31mfailed.\n"
                                 "  It said: 0000202B: \\1B]0;title\\07\n"
                                 "  Do\\0Athis.\n");
    err_free(err);
    fclose(file);
}
END_TEST

/* "dc1 refuses ...", "dc2 refuses ...", an object a line. */
static void check_errors(const char *lines, int count)
{
    for (int i = 1; i <= count; i++) {
        struct str line = STR_INIT;
        size_t len = strcspn(lines, "\n") + 1;
        char *wanted = str_format("dc%d refuses. Check the port.", i);
        str_addn(&line, lines, len);
        json_t *object = parsed(&line);
        check_error(object, wanted);
        json_decref(object);
        str_release(&line);
        free(wanted);
        lines += len;
    }
    ck_assert_str_eq(lines, "");
}

/* One object and one line: why, and what to do next; further reasons are objects only. */
START_TEST(refusal_is_one_object_and_one_line)
{
    FILE *out = tmpfile(), *errors = tmpfile();
    struct batch_io io = {.out = out, .errors = errors, .json = _i == 1};
    for (int i = 0; i < 2; i++) {
        struct err *err = err_new(ERR_NETWORK, ERR_REFUSED, "dc%d refuses.", i + 1);
        batch_io_fail(&io, err_said(err_next(err, "Check the port."), "no\n"));
    }
    ck_assert_int_eq(io.status, BATCH_TROUBLE);
    check_errors(said(out), _i == 1 ? 2 : 0);
    ck_assert_str_eq(said(errors),
                     _i == 1 ? "dcmend: dc1 refuses. (It said: no\\0A) Check the port.\n"
                             : "dcmend: dc1 refuses. (It said: no\\0A) Check the port.\n"
                               "dcmend: dc2 refuses. (It said: no\\0A) Check the port.\n");
    fclose(out);
    fclose(errors);
}
END_TEST

/* --- LDIF --- */

static void ldif_of(const struct facts *of, char **out, char **errors)
{
    struct verdict judged;
    FILE *to = tmpfile(), *complaints = tmpfile();
    struct batch_io io = {.out = to, .errors = complaints, .ldif = true};
    diagnose(of, &judged);
    batch_ldif(&io, of, &judged);
    *out = mem_text(said(to));
    *errors = mem_text(said(complaints));
    ck_assert_int_eq(io.status, BATCH_CLEAN); /* the verdict's own is raised elsewhere */
    verdict_release(&judged);
    fclose(to);
    fclose(complaints);
}

START_TEST(ldif_of_a_writable_verdict_alone)
{
    struct facts of;
    char *out, *errors;
    build_healthy(&of);
    build_absent(&of);
    ldif_of(&of, &out, &errors);
    ck_assert_ptr_nonnull(strstr(out, "\nadd: serverReference\n"));
    ck_assert_ptr_nonnull(strstr(out, "\n# delete: serverReference\n"));
    ck_assert_str_eq(errors, "");
    free(out);
    free(errors);
    of.srv.may_write = false;
    ldif_of(&of, &out, &errors);
    ck_assert_str_eq(out, "");
    ck_assert_ptr_eq(strstr(errors, "dcmend: There is no change to print. "), errors);
    ck_assert_uint_eq(strcspn(errors, "\n"), strlen(errors) - 1);
    free(out);
    free(errors);
    facts_release(&of);
}
END_TEST

/* --- the journal --- */

static void add_entry(const char *id, enum journal_state state, const char *undo_of)
{
    struct plan *plan = plan_new_undo();
    struct journal_author author = {.when = 1795359791, .login = "uid 1000 (kayla)"};
    struct journal_proof *proof = NULL;
    struct journal *journal = NULL;
    plan->host = mem_text("dcsrv01.contoso.com");
    plan->forest = mem_text("contoso.com");
    plan->dsa_guid = plan->object = plan->host_dsa = facts.asked;
    plan->object_dn = mem_text(SERVER);
    plan->name = mem_text("LIVDC02");
    plan->new.dn = mem_text(ACCOUNT);
    plan->identity = mem_text("kayla@CONTOSO.COM");
    plan->ticket = mem_text("INC-20411");
    plan->undo_of = mem_text(undo_of);
    ck_assert_ptr_null(journal_open(&journal));
    ck_assert_ptr_null(journal_begin(journal, id, plan, &author, &proof));
    ck_assert_ptr_null(journal_mark(journal, id, state, "0000051B: no"));
    journal_proof_free(proof);
    journal_close(journal);
    plan_free(plan);
}

static char *listed(bool json)
{
    struct options options;
    FILE *out = tmpfile(), *errors = tmpfile();
    options_init(&options);
    options.command = COMMAND_LOG;
    options.json = json;
    ck_assert_int_eq(batch_command(&options, out, errors), BATCH_CLEAN);
    ck_assert_str_eq(said(errors), "");
    char *text = said(out);
    fclose(out);
    fclose(errors);
    options_release(&options);
    return text;
}

static void row_says(struct batch_table *table, int most, const char *want)
{
    struct str text = STR_INIT;
    batch_table_write(&text, table, most);
    ck_assert_str_eq(str_text(&text), want);
    str_release(&text);
}

START_TEST(a_table_is_as_wide_as_the_terminal)
{
    static const struct batch_column columns[] = {{"One", 2}, {"Two", 1}, {"Three", 0}};
    struct batch_table table = {columns, 3, false, {NULL, 0}};
    row_says(&table, 0, "");
    batch_table_add(&table, "a first cell");
    batch_table_add(&table, "a second cell\x1B");
    batch_table_add(&table, "never cut at all");
    row_says(&table, 0,
             "One           Two               Three\n"
             "a first cell  a second cell\\1B  never cut at all\n");
    row_says(&table, 42,
             "One           Two         Three\n"
             "a first cell  a secon...  never cut at all\n");
    row_says(&table, 10,
             "One       Two       Three\n"
             "a fir...  a sec...  never cut at all\n");
    batch_table_release(&table);
}
END_TEST

/* And the folders, once they are empty. */
static void remove_entry(const char *home, const char *id)
{
    char *path = str_format("%s/dcmend/journal/%s.ldif", home, id);
    unlink(path);
    for (int i = 0; i < 3; i++) {
        *strrchr(path, '/') = '\0';
        rmdir(path);
    }
    free(path);
}

START_TEST(log_lists_the_journal)
{
    char home[] = "/tmp/dcmend-batch-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(home));
    setenv("XDG_STATE_HOME", home, 1);
    ck_assert_ptr_nonnull(strstr(listed(false), "No change is journalled in /tmp/dcmend-batch-"));
    ck_assert_str_eq(listed(true), "");
    add_entry("20261122T150311Z-LIVDC02", JOURNAL_REFUSED, NULL);
    const char *text = listed(false);
    ck_assert_str_eq(text, "Date (UTC)           DC                   Name     State    "
                           "As                 Entry\n"
                           "2026-11-22 15:03:11  dcsrv01.contoso.com  LIVDC02  refused  "
                           "kayla@CONTOSO.COM  20261122T150311Z-LIVDC02\n");
    json_t *object = json_loads(listed(true), 0, NULL);
    ck_assert_str_eq(text_in(object, "id"), "20261122T150311Z-LIVDC02");
    ck_assert_str_eq(text_in(object, "state"), "refused");
    ck_assert_str_eq(text_in(object, "date"), "2026-11-22T15:03:11Z");
    ck_assert_str_eq(text_in(object, "new"), ACCOUNT);
    ck_assert(json_is_null(json_object_get(object, "old")));
    ck_assert_str_eq(text_in(object, "dsa_guid"), N_GUID);
    json_decref(object);
    remove_entry(home, "20261122T150311Z-LIVDC02");
}
END_TEST

START_TEST(log_says_what_was_undone)
{
    char home[] = "/tmp/dcmend-batch-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(home));
    setenv("XDG_STATE_HOME", home, 1);
    add_entry("20261122T150311Z-LIVDC02", JOURNAL_VERIFIED, NULL);
    add_entry("20261122T150312Z-LIVDC02", JOURNAL_VERIFIED, "20261122T150311Z-LIVDC02");
    add_entry("20261122T150313Z-LIVDC02", JOURNAL_REFUSED, "20261122T150312Z-LIVDC02");
    const char *text = listed(false);
    ck_assert_ptr_nonnull(strstr(text, "refused, an undo   kayla@CONTOSO.COM  20261122T150313Z"));
    ck_assert_ptr_nonnull(strstr(text, "verified, an undo  kayla@CONTOSO.COM  20261122T150312Z"));
    ck_assert_ptr_nonnull(strstr(text, "verified, undone   kayla@CONTOSO.COM  20261122T150311Z"));
    for (char id[] = "20261122T150311Z-LIVDC02"; id[14] <= '3'; id[14]++)
        remove_entry(home, id);
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

static TCase *make_case(Suite *suite, const char *name)
{
    TCase *tcase = tcase_create(name);
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    suite_add_tcase(suite, tcase);
    return tcase;
}

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    Suite *suite = suite_create("batch");
    TCase *json = make_case(suite, "json");
    tcase_add_test(json, json_has_exactly_the_contract);
    tcase_add_loop_test(json, json_leads_back, 0, 8);
    tcase_add_test(json, json_lists);
    tcase_add_test(json, an_ambiguous_verdict_names_its_accounts);
    tcase_add_test(json, json_replication_in_utc);
    tcase_add_test(json, json_result_is_signed);
    tcase_add_test(json, json_of_what_is_unknown_is_null);
    tcase_add_test(json, json_names_the_successor);
    tcase_add_loop_test(json, json_keeps_dns_and_stays_valid, 0, COUNT(names));
    tcase_add_test(json, json_error_is_one_sentence);
    TCase *text = make_case(suite, "text");
    tcase_add_test(text, text_of_a_missing_value);
    tcase_add_test(text, text_is_as_wide_as_the_terminal_and_whole_in_a_pipe);
    tcase_add_test(text, text_of_hostile_names);
    tcase_add_test(text, text_in_ascii_keeps_a_dn_valid);
    tcase_add_test(text, text_of_every_state);
    tcase_add_test(text, locale_without_utf8_gets_ascii);
    TCase *output = make_case(suite, "output");
    tcase_add_test(output, status_of_verdicts);
    tcase_add_test(output, larger_status_wins);
    tcase_add_test(output, full_disk_is_told);
    tcase_add_test(output, closed_pipe_is_quiet);
    tcase_add_test(output, errors_are_cleaned);
    tcase_add_loop_test(output, refusal_is_one_object_and_one_line, 0, 2);
    tcase_add_test(output, ldif_of_a_writable_verdict_alone);
    tcase_add_test(output, a_table_is_as_wide_as_the_terminal);
    tcase_add_test(output, log_lists_the_journal);
    tcase_add_test(output, log_says_what_was_undone);
    return suite_run(suite);
}
