"""A practice forest as python sees it: its DCs' databases, opened as Samba's own modules open them, and the few helpers
with which build.py furnishes the forest and plant.py breaks it. Run by /usr/bin/python3 as root.

A name says where a DC belongs: EMEA... is of the child domain, RODC... is read-only."""

import functools
import os
import signal
import sys
import time
import uuid
from pathlib import Path

import ldb
import samba.getopt  # noqa: F401  (registers the loadparm types)
from samba import param
from samba.auth import system_session
from samba.dcerpc import dnsp, misc
from samba.ndr import ndr_pack, ndr_unpack
from samba.provision.sambadns import ARecord, CNAMERecord, NSRecord, SRVRecord  # noqa: F401
from samba.samdb import SamDB

DOMAIN = "contoso.com"
CHILD_DOMAIN = "emea." + DOMAIN
ADDRESS = {"DCSRV01": "127.0.0.11", "LIVDC02": "127.0.0.12",                              # one domain
           "DCSRV02": "127.0.0.12", "RODC01": "127.0.0.13", "EMEADC01": "127.0.0.21", "EMEADC02": "127.0.0.22"}
CATALOGS = ("DCSRV01", "LIVDC02", "EMEADC01")
FIRST_SITE = "Default-First-Site-Name"
SITE = {"LIVDC02": "Liverpool"}      # all others: the first
PASSWORD = "Practice-8589!"

ROOT = "DC=contoso,DC=com"
CHILD = "DC=emea," + ROOT
CONFIG = "CN=Configuration," + ROOT
SCHEMA = "CN=Schema," + CONFIG
PARTITIONS = [ROOT, CONFIG, SCHEMA, "DC=DomainDnsZones," + ROOT, "DC=ForestDnsZones," + ROOT]

RELAX = ["relax:0"]
DEAD_TOO = ["show_recycled:1"]
DRS_SPN = "E3514235-4B06-11D1-AB04-00C04FC2DCD2"


def in_child(name):
    return name.upper().startswith("EMEA")


def read_only(name):
    return name.upper().startswith("RODC")


def domain_of(name):
    return CHILD_DOMAIN if in_child(name) else DOMAIN


def base_of(name):
    return CHILD if in_child(name) else ROOT


def host_of(name):
    return f"{name.lower()}.{domain_of(name)}"


def site_of(name):
    return SITE.get(name, FIRST_SITE)


def server_dn(name, site=None):
    return f"CN={name},CN=Servers,CN={site or site_of(name)},CN=Sites,{CONFIG}"


def ntds_dn(name, site=None):
    return "CN=NTDS Settings," + server_dn(name, site)


def account_dn(name, container=None):
    return f"CN={name},{container or 'OU=Domain Controllers,' + base_of(name)}"


def guid_for(text):
    """The same name always gets the same GUID, so that a case can be read and repeated."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, text.lower()))


def wait_for(what, seconds, ready):
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            sys.exit(f"lab: waited {seconds} s in vain for: {what}")
        time.sleep(0.05)


class Directory:
    """One DC's database."""

    def __init__(self, home, name):
        self.name = name
        self.folder = Path(home) / name

    @functools.cached_property
    def db(self):
        return self.open(ldb.FLG_DONT_CREATE_DB)

    def open(self, flags):
        settings = param.LoadParm(filename_for_non_global_lp=str(self.folder / "etc/smb.conf"))
        return SamDB(url=str(self.folder / "private/sam.ldb"), lp=settings, session_info=system_session(settings),
                     flags=flags)

    def partitions(self):
        """The DNs of all partitions that it holds, catalogue copies too."""
        return self.values("", "namingContexts")

    def read(self, dn, *attrs, controls=()):
        found = self.db.search(base=dn, scope=ldb.SCOPE_BASE, attrs=list(attrs) or ["*"], controls=list(controls))
        return found[0]

    def holds(self, dn):
        """Does it hold a copy, whole or a catalogue's, of that DN's partition? (The others have an empty head of it.)"""
        if dn.lower().endswith("configuration," + ROOT.lower()):
            return True
        if "dnszones," in dn.lower():
            return not in_child(self.name)
        return dn.lower().endswith(CHILD.lower()) == in_child(self.name) or self.name in CATALOGS

    def exists(self, dn, dead_too=False):
        try:
            self.read(dn, "name", controls=DEAD_TOO if dead_too else ())
            return True
        except ldb.LdbError as err:
            if err.args[0] != ldb.ERR_NO_SUCH_OBJECT:
                raise
            return False

    def values(self, dn, attribute):
        return [str(value) for value in self.read(dn, attribute).get(attribute, [])]

    def value(self, dn, attribute):
        values = self.values(dn, attribute)
        return values[0] if values else None

    def guid(self, dn, attribute="objectGUID"):
        return str(ndr_unpack(misc.GUID, self.read(dn, attribute)[attribute][0]))

    def add(self, dn, **attributes):
        entry = {key.replace("_", "-"): value for key, value in attributes.items() if value not in (None, [])}
        self.db.add({"dn": dn, **entry}, controls=RELAX)

    def change(self, dn, how, attribute, values=()):
        flag = {"add": ldb.FLAG_MOD_ADD, "delete": ldb.FLAG_MOD_DELETE, "replace": ldb.FLAG_MOD_REPLACE}[how]
        message = ldb.Message(ldb.Dn(self.db, dn))
        message[attribute] = ldb.MessageElement([values] if isinstance(values, (str, bytes)) else list(values),
                                                flag, attribute)
        self.db.modify(message, controls=RELAX)

    def set(self, dn, attribute, values):
        self.change(dn, "replace", attribute, values)

    def raw_delete(self, dn):
        """Takes a record out of its partition's file, past Samba's modules: no links, no metadata, no replication."""
        partition = CHILD if dn.lower().endswith(CHILD.lower()) else ROOT
        raw = ldb.Ldb(f"tdb://{self.folder}/private/sam.ldb.d/{partition.upper()}.ldb", flags=ldb.FLG_DONT_CREATE_DB)
        raw.delete(ldb.Dn(self.db, dn).get_linearized())

    def task_pids(self, task):
        """The processes of one Samba service (they title themselves "samba: task[drepl]...")."""
        group = int((self.folder / "pid").read_text())
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    title = (entry / "cmdline").read_bytes()
                    if f"task[{task}]".encode() in title and os.getpgid(int(entry.name)) == group:
                        yield int(entry.name)
                except OSError:
                    continue  # it ended meanwhile

    def pause_pulling(self, paused=True):
        """Holds this DC's inbound replication still, without a trace in the directory."""
        pids = list(self.task_pids("drepl"))
        if not pids:
            sys.exit(f"lab: {self.name} has no drepl process")
        for pid in pids:
            os.kill(pid, signal.SIGSTOP if paused else signal.SIGCONT)
            while paused and self._holds_a_lock(pid):  # stopped in the midst of a write: that would block everyone
                os.kill(pid, signal.SIGCONT)
                time.sleep(0.02)
                os.kill(pid, signal.SIGSTOP)

    def _holds_a_lock(self, pid):
        files = {str(path.stat().st_ino) for path in (self.folder / "private").rglob("*.ldb")}
        for line in Path("/proc/locks").read_text().splitlines():
            words = line.split()
            if "->" not in words and words[4] == str(pid) and words[5].split(":")[2] in files:
                return True
        return False


class Forest:
    def __init__(self, home, only=None):
        self.home = Path(home)
        names = [only] if only else [n for n in ADDRESS if (self.home / n / "private/sam.ldb").exists()]
        self.dcs = {name: Directory(home, name) for name in names}
        self.first = next(iter(self.dcs.values()))

    def __getitem__(self, name):
        return self.dcs[name.upper()]

    def home_of(self, name):
        """The first DC of that DC's domain: its account is made and read there."""
        return self["EMEADC01"] if in_child(name) else self.first

    def running(self):
        return [dc for dc in self.dcs.values() if (dc.folder / "pid").exists()]

    # ---- DNS ---------------------------------------------------------------------------------------------------

    def dns_add(self, name, record, zone=DOMAIN):
        """Adds one record at NAME ("@" for the zone itself) to what stands there."""
        forest_wide = zone.startswith("_msdcs.")
        dn = (f"DC={name},DC={zone},CN=MicrosoftDNS,DC={'Forest' if forest_wide else 'Domain'}DnsZones,{ROOT}")
        packed = ndr_pack(record)
        if not self.first.exists(dn):
            self.first.add(dn, objectClass="dnsNode", dnsRecord=packed)
        elif packed not in [bytes(v) for v in self.first.read(dn, "dnsRecord").get("dnsRecord", [])]:
            self.first.change(dn, "add", "dnsRecord", packed)

    def dns_remove(self, name, zone=DOMAIN):
        partition = "ForestDnsZones" if zone.startswith("_msdcs.") else "DomainDnsZones"
        self.first.db.delete(f"DC={name},DC={zone},CN=MicrosoftDNS,DC={partition},{ROOT}")

    def dns_cname(self, guid, host):
        self.dns_add(guid, CNAMERecord(host + "."), zone="_msdcs." + DOMAIN)

    def dns_of_dc(self, name):
        """What Netlogon registers for a DC (not the PDC's record). All names live in the zones of the root."""
        host, site, ip = host_of(name), site_of(name), ADDRESS[name]
        under = ".emea" if in_child(name) else ""
        msdcs = "_msdcs." + DOMAIN
        self.dns_add(name.lower() + under, ARecord(ip))
        self.dns_cname((self[name] if in_child(name) else self.first).guid(ntds_dn(name)), host)
        if read_only(name):
            return
        self.dns_add(under[1:] or "@", ARecord(ip))
        for kind, port in (("_ldap._tcp", 389), ("_kerberos._tcp", 88), ("_kerberos._udp", 88)):
            self.dns_add(kind + under, SRVRecord(host, port))
            if kind != "_kerberos._udp":
                self.dns_add(f"{kind}.{site}._sites{under}", SRVRecord(host, port))
                for node in (kind, f"{kind}.{site}._sites"):
                    self.dns_add(*(f"{node}.dc._msdcs.emea", SRVRecord(host, port)) if under
                                 else (f"{node}.dc", SRVRecord(host, port), msdcs))
        for kind in ("_kpasswd._tcp", "_kpasswd._udp"):
            self.dns_add(kind + under, SRVRecord(host, 464))
        self.dns_add(f"_ldap._tcp.{self.home_of(name).guid(base_of(name))}.domains", SRVRecord(host, 389), msdcs)
        if name in CATALOGS:
            for node in ("_gc._tcp", f"_gc._tcp.{site}._sites"):
                self.dns_add(node, SRVRecord(host, 3268))
            self.dns_add("gc", ARecord(ip), msdcs)
            for node in ("_ldap._tcp.gc", f"_ldap._tcp.{site}._sites.gc"):
                self.dns_add(node, SRVRecord(host, 3268), msdcs)
        if not under:
            for zone in (DOMAIN, msdcs):
                self.dns_add("@", NSRecord(host), zone)

    # ---- waiting -----------------------------------------------------------------------------------------------

    def wait_everywhere(self, what, ready, seconds=30):
        """Until ready(directory) holds on each DC that runs."""
        for dc in self.running():
            wait_for(f"{what} on {dc.name}", seconds, lambda dc=dc: ready(dc))


def spns_of_dc(name, dsa_guid):
    """The names that a DC registers for itself. A read-only one has none for replication. None of the child's accounts
    gets GC/...: Samba's replication would prefer it, and the child's KDC sends that name to the root's, in vain."""
    host, domain = host_of(name), domain_of(name)
    netbios = domain.split(".")[0].upper()
    names = [
        f"HOST/{name}", f"HOST/{host}", f"HOST/{host}/{domain}", f"HOST/{host}/{netbios}",
        f"ldap/{name}", f"ldap/{host}", f"ldap/{host}/{domain}", f"ldap/{host}/{netbios}",
        f"ldap/{dsa_guid}._msdcs.{DOMAIN}", f"RestrictedKrbHost/{name}", f"RestrictedKrbHost/{host}",
    ]
    if not read_only(name):
        names += [f"{DRS_SPN}/{dsa_guid}/{domain}", f"RPC/{dsa_guid}._msdcs.{DOMAIN}"]
    if in_child(name):
        names += [f"ldap/{host}/{DOMAIN}"]
    else:
        names += [f"GC/{host}/{DOMAIN}"]
    return names
