/* The Browse tree's readings: what stands below what, and one object in full. */
#include "src/directory/browse.h"

#include "src/base/cancel.h"
#include "src/jobs/list_dsas.h"
#include "tests/suite.h"
#include "tests/wire/gather_lab.h"

#include <check.h>
#include <string.h>

static const struct browse_node *find(const struct browse *browse, enum browse_kind kind,
                                      const char *name, const char *parent)
{
    for (size_t i = 0; i < browse->count; i++) {
        const struct browse_node *node = &browse->nodes[i];
        const char *above = node->parent == BROWSE_ROOT ? NULL : browse->nodes[node->parent].name;
        if (node->kind == kind && str_same(node->name, name) && str_same(above, parent))
            return node;
    }
    return NULL;
}

static struct session *start(struct lab *lab)
{
    lab_start(lab);
    lab->session = responder_session(lab->responder, 500);
    return lab->session;
}

START_TEST(the_whole_tree)
{
    struct lab lab;
    struct browse browse;
    struct session *session = start(&lab);
    lab_add(lab.responder, "CN=FILE01,CN=Servers,CN=Liverpool," SITES, "server");
    ck_assert_ptr_null(browse_servers(session, NULL, false, NULL, NULL, &browse));
    ck_assert(browse.complete && !browse.why);
    ck_assert_ptr_nonnull(find(&browse, BROWSE_SITE, "Main", NULL));
    const struct browse_node *server = find(&browse, BROWSE_SERVER, "LIVDC02", "Liverpool");
    ck_assert(server && server->has_dsa);
    ck_assert_str_eq(server->reference.dn, ACCOUNT);
    ck_assert_str_eq(server->dns_host, "livdc02.contoso.com");
    ck_assert_ptr_nonnull(find(&browse, BROWSE_DSA, "NTDS Settings", "LIVDC02"));
    server = find(&browse, BROWSE_SERVER, "FILE01", "Liverpool");
    ck_assert(server && !server->has_dsa && !server->reference.dn);
    browse_release(&browse);
    lab_end(&lab);
}
END_TEST

START_TEST(sites_then_one_site)
{
    struct lab lab;
    struct browse browse;
    struct session *session = start(&lab);
    ck_assert_ptr_null(browse_sites(session, false, &browse));
    ck_assert_uint_eq(browse.count, 2);
    ck_assert_str_eq(browse.nodes[0].name, "Liverpool");
    browse_release(&browse);
    responder_tombstone(lab.dc.ntds);
    ck_assert_ptr_null(browse_servers(session, "CN=Liverpool," SITES, false, NULL, NULL, &browse));
    ck_assert_uint_eq(browse.count, 1);
    ck_assert(!browse.nodes[0].has_dsa && browse.nodes[0].parent == BROWSE_ROOT);
    browse_release(&browse);
    ck_assert_ptr_null(browse_servers(session, "CN=Liverpool," SITES, true, NULL, NULL, &browse));
    ck_assert_uint_eq(browse.count, 2);
    ck_assert(browse.nodes[1].deleted && browse.nodes[1].parent == 0);
    ck_assert(!browse.nodes[0].has_dsa);
    browse_release(&browse);
    lab_end(&lab);
}
END_TEST

START_TEST(a_part_is_better_than_nothing)
{
    struct lab lab;
    struct browse browse;
    struct session *session = start(&lab);
    responder_search_answer(lab.responder, SITES, "server", 3, "00000000: time is up", 2);
    ck_assert_ptr_null(browse_servers(session, NULL, false, NULL, NULL, &browse));
    ck_assert(browse.count == 2 && !browse.complete && browse.why);
    browse_release(&browse);
    ck_assert_ptr_nonnull(lab.session);
    responder_fault(lab.responder, FAULT_DROP, OP_SEARCH,
                    responder_count(lab.responder, OP_SEARCH) + 1);
    struct err *err = browse_sites(session, false, &browse);
    ck_assert(err_is(err, ERR_LOST) && browse.count == 0);
    err_free(err);
    lab_end(&lab);
}
END_TEST

/* ---- the DSAs alone ---- */

enum { MORE = 400 }; /* of them, with their servers: several pages */

static void add_many(struct lab *lab)
{
    char name[16];
    for (int i = 0; i < MORE; i++) {
        (void)snprintf(name, sizeof name, "DC%04d", i);
        (void)responder_add_dc(lab->responder, name, "Main");
    }
}

START_TEST(the_dsas_with_name_and_site)
{
    struct lab lab;
    struct dsa_list list;
    struct guid guid;
    struct session *session = start(&lab);
    add_many(&lab);
    ck_assert(guid_parse(responder_guid(lab.dc.ntds), &guid));
    ck_assert_ptr_null(list_dsas(session, &list));
    ck_assert(list.complete && !list.why);
    size_t all = list.count;
    ck_assert_uint_gt(all, MORE);
    const struct listed_dsa *dsa = dsa_list_find(&list, &guid);
    ck_assert_ptr_nonnull(dsa);
    ck_assert_str_eq(dsa->server, "LIVDC02");
    ck_assert_str_eq(dsa->site, "Liverpool");
    for (size_t i = 0; i < all; i++)
        ck_assert(list.items[i].server && list.items[i].site);
    dsa_list_release(&list);
    responder_tombstone(lab.dc.ntds); /* nothing can be repaired for it */
    ck_assert_ptr_null(list_dsas(session, &list));
    ck_assert_uint_eq(list.count, all - 1);
    ck_assert_ptr_null(dsa_list_find(&list, &guid));
    dsa_list_release(&list);
    lab_end(&lab);
}
END_TEST

START_TEST(a_part_of_the_dsas_says_so)
{
    struct lab lab;
    struct dsa_list list;
    struct session *session = start(&lab);
    responder_search_answer(lab.responder, SITES, "nTDSDSA", 3, "00000000: time is up", 4);
    ck_assert_ptr_null(list_dsas(session, &list));
    ck_assert(!list.complete && list.why);
    dsa_list_release(&list);
    lab_end(&lab);
}
END_TEST

/* An answer that never comes: at the deadline, or at once where it is called off. */
START_TEST(no_answer_leaves_no_dsas)
{
    struct lab lab;
    struct dsa_list list;
    struct cancel *cancel = cancel_new();
    struct session *session = start(&lab);
    responder_fault(lab.responder, FAULT_STALL, OP_SEARCH,
                    responder_count(lab.responder, OP_SEARCH) + 1);
    if (_i) {
        cancel_raise(cancel);
        session_set_cancel(session, cancel);
    }
    struct err *err = list_dsas(session, &list);
    ck_assert(err && list.count == 0 && !list.complete);
    ck_assert_int_eq(err->kind == ERR_CANCELLED, _i);
    ck_assert(_i || err_is(err, ERR_TIMED_OUT));
    err_free(err);
    dsa_list_release(&list);
    session_set_cancel(session, NULL);
    cancel_free(cancel);
    lab_end(&lab);
}
END_TEST

static const struct browse_line *line(const struct browse_object *object, const char *attribute)
{
    for (size_t i = 0; i < object->count; i++)
        if (str_same(object->lines[i].attribute, attribute))
            return &object->lines[i];
    return NULL;
}

START_TEST(one_object)
{
    struct lab lab;
    struct browse_object object;
    struct session *session = start(&lab);
    ck_assert_ptr_null(browse_object(session, NULL, LIVDC02, &object));
    ck_assert_str_eq(object.lines[0].attribute, "objectClass");
    const struct browse_line *reference = line(&object, "serverReference");
    ck_assert_str_eq(reference->values.items[0], ACCOUNT);
    ck_assert(reference->links && reference->links[0].has_guid);
    struct guid guid = reference->links[0].guid, server = object.node.guid;
    browse_object_release(&object);
    ck_assert_ptr_null(browse_object(session, &guid, NULL, &object));
    ck_assert_str_eq(object.node.dn, ACCOUNT);
    browse_object_release(&object);
    responder_clear(lab.dc.server, "serverReference");
    ck_assert_ptr_null(browse_object(session, &server, NULL, &object));
    ck_assert_uint_eq(line(&object, "serverReference")->values.count, 0);
    browse_object_release(&object);
    memset(&guid, 7, sizeof guid);
    struct err *err = browse_object(session, &guid, NULL, &object);
    ck_assert(err_is(err, ERR_NO_SUCH_OBJECT) && object.count == 0);
    err_free(err);
    lab_end(&lab);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("browse");
    TCase *tests = tcase_create("browse");
    tcase_add_test(tests, the_whole_tree);
    tcase_add_test(tests, sites_then_one_site);
    tcase_add_test(tests, a_part_is_better_than_nothing);
    tcase_add_test(tests, the_dsas_with_name_and_site);
    tcase_add_test(tests, a_part_of_the_dsas_says_so);
    tcase_add_loop_test(tests, no_answer_leaves_no_dsas, 0, 2);
    tcase_add_test(tests, one_object);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
