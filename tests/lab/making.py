"""What all planters share: the table of states, the pieces of a fake domain controller, and the command line.

A fake DC has everything that a real one has in the directory, but nobody answers at its address. It is made on the
first DC of its domain (the link needs the account to be known there) and replicates like anything else."""

import argparse

import ldb
from samba.dcerpc import misc
from samba.ndr import ndr_pack
from samba.provision.sambadns import ARecord

from adlab import (CHILD, CONFIG, DOMAIN, PARTITIONS, ROOT, SCHEMA, Forest, account_dn, guid_for, host_of, in_child,
                   server_dn, spns_of_dc)

WRITABLE_DC, WORKSTATION, DISABLED = 0x82000, 0x1000, 0x2

STATES = {}


def state(function):
    STATES[function.__name__.replace("_", "-")] = function
    return function


def tell(**what):
    for key, value in what.items():
        if value is not None:
            print(f"{key}='{value}'")


def settle(forest, dn, gone=False):
    """Waits until DN has arrived (or has gone) everywhere; what was written before it has then arrived as well."""
    forest.wait_everywhere(dn, lambda dc: not dc.holds(dn) or dc.exists(dn) != gone)


def make_site(forest, site):
    dn = f"CN={site},CN=Sites,{CONFIG}"
    if not forest.first.exists(dn):
        forest.first.add(dn, objectClass="site")
        forest.first.add("CN=NTDS Site Settings," + dn, objectClass="nTDSSiteSettings")
        forest.first.add("CN=Servers," + dn, objectClass="serversContainer")


def make_ou(forest, dn):
    if not forest.first.exists(dn):
        forest.first.add(dn, objectClass="organizationalUnit")


def make_account(forest, name, dsa_guid=None, container=None, host=None, uac=WRITABLE_DC, spns=None, sam=None, at=None):
    """A domain controller's computer account. spns None: the usual ones; [] none. at: the DC that it is made on."""
    dn = account_dn(name, container)
    if spns is None:
        spns = spns_of_dc(name, dsa_guid)
    (at or forest.home_of(name)).add(dn, objectClass="computer", sAMAccountName=(sam or name[:15]) + "$",
                             userAccountControl=str(uac), dNSHostName=host or host_of(name), servicePrincipalName=spns,
                             operatingSystem="Windows Server 2019 Standard", operatingSystemVersion="10.0 (17763)",
                             msDS_SupportedEncryptionTypes="28")
    return dn


def make_server(forest, name, site, host=None, reference=None):
    make_site(forest, site)
    dn = server_dn(name, site)
    forest.home_of(name).add(dn, objectClass="server", systemFlags=str(0x52000000), dNSHostName=host or host_of(name),
                             serverReference=reference)
    return dn


def make_ntds(forest, parent, guid, rdn="NTDS Settings", options=1):
    """An NTDS Settings object with a chosen GUID: of a global catalogue of the root, or of a plain DC of the child."""
    dn = f"CN={rdn},{parent}"
    child = in_child(ldb.Dn(forest.first.db, parent).get_rdn_value())
    base, held = (CHILD, [CHILD, CONFIG, SCHEMA]) if child else (ROOT, PARTITIONS)
    (forest["EMEADC01"] if child else forest.first).add(
        dn, objectClass=["applicationSettings", "nTDSDSA"], objectGUID=ndr_pack(misc.GUID(guid)),
        invocationId=ndr_pack(misc.GUID(guid_for("invocation " + guid))), options="0" if child else str(options),
        systemFlags=str(0x02000000), dMDLocation=SCHEMA, hasMasterNCs=[base, CONFIG, SCHEMA], msDS_hasMasterNCs=held,
        msDS_HasDomainNCs=base, msDS_Behavior_Version="7", msDS_HasInstantiatedNCs=[f"B:8:0000000D:{nc}" for nc in held])
    return dn


def make_dc(forest, name, site="Liverpool", guid=None, reference=True, cname=True, **account):
    """A whole fake DC, healthy unless told otherwise. reference: True its own account, None none, or a DN."""
    guid = guid or guid_for(f"{name}.{site}.{DOMAIN}")
    host = account.get("host") or host_of(name)
    own = make_account(forest, name, guid, **account)
    if reference:
        settle(forest, own)  # a link that arrives before its target gets no back-link
    server = make_server(forest, name, site, host, own if reference is True else reference)
    ntds = make_ntds(forest, server, guid)
    if cname:
        forest.dns_cname(guid, host)
        forest.dns_add(host.removesuffix("." + DOMAIN), ARecord("127.0.0.99"))
    return argparse.Namespace(guid=guid, ntds=ntds, server=server, account=own, host=host)


def tell_dc(made):
    tell(GUID=made.guid, NTDS=made.ntds, SERVER=made.server, ACCOUNT=made.account, HOST=made.host)


def unlink(dc, server):
    if dc.values(server, "serverReference"):
        dc.change(server, "delete", "serverReference")


def arguments(site):
    lines = [f"  {name:22} {' '.join(function.__doc__.split())}" for name, function in STATES.items()]
    parser = argparse.ArgumentParser(prog="forest plant NAME", formatter_class=argparse.RawDescriptionHelpFormatter,
                                     epilog="states:\n" + "\n".join(lines))
    parser.add_argument("home", help=argparse.SUPPRESS)
    parser.add_argument("state", choices=STATES, metavar="STATE")
    for text in ("name", "guid", "to", "host", "at"):
        parser.add_argument("--" + text)
    parser.add_argument("--site", default=site)
    for number, default in (("uac", 0), ("result", 8589), ("failures", 1700), ("count", 2000), ("sites", 200),
                            ("every", 0), ("seconds", 3), ("days", None)):
        parser.add_argument("--" + number, type=lambda text: int(text, 0), default=default)
    for flag in ("no-serverref", "no-spn", "no-drs-spn", "no-account", "no-cname", "disabled", "missing", "present",
                 "quarantine", "successor", "server-gone", "stale-link", "stale-host", "recycle-bin", "never"):
        parser.add_argument("--" + flag, action="store_true")
    return parser.parse_args()


def main(site):
    """Plants what the command line says; site: of a fake DC that is given none."""
    options = arguments(site)
    STATES[options.state](Forest(options.home), options)
