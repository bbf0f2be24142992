"""The steps of "forest up" and "forest reset" that write or read a directory: build.py HOME STEP [WORD...]. Those that only
a forest of several domains needs are in build_domains.py."""

import hashlib
import subprocess
import sys

import ldb
from samba.dcerpc import drsblobs, misc, security
from samba.ndr import ndr_pack, ndr_unpack
from samba.sd_utils import SDUtils

from adlab import (ADDRESS, CONFIG, DEAD_TOO, DOMAIN, PASSWORD, ROOT, SCHEMA, Forest, account_dn, base_of, domain_of,
                   host_of, ntds_dn, server_dn, site_of, spns_of_dc, wait_for)

SERVER_REFERENCE = "26d9736d-6070-11d1-a9c6-0000f80367c1"
PEOPLE = {  # of each domain; the first is an administrator of it
    "contoso.com": {"kayla": "Kayla Ortiz", "joe": "Joe Plain", "dana": "Dana Delegate"},
    "emea.contoso.com": {"ella": "Ella Brandt", "erik": "Erik Plain"},
}


def second_site(home):
    """Liverpool."""
    dc = Forest(home, only="DCSRV01").first
    site = f"CN=Liverpool,CN=Sites,{CONFIG}"
    dc.add(site, objectClass="site")
    dc.add("CN=NTDS Site Settings," + site, objectClass="nTDSSiteSettings")  # without it samba_kcc gives up
    dc.add("CN=Servers," + site, objectClass="serversContainer")
    link = f"CN=DEFAULTIPSITELINK,CN=IP,CN=Inter-Site Transports,CN=Sites,{CONFIG}"
    dc.change(link, "add", "siteList", site)


def people(home, name):
    """The people of that DC's domain."""
    dc, base = Forest(home)[name], base_of(name)
    everyone = PEOPLE[domain_of(name)]
    for user, full in everyone.items():
        given, family = full.split()
        dc.db.newuser(user, PASSWORD, givenname=given, surname=family)
    for user in [*everyone, "Administrator"]:
        dc.db.setexpiry(f"(sAMAccountName={user})", 0, no_expiry_req=True)
    dc.change(f"CN=Domain Admins,CN=Users,{base}", "add", "member",  # samdb's own helper knows no child domain
              dc.db.search(base=base, expression=f"(sAMAccountName={next(iter(everyone))})", attrs=[])[0].dn.get_linearized())


def register(home, name):
    """What a DC's own start scripts would: its service principal names and DNS records."""
    forest = Forest(home)
    dc = forest.home_of(name)
    have = {spn.lower(): spn for spn in dc.values(account_dn(name), "servicePrincipalName")}
    wanted = spns_of_dc(name, dc.guid(ntds_dn(name)))
    more = [spn for spn in wanted if spn.lower() not in have]
    if more:
        dc.change(account_dn(name), "add", "servicePrincipalName", more)
    for spn in have.keys() - {spn.lower() for spn in wanted}:
        if spn.startswith("gc/"):
            dc.change(account_dn(name), "delete", "servicePrincipalName", have[spn])
    forest.dns_of_dc(name)


def delegate(home, name):
    """dana's one right: serverReference of that DC's server object."""
    dc = Forest(home, only="DCSRV01").first
    dana = dc.db.search(base=ROOT, expression="(sAMAccountName=dana)", attrs=["objectSid"])[0]["objectSid"][0]
    sid = ndr_unpack(security.dom_sid, dana)
    SDUtils(dc.db).dacl_add_ace(server_dn(name), f"(OA;;WP;{SERVER_REFERENCE};;{sid})")


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
    for partition in dc.partitions():
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
            for blob in dc.read(partition, "repsFrom").get("repsFrom", []):  # repsTo comes and goes with the pulls
                source = ndr_unpack(drsblobs.repsFromToBlob, bytes(blob)).ctr.source_dsa_obj_guid
                yield f"{dc.name} repsFrom {partition} {source}"


def fingerprint(home):
    for dc in Forest(home).dcs.values():
        print("\n".join(sorted(prints_of(dc))))


def answers(home):
    """Each DC answers a signed and sealed sign-in with the forest's own ticket."""
    for name in Forest(home).dcs:
        done = subprocess.run(["ldapsearch", "-LLL", "-Q", "-N", "-Y", "GSSAPI", "-o", "nettimeout=5", "-H",
                               "ldap://" + host_of(name), "-s", "base", "-b", server_dn(name), "serverReference"],
                              capture_output=True, text=True)
        if done.returncode or account_dn(name) not in done.stdout.replace("\n ", ""):
            sys.exit(f"lab: {name} does not answer: {done.stdout}{done.stderr}")


def write_env(home):
    forest = Forest(home)
    people = " ".join(["Administrator"] + [user for domain, users in PEOPLE.items() for user in users
                                           if any(domain_of(name) == domain for name in forest.dcs)])
    print(f"FOREST={forest.home.name}\nNAMESPACE=dcmend-{forest.home.name}\nLAB={home}\nDCS='{' '.join(forest.dcs)}'")
    print(f"DOMAIN={DOMAIN}\nREALM={DOMAIN.upper()}\nLAB_PASSWORD='{PASSWORD}'\nPEOPLE='{people}'")
    print(f"KRB5_CONFIG={home}/krb5.conf\nKRB5CCNAME=FILE:{home}/ccache\nLDAPTLS_CACERT={home}/ca.pem")
    for name in forest.dcs:
        print(f"{name}_HOST={host_of(name)}\n{name}_IP={ADDRESS[name]}\n{name}_SITE={site_of(name)}")
        print(f"{name}_GUID={forest.home_of(name).guid(ntds_dn(name))}\n{name}_SERVER='{server_dn(name)}'")
        print(f"{name}_NTDS='{ntds_dn(name)}'\n{name}_ACCOUNT='{account_dn(name)}'")


if __name__ == "__main__":
    home, step, *words = sys.argv[1:]
    {"second-site": second_site, "people": people, "register": register, "delegate": delegate, "converge": converge,
     "fingerprint": fingerprint, "answers": answers, "write-env": write_env}[step](home, *words)
