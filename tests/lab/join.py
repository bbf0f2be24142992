"""Joins a DC to a running forest by DRS: join.py child|dc|rodc --smbconf FILE --server HOST --domain DNS --name DC
--targetdir DIR [...], with the ticket of the root's administrator (KRB5CCNAME).

A child domain is what "samba-tool domain join X SUBDOMAIN" made before it was taken away. The library's own code for it
is used where it still works (samba.join.DCJoinContext); what is broken or missing in Samba 4.17 is overridden here."""

import argparse
import inspect
import logging
import os
import sys
import time

import ldb
import samba
import samba.getopt  # noqa: F401  (registers the loadparm types)
import samba.join
import samba.provision
from samba import dsdb, param
from samba.auth import system_session
from samba.credentials import MUST_USE_KERBEROS, Credentials
from samba.dcerpc import drsblobs, drsuapi, lsa, misc, security
from samba.join import DCJoinContext
from samba.ndr import ndr_pack
from samba.samdb import SamDB

PARTIAL = "local_oid:1.3.6.1.4.1.7165.4.3.18:0"             # DSDB_CONTROL_PARTIAL_REPLICA
TRUST_ACCOUNT = "local_oid:1.3.6.1.4.1.7165.4.3.23:0"       # DSDB_CONTROL_PERMIT_INTERDOMAIN_TRUST_UAC
AES_ONLY = "24"


def mend_provision():
    """fill_samdb() uses a variable that it sets for a whole forest only (managedservice_descr); its last dbcheck, of the
    schema that came by replication, stumbles over the parent's empty copy; and the domain would be of level 2003."""
    provision = samba.provision
    text = inspect.getsource(provision.fill_samdb)
    broken = ": managedservice_descr\n"
    mended = ': b64encode(get_managed_service_accounts_descriptor(names.domainsid)).decode("utf8")\n'
    if text.count(broken) != 1:
        sys.exit("another Samba than 4.17?")
    exec(compile(text.replace(broken, mended), "fill_samdb, mended", "exec"), provision.__dict__)
    provision.dbcheck = type("NoCheck", (), {"__init__": lambda self, *a, **k: None,
                                             "check_database": lambda self, *a, **k: 0})
    fill = provision.provision_fill
    samba.join.provision_fill = lambda *a, **k: fill(*a, **{**k, "dom_for_fun_level": dsdb.DS_DOMAIN_FUNCTION_2008_R2})


def with_heads(original):
    """Before a join replicates: empty partial copies of the partitions that this DC will not hold. Links into a partition
    that is nowhere (serverReference of another domain's DCs!) are thrown away, and Samba hides nCName of a crossRef
    whose partition it does not have; its KDC fails then."""
    def join_provision(join):
        found = join.samdb.search(base=f"CN=Partitions,{join.config_dn}", scope=ldb.SCOPE_ONELEVEL, attrs=["nCName"],
                                  expression="(objectClass=crossRef)", controls=["extended_dn:1:1"])
        original(join)
        join.local_samdb.set_invocation_id(str(join.invocation_id))  # an add wants one; the NTDS object is not here yet
        names = [ldb.Dn(join.local_samdb, str(entry["nCName"])) for entry in found if "nCName" in entry]
        for dn in sorted(names, key=lambda name: len(str(name))):
            if str(dn) not in join.nc_list + [join.base_dn]:
                add_head(join.local_samdb, dn)
    return join_provision


def add_head(samdb, dn):
    entry = {"dn": str(dn), "objectClass": ["top", "domainDNS"], "instanceType": "11",
             "objectGUID": dn.get_extended_component("GUID")}
    if dn.get_extended_component("SID"):
        entry["objectSid"] = dn.get_extended_component("SID")
    samdb.add(entry, controls=[PARTIAL, "relax:0"])


class ChildDomain(DCJoinContext):
    """The first DC of a child domain."""

    def __init__(self, options, settings, credentials, log):
        # First everything as if a DC joined the parent (connection, names, site), then what is different in the child.
        super().__init__(logger=log, server=options.server, creds=credentials, lp=settings, netbios_name=options.name,
                         targetdir=options.targetdir, domain=options.parent, dns_backend=None)
        self.subdomain = True
        self.parent_dnsdomain, self.parent_domain_name = self.dnsdomain, self.domain_name
        self.parent_partition_dn = self.get_parent_partition_dn()
        self.dnsdomain = self.realm = options.domain
        self.domain_name = options.domain.split(".")[0].upper()
        self.base_dn = samba.dn_from_dns_name(options.domain)
        self.partition_dn = f"CN={self.domain_name},CN=Partitions,{self.config_dn}"
        self.forestsid, self.domsid = self.domsid, security.dom_sid(options.sid)
        self.acct_dn = self.topology_dn = self.rid_manager_dn = None    # the account is made by the local provision
        self.dnshostname = f"{options.name.lower()}.{options.domain}"
        self.domaindns_zone = f"DC=DomainDnsZones,{self.base_dn}"
        self.adminpass = options.adminpass
        self.trustdom_pass = samba.generate_random_machine_password(120, 120)
        self.userAccountControl = dsdb.UF_SERVER_TRUST_ACCOUNT | dsdb.UF_TRUSTED_FOR_DELEGATION
        self.secure_channel_type = misc.SEC_CHAN_BDC
        self.replica_flags |= drsuapi.DRSUAPI_DRS_WRIT_REP | drsuapi.DRSUAPI_DRS_FULL_SYNC_IN_PROGRESS
        self.domain_replica_flags = self.replica_flags
        self.parent_db = open_database(options.parentdir)

    def cleanup_old_join(self, force=False):
        """The library's own fails where there is no trust yet."""

    def DsAddEntry(self, recs):
        """Without trustParent: a KDC that finds it fails at every request (it reads the parent's crossRef without its
        SID)."""
        for record in recs:
            record.pop("trustParent", None)
        return super().DsAddEntry(recs)

    def join_provision_own_domain(self):
        """The library reopens sam.ldb with flags that forbid new files: the child's partition is one."""
        class Creating(SamDB):
            def __init__(self, *words, **more):
                super().__init__(*words, **{**more, "flags": 0})
        samba.join.SamDB = Creating
        try:
            super().join_provision_own_domain()
        finally:
            samba.join.SamDB = SamDB

    def join_setup_trusts(self):
        """Written into both databases. (LSA on the parent would need its file server, and a ticket that its KDC does not
        give between crossRef and trust.)"""
        parent = samba.dn_from_dns_name(self.parent_dnsdomain)
        self.trust(self.parent_db, parent, self.dnsdomain, self.domain_name, self.domsid)
        self.trust(self.local_samdb, self.base_dn, self.parent_dnsdomain, self.parent_domain_name, self.forestsid)

    def trust(self, samdb, base, partner, netbios, sid):
        """The trust object and the partner's account, as LSA CreateTrustedDomainEx2 writes them. The trust is an external
        one: Samba's KDC refuses WITHIN_FOREST."""
        secret = ndr_pack(self.trust_secret())
        samdb.add({"dn": f"CN={partner},CN=System,{base}", "objectClass": "trustedDomain", "flatname": netbios,
                   "trustPartner": partner, "trustType": str(lsa.LSA_TRUST_TYPE_UPLEVEL), "trustAttributes": "0",
                   "trustDirection": str(lsa.LSA_TRUST_DIRECTION_INBOUND | lsa.LSA_TRUST_DIRECTION_OUTBOUND),
                   "trustAuthIncoming": secret, "trustAuthOutgoing": secret, "securityIdentifier": ndr_pack(sid),
                   "msDS-SupportedEncryptionTypes": AES_ONLY})
        samdb.add({"dn": f"CN={netbios}$,CN=Users,{base}", "objectClass": "user", "sAMAccountName": netbios + "$",
                   "userAccountControl": str(dsdb.UF_INTERDOMAIN_TRUST_ACCOUNT),
                   "clearTextPassword": self.trustdom_pass.encode("utf-16-le")}, controls=["relax:0", TRUST_ACCOUNT])

    def trust_secret(self):
        word = self.trustdom_pass.encode("utf-16-le")
        clear = drsblobs.AuthInfoClear()
        clear.size = len(word)  # before the password, or the blob is empty
        clear.password = list(word)
        info = drsblobs.AuthenticationInformation()
        info.LastUpdateTime, info.AuthType, info.AuthInfo = samba.unix2nttime(int(time.time())), lsa.TRUST_AUTH_TYPE_CLEAR, clear
        current = drsblobs.AuthenticationInformationArray()
        current.count, current.array = 1, [info]
        both = drsblobs.trustAuthInOutBlob()
        both.count, both.current = 1, current
        return both

    def do_join(self):
        self.build_nc_lists()
        self.join_add_objects()             # the server object alone
        self.join_provision()               # bare databases with the child's names
        self.join_replicate()               # schema and configuration
        self.join_add_objects2()            # crossRef and NTDS Settings, by one DsAddEntry on the naming master
        self.join_provision_own_domain()    # the child's partition, its people, the DC's account, serverReference
        self.join_setup_trusts()
        self.join_finalise()


def open_database(folder):
    settings = param.LoadParm(filename_for_non_global_lp=folder + "/etc/smb.conf")
    return SamDB(url=folder + "/private/sam.ldb", lp=settings, session_info=system_session(settings))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("child", "dc", "rodc"))
    for word in ("smbconf", "server", "domain", "name", "targetdir"):
        parser.add_argument("--" + word, required=True)
    for word in ("dns", "parent", "parentdir", "adminpass", "sid"):
        parser.add_argument("--" + word)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    log = logging.getLogger("join")
    settings = param.LoadParm()
    settings.load(options.smbconf)
    credentials = Credentials()
    credentials.guess(settings)
    credentials.set_kerberos_state(MUST_USE_KERBEROS)
    credentials.set_named_ccache(os.environ["KRB5CCNAME"], 0, settings)
    DCJoinContext.join_provision = with_heads(DCJoinContext.join_provision)
    if options.kind == "child":
        mend_provision()
        ChildDomain(options, settings, credentials, log).do_join()
        return
    join = samba.join.join_DC if options.kind == "dc" else samba.join.join_RODC
    join(logger=log, server=options.server, creds=credentials, lp=settings, domain=options.domain,
         netbios_name=options.name, targetdir=options.targetdir, dns_backend=options.dns)


main()
