/* The table of formats, and how a pattern is compared. */
#include "src/remedy/intake/formats.h"

#include <string.h>

static const struct format formats[] = {
    {"dcdiag, a tested DC", "testing server: {dest}$", SUBJECT_DCDIAG_REPLICATIONS, CUT_REPORT},
    {"dcdiag Replications", "[*,{dest}] *from {source} to {dest}", SUBJECT_DCDIAG_REPLICATIONS,
     CUT_PARTNER},
    {"dcdiag Replications", "[*,{dest}] *", SUBJECT_DCDIAG_REPLICATIONS, CUT_PARTNER},
    {"dcdiag Replications", "from {source} to {dest}$", SUBJECT_DCDIAG_REPLICATIONS, CUT_FILL},
    {"dcdiag, a bind", "[{source}] ds*failed with error {code}", SUBJECT_DCDIAG_REPLICATIONS,
     CUT_LINE},
    {"dcdiag VerifyReferences", "[?] problem: missing expected value", SUBJECT_DCDIAG_REFERENCES,
     CUT_LABELS},
    {"samba-tool drs showrepl, a deleted partner", "ntds dn: *", SUBJECT_SAMBA_SHOWREPL,
     CUT_LABELS},
    {"repadmin /showrepl", "{partner} via rpc$", SUBJECT_SHOWREPL, CUT_PARTNER},
    {"repadmin /showrepl", "{partner} via smtp$", SUBJECT_SHOWREPL, CUT_PARTNER},
    {"repadmin /showrepl, translated", "{partner} ? rpc$", SUBJECT_SHOWREPL, CUT_PARTNER},
    {"repadmin /showrepl, translated", "{partner} (rpc*", SUBJECT_SHOWREPL, CUT_PARTNER},
    {"repadmin /showrepl, a deleted partner", "{partner}\\0adel:* rpc$", SUBJECT_SHOWREPL,
     CUT_PARTNER},
    {"repadmin /showrepl, a deleted partner", "{partner} (deleted *rpc$", SUBJECT_SHOWREPL,
     CUT_PARTNER},
    {"repadmin /showrepl, no backslash left", "? via rpc$", SUBJECT_SHOWREPL, CUT_PARTNER},
    {"repadmin /showrepl, its end", "source: {partner}$", SUBJECT_SHOWREPL, CUT_PARTNER},
    {"repadmin /syncall", "callback message: *", SUBJECT_SYNCALL, CUT_HEALTHY},
    {"repadmin /syncall", "error issuing replication: {code}", SUBJECT_SYNCALL, CUT_HEALTHY},
    {"repadmin /syncall", "the following replication *", SUBJECT_SYNCALL, CUT_HEALTHY},
    {"repadmin /replicate", "*repadmin* /replicate {dest} {source} ", SUBJECT_SHOWREPL,
     CUT_PARTNER},
    {"repadmin /replsingleobj", "*repadmin* /replsingleobj {dest} {source} ", SUBJECT_SHOWREPL,
     CUT_PARTNER},
    {"repadmin /sync", "*repadmin* /sync *dc=* {dest} {guid}", SUBJECT_SHOWREPL, CUT_PARTNER},
    {"samba-tool drs replicate", "*samba-tool drs replicate {dest} {source} ",
     SUBJECT_SAMBA_SHOWREPL, CUT_PARTNER},
    {"Sites and Services, Replicate Now",
     "*from domain controller {source} to domain controller {dest}", SUBJECT_SHOWREPL, CUT_PARTNER},
    {"dcdiag CheckSecurityError", "*source dc {source} has possible security error ({code}",
     SUBJECT_DCDIAG_REPLICATIONS, CUT_LINE},
    {"Sites and Services, a DC", "*attempt to contact the domain controller {source}",
     SUBJECT_SHOWREPL, CUT_PARTNER},
    {"Checkmk ad_replication", "{partner} replication of context *status: {code}", SUBJECT_SHOWREPL,
     CUT_LINE},
    {"Snare", "*{dest} mswineventlog*", SUBJECT_SERVER_NAME, CUT_EVENT},
    {"CEF", "*cef:0|*", SUBJECT_SERVER_NAME, CUT_EVENT},
};

enum { MAX_LINE = 600 };

/* Where a pattern stands against a line. */
struct match {
    const char *text, *lower; /* the line; lower walks */
    size_t at;
    struct taken *out;
};

static bool is_name_char(char c)
{
    return c > ' ' && !strchr(",;()[]<>|\"'{}:=*", c);
}

/* "Default First Site\DC1": blanks may stand in front of the backslash. */
static size_t partner_length(const char *text)
{
    size_t at = strcspn(text, "\\/:<>|\"*?=,[]\t");
    if (at == 0 || at > 64 || (text[at] != '\\' && text[at] != '/'))
        return 0;
    at += strspn(text + at, text[at] == '/' ? "/" : "\\");
    size_t from = at;
    while (is_name_char(text[at]) && text[at] != '\\' && text[at] != '/')
        at++;
    return at > from ? at : 0;
}

static size_t word_length(const char *text)
{
    size_t len = 0;
    while (is_name_char(text[len]))
        len++;
    return len;
}

/* Takes what "{name}" of a pattern stands for at the match; its length, 0: it is not there. */
static size_t take(struct match *m, const char *name)
{
    const char *at = m->text + m->at;
    struct slice *to = NULL, site, server;
    size_t len = strncmp(name, "partner", 7) == 0 ? partner_length(at) : word_length(at);
    if (*name == 'p' || *name == 's')
        to = &m->out->source;
    else if (*name == 'd')
        to = &m->out->dest;
    else
        to = *name == 'c' ? &m->out->code : &m->out->guid;
    if ((*name == 's' || *name == 'd') && partner_length(at))
        len = partner_length(at);
    *to = (struct slice){at, len};
    if (len && (*name == 'p' || *name == 's' || *name == 'd') && !read_name(*to, &site, &server))
        return 0;
    return len;
}

static size_t literal_length(const char *pattern)
{
    return strcspn(pattern, "{*?$ ");
}

/* "*x": goes to the next place where x fits; "*{dest} x": the word in front of it. */
static bool skip_to(struct match *m, const char *pattern)
{
    bool capture = *pattern == '{';
    const char *next = capture ? strchr(pattern, '}') + 1 : pattern;
    size_t blank = *next == ' ';
    char literal[40] = "";
    size_t len = literal_length(next + blank);
    if (len == 0) {
        m->at += blank ? strcspn(m->lower + m->at, " \t") : 0;
        return !capture;
    }
    memcpy(literal, next + blank, len < sizeof literal - 1 ? len : sizeof literal - 1);
    const char *found = strstr(m->lower + m->at, literal);
    if (!found)
        return false;
    size_t at = (size_t)(found - m->lower);
    if (capture) {
        while (at > m->at && (m->lower[at - 1] == ' ' || m->lower[at - 1] == '\t'))
            at--;
        while (at > m->at && is_name_char(m->lower[at - 1]))
            at--;
    }
    while (blank && !capture && at > m->at && m->lower[at - 1] == ' ')
        at--;
    m->at = at;
    return true;
}

static bool fits(const char *pattern, struct match *m)
{
    for (; *pattern; pattern++) {
        const char *at = m->lower + m->at;
        if (*pattern == '*') {
            if (!pattern[1])
                return true;
            if (!skip_to(m, pattern + 1))
                return false;
        } else if (*pattern == '{') {
            size_t len = take(m, pattern + 1);
            if (!len)
                return false;
            m->at += len;
            pattern = strchr(pattern, '}');
            m->at += pattern[1] && pattern[1] != ' ' ? strspn(m->lower + m->at, " ") : 0;
        } else if (*pattern == ' ') {
            size_t blanks = strspn(at, " \t");
            if (!blanks)
                return false;
            m->at += blanks;
        } else if (*pattern == '?') {
            size_t len = strcspn(at, " \t]");
            if (!len)
                return false;
            m->at += len;
        } else if (*pattern == '$') {
            return at[strspn(at, " \t.:")] == '\0';
        } else if (*at == *pattern) {
            m->at++;
            if (*pattern == ':')
                m->at += strspn(m->lower + m->at, pattern[1] == ' ' ? "" : " ");
        } else {
            return false;
        }
    }
    return true;
}

/* Cheap: most lines fit no row. */
static bool may_fit(const struct format *format, const char *lower, bool backslash, bool slash)
{
    char first = format->pattern[0];
    if (first == '{')
        return backslash || (slash && strstr(lower, "replication of context"));
    if (first == '?')
        return strstr(lower, " via rpc") != NULL;
    return first == '*' || first == lower[0];
}

const struct format *find_format(const char *text, const char *lower, struct taken *out)
{
    bool backslash = strchr(lower, '\\') != NULL, slash = strchr(lower, '/') != NULL;
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        struct match m = {.text = text, .lower = lower, .out = out};
        if (!may_fit(&formats[i], lower, backslash, slash))
            continue;
        *out = (struct taken){.source = {NULL, 0}};
        if (fits(formats[i].pattern, &m))
            return &formats[i];
    }
    return NULL;
}
