"""Plants a state in the practice forest: plant.py HOME STATE [OPTION...]. Each state is one function; its first line of
documentation is the help. What was made is printed as shell variables (GUID, NTDS, SERVER, ACCOUNT, HOST).

Real objects are changed on DCSRV01 unless a state says otherwise, and the planter waits until both DCs agree.
A fake DC has everything that a real one has in the directory, but nobody answers at its address."""

import struct
import time

import ldb
from samba.dcerpc import misc
from samba.ndr import ndr_pack, ndr_unpack
from samba.provision.sambadns import CNAMERecord
from samba.sd_utils import SDUtils

from adlab import (CONFIG, DOMAIN, PARTITIONS, ROOT, account_dn, guid_for, ntds_dn, server_dn, spns_of_dc)
from making import (DISABLED, WORKSTATION, WRITABLE_DC, main, make_account, make_dc, make_ntds, make_ou, make_server,
                    settle, state, tell, tell_dc, unlink)

REAL = "LIVDC02"                     # the real DC that gets hurt
REAL_SERVER = server_dn(REAL)
SERVER_REFERENCE = "26d9736d-6070-11d1-a9c6-0000f80367c1"


def tell_real(forest):
    tell(GUID=forest.first.guid(ntds_dn(REAL)), NTDS=ntds_dn(REAL), SERVER=REAL_SERVER, ACCOUNT=account_dn(REAL),
         HOST=f"{REAL.lower()}.{DOMAIN}")


def wait_reference(forest, server, expected):
    forest.wait_everywhere(f"serverReference of {server}", lambda dc: dc.value(server, "serverReference") == expected)


def raw_delete(forest, dn):
    """Takes a record out of each DC's partition file: links to it stay, and point nowhere."""
    for dc in forest.dcs.values():
        dc.raw_delete(dn)


# ---- states of the real DC LIVDC02 -----------------------------------------------------------------------------------

@state
def missing(forest, _):
    """LIVDC02's server object has no serverReference, on both DCs (verdict missing)"""
    unlink(forest.first, REAL_SERVER)
    wait_reference(forest, REAL_SERVER, None)
    tell_real(forest)


@state
def missing_here(forest, _):
    """the same on DCSRV01 alone: LIVDC02 has stopped pulling ("resume LIVDC02" lets it go on)"""
    forest[REAL].pause_pulling()
    unlink(forest["DCSRV01"], REAL_SERVER)
    tell_real(forest)


@state
def missing_there(forest, _):
    """the same on LIVDC02 alone: DCSRV01 has stopped pulling ("resume DCSRV01" lets it go on)"""
    forest["DCSRV01"].pause_pulling()
    unlink(forest[REAL], REAL_SERVER)
    tell_real(forest)


@state
def wrong_target(forest, options):
    """LIVDC02's serverReference names another live object: a member server, or --to DN"""
    target = options.to
    if not target:
        target = account_dn("LIVFILE01", "CN=Computers," + ROOT)
        make_account(forest, "LIVFILE01", container="CN=Computers," + ROOT, uac=WORKSTATION,
                     spns=["HOST/LIVFILE01", f"HOST/livfile01.{DOMAIN}"])
        settle(forest, target)
    forest.first.set(REAL_SERVER, "serverReference", target)
    wait_reference(forest, REAL_SERVER, target)
    tell_real(forest)
    tell(TARGET=target)


@state
def wrong_target_here(forest, options):
    """wrong on DCSRV01, right on LIVDC02, which has stopped pulling"""
    target = options.to or account_dn("DCSRV01")
    forest[REAL].pause_pulling()
    forest["DCSRV01"].set(REAL_SERVER, "serverReference", target)
    tell_real(forest)
    tell(TARGET=target)


@state
def dangling(forest, _):
    """LIVDC02's serverReference names an account whose record is gone from both databases"""
    retired = "OU=Retired," + ROOT
    make_ou(forest, retired)
    target = make_account(forest, REAL, container=retired, host=f"old-{REAL.lower()}.{DOMAIN}", spns=[], sam="OLDLIVDC02")
    settle(forest, target)
    forest.first.set(REAL_SERVER, "serverReference", target)
    wait_reference(forest, REAL_SERVER, target)
    raw_delete(forest, target)
    tell_real(forest)
    tell(TARGET=target)


@state
def duplicate_server(forest, options):
    """a second server object LIVDC02, without NTDS Settings, in the first site; --missing unlinks the live one"""
    extra = make_server(forest, REAL, "Default-First-Site-Name", reference=account_dn(REAL))
    if options.missing:
        unlink(forest.first, REAL_SERVER)
    settle(forest, extra)
    wait_reference(forest, REAL_SERVER, None if options.missing else account_dn(REAL))
    tell_real(forest)
    tell(EXTRA=extra)


@state
def cname_missing(forest, _):
    """the DNS alias of LIVDC02's GUID is gone"""
    guid = forest.first.guid(ntds_dn(REAL))
    forest.dns_remove(guid, "_msdcs." + DOMAIN)
    settle(forest, f"DC={guid},DC=_msdcs.{DOMAIN},CN=MicrosoftDNS,DC=ForestDnsZones,{ROOT}", gone=True)
    tell_real(forest)


@state
def cname_mismatch(forest, _):
    """the DNS alias of LIVDC02's GUID leads to DCSRV01"""
    guid = forest.first.guid(ntds_dn(REAL))
    node = f"DC={guid},DC=_msdcs.{DOMAIN},CN=MicrosoftDNS,DC=ForestDnsZones,{ROOT}"
    forest.first.set(node, "dnsRecord", ndr_pack(CNAMERecord(f"dcsrv01.{DOMAIN}.")))
    wanted = bytes(forest.first.read(node, "dnsRecord")["dnsRecord"][0])
    forest.wait_everywhere(node, lambda dc: bytes(dc.read(node, "dnsRecord")["dnsRecord"][0]) == wanted)
    tell_real(forest)


@state
def unreadable(forest, _):
    """nobody may read serverReference of LIVDC02's server object (deny for everyone), which lacks it as well"""
    unlink(forest.first, REAL_SERVER)
    SDUtils(forest.first.db).dacl_add_ace(REAL_SERVER, f"(OD;;RP;{SERVER_REFERENCE};;WD)")
    wait_reference(forest, REAL_SERVER, None)
    tell_real(forest)


@state
def replication_disabled(forest, options):
    """--name (LIVDC02) has inbound replication switched off; --quarantine: outbound too, as after a USN rollback"""
    name = (options.name or REAL).upper()
    bits = "7" if options.quarantine else "3"
    forest[name].set(ntds_dn(name), "options", bits)
    if not options.quarantine:  # a DC in quarantine tells nobody
        forest.wait_everywhere("options", lambda dc: dc.value(ntds_dn(name), "options") == bits)
    tell_real(forest)


# ---- replication status ----------------------------------------------------------------------------------------------

def nttime(days_ago):
    return int(time.time() - days_ago * 86400) + 11644473600  # Samba keeps these in seconds since 1601


def patched(blob, result, failures, days):
    """A repsFrom value with another outcome (fixed places in both its versions: MS-ADTS, Samba's drsblobs.idl)."""
    fresh = bytearray(blob)
    struct.pack_into("<IQQI", fresh, 12, failures, 0 if days is None else nttime(days), nttime(0), result)
    return bytes(fresh)


def inject_status(dc, guid, result, failures, days):
    """Writes RESULT into each inbound link of DC from the DSA GUID; a link is made where there is none."""
    wanted = ndr_pack(misc.GUID(guid))
    for nc in PARTITIONS:
        blobs = [bytes(value) for value in dc.read(nc, "repsFrom").get("repsFrom", [])]
        if blobs and not any(blob[160:176] == wanted for blob in blobs):
            old = str(ndr_unpack(misc.GUID, blobs[0][160:176]))
            copy = blobs[0].replace(blobs[0][160:176], wanted).replace(old.encode(), guid.encode())
            blobs.append(copy.replace(old.encode("utf-16-le"), guid.encode("utf-16-le")))
        changed = [patched(blob, result, failures, days) if blob[160:176] == wanted else blob for blob in blobs]
        if blobs:
            dc.set(nc, "repsFrom", changed)


@state
def status(forest, options):
    """DCSRV01's links from LIVDC02 (or --guid) say --result 8589 after --failures 1700; last success never or --days ago.
    DCSRV01 has stopped pulling, so the status stays; "resume DCSRV01" lets the links recover."""
    dc = forest["DCSRV01"]
    guid = options.guid or dc.guid(ntds_dn(REAL))
    dc.pause_pulling()
    inject_status(dc, guid, options.result, options.failures, options.days)
    if options.missing:
        unlink(forest[REAL], REAL_SERVER)
        unlink(dc, REAL_SERVER)
    tell_real(forest)
    tell(GUID=guid)


@state
def resume(forest, options):
    """lets a DC (--name, or both) pull again after missing-here, missing-there, wrong-target-here or status"""
    for name in [options.name] if options.name else forest.dcs:
        forest[name].pause_pulling(False)


@state
def recover(forest, options):
    """resume, and news in each partition: only with news does Samba note that a link works again"""
    for name in [options.name] if options.name else forest.dcs:
        forest[name].pause_pulling(False)
    for source in forest.dcs.values():
        for nc in PARTITIONS:
            source.set(nc, "description", f"news from {source.name}")


@state
def pause(forest, options):
    """stops inbound replication of a DC (--name, or both) without a trace in the directory"""
    for name in [options.name] if options.name else forest.dcs:
        forest[name].pause_pulling()


# ---- fake domain controllers -----------------------------------------------------------------------------------------

@state
def fakedc(forest, options):
    """a DC with --name --site --guid, and --no-serverref --no-spn --no-drs-spn --no-account --no-cname --disabled
    --uac N --to DN --host FQDN"""
    name = options.name or "LIVDC14"
    guid = options.guid or guid_for(f"{name}.{options.site}.{DOMAIN}")
    spns = spns_of_dc(name, guid)
    if options.no_spn:
        spns = []
    elif options.no_drs_spn:
        spns = [spn for spn in spns if guid not in spn]
    uac = (options.uac or WRITABLE_DC) | (DISABLED if options.disabled else 0)
    made = make_dc(forest, name, options.site, guid, None if options.no_serverref else options.to or True,
                   not options.no_cname, host=options.host, uac=uac, spns=spns)
    if options.no_account:
        forest.first.db.delete(made.account)
        settle(forest, made.account, gone=True)
    settle(forest, made.ntds)
    tell_dc(made)


@state
def healthy(forest, options):
    """a healthy fake DC LIVDC14"""
    fakedc(forest, options)


@state
def deleted_dsa(forest, options):
    """LIVDC14's NTDS Settings was deleted; --server-gone: its server object too; --successor: promoted again under
    the same name (a new NTDS Settings object and account); --stale-link: DCSRV01 still has a failing link from it"""
    name = options.name or "LIVDC14"
    old = make_dc(forest, name, options.site)
    settle(forest, old.ntds)
    forest.first.db.delete(old.ntds)
    if options.successor or options.server_gone:
        forest.first.db.delete(old.account)
        forest.first.db.delete(old.server)
    if options.successor:
        new = make_dc(forest, name, options.site, guid_for(f"successor of {name}.{DOMAIN}"), cname=False)
        forest.dns_cname(new.guid, new.host)
        settle(forest, new.ntds)
        tell(SUCCESSOR=new.guid)
    else:
        settle(forest, old.ntds, gone=True)
        if options.server_gone:
            settle(forest, old.server, gone=True)
    if options.stale_link:
        forest["DCSRV01"].pause_pulling()
        inject_status(forest["DCSRV01"], old.guid, 8589, 1700, None)
    tell_dc(old)


@state
def no_computer(forest, options):
    """GHOSTDC: live NTDS Settings and server object, its account deleted; --recycle-bin: restorable; --never: no trace"""
    name = options.name or "GHOSTDC"
    if options.recycle_bin:
        feature = f"CN=Recycle Bin Feature,CN=Optional Features,CN=Directory Service,CN=Windows NT,CN=Services,{CONFIG}"
        message = ldb.Message()
        message.dn = ldb.Dn(forest.first.db, "")
        message["enableOptionalFeature"] = ldb.MessageElement(
            f"CN=Partitions,{CONFIG}:766ddcd8-acd0-445e-f3b9-a7f9b6744f2a", ldb.FLAG_MOD_ADD, "enableOptionalFeature")
        forest.first.db.modify(message)
        settle(forest, feature)
    made = make_dc(forest, name, options.site, reference=None if options.never else True)
    settle(forest, made.ntds)
    if options.never:
        settle(forest, made.account)
        raw_delete(forest, made.account)
    else:
        forest.first.db.delete(made.account)
        settle(forest, made.account, gone=True)
    tell_dc(made)


@state
def disabled_account(forest, options):
    """LIVDC15: no serverReference, its account disabled"""
    options.name, options.disabled, options.no_serverref = options.name or "LIVDC15", True, True
    fakedc(forest, options)


@state
def lost_bits(forest, options):
    """LIVDC15: no serverReference, its account is a plain workstation's"""
    options.name, options.uac, options.no_serverref = options.name or "LIVDC15", WORKSTATION, True
    fakedc(forest, options)


@state
def medium(forest, options):
    """LIVDC16: no serverReference; its account fits by names alone (no DRS SPN)"""
    options.name, options.no_drs_spn, options.no_serverref = options.name or "LIVDC16", True, True
    fakedc(forest, options)


@state
def unproven(forest, options):
    """LIVDC17: no serverReference; the account has its name but another host name and no DRS SPN"""
    name = options.name or "LIVDC17"
    made = make_dc(forest, name, options.site, reference=None, spns=[])
    forest.first.set(made.account, "dNSHostName", f"somewhere-else.{DOMAIN}")
    settle(forest, made.ntds)
    forest.wait_everywhere("dNSHostName", lambda dc: dc.exists(made.account)
                           and dc.value(made.account, "dNSHostName").startswith("somewhere"))
    tell_dc(made)


@state
def ambiguous(forest, options):
    """LIVDC18: no serverReference; two accounts fit equally well; --present: the value names one of them"""
    name = options.name or "LIVDC18"
    made = make_dc(forest, name, options.site, reference=None, spns=[])
    branch = "OU=Branch," + ROOT
    make_ou(forest, branch)
    twin = make_account(forest, name, container=branch, sam=name[:13] + "-B", spns=[])
    settle(forest, twin)
    if options.present:
        forest.first.set(made.server, "serverReference", twin)
    settle(forest, made.ntds)
    wait_reference(forest, made.server, twin if options.present else None)
    tell_dc(made)
    tell(TWIN=twin)


@state
def spn_of_another(forest, options):
    """LIVDC19: no serverReference; its account's DRS SPN names LIVDC20's live DSA (B7)"""
    other = make_dc(forest, "LIVDC20", options.site, spns=[])
    made = make_dc(forest, "LIVDC19", options.site, reference=None, spns=spns_of_dc("LIVDC19", other.guid))
    settle(forest, made.ntds)
    tell_dc(made)
    tell(OTHER=other.guid)


@state
def shared_target(forest, options):
    """LIVDC21: no serverReference; LIVDC22's server object holds LIVDC21's account (B6 or a side finding)"""
    made = make_dc(forest, "LIVDC21", options.site, reference=None)
    other = make_dc(forest, "LIVDC22", options.site, reference=made.account)
    settle(forest, other.ntds)
    tell_dc(made)
    tell(OTHER=other.guid)


@state
def renamed(forest, options):
    """the DC OLDNAME was renamed NEWNAME: its server object keeps the old name (--stale-host: and the old host name);
    --missing: and lost its link"""
    made = make_dc(forest, "OLDNAME", options.site)
    settle(forest, made.ntds)
    account = account_dn("NEWNAME")
    forest.first.db.rename(made.account, account)
    forest.first.set(account, "sAMAccountName", "NEWNAME$")
    forest.first.set(account, "dNSHostName", f"newname.{DOMAIN}")
    forest.first.set(account, "servicePrincipalName", spns_of_dc("NEWNAME", made.guid))
    if not options.stale_host:  # the DC writes its host name at each start
        forest.first.set(made.server, "dNSHostName", f"newname.{DOMAIN}")
    if options.missing:
        unlink(forest.first, made.server)
    settle(forest, account)
    wait_reference(forest, made.server, None if options.missing else account)
    made.account, made.host = account, f"newname.{DOMAIN}"
    tell_dc(made)


@state
def cnf(forest, options):
    """LIVDC23: its server object lost a name conflict (RDN with CNF:), beside the winner of the same name"""
    name = "LIVDC23"
    winner = make_dc(forest, name, options.site)
    loser = guid_for("loser of " + name)
    server = make_server(forest, f"{name}\\0ACNF:{loser}", options.site, host=winner.host)
    guid = guid_for("dsa of the loser")
    ntds = make_ntds(forest, server, guid)
    settle(forest, ntds)
    tell(GUID=guid, NTDS=ntds, SERVER=server, ACCOUNT=winner.account, WINNER=winner.guid)


@state
def lost_and_found(forest, _):
    """LIVDC24: its NTDS Settings lies in LostAndFoundConfig"""
    guid = guid_for("LIVDC24 lost")
    account = make_account(forest, "LIVDC24", guid)
    ntds = make_ntds(forest, f"CN=LostAndFoundConfig,{CONFIG}", guid, rdn="NTDS Settings")
    settle(forest, ntds)
    tell(GUID=guid, NTDS=ntds, ACCOUNT=account)


@state
def foreign_names(forest, options):
    """MÜNDC25 in site Zürich: no serverReference"""
    options.name, options.site, options.host, options.no_serverref = "MÜNDC25", "Zürich", f"muendc25.{DOMAIN}", True
    fakedc(forest, options)


@state
def many(forest, options):
    """--count fake DCs (2000) in --sites sites (200), each --every (0: none) without serverReference"""
    fakes = []
    for number in range(1, options.count + 1):
        name = f"BULK{number:05d}"
        broken = options.every and number % options.every == 0
        fakes.append((name, f"Site{number % options.sites:03d}", guid_for(name), broken))
    db = forest.first.db
    db.transaction_start()
    accounts = [make_account(forest, name, guid) for name, _, guid, _ in fakes]
    db.transaction_commit()
    forest.wait_everywhere(accounts[-1], lambda dc: dc.exists(accounts[-1]), 300)
    db.transaction_start()
    for (name, site, guid, broken), account in zip(fakes, accounts):
        ntds = make_ntds(forest, make_server(forest, name, site, reference=None if broken else account), guid)
    db.transaction_commit()
    forest.wait_everywhere(ntds, lambda dc: dc.exists(ntds), 300)
    tell(COUNT=len(fakes), LAST=ntds)


# ---- server behaviour ------------------------------------------------------------------------------------------------

@state
def idle_drop(forest, options):
    """both DCs close an idle connection after --seconds 3 (new connections only, once the policy is read again)"""
    policy = f"CN=Default Query Policy,CN=Query-Policies,CN=Directory Service,CN=Windows NT,CN=Services,{CONFIG}"
    old = forest.first.values(policy, "lDAPAdminLimits")
    new = [limit for limit in old if not limit.startswith("MaxConnIdleTime")] + [f"MaxConnIdleTime={options.seconds}"]
    forest.first.set(policy, "lDAPAdminLimits", new)
    forest.wait_everywhere("the query policy", lambda dc: new[-1] in dc.values(policy, "lDAPAdminLimits"))


if __name__ == "__main__":
    main("Liverpool")
