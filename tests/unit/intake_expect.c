/* Compares what was read from a text with what had to be read. */
#include "tests/unit/intake_expect.h"

#include "src/remedy/intake.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static void same_text(const char *what, const char *got, const char *want)
{
    if (want)
        ck_assert_msg(strcmp(want, "-") == 0 ? got == NULL : got && strcmp(got, want) == 0,
                      "%s is '%s', not '%s'", what, got ? got : "(null)", want);
}

void same_guid(const struct subject_dsa *dsa, const char *want)
{
    char text[GUID_TEXT] = "-";
    if (dsa->has_guid)
        guid_text(&dsa->guid, text);
    if (want)
        ck_assert_str_eq(text, want);
}

bool said(const struct subject *subject, const struct err *err, const char *words)
{
    for (size_t i = 0; i < subject->notes.count; i++)
        if (strstr(subject->notes.items[i], words))
            return true;
    return err && (strstr(err->text, words) || (err->next && strstr(err->next, words)));
}

static void compare_first(const struct subject *subject, const struct expect *want)
{
    const struct subject_dsa *dsa = &subject->dsas[0];
    same_guid(dsa, want->guid);
    ck_assert_str_eq(subject_source_name(dsa->source), subject_source_name(want->source));
    same_text("server", dsa->server, want->server);
    same_text("site", dsa->site, want->site);
    same_text("last attempt", dsa->last_attempt, want->attempt);
    same_text("NTDS DN", dsa->ntds_dn, want->ntds_dn);
    same_text("forest", dsa->forest, want->forest);
    same_text("other fault", dsa->other_fault, want->fault);
    ck_assert_int_eq(dsa->hypothesis, want->hypothesis);
    ck_assert_int_eq(dsa->deleted_mark, want->deleted);
    if (want->line)
        ck_assert_uint_eq(dsa->line, want->line);
}

static void compare(const struct subject *subject, const struct err *err, const struct expect *want)
{
    char own[GUID_TEXT] = "-";
    ck_assert_msg((err != NULL) == (want->count == 0), "error: %s", err ? err->text : "none");
    if (err)
        ck_assert_int_eq(err->kind, ERR_OPERATOR);
    ck_assert_uint_eq(subject->count, want->count);
    if (subject->has_destination_dsa)
        guid_text(&subject->destination_dsa, own);
    same_text("destination", subject->destination, want->destination);
    if (want->destination_dsa)
        ck_assert_str_eq(own, want->destination_dsa);
    ck_assert_int_eq(subject->conflict, want->conflict);
    if (want->status)
        ck_assert_int_eq(subject->status, want->status);
    if (want->says)
        ck_assert_msg(said(subject, err, want->says), "nothing says '%s'", want->says);
    if (want->count)
        compare_first(subject, want);
    if (want->second)
        same_guid(&subject->dsas[1], want->second);
}

void check_text(const char *text, size_t len, const struct expect *want)
{
    struct subject subject;
    char *exact = malloc(len + 1); /* so that reading behind the end is seen */
    memcpy(exact, text, len);
    struct err *err = intake_read(exact, len, &subject);
    free(exact);
    compare(&subject, err, want);
    err_free(err);
    subject_release(&subject);
}

void check_row(const struct expect *want)
{
    check_text(want->text, strlen(want->text), want);
}
