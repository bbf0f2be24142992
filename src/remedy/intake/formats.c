/* The table of formats, and how a pattern is compared. */
#include "src/remedy/intake/formats.h"

#include "src/base/str.h"

#include <stdint.h>
#include <string.h>

#define SHOWREPL SUBJECT_SHOWREPL
#define SAMBA SUBJECT_SAMBA_SHOWREPL
#define DCDIAG SUBJECT_DCDIAG_REPLICATIONS

static const struct format formats[] = {
    {"repadmin's first line", "repadmin: *full dc localhost", SHOWREPL, CUT_REPORT},
    {"repadmin's first line", "repadmin: *full dc {dest}", SHOWREPL, CUT_REPORT},
    {"repadmin's first line, a link", "repadmin: *full dc [{dest}", SHOWREPL, CUT_REPORT},
    {"repadmin's first line, German", "repadmin: *controller \"{dest}", SHOWREPL, CUT_REPORT},
    {"repadmin's first line, cut", "repadmin: *command /*", SHOWREPL, CUT_REPORT},
    {"repadmin /showrepl, a part", "==*inbound*", SHOWREPL, CUT_INBOUND},
    {"repadmin /showrepl, a part, spaced", "= =*inbound*", SHOWREPL, CUT_INBOUND},
    {"repadmin /showrepl, a part", "==*outbound*", SHOWREPL, CUT_OUTBOUND},
    {"repadmin /showrepl, a part", "==*kcc*obj*", SHOWREPL, CUT_OTHER},
    {"repadmin /failcache, a part", "==*kcc*", SUBJECT_FAILCACHE, CUT_FAILURES},
    {"repadmin /showrepl, a part, translated", "==*", SHOWREPL, CUT_NEXT},
    {"dcdiag, a tested DC", "*serve*: {reporter}$", DCDIAG, CUT_TESTS},
    {"dcdiag, a tested DC", "*servid*: {reporter}$", DCDIAG, CUT_TESTS},
    {"dcdiag, the end of a test", ".........? {dest} ", DCDIAG, CUT_TESTED},
    {"dcdiag Replications", "[*, {dest} ] *from {source} to {dest}", DCDIAG, CUT_PARTNER},
    {"dcdiag Replications", "[*, {dest} ] *", DCDIAG, CUT_PARTNER},
    {"dcdiag Replications, any language", "? {source} ? {dest}$", DCDIAG, CUT_FILL},
    {"dcdiag Replications, Japanese", "{source} ? {dest} ?$", DCDIAG, CUT_FILL},
    {"dcdiag, a bind", "[{source}] ds*failed with error {code}", DCDIAG, CUT_LINE},
    {"dcdiag VerifyReferences", "[?] problem: missing expected value", SUBJECT_DCDIAG_REFERENCES,
     CUT_LABELS},
    {"samba-tool drs showrepl, a deleted partner", "ntds dn: *", SAMBA, CUT_LABELS},
    {"repadmin /showrepl", "{partner} via rpc$", SHOWREPL, CUT_PARTNER},
    {"repadmin /showrepl", "{partner} via smtp$", SHOWREPL, CUT_PARTNER},
    {"repadmin /showrepl, translated", "{partner} ? rpc$", SHOWREPL, CUT_PARTNER},
    {"repadmin /showrepl, translated", "{partner} (rpc*", SHOWREPL, CUT_PARTNER},
    {"repadmin /showrepl, a deleted partner", "{partner}\\0adel:* rpc$", SHOWREPL, CUT_PARTNER},
    {"repadmin /showrepl, a deleted partner", "{partner} (deleted *rpc$", SHOWREPL, CUT_PARTNER},
    {"repadmin /showrepl, no backslash left", "? via rpc$", SHOWREPL, CUT_PARTNER},
    {"repadmin /showrepl, its end", "source: {partner}$", SHOWREPL, CUT_PARTNER},
    {"repadmin /replsum", "{host} * / ? ? ({code})", SUBJECT_REPLSUM, CUT_LINE},
    {"repadmin /replsum, a head", "source dsa*/*%* ?", SUBJECT_REPLSUM, CUT_INBOUND},
    {"repadmin /replsum, a head", "*dest*dsa*/*%* ?", SUBJECT_REPLSUM, CUT_OUTBOUND},
    {"repadmin /replsum, a head", "*ziel*dsa*/*%* ?", SUBJECT_REPLSUM, CUT_OUTBOUND},
    {"repadmin /replsum, a head, translated", "*dsa*/*%* ?", SUBJECT_REPLSUM, CUT_NEXT},
    {"repadmin /syncall", "callback message: *", SUBJECT_SYNCALL, CUT_HEALTHY},
    {"repadmin /syncall", "error issuing replication: {code}", SUBJECT_SYNCALL, CUT_HEALTHY},
    {"repadmin /syncall", "the following replication is *", SUBJECT_SYNCALL, CUT_HEALTHY},
    {"repadmin /syncall", "the following replication completed *", SUBJECT_SYNCALL, CUT_HEALTHY},
    {"repadmin /syncall, from and to", "*: {guid}", SUBJECT_SYNCALL, CUT_FILL},
    {"repadmin /replicate", "*repadmin* /replicate {dest} {source} ", SHOWREPL, CUT_PARTNER},
    {"repadmin /replsingleobj", "*repadmin* /replsingleobj {dest} {source} ", SHOWREPL,
     CUT_PARTNER},
    {"repadmin /sync", "*repadmin* /sync *dc=* {dest} {guid}", SHOWREPL, CUT_PARTNER},
    {"samba-tool drs replicate", "*samba-tool drs replicate {dest} {source} ", SAMBA, CUT_PARTNER},
    {"Sites and Services, Replicate Now",
     "*from domain controller {source} to domain controller {dest}", SHOWREPL, CUT_PARTNER},
    {"dcdiag CheckSecurityError", "*source dc {source} has possible security error ({code}", DCDIAG,
     CUT_LINE},
    {"Sites and Services, a DC", "*attempt to contact the domain controller {source}", SHOWREPL,
     CUT_PARTNER},
    {"Checkmk ad_replication", "{partner} replication of context *status: {code}", SHOWREPL,
     CUT_LINE},
    {"Snare by syslog", "? ? ? {dest} mswineventlog*", SUBJECT_SERVER_NAME, CUT_EVENT},
    {"Snare", "{dest} mswineventlog*", SUBJECT_SERVER_NAME, CUT_EVENT},
    {"CEF", "*cef:0|*", SUBJECT_SERVER_NAME, CUT_EVENT},
};

enum { MAX_LINE = 3000 };

static size_t word_length(const char *text)
{
    size_t len = 0;
    while (text[len] > ' ' && !strchr(",;()[]<>|\"'{}:=*", text[len]))
        len++;
    return len;
}

/* "Default First Site\DC1": blanks may stand in front of the backslash. */
static size_t partner_length(const char *text)
{
    size_t at = strcspn(text, "\\/:<>|\"*?=,[]\t");
    if (at == 0 || at > 64 || (text[at] != '\\' && text[at] != '/'))
        return 0;
    size_t from = at + strspn(text + at, "\\/");
    size_t len = word_length(text + from), stop = strcspn(text + from, "\\/");
    len = len < stop ? len : stop;
    return len ? from + len : 0;
}

/* Takes what "{name}" of a pattern stands for at the text; its length, 0: it is not there. */
static size_t take(const char *name, const char *text, struct taken *out)
{
    struct slice *to = *name == 'c'                   ? &out->code
                       : *name == 'g'                 ? &out->guid
                       : *name == 'd' || *name == 'r' ? &out->dest
                                                      : &out->source;
    size_t len = *name == 'h' ? 0 : partner_length(text);
    struct slice site, server;
    struct guid guid;
    if (*name == 'g') {
        bool settings = str_starts_case(text, "CN=NTDS Settings,");
        bool plain = guid_parse_prefix(text, strnlen(text, 36), &guid);
        len = settings ? strlen(text) : plain ? word_length(text) : 0;
    } else if (*name == 'c') {
        len = *text >= '0' && *text <= '9' ? word_length(text) : 0;
    } else {
        bool both = *name == 'p' || *name == 'r';
        len = len || both ? len : word_length(text);
        if (!len || !read_name((struct slice){text, len}, &site, &server))
            return 0;
    }
    *to = (struct slice){text, len};
    return len;
}

/* The length of the text that a pattern fits; 0: it does not. lower: the text in lower case. */
static size_t fits(const char *pattern, const char *text, const char *lower, struct taken *out)
{
    size_t at = 0, len;
    for (; *pattern; pattern++, at += len) {
        const char *here = lower + at, *found;
        len = 1;
        if (*pattern == '*') { /* to the next place where what follows may fit */
            size_t blank = pattern[1] == ' ', literal = strcspn(pattern + 1 + blank, "{*?$ ");
            if (!pattern[1])
                return strlen(lower);
            found = memmem(here, strlen(here), pattern + 1 + blank, literal);
            len = found ? (size_t)(found - here) : 0;
            while (blank && len && here[len - 1] == ' ')
                len--;
            if (!found || (!literal && blank))
                len = strcspn(here, " \t");
            if (!found)
                return 0;
        } else if (*pattern == '{') {
            len = take(pattern + 1, text + at, out);
            pattern = strchr(pattern, '}');
        } else if (*pattern == ' ') {
            len = strspn(here, " \t");
        } else if (*pattern == '?') {
            len = strcspn(here, " \t]");
        } else if (*pattern == '$') {
            return here[strspn(here, " \t.:")] ? 0 : strlen(lower);
        } else if (*here != *pattern) {
            return 0;
        }
        if (!len && *pattern != '*' && *pattern != ' ')
            return 0;
    }
    return at;
}

/* Which characters are in a text, as bits; in any case, and some share one. */
static uint64_t mark_of(char c)
{
    return UINT64_C(1) << ((c | 0x20) & 63);
}

/* The characters that a line must have to fit a row: cheap, and most lines fit none. */
static uint64_t needed[sizeof formats / sizeof *formats];

__attribute__((constructor)) static void learn_formats(void)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        for (const char *at = formats[i].pattern; *at; at++) {
            if (*at == '{')
                at = strchr(at, '}');
            else if (!strchr("*?$ ", *at))
                needed[i] |= mark_of(*at);
        }
}

const struct format *find_format(const char *text, const struct record *open, struct taken *out)
{
    char lower[MAX_LINE + 1];
    size_t len = 0;
    uint64_t has = 0;
    for (; len < MAX_LINE && text[len]; len++) {
        lower[len] = (char)(text[len] >= 'A' && text[len] <= 'Z' ? text[len] | 0x20 : text[len]);
        has |= mark_of(text[len]);
    }
    lower[len] = '\0';
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        const struct format *format = &formats[i];
        if ((needed[i] & ~has) || (!strchr("{*?", *format->pattern) && *format->pattern != *lower))
            continue;
        if (format->cut == CUT_FILL && (!open || open->source != format->source))
            continue;
        *out = (struct taken){.source = {NULL, 0}};
        out->len = fits(format->pattern, text, lower, out);
        if (out->len)
            return format;
    }
    return NULL;
}
