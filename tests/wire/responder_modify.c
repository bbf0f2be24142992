/* A modify is recorded, then refused as scripted or carried out with what Active Directory checks
 * on serverReference: the exact old value, a single value, a target that exists. */
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/model/dn.h"
#include "tests/wire/responder_parts.h"

#include <stdlib.h>
#include <string.h>

static bool read_change(BerElement *ber, struct responder_change *change)
{
    ber_int_t op;
    struct berval name, *values = NULL;
    ber_len_t size = sizeof(struct berval);
    if (ber_scanf(ber, "{e{m[M]}}", &op, &name, &values, &size, (ber_len_t)0) == LBER_ERROR)
        return false;
    change->op = op;
    change->attribute = mem_textn(name.bv_val, name.bv_len);
    while (values && values[change->values].bv_val)
        change->values++;
    if (change->values)
        change->value = mem_textn(values[0].bv_val, values[0].bv_len);
    ber_memfree(values);
    return true;
}

static bool read_modify(BerElement *ber, struct responder_modify *modify)
{
    struct berval dn;
    struct controls controls;
    ber_len_t len;
    char *last;
    if (ber_scanf(ber, "{m", &dn) == LBER_ERROR)
        return false;
    modify->dn = mem_textn(dn.bv_val, dn.bv_len);
    for (ber_tag_t tag = ber_first_element(ber, &len, &last); tag != LBER_DEFAULT;
         tag = ber_next_element(ber, &len, last))
        if (!read_change(ber, MEM_PUSH(modify->changes, modify->count)))
            return false;
    bool ok = responder_controls(ber, &controls);
    modify->controls = controls.count;
    free(controls.cookie.bv_val);
    return ok;
}

/* The DN that a value means: itself, or what <GUID=...> names. */
static const char *target_of(struct responder *responder, const char *value)
{
    const struct responder_entry *entry = value ? tree_by_dn(responder, value) : NULL;
    return entry && !entry->gone && !entry->deleted ? entry->dn : NULL;
}

static bool holds(struct responder *responder, const struct responder_entry *entry,
                  const struct responder_change *change)
{
    const struct responder_attribute *attribute = tree_attribute(entry, change->attribute);
    const char *target = target_of(responder, change->value);
    return attribute && attribute->count && change->value &&
           dn_equal(attribute->values[0].bytes, target ? target : change->value);
}

static int carry_out(struct responder *responder, struct responder_entry *entry,
                     const struct responder_change *change)
{
    const char *target = target_of(responder, change->value);
    if (change->op == LDAP_MOD_DELETE) {
        bool there = tree_attribute(entry, change->attribute) != NULL;
        if (change->value ? !holds(responder, entry, change) : responder->windows && !there)
            return LDAP_NO_SUCH_ATTRIBUTE;
        responder_clear(entry, change->attribute);
        return LDAP_SUCCESS;
    }
    if (responder->modify_by_dn && change->value && change->value[0] == '<')
        return LDAP_INVALID_SYNTAX;
    if (!target)
        return responder->windows && change->value && change->value[0] != '<'
                   ? LDAP_NO_SUCH_OBJECT
                   : LDAP_CONSTRAINT_VIOLATION;
    if (change->op == LDAP_MOD_ADD && tree_attribute(entry, change->attribute))
        return LDAP_TYPE_OR_VALUE_EXISTS;
    char *copy = mem_text(target);
    responder_clear(entry, change->attribute);
    responder_link(entry, change->attribute, copy);
    free(copy);
    return LDAP_SUCCESS;
}

/* All changes or none: they are tried on a copy of the attribute that they are about. */
static int apply(struct responder *responder, const struct responder_modify *modify)
{
    struct responder_entry *entry = tree_by_dn(responder, modify->dn);
    int code = LDAP_SUCCESS;
    if (!entry || entry->gone || entry->deleted)
        return responder->windows && !responder->catalog ? LDAP_REFERRAL : LDAP_NO_SUCH_OBJECT;
    const char *name = modify->count ? modify->changes[0].attribute : "";
    const struct responder_attribute *attribute = tree_attribute(entry, name);
    char *before = attribute && attribute->count ? mem_text(attribute->values[0].bytes) : NULL;
    for (size_t i = 0; i < modify->count && code == LDAP_SUCCESS; i++)
        code = carry_out(responder, entry, &modify->changes[i]);
    if (code != LDAP_SUCCESS) {
        responder_clear(entry, name);
        if (before)
            responder_link(entry, name, before);
    }
    free(before);
    return code;
}

static const char *diagnostic(int code)
{
    switch (code) {
    case LDAP_NO_SUCH_ATTRIBUTE:
        return "00002085: AtrErr: DSID-03151D1C, #1:\n\t0: 00002085: DSID-03151D1C, problem 1001 "
               "(NO_ATTRIBUTE_OR_VAL), data 0, Att 90203 (serverReference):len 98\n";
    case LDAP_TYPE_OR_VALUE_EXISTS:
        return "00002083: AtrErr: DSID-031519E4, #1:\n\t0: 00002083: DSID-031519E4, problem 1006 "
               "(ATT_OR_VALUE_EXISTS), data 0, Att 90203 (serverReference)\n";
    case LDAP_CONSTRAINT_VIOLATION:
        return "000020B5: AtrErr: DSID-03152BCD, #1:\n\t0: 000020B5: DSID-03152BCD, problem 1005 "
               "(CONSTRAINT_ATT_TYPE), data 0, Att 90203 (serverReference)\n";
    case LDAP_NO_SUCH_OBJECT:
        return "0000208D: NameErr: DSID-0310020A, problem 2001 (NO_OBJECT), data 0, best match "
               "of:\n\t''\n";
    default:
        return NULL;
    }
}

bool responder_modify(struct connection *connection, BerElement *ber, int id)
{
    struct responder *responder = connection->responder;
    struct responder_modify *modify = MEM_PUSH(responder->modifies, responder->modify_count);
    if (!read_modify(ber, modify))
        return false;
    int code = responder->modify_code && !responder->modify_done ? 0 : apply(responder, modify);
    if (responder->modify_code)
        code = responder->modify_code;
    bool scripted = responder->modify_code != 0;
    char *own = scripted ? NULL : windows_words(responder, code, modify->dn);
    const char *referral = code == LDAP_REFERRAL ? WINDOWS_REFERRAL : NULL;
    responder_result(connection, id, LDAP_RES_MODIFY, code,
                     scripted ? responder->modify_said
                     : own    ? own
                              : diagnostic(code),
                     scripted ? responder->modify_referral : referral);
    free(own);
    return true;
}
