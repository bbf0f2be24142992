"""The steps of "forest up --domains" that write or read a directory, beside those of build.py: build_domains.py HOME STEP
[WORD...]. What the KCC would make is made here by hand: the inbound links of each DC (repsFrom), and on a catalogue the
one for its partial copy of the other domain."""

import sys

import ldb
from samba.dcerpc import drsblobs, drsuapi, misc, security
from samba.ndr import ndr_pack, ndr_unpack

from adlab import (CATALOGS, CHILD, CONFIG, DOMAIN, RELAX, ROOT, SCHEMA, Forest, account_dn, base_of, ntds_dn,
                   read_only, server_dn, wait_for)

PARTIAL = "local_oid:1.3.6.1.4.1.7165.4.3.18:0"     # DSDB_CONTROL_PARTIAL_REPLICA
ZONES = ["DC=DomainDnsZones," + ROOT, "DC=ForestDnsZones," + ROOT]


def partial_head(home, name, guid, sid):
    """An empty read-only copy of the child domain, made before the domain is: without one, Samba hides nCName of its
    crossRef; and the KDC wants the SID there. Samba's servers may not make a partition's file (FLG_DONT_CREATE_DB)."""
    Forest(home)[name].open(0).add(
        {"dn": CHILD, "objectClass": ["top", "domainDNS"], "instanceType": "11", "objectGUID": ndr_pack(misc.GUID(guid)),
         "objectSid": ndr_pack(security.dom_sid(sid))}, controls=[PARTIAL] + RELAX)


def no_catalog(home, *names):
    forest = Forest(home)
    for name in names:
        (forest.first if read_only(name) else forest[name]).set(ntds_dn(name), "options", "0")


def root_admins(home):
    """As in Active Directory: the root's Enterprise Admins are administrators of the child."""
    forest = Forest(home)
    group = forest.first.read("CN=Enterprise Admins,CN=Users," + ROOT, "objectSid")["objectSid"][0]
    forest["EMEADC01"].change("CN=Administrators,CN=Builtin," + CHILD, "add", "member",
                              f"<SID={ndr_unpack(security.dom_sid, group)}>")


def links_of(name, others):
    """Partition -> sources of NAME's inbound links."""
    plan = {}
    for source in others:
        for partition in [SCHEMA, CONFIG] + ([base_of(name)] if base_of(source) == base_of(name) else []) + (
                ZONES if base_of(source) == base_of(name) == ROOT else []):
            plan.setdefault(partition, []).append(source)
    return plan


def partial_copy_of(name, others):
    """What a catalogue copies from another domain, and from where: (partition, source), or None."""
    for source in others:
        if name in CATALOGS and source in CATALOGS and base_of(source) != base_of(name):
            return base_of(source), source
    return None


def link_blob(forest, source, flags):
    """One value of repsFrom."""
    guid = forest[source].guid(ntds_dn(source))
    blob = drsblobs.repsFromToBlob()
    blob.version, blob.ctr = 1, drsblobs.repsFromTo1()
    info = drsblobs.repsFromTo1OtherInfo()
    info.dns_name = f"{guid}._msdcs.{DOMAIN}"
    blob.ctr.other_info, blob.ctr.replica_flags, blob.ctr.schedule = info, flags, [0x11] * 84
    blob.ctr.source_dsa_obj_guid = misc.GUID(guid)
    blob.ctr.source_dsa_invocation_id = misc.GUID(forest[source].guid(ntds_dn(source), "invocationId"))
    return ndr_pack(blob)


def links(home):
    """Everybody pulls configuration and schema from everybody who can be written, its domain from its own DCs, and a
    catalogue one partial copy. (samba_kcc makes too few.) Replication rereads them by itself."""
    forest = Forest(home)
    usual = drsuapi.DRSUAPI_DRS_INIT_SYNC | drsuapi.DRSUAPI_DRS_PER_SYNC | drsuapi.DRSUAPI_DRS_ADD_REF
    to_read_only = drsuapi.DRSUAPI_DRS_SPECIAL_SECRET_PROCESSING | drsuapi.DRSUAPI_DRS_NONGC_RO_REP
    for name, dc in forest.dcs.items():
        others = [other for other in forest.dcs if other != name and not read_only(other)]
        flags = usual | (to_read_only if read_only(name) else drsuapi.DRSUAPI_DRS_WRIT_REP)
        for partition, sources in links_of(name, others).items():
            set_links(forest, dc, partition, sources, flags)
        partial = partial_copy_of(name, others)
        if partial:
            set_links(forest, dc, partial[0], [partial[1]], usual)
            if partial[0] not in dc.values(ntds_dn(name), "hasPartialReplicaNCs"):
                dc.change(ntds_dn(name), "add", "hasPartialReplicaNCs", partial[0])


def set_links(forest, dc, partition, sources, flags):
    """The links that are there stay as they are: they know how far they have come."""
    there = {str(ndr_unpack(drsblobs.repsFromToBlob, bytes(value)).ctr.source_dsa_obj_guid): bytes(value)
             for value in dc.read(partition, "repsFrom").get("repsFrom", [])}
    dc.set(partition, "repsFrom", [there.get(forest[source].guid(ntds_dn(source))) or link_blob(forest, source, flags)
                                   for source in sources])


def settled(home):
    """Until every DC holds every DC's link, each catalogue the other domain, and all hold the same objects."""
    forest = Forest(home)
    for name in forest.dcs:
        guid = forest.home_of(name).guid(account_dn(name))
        forest.wait_everywhere(f"the link of {name}", lambda dc: dc.exists(server_dn(name)) and guid in str(
            dc.read(server_dn(name), "serverReference", controls=["extended_dn:1:1"]).get("serverReference")), 60)
        forest.wait_everywhere(account_dn(name), lambda dc: not dc.holds(account_dn(name)) or dc.exists(account_dn(name)))


def alike(home):
    """Until the DCs that can be written hold the same objects, and the others the same names."""
    forest = Forest(home)
    settled(home)
    for partition in (ROOT, CHILD, CONFIG, *ZONES):
        dcs = [dc for dc in forest.dcs.values() if dc.holds(partition)]
        wait_for(f"the same objects of {partition}", 60, lambda: len({names_in(dc, partition) for dc in dcs}) == 1)


def names_in(dc, partition):
    found = dc.db.search(base=partition, scope=ldb.SCOPE_SUBTREE, attrs=["uSNCreated"], controls=["domain_scope:0"])
    return "\n".join(sorted(str(entry.dn) for entry in found))


if __name__ == "__main__":
    home, step, *words = sys.argv[1:]
    {"partial-head": partial_head, "no-catalog": no_catalog, "root-admins": root_admins, "links": links,
     "settled": settled, "alike": alike}[step](home, *words)
