"""The steps of "forest up" and "forest reset" that write or read a directory: build.py HOME STEP."""

import hashlib
import sys

import ldb
from samba.dcerpc import drsblobs, misc, security
from samba.ndr import ndr_pack, ndr_unpack
from samba.sd_utils import SDUtils

from adlab import (ADDRESS, CONFIG, DEAD_TOO, DOMAIN, PARTITIONS, PASSWORD, ROOT, SCHEMA, SITE, Forest, account_dn,
                   ntds_dn, server_dn, spns_of_dc, wait_for)

SERVER_REFERENCE = "26d9736d-6070-11d1-a9c6-0000f80367c1"
PEOPLE = {"kayla": "Kayla Ortiz", "joe": "Joe Plain", "dana": "Dana Delegate"}


def furnish(home):
    """After the first DC is provisioned, before it starts: the second site and the people."""
    forest = Forest(home, only="DCSRV01")
    dc = forest.first
    site = f"CN=Liverpool,CN=Sites,{CONFIG}"
    dc.add(site, objectClass="site")
    dc.add("CN=NTDS Site Settings," + site, objectClass="nTDSSiteSettings")  # without it samba_kcc gives up
    dc.add("CN=Servers," + site, objectClass="serversContainer")
    link = f"CN=DEFAULTIPSITELINK,CN=IP,CN=Inter-Site Transports,CN=Sites,{CONFIG}"
    dc.change(link, "add", "siteList", site)
    for user, full in PEOPLE.items():
        given, family = full.split()
        dc.db.newuser(user, PASSWORD, givenname=given, surname=family)
        dc.db.setexpiry(f"(sAMAccountName={user})", 0, no_expiry_req=True)
    dc.db.setexpiry("(sAMAccountName=Administrator)", 0, no_expiry_req=True)
    dc.db.add_remove_group_members("Domain Admins", ["kayla"])
    register(forest, "DCSRV01")


def register(forest, name):
    """What a DC's own start scripts would: its service principal names and DNS records."""
    dc = forest.first
    have = {spn.lower() for spn in dc.values(account_dn(name), "servicePrincipalName")}
    more = [spn for spn in spns_of_dc(name, dc.guid(ntds_dn(name))) if spn.lower() not in have]
    if more:
        dc.change(account_dn(name), "add", "servicePrincipalName", more)
    forest.dns_of_dc(name)


def enrol(home):
    """After the second DC has joined: its names, and dana's one right."""
    forest = Forest(home, only="DCSRV01")
    dc = forest.first
    register(forest, "LIVDC02")
    dana = dc.db.search(base=ROOT, expression="(sAMAccountName=dana)", attrs=["objectSid"])[0]["objectSid"][0]
    sid = ndr_unpack(security.dom_sid, dana)
    SDUtils(dc.db).dacl_add_ace(server_dn("LIVDC02"), f"(OA;;WP;{SERVER_REFERENCE};;{sid})")


def converge(home):
    """Until a change made on either DC is seen on the other, and undone again on both."""
    forest = Forest(home)
    places = {"DCSRV01": f"CN=Liverpool,CN=Sites,{CONFIG}", "LIVDC02": account_dn("LIVDC02")}
    for text in ("on its way", None):
        for name, dn in places.items():
            forest[name].set(dn, "description", text or [])
        for name, dn in places.items():
            forest.wait_everywhere(f"a change made on {name}", lambda dc: dc.value(dn, "description") == text)
    wait_for("the same objects on both DCs", 30, lambda: len({shape(dc) for dc in forest.dcs.values()}) == 1)


def shape(dc):
    """The replicated objects of a DC, as one comparable text."""
    return "\n".join(sorted(line.split(" ", 1)[1] for line in prints_of(dc, with_reps=False)))


# Values that a DC keeps for itself or that change by mere use.
VOLATILE = {name.lower() for name in (
    "uSNChanged", "uSNCreated", "whenChanged", "whenCreated", "replPropertyMetaData", "replUpToDateVector", "repsFrom",
    "repsTo", "lastLogon", "lastLogoff", "lastLogonTimestamp", "logonCount", "badPwdCount", "badPasswordTime", "lastSetTime",
    "priorSetTime", "rIDNextRID", "rIDPreviousAllocationPool", "rIDAllocationPool", "rIDAvailablePool", "msDS-NcType",
    "instanceType", "fSMORoleOwner", "creationTime", "lockoutTime", "subRefs", "masteredBy", "serverState",
    "nTSecurityDescriptor", "dSCorePropagationData", "msDS-PasswordHistory", "modifiedCount",
    # secrets differ in their encrypted form only
    "unicodePwd", "ntPwdHistory", "dBCSPwd", "lmPwdHistory", "supplementalCredentials", "pwdLastSet",
    "currentValue", "priorValue", "initialAuthIncoming", "initialAuthOutgoing", "trustAuthIncoming", "trustAuthOutgoing",
)}


def prints_of(dc, with_reps=True):
    """A line for each object: DC, GUID, DN, and a hash of what it holds."""
    for partition in PARTITIONS:
        if partition == SCHEMA:
            continue  # nothing in the lab writes it
        found = dc.db.search(base=partition, scope=ldb.SCOPE_SUBTREE, attrs=["*"],
                             controls=DEAD_TOO + ["domain_scope:0", "extended_dn:1:1"])
        for entry in found:
            dn = entry.dn.extended_str()
            held = hashlib.sha256()
            for attribute in sorted(entry, key=str.lower):
                if attribute.lower() not in VOLATILE and attribute != "dn":
                    held.update(attribute.lower().encode())
                    for value in sorted(bytes(v) for v in entry[attribute]):
                        held.update(b"\0" + value)
            yield f"{dc.name} {dn!r} {held.hexdigest()[:12]}"
        if with_reps:
            for kind in ("repsFrom", "repsTo"):
                for blob in dc.read(partition, kind).get(kind, []):
                    source = ndr_unpack(drsblobs.repsFromToBlob, bytes(blob)).ctr.source_dsa_obj_guid
                    yield f"{dc.name} {kind} {partition} {source}"


def fingerprint(home):
    for dc in Forest(home).dcs.values():
        print("\n".join(sorted(prints_of(dc))))


def answers(home):
    """Both DCs answer a signed and sealed sign-in with the forest's own ticket."""
    import subprocess
    for name in ADDRESS:
        host = f"{name.lower()}.{DOMAIN}"
        done = subprocess.run(["ldapsearch", "-LLL", "-Q", "-N", "-Y", "GSSAPI", "-o", "nettimeout=5", "-H", "ldap://" + host, "-s", "base",
                               "-b", server_dn("LIVDC02"), "serverReference"], capture_output=True, text=True)
        if done.returncode or account_dn("LIVDC02") not in done.stdout:
            sys.exit(f"lab: {name} does not answer: {done.stdout}{done.stderr}")


def write_env(home):
    forest = Forest(home)
    print(f"FOREST={forest.home.name}\nNAMESPACE=dcmend-{forest.home.name}\nLAB={home}")
    print(f"DOMAIN={DOMAIN}\nREALM={DOMAIN.upper()}\nLAB_PASSWORD='{PASSWORD}'\nPEOPLE='Administrator kayla joe dana'")
    print(f"KRB5_CONFIG={home}/krb5.conf\nKRB5CCNAME=FILE:{home}/ccache\nLDAPTLS_CACERT={home}/ca.pem")
    for name in ADDRESS:
        dc = forest[name]
        print(f"{name}_HOST={name.lower()}.{DOMAIN}\n{name}_IP={ADDRESS[name]}\n{name}_SITE={SITE[name]}")
        print(f"{name}_GUID={dc.guid(ntds_dn(name))}\n{name}_SERVER='{server_dn(name)}'")
        print(f"{name}_NTDS='{ntds_dn(name)}'\n{name}_ACCOUNT='{account_dn(name)}'")


if __name__ == "__main__":
    home, step = sys.argv[1:3]
    {"furnish": furnish, "enrol": enrol, "converge": converge, "fingerprint": fingerprint, "answers": answers,
     "write-env": write_env}[step](home)
