/* GUIDs and DNs that stand in no known report: typed, copied from ADSI Edit, ldp, ldapsearch or
 * PowerShell. A paragraph is taken for one entry, so that an objectGUID finds its DN, and a GUID
 * that the entry's DN shows to be no DSA's is left alone. A typed line has the text to itself. */
#include "src/remedy/intake_parts.h"

#include "src/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { LABEL_BYTES = 200, COMPUTER_LINES = 30 };

/* A word shortly before `at` in a line. */
static bool says_before(const char *start, const char *at, const char *word)
{
    char label[LABEL_BYTES + 1];
    size_t len = (size_t)(at - start) < LABEL_BYTES ? (size_t)(at - start) : LABEL_BYTES;
    memcpy(label, at - len, len);
    label[len] = '\0';
    return str_find_case(label, word) != NULL;
}

static bool is_entry_label(const char *text)
{
    text = intake_skip(text);
    return str_starts_case(text, "dn:") || str_starts_case(text, "distinguishedName");
}

static void close_server(struct intake_loose *loose, struct intake *in)
{
    struct intake_place place = {.host = loose->server,
                                 .line = loose->server_line,
                                 .source = SUBJECT_GUID,
                                 .failing = loose->result == DS_NO_SERVER_REFERENCE};
    if (loose->server && loose->metadata)
        intake_add_place(in, &place);
    mem_set(&loose->server, NULL);
}

void intake_loose_close(struct intake_loose *loose, struct intake *in)
{
    struct subject_dsa *dsa = &loose->dsa;
    bool failing = loose->result == DS_NO_SERVER_REFERENCE || loose->result == DS_DELETED_DOMAIN;
    close_server(loose, in);
    if (dsa->has_guid || dsa->server) {
        dsa->source = dsa->has_guid ? SUBJECT_GUID : SUBJECT_DN;
        dsa->hypothesis = loose->metadata;
        dsa->status = failing ? loose->result : 0;
        intake_add(in, dsa, loose->judged && !failing ? INTAKE_NAMED : INTAKE_MEANT);
    }
    intake_dsa_release(dsa);
    loose->dn_kind = INTAKE_DN_OTHER;
    loose->metadata = loose->judged = loose->other_entry = loose->labelled = false;
    loose->result = 0;
}

static void take_name(struct intake_loose *loose, struct intake *in,
                      const struct intake_token *token, size_t line)
{
    intake_add_guid(in, token, line, SUBJECT_MSDCS_NAME);
    loose->orphan = token->guid;
    loose->orphan_line = line;
    struct intake_place place = {
        .host = loose->computer, .line = loose->computer_line, .source = SUBJECT_MSDCS_NAME};
    if (loose->computer && line - loose->computer_line <= COMPUTER_LINES)
        intake_add_place(in, &place);
    mem_set(&loose->computer, NULL);
}

/* The Computer line of an event whose id was cut off or misread; the GUID-based name follows. */
static void take_computer(struct intake_loose *loose, const struct intake_line *line)
{
    char *host = NULL;
    if (line->len < LABEL_BYTES && intake_event_computer(line->text, &host) &&
        intake_is_host(host)) {
        mem_set(&loose->computer, host);
        loose->computer_line = line->number;
    }
    free(host);
}

static void take_guid(struct intake_loose *loose, struct intake *in,
                      const struct intake_token *token, const struct intake_line *line)
{
    const char *start = line->text;
    bool object = says_before(start, token->at, "objectGUID");
    bool other_object =
        object && loose->dn_kind != INTAKE_DN_NTDS && loose->dn_kind != INTAKE_DN_OTHER;
    bool settings = says_before(start, token->at, "NTDS Settings");
    if ((!token->msdcs && intake_foreign_label(start, token->at)) || other_object ||
        (loose->other_entry && !token->msdcs) ||
        (token->weak && !says_before(start, token->at, "GUID")) ||
        ((token->deleted || token->conflict) && !settings))
        return;
    if (token->msdcs && !loose->metadata) {
        take_name(loose, in, token, line->number);
        return;
    }
    if (loose->dsa.has_guid && !guid_equal(&loose->dsa.guid, &token->guid)) {
        intake_loose_close(loose, in);
        loose->dsa.line = 0;
    }
    loose->dsa.has_guid = true;
    loose->labelled = object || intake_guid_label(start, token->at);
    loose->dsa.guid = token->guid;
    loose->dsa.line = line->number;
    in->wire_order = in->wire_order || token->wire;
    loose->dsa.deleted_mark = loose->dsa.deleted_mark || token->deleted;
}

/* The entry that a paragraph lists; its objectGUID may have come first. */
static void enter_entry(struct intake_loose *loose, const struct intake_dn *dn)
{
    loose->other_entry = dn->kind != INTAKE_DN_NTDS;
    if (loose->other_entry && loose->labelled && !loose->dsa.server)
        intake_dsa_release(&loose->dsa);
}

static void take_dn(struct intake_loose *loose, struct intake *in, const struct intake_dn *dn,
                    const struct intake_line *line, bool with_guid)
{
    bool own = is_entry_label(line->text);
    bool entry = own || str_starts_case(intake_skip(line->text), "Partner");
    if (own)
        enter_entry(loose, dn);
    if (dn->kind == INTAKE_DN_OTHER || (dn->kind == INTAKE_DN_COMPUTER && !entry))
        return;
    bool pair = loose->dsa.has_guid && !loose->dsa.server && (entry || with_guid);
    if (!pair && (loose->dsa.has_guid || loose->dsa.server)) {
        bool metadata = loose->metadata, judged = loose->judged;
        long result = loose->result;
        intake_loose_close(loose, in);
        loose->metadata = metadata;
        loose->judged = judged;
        loose->result = result;
    }
    loose->dn_kind = dn->kind;
    loose->other_entry = own && dn->kind != INTAKE_DN_NTDS;
    in->repaired_dn = in->repaired_dn || dn->repaired;
    if (dn->kind == INTAKE_DN_COMPUTER)
        return;
    intake_fill_dn(&loose->dsa, dn);
    loose->dsa.line = loose->dsa.line ? loose->dsa.line : line->number;
}

/* "Partner : CN=NTDS Settings,...", "PartnerGuid : ...", in whatever order. */
static bool is_partner_label(const char *text)
{
    if (!str_starts_case(text, "Partner"))
        return false;
    size_t len = strcspn(text, " \t:");
    bool ours =
        len == 7 || str_starts_case(text, "PartnerGuid") || str_starts_case(text, "PartnerAddress");
    return ours && *intake_skip(text + len) == ':';
}

/* Get-ADReplicationPartnerMetadata and Get-ADReplicationFailure say what failed, and for whom. */
static void take_metadata(struct intake_loose *loose, struct intake *in,
                          const struct intake_line *line)
{
    const char *text = intake_skip(line->text);
    bool result =
        str_starts_case(text, "LastReplicationResult") || str_starts_case(text, "LastError");
    bool server = str_starts_case(text, "Server ");
    loose->metadata = loose->metadata || is_partner_label(text);
    char *value = result || server || str_starts_case(text, "LastReplicationAttempt")
                      ? intake_value(text)
                      : NULL;
    if (!value)
        return;
    if (result) {
        loose->result = intake_code(intake_number(value));
        loose->judged = true;
        intake_see_code(in, loose->result, NULL);
        loose->metadata = true;
    } else if (!server) {
        loose->metadata = true;
        free(loose->dsa.last_attempt);
        loose->dsa.last_attempt = intake_when(value);
    } else if (intake_is_host(value)) {
        mem_set(&loose->server, value);
        loose->server_line = line->number;
    }
    free(value);
}

void intake_loose_line(struct intake_loose *loose, struct intake *in,
                       const struct intake_line *line)
{
    struct intake_scan scan = {line->text, line->text};
    struct intake_token token;
    bool with_guid = false;
    if (line->len == 0) {
        intake_loose_close(loose, in);
        return;
    }
    take_metadata(loose, in, line);
    take_computer(loose, line);
    while (intake_next_token(&scan, &token)) {
        if (token.kind == INTAKE_GUID) {
            take_guid(loose, in, &token, line);
            with_guid = true;
        } else if (token.kind == INTAKE_DN) {
            take_dn(loose, in, &token.dn, line, with_guid);
        }
    }
    intake_see_code(in, intake_code_in(line->text), NULL);
}

/* --- a typed line --- */

static bool read_lone_base64(const char *text, struct guid *out)
{
    char *labelled = str_format("objectGUID:: %s", text);
    struct intake_scan scan = {labelled, labelled};
    struct intake_token token;
    bool found = strlen(text) == 24 && strcmp(text + 22, "==") == 0 &&
                 intake_next_token(&scan, &token) && token.kind == INTAKE_GUID;
    if (found)
        *out = token.guid;
    free(labelled);
    return found;
}

/* Takes off what people and shells put around a name. */
static char *bare(const char *text)
{
    text += strspn(text, " \t\"'`<([{");
    size_t scheme = str_starts_case(text, "ldap://")    ? 7
                    : str_starts_case(text, "ldaps://") ? 8
                                                        : 0;
    text += scheme;
    while (*text == '\\')
        text++;
    size_t len = scheme ? strcspn(text, ":/") : strlen(text);
    while (len > 0 && strchr(" \t\"'`>)]},;/", text[len - 1]))
        len--;
    return mem_textn(text, len);
}

static bool is_number_or_address(const char *name)
{
    bool hex = name[0] == '0' && (name[1] | 0x20) == 'x';
    return name[strspn(name, hex ? "0123456789abcdefABCDEFxX" : "0123456789.-")] == '\0';
}

/* Digits and dashes as in a GUID, but not as many. */
static bool is_broken_guid(const char *text)
{
    size_t dashes = 0, len = strlen(text);
    for (size_t i = 0; i < len; i++)
        dashes += text[i] == '-';
    return text[strspn(text, "0123456789abcdefABCDEF-")] == '\0' && len != 36 &&
           ((dashes >= 2 && len >= 14) || len >= 24);
}

static bool read_name(const char *text, struct subject_dsa *dsa)
{
    const char *rest;
    text += str_starts_case(text, "CN=") ? 3 : 0;
    if (intake_site_server(text, &dsa->site, &dsa->server, &rest)) {
        if (*rest == '$') /* DOMAIN\LIVDC02$: an account, no site */
            mem_set(&dsa->site, NULL);
        return intake_blank(rest) || strcmp(rest, "$") == 0;
    }
    size_t len = strlen(text);
    dsa->server =
        mem_textn(text, len > 0 && (text[len - 1] == '$' || text[len - 1] == '.') ? len - 1 : len);
    return intake_is_host(dsa->server) && !is_number_or_address(dsa->server) &&
           !is_broken_guid(dsa->server);
}

bool intake_typed(struct intake *in, const struct intake_line *line)
{
    struct subject_dsa dsa = {.source = SUBJECT_GUID, .line = line->number};
    struct intake_scan scan = {line->text, line->text};
    struct intake_token token;
    if (line->len > 1024)
        return false;
    bool any = intake_next_token(&scan, &token);
    if (any && token.kind == INTAKE_GUID && !token.weak)
        return false;
    char *text = bare(line->text);
    bool whole = any && token.len == strlen(text);
    bool number = whole && token.kind == INTAKE_NUMBER;
    if (whole && token.kind == INTAKE_DN && token.dn.kind != INTAKE_DN_OTHER) {
        in->repaired_dn = token.dn.repaired;
        intake_fill_dn(&dsa, &token.dn);
        dsa.source = dsa.has_guid ? SUBJECT_GUID : SUBJECT_DN;
    } else if (whole && token.kind == INTAKE_GUID) {
        dsa.has_guid = in->wire_order = true;
        dsa.guid = token.guid;
    } else if (*text && intake_read_bytes(text, &dsa.guid) == strlen(text)) {
        dsa.has_guid = in->wire_order = true;
    } else if (read_lone_base64(text, &dsa.guid)) {
        dsa.has_guid = true;
    } else if (!number && !intake_misread_guid(text) && read_name(text, &dsa)) {
        dsa.source = SUBJECT_SERVER_NAME;
    } else {
        in->broken_guid = is_broken_guid(text);
        intake_dsa_release(&dsa);
    }
    bool found = dsa.has_guid || dsa.server;
    intake_add(in, &dsa, INTAKE_MEANT);
    free(text);
    return found;
}
