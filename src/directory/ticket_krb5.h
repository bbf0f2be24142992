/* The part of MIT's <krb5.h> that ticket*.c and dns.c use. The header itself cannot be included: it
 * has members named ctime, which src/base/banned.h poisons. Layouts and numbers are the library's
 * ABI and were compared with the installed header. */
#ifndef DCMEND_TICKET_KRB5_H
#define DCMEND_TICKET_KRB5_H

#include <stdint.h>

typedef int32_t krb5_error_code, krb5_int32, krb5_timestamp, krb5_deltat, krb5_flags, krb5_magic;
typedef int32_t krb5_enctype;
typedef unsigned int krb5_boolean;
typedef struct _krb5_context *krb5_context;
typedef struct _krb5_ccache *krb5_ccache;
typedef struct krb5_principal_data *krb5_principal;
typedef const struct krb5_principal_data *krb5_const_principal;
typedef struct _krb5_init_creds_context *krb5_init_creds_context;
typedef struct _krb5_get_init_creds_opt krb5_get_init_creds_opt;
typedef krb5_error_code (*krb5_prompter_fct)(krb5_context, void *, const char *, const char *, int,
                                             void *);

typedef struct _krb5_data {
    krb5_magic magic;
    unsigned int length;
    char *data;
} krb5_data;

typedef struct _krb5_creds {
    krb5_magic magic;
    krb5_principal client, server;
    struct {
        krb5_magic magic;
        krb5_enctype enctype;
        unsigned int length;
        unsigned char *contents;
    } keyblock;
    struct {
        krb5_timestamp authtime, starttime, endtime, renew_till;
    } times;
    krb5_boolean is_skey;
    krb5_flags ticket_flags;
    void **addresses;
    krb5_data ticket, second_ticket;
    void **authdata;
} krb5_creds;

typedef struct _krb5_error {
    krb5_magic magic;
    krb5_timestamp client_time;
    krb5_int32 client_usec, server_usec;
    krb5_timestamp server_time;
    uint32_t error;
    krb5_principal client, server;
    krb5_data text, e_data;
} krb5_error;

#define KRB5KDC_ERR_CLIENT_REVOKED (-1765328366)
#define KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN (-1765328378)
#define KRB5KDC_ERR_KEY_EXP (-1765328361)
#define KRB5KDC_ERR_NAME_EXP (-1765328383)
#define KRB5KDC_ERR_NEVER_VALID (-1765328373)
#define KRB5KDC_ERR_POLICY (-1765328372)
#define KRB5KDC_ERR_PREAUTH_FAILED (-1765328360)
#define KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN (-1765328377)
#define KRB5KDC_ERR_WRONG_REALM (-1765328316)
#define KRB5KRB_AP_ERR_BAD_INTEGRITY (-1765328353)
#define KRB5KRB_AP_ERR_SKEW (-1765328347)
#define KRB5KRB_AP_ERR_TKT_EXPIRED (-1765328352)
#define KRB5KRB_AP_ERR_TKT_NYV (-1765328351)
#define KRB5_CC_FORMAT (-1765328185)
#define KRB5_CC_NOTFOUND (-1765328243)
#define KRB5_CC_UNKNOWN_TYPE (-1765328244)
#define KRB5_CONFIG_NODEFREALM (-1765328160)
#define KRB5_ERR_HOST_REALM_UNKNOWN (-1765328167)
#define KRB5_FCC_NOFILE (-1765328189)
#define KRB5_FCC_PERM (-1765328190)
#define KRB5_KDCREP_SKEW (-1765328236)
#define KRB5_KDC_UNREACH (-1765328228)
#define KRB5_NT_SRV_HST (3)
#define KRB5_PARSE_MALFORMED (-1765328250)
#define KRB5_REALM_CANT_RESOLVE (-1765328164)
#define KRB5_REALM_UNKNOWN (-1765328230)

krb5_error_code krb5_init_context(krb5_context *context);
void krb5_free_context(krb5_context context);
const char *krb5_get_error_message(krb5_context ctx, krb5_error_code code);
void krb5_free_error_message(krb5_context ctx, const char *msg);
krb5_error_code krb5_unparse_name(krb5_context context, krb5_const_principal principal,
                                  char **name);
void krb5_free_unparsed_name(krb5_context context, char *val);
void krb5_free_principal(krb5_context context, krb5_principal val);
krb5_error_code krb5_parse_name(krb5_context context, const char *name,
                                krb5_principal *principal_out);
krb5_error_code krb5_sname_to_principal(krb5_context context, const char *hostname,
                                        const char *sname, krb5_int32 type,
                                        krb5_principal *ret_princ);
krb5_error_code krb5_cc_select(krb5_context context, krb5_principal server, krb5_ccache *cache_out,
                               krb5_principal *princ_out);
krb5_error_code krb5_cc_default(krb5_context context, krb5_ccache *ccache);
krb5_error_code krb5_cc_resolve(krb5_context context, const char *name, krb5_ccache *cache);
krb5_error_code krb5_cc_get_principal(krb5_context context, krb5_ccache cache,
                                      krb5_principal *principal);
krb5_error_code krb5_cc_get_full_name(krb5_context context, krb5_ccache cache, char **fullname_out);
void krb5_free_string(krb5_context context, char *val);
krb5_error_code krb5_get_credentials(krb5_context context, krb5_flags options, krb5_ccache ccache,
                                     krb5_creds *in_creds, krb5_creds **out_creds);
void krb5_free_creds(krb5_context context, krb5_creds *val);
krb5_error_code krb5_cc_destroy(krb5_context context, krb5_ccache cache);
krb5_error_code krb5_cc_close(krb5_context context, krb5_ccache cache);
krb5_error_code krb5_cc_new_unique(krb5_context context, const char *type, const char *hint,
                                   krb5_ccache *id);
krb5_error_code krb5_cc_initialize(krb5_context context, krb5_ccache cache,
                                   krb5_principal principal);
krb5_error_code krb5_cc_store_cred(krb5_context context, krb5_ccache cache, krb5_creds *creds);
void krb5_free_cred_contents(krb5_context context, krb5_creds *val);
krb5_error_code krb5_init_creds_init(krb5_context context, krb5_principal client,
                                     krb5_prompter_fct prompter, void *data, krb5_deltat start_time,
                                     krb5_get_init_creds_opt *options,
                                     krb5_init_creds_context *ctx);
krb5_error_code krb5_init_creds_set_password(krb5_context context, krb5_init_creds_context ctx,
                                             const char *password);
krb5_error_code krb5_init_creds_get(krb5_context context, krb5_init_creds_context ctx);
krb5_error_code krb5_init_creds_get_error(krb5_context context, krb5_init_creds_context ctx,
                                          krb5_error **error);
krb5_error_code krb5_init_creds_get_creds(krb5_context context, krb5_init_creds_context ctx,
                                          krb5_creds *creds);
void krb5_init_creds_free(krb5_context context, krb5_init_creds_context ctx);
void krb5_free_error(krb5_context context, krb5_error *val);
krb5_error_code krb5_get_default_realm(krb5_context context, char **lrealm);
void krb5_free_default_realm(krb5_context context, char *lrealm);

uint32_t gss_krb5_ccache_name(uint32_t *minor_status, const char *name, const char **out_name);

#endif
