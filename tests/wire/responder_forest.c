/* The forest that a new responder shows: contoso.com with one DC, and how another one is added. */
#include "src/base/mem.h"
#include "src/base/str.h"
#include "tests/wire/responder_parts.h"

#include <stdlib.h>

#define DOMAIN "DC=contoso,DC=com"
#define CONFIG "CN=Configuration," DOMAIN
#define SITES "CN=Sites," CONFIG

static void add_contexts(struct responder_entry *root)
{
    responder_link(root, "namingContexts", DOMAIN);
    responder_link(root, "namingContexts", CONFIG);
    responder_link(root, "namingContexts", "CN=Schema," CONFIG);
    responder_link(root, "defaultNamingContext", DOMAIN);
    responder_link(root, "rootDomainNamingContext", DOMAIN);
    responder_link(root, "configurationNamingContext", CONFIG);
    responder_link(root, "schemaNamingContext", "CN=Schema," CONFIG);
}

static void add_root(struct responder *responder)
{
    static const char *const controls[] = {"1.2.840.113556.1.4.319",  "1.2.840.113556.1.4.529",
                                           "1.2.840.113556.1.4.417",  "1.2.840.113556.1.4.2064",
                                           "1.2.840.113556.1.4.801",  "1.2.840.113556.1.4.1340",
                                           "1.2.840.113556.1.4.1413", "1.2.840.113556.1.4.1339"};
    struct responder_entry *root = responder_entry(responder, "", NULL);
    add_contexts(root);
    for (size_t i = 0; i < sizeof controls / sizeof *controls; i++)
        responder_value(root, "supportedControl", controls[i]);
    responder_value(root, "supportedCapabilities", "1.2.840.113556.1.4.800");
    responder_value(root, "supportedCapabilities", "1.2.840.113556.1.4.1670");
    responder_value(root, "supportedSASLMechanisms", "GSSAPI");
    responder_value(root, "dnsHostName", "dc1.contoso.com");
    responder_value(root, "ldapServiceName", "contoso.com:dc1$@CONTOSO.COM");
    responder_link(root, "dsServiceName", "CN=NTDS Settings,CN=DC1,CN=Servers,CN=Main," SITES);
    responder_link(root, "serverName", "CN=DC1,CN=Servers,CN=Main," SITES);
    responder_value(root, "domainControllerFunctionality", "7");
    responder_value(root, "isSynchronized", "TRUE");
    responder_value(root, "isGlobalCatalogReady", "TRUE");
    responder_bytes(root, "tokenGroups", "\1\1\0\0\0\0\0\1\0\0\0\0", 12);
}

static struct responder_entry *add_plain(struct responder *responder, const char *dn,
                                         const char *object_class)
{
    struct responder_entry *entry = responder_entry(responder, dn, NULL);
    responder_value(entry, "objectClass", "top");
    responder_value(entry, "objectClass", object_class);
    return entry;
}

void forest_fill(struct responder *responder)
{
    static const char crossref[] = "CN=CONTOSO,CN=Partitions," CONFIG;
    add_root(responder);
    add_plain(responder, DOMAIN, "domainDNS");
    add_plain(responder, "OU=Domain Controllers," DOMAIN, "organizationalUnit");
    add_plain(responder, CONFIG, "configuration");
    add_plain(responder, "CN=Schema," CONFIG, "dMD");
    add_plain(responder, SITES, "sitesContainer");
    add_plain(responder, "CN=Partitions," CONFIG, "crossRefContainer");
    struct responder_entry *entry = add_plain(responder, crossref, "crossRef");
    responder_value(entry, "systemFlags", "3");
    responder_value(entry, "dnsRoot", "contoso.com");
    responder_value(entry, "nETBIOSName", "CONTOSO");
    responder_link(entry, "nCName", DOMAIN);
    responder_add_dc(responder, "DC1", "Main");
}

static void add_account(struct responder_entry *computer, const char *name, const char *host,
                        const char *ntds_guid)
{
    char *account = str_format("%s$", name);
    char *drs = str_format("E3514235-4B06-11D1-AB04-00C04FC2DCD2/%s/contoso.com", ntds_guid);
    char *alias = str_format("ldap/%s._msdcs.contoso.com", ntds_guid);
    responder_value(computer, "sAMAccountName", account);
    responder_value(computer, "dNSHostName", host);
    responder_value(computer, "userAccountControl", "532480");
    responder_value(computer, "primaryGroupID", "516");
    responder_value(computer, "servicePrincipalName", drs);
    responder_value(computer, "servicePrincipalName", alias);
    free(account);
    free(drs);
    free(alias);
}

static void add_site(struct responder *responder, const char *site)
{
    char *dn = str_format("CN=%s," SITES, site);
    char *servers = str_format("CN=Servers,%s", dn);
    if (!responder_find(responder, dn)) {
        add_plain(responder, dn, "site");
        add_plain(responder, servers, "serversContainer");
    }
    free(dn);
    free(servers);
}

struct responder_dc responder_add_dc(struct responder *responder, const char *name,
                                     const char *site)
{
    struct responder_dc dc;
    char *server = str_format("CN=%s,CN=Servers,CN=%s," SITES, name, site);
    char *ntds = str_format("CN=NTDS Settings,%s", server);
    char *computer = str_format("CN=%s,OU=Domain Controllers," DOMAIN, name);
    char *lower = str_lower(name), *host = str_format("%s.contoso.com", lower);
    add_site(responder, site);
    dc.server = add_plain(responder, server, "server");
    dc.ntds = add_plain(responder, ntds, "nTDSDSA");
    dc.computer = add_plain(responder, computer, "computer");
    responder_value(dc.server, "dNSHostName", host);
    responder_link(dc.server, "serverReference", computer);
    responder_value(dc.server, "allowedAttributesEffective", "serverReference");
    responder_value(dc.ntds, "options", "1");
    responder_value(dc.ntds, "objectCategory", "CN=NTDS-DSA,CN=Schema," CONFIG);
    responder_link(dc.ntds, "msDS-HasDomainNCs", DOMAIN);
    responder_link(dc.ntds, "msDS-hasMasterNCs", DOMAIN);
    responder_link(dc.computer, "serverReferenceBL", server);
    add_account(dc.computer, name, host, dc.ntds->guid_text);
    free(server);
    free(ntds);
    free(computer);
    free(lower);
    free(host);
    return dc;
}
