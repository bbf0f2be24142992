/* What is known of the DC that answers: its rootDSE, and how we are connected to it. Plain data. */
#ifndef DCMEND_SERVER_H
#define DCMEND_SERVER_H

#include "src/base/str.h"
#include "src/model/guid.h"

#include <stdbool.h>
#include <stdint.h>

enum server_flag { FLAG_UNKNOWN, FLAG_NO, FLAG_YES };

struct server {
    /* the connection */
    char *host;      /* how it calls itself (dnsHostName); until that is known, `asked` */
    char *asked;     /* the name or address that was connected to */
    char *address;   /* numeric address that answered */
    int port;        /* 389, 636, 3268, 3269, or what was asked for */
    char *identity;  /* who we are there: "kayla@CONTOSO.COM" or "CONTOSO\kayla"; NULL: nobody */
    char *mechanism; /* "GSSAPI", "GSS-SPNEGO", "simple", "anonymous" */
    char
        *protection; /* for the head line: "Kerberos, sealed", "LDAPS, verified", "not protected" */
    unsigned ssf;    /* SASL security strength after the bind; 0 without a SASL layer */
    bool tls;        /* TLS, certificate and host name verified (it is never used unverified) */
    bool kerberos;   /* the DC proved itself by Kerberos */
    bool signed_in;  /* a bind with credentials succeeded */

    /* rootDSE */
    bool directory; /* it is an Active Directory (LDS excluded) */
    char *dns_host; /* dnsHostName */
    char *dsa_dn;   /* dsServiceName: its NTDS Settings object */
    bool has_dsa_guid;
    struct guid dsa_guid;
    char *server_dn;      /* serverName */
    char *domain_dn;      /* defaultNamingContext */
    char *root_domain_dn; /* rootDomainNamingContext */
    char *config_dn;      /* configurationNamingContext */
    char *schema_dn;
    char *forest;         /* root domain's DNS name */
    char *ldap_service;   /* ldapServiceName: "<forest>:<sam>$@<REALM>" */
    char *product;        /* vendorName, or "Windows Server 20xx" from the capabilities; NULL */
    struct strs contexts; /* namingContexts: what this DC holds a copy of */
    struct strs controls; /* supportedControl, no duplicates */
    struct strs mechanisms;
    struct strs token_groups; /* the SIDs of our sign-in as the DC sees them; may be empty */
    enum server_flag synchronized;
    enum server_flag read_only; /* RODC by capability or msDS-isRODC */
};

void server_release(struct server *server);
void server_copy(struct server *to, const struct server *from);
/* It is not called as it was asked for: an alias, a round robin or a balancer led there. A first
 * label alone stands for the full name. */
bool server_other_name(const struct server *server);
bool server_catalog_port(const struct server *server); /* 3268 or 3269 */
bool server_has_control(const struct server *server, const char *oid);
/* B9's connection half: signed in, and TLS or a SASL layer of at least 56 bits. */
bool server_protected(const struct server *server);

#endif
