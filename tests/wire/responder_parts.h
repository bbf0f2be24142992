/* The inside of the responder. Everything is used under responder->lock. */
#ifndef DCMEND_TESTS_RESPONDER_PARTS_H
#define DCMEND_TESTS_RESPONDER_PARTS_H

#include "src/base/index.h"
#include "src/directory/wire.h"
#include "src/model/guid.h"
#include "tests/wire/report.h"
#include "tests/wire/responder.h"

#include <gnutls/gnutls.h>
#include <pthread.h>

struct responder_value {
    char *bytes;
    size_t len;
    bool link;
};
struct responder_attribute {
    char *name;
    struct responder_value *values;
    size_t count;
};
struct responder_entry {
    const struct responder *owner;
    char *dn;
    struct guid guid;
    char guid_text[GUID_TEXT];
    bool deleted, gone;
    struct responder_attribute *attributes;
    size_t count;
};

struct responder_script {
    char *base, *filter, *said;
    int code;
    size_t after;
};

struct connection {
    struct responder *responder;
    pthread_t thread;
    int fd;
    bool tls;  /* from the first byte */
    bool mute; /* reads on, answers no more */
    bool half; /* the next answer is cut in the middle */
    gnutls_session_t session;
    Sockbuf *sockbuf;
};

struct responder {
    pthread_mutex_t lock;
    struct responder_entry **entries;
    size_t entry_count;
    struct index by_dn; /* lower case; of the first `indexed` */
    size_t indexed;
    struct responder_script *scripts;
    size_t script_count;
    struct connection **connections;
    size_t connection_count;
    int listener;
    bool listener_tls, listening;
    pthread_t acceptor;
    gnutls_certificate_credentials_t credentials, own;
    const char *priority; /* static; NULL: GnuTLS' default */
    int bind_code, modify_code;
    bool modify_done, modify_by_dn;
    char *bind_said, *modify_said, *modify_referral, *authzid, *password, *asked;
    size_t range;
    unsigned references;
    bool endless, endless_entries, catalog;
    bool windows; /* plays a Windows DC that is no global catalog */
    size_t computers;
    struct report *report; /* answers searches, as that DC did; NULL: the tree does */
    char *report_dc;
    enum responder_fault fault;
    enum responder_op fault_op;
    unsigned fault_nth;
    unsigned counts[OP_UNBIND + 1];
    struct responder_modify *modifies;
    size_t modify_count;
};

/* One request as read from the wire. */
struct controls {
    bool extended, deleted, paged;
    int page;
    struct berval cookie;
    size_t count;
};

/* responder_tree.c */
bool tree_visible(const struct responder_entry *entry, bool deleted);
struct responder_entry *tree_by_dn(struct responder *responder, const char *dn); /* or <GUID=> */
bool tree_in_scope(struct responder *responder, const struct responder_entry *base,
                   const struct responder_entry *entry, int scope);
struct responder_attribute *tree_attribute(const struct responder_entry *entry, const char *name);
char *tree_name(struct responder *responder, const char *dn, const struct controls *controls);
void tree_release(struct responder *responder);
void tree_entry_free(struct responder_entry *entry);

/* responder_forest.c */
void forest_fill(struct responder *responder);

/* responder_filter.c: a parsed filter. */
struct filter {
    ber_tag_t tag;
    char *attribute, *rule;
    struct berval *parts; /* value; or substrings with their tags */
    ber_tag_t *part_tags;
    size_t part_count;
    struct filter *kids;
    size_t kid_count;
};
bool filter_read(BerElement *ber, struct filter *filter);
bool filter_matches(const struct filter *filter, const struct responder_entry *entry);
char *filter_text(const struct filter *filter); /* RFC 4515; owned by the caller */
bool filter_mentions(const struct filter *filter, const char *text);
void filter_release(struct filter *filter);

/* responder_computers.c: those of responder_computers() */
bool computers_may_match(const struct filter *filter); /* false: none of them does */
struct responder_entry *computer_new(const struct responder *responder, size_t number);

/* responder_windows.c: what a Windows DC does differently */
#define WINDOWS_REFERRAL "ldap://gc._msdcs.contoso.com:3268/"
void windows_root(struct responder_entry *root);
void windows_tombstone(struct responder_entry *entry);
/* It would walk over all objects of its domain: no index answers the filter. */
bool windows_walks(struct responder *responder, const struct filter *filter, const char *base);
/* Its words for a result code; NULL: it has none of its own. For the caller to free. */
char *windows_words(struct responder *responder, int code, const char *dn);
/* Writes a diagnostic: with the NUL that Windows sends behind it. */
void responder_put_said(struct responder *responder, BerElement *ber, const char *said);

/* responder_search.c and responder_modify.c: false when the request is malformed. The answer goes
 * through responder_send(). */
bool responder_search(struct connection *connection, BerElement *ber, int id);
bool responder_modify(struct connection *connection, BerElement *ber, int id);
bool responder_controls(BerElement *ber, struct controls *controls);

/* responder.c */
void responder_send(struct connection *connection, BerElement *ber);
void responder_result(struct connection *connection, int id, ber_tag_t tag, int code,
                      const char *said, const char *referral);

/* responder_connection.c: the thread's loop, and TLS below liblber. */
void *connection_serve(void *connection);
void connection_free(struct connection *connection);
bool connection_start_tls(struct connection *connection);

#endif
