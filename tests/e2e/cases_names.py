"""Names that lead elsewhere: aliases, round robin, forged DNS, and a workstation that plays a domain controller. The
program asks Kerberos for the name that was given, and shows the name of whoever answers. krb5.conf is MIT's default."""

import base64
import json
import re
import subprocess
from contextlib import contextmanager

from lab import FOREST, case, poll, sh
from rough import DC, DROP, inside, start

ADDRESS = {DC: "127.0.0.11", "livdc02.contoso.com": "127.0.0.12"}
LIAR, WORKSTATION = "127.0.0.77", "ws01.contoso.com"
SRV = "_ldap._tcp.dc._msdcs.contoso.com"

SERVER = r'''
import json, socket, struct, sys
names = json.loads(sys.argv[2])
def packed(name):
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"
def data(kind, value):
    if kind == 1: return socket.inet_aton(value)
    if kind == 33: return struct.pack(">HHH", 0, 100, 389) + packed(value)
    return packed(value)
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind((sys.argv[1], 53))
print("ready", flush=True)
while True:
    query, peer = server.recvfrom(4096)
    at, parts = 12, []
    while query[at]:
        parts.append(query[at + 1:at + 1 + query[at]].decode()); at += 1 + query[at]
    kind = struct.unpack(">H", query[at + 1:at + 3])[0]
    held = names.get(".".join(parts).lower(), {})
    found = [(kind, value) for value in held.get(str(kind), [])]
    code = 0 if held else 3
    answer = query[:2] + struct.pack(">HHHHH", 0x8580 | code, 1, len(found), 0, 0) + query[12:at + 5]
    for kind, value in found:
        rest = data(kind, value)
        answer += b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 0, len(rest)) + rest
    server.sendto(answer, peer)
'''


@contextmanager
def forged(desk, forward, **more):
    """The words before a command whose DNS tells these lies: names to addresses, and the addresses' names (the first
    one given) back."""
    names = {name: {"1": addresses} for name, addresses in forward.items()}
    for name, addresses in forward.items():
        for address in addresses:
            names.setdefault(".".join(reversed(address.split("."))) + ".in-addr.arpa", {"12": [name]})
    names.update(more)
    hosts, resolver, log = desk.folder / "hosts", desk.folder / "resolv.conf", desk.folder / "liar"
    hosts.write_text("127.0.0.1 localhost\n")
    resolver.write_text(f"search contoso.com\nnameserver {LIAR}\noptions timeout:1 attempts:1\n")
    hosts.chmod(0o644)
    resolver.chmod(0o644)
    with open(log, "w") as out:
        process = subprocess.Popen([FOREST, "exec", desk.forest.name, "--", "/usr/bin/python3", "-c", SERVER, LIAR,
                                    json.dumps(names)], stdout=out)
    try:
        poll("the liar to listen", lambda: "ready" in log.read_text())
        script = 'mount --bind "$0" /etc/hosts && mount --bind "$1" /etc/resolv.conf && shift && exec "$@"'
        yield ["sh", "-c", script, str(hosts), str(resolver), *DROP]
    finally:
        process.kill()
        process.wait()


def diagnose(desk, prefix, *words):
    """What "diagnose --json" says: the object and the exit status."""
    done = sh(*inside(desk, prefix, desk.binary, "diagnose", "--json", *words), check=False, timeout=60)
    lines = done.stdout.splitlines()
    assert len(lines) == 1, done.stdout + done.stderr
    return json.loads(lines[0]), done.returncode


def tickets(desk):
    """The services that tickets were got for, by whatever name."""
    listed = desk.forest.command("exec", "--", "klist", f"FILE:{desk.home}/ticket").stdout
    return set(re.findall(r"(ldap/\S+)@", listed))


def workstation(desk):
    """A computer that anybody could have made, with a key of its own and the service name that it may give itself."""
    password = base64.b64encode('"W0rkstation!"'.encode("utf-16-le")).decode()
    desk.forest.modify("DCSRV01", "dn: CN=WS01,CN=Computers,DC=contoso,DC=com\nchangetype: add\nobjectClass: computer\n"
                                  "sAMAccountName: WS01$\nuserAccountControl: 4096\ndNSHostName: ws01.contoso.com\n"
                                  f"servicePrincipalName: ldap/{WORKSTATION}\nservicePrincipalName: HOST/{WORKSTATION}\n"
                                  f"unicodePwd:: {password}\n")
    return desk.listener("127.0.0.66")


@case
def an_alias_is_no_domain_controller(desk):
    """dcsrv01 is another name of livdc02: Kerberos is asked for dcsrv01, whose key livdc02 does not have."""
    guid = desk.forest.plant("missing")["GUID"]
    desk.ticket()
    with forged(desk, {"livdc02.contoso.com": ["127.0.0.12"], DC: ["127.0.0.12"]}) as prefix:
        found, status = diagnose(desk, prefix, guid, DC)
        assert status == 2 and "verdict" not in found, found
        assert tickets(desk) == {"ldap/" + DC}, tickets(desk)
        found, status = diagnose(desk, prefix, guid, "livdc02.contoso.com")
        assert found["server"].lower() == "livdc02.contoso.com", found


@case
def a_round_robin_name_is_no_domain_controller(desk):
    guid = desk.forest.plant("missing")["GUID"]
    desk.ticket()
    both = {"dcs.contoso.com": list(ADDRESS.values()), **{name: [address] for name, address in ADDRESS.items()}}
    names = {".".join(reversed(address.split("."))) + ".in-addr.arpa": {"12": [name]} for name, address in ADDRESS.items()}
    with forged(desk, both, **names) as prefix:
        found, status = diagnose(desk, prefix, guid, "dcs.contoso.com")
        assert status == 2 and "Kerberos knows no ldap/dcs.contoso.com" in found["error"], found
        assert tickets(desk) == set(), tickets(desk)


@case
def a_workstation_that_plays_a_domain_controller(desk):
    """It has a key of its own, and DNS says what it likes. Where nobody named it nothing is sent to it, and under a
    domain controller's name it gets that one's ticket, which it cannot read."""
    guid = desk.forest.plant("missing")["GUID"]
    silent = workstation(desk)
    desk.ticket()
    lies = {WORKSTATION: ["127.0.0.66"], DC: ["127.0.0.66"]}
    with forged(desk, lies, **{SRV: {"33": [WORKSTATION]}}) as prefix:
        event = desk.file("event", desk.forest.event("--computer", WORKSTATION))
        for words in ((guid,), ("--file", event)):  # by SRV records; by the event's Computer line
            found, status = diagnose(desk, prefix, *words)
            assert status == 2 and "not as a domain controller of CONTOSO.COM" in found["error"], (words, found)
        screen = start(desk, inside(desk, prefix, desk.binary, "--file", event))
        screen.wait("not as a domain controller")
        tries = silent.log.read_text().count("closed")
        screen.keys("Enter")  # what the event gave stays the event's
        poll("another try", lambda: silent.log.read_text().count("closed") > tries)
        screen.wait("not as a domain controller")
        bare = start(desk, inside(desk, prefix, desk.binary))  # Connect offers what DNS found
        bare.wait("1 found by DNS")
        bare.keys("Enter")
        bare.wait("not as a domain controller")
        assert silent.longest() <= 7, f"{silent.longest()} bytes were sent to it"
        start(desk, inside(desk, prefix, desk.binary, DC))
        poll("it to hear of it", lambda: silent.longest() > 500)
        assert "ldap/" + DC in tickets(desk), tickets(desk)


def balancer(desk, *names):
    """Gives LIVDC02 further names that Kerberos knows."""
    desk.forest.modify("DCSRV01", "dn: " + desk.forest.env["LIVDC02_ACCOUNT"] + "\nchangetype: modify\n"
                       "add: servicePrincipalName\n" + "".join(f"servicePrincipalName: ldap/{name}\n" for name in names))


@case
def a_balancers_name_is_told_and_the_dc_named(desk):
    """Kerberos knows ldap.contoso.com as LIVDC02: Connect says who answered, and everything names that one."""
    desk.forest.plant("missing")
    balancer(desk, "ldap.contoso.com")
    desk.ticket()
    event = desk.file("event", desk.forest.event("--computer", "LIVDC02.contoso.com"))
    both = {name: [address] for name, address in ADDRESS.items()}
    with forged(desk, {**both, "ldap.contoso.com": ["127.0.0.12"]}) as prefix:
        screen = start(desk, inside(desk, prefix, desk.binary, "--file", event, "ldap.contoso.com"))
        said = screen.wait("ldap.contoso.com answered as livdc02.contoso.com")
        assert "livdc02.contoso.com" in said.splitlines()[0], said
        for step in ("Symptom", "Locate", "Inspect", "Propose", "Confirm"):
            poll(lambda step=step: f"{step}:\n{screen.text()}",
                 lambda step=step: f"[{step}]" in screen.text() or screen.keys("Enter"), 20)
        assert "ldap.contoso.com" not in screen.text() and re.search("on +livdc02", screen.text(), re.I), screen.text()
        done = sh(*inside(desk, prefix, desk.binary, "diagnose", desk.forest.env["LIVDC02_GUID"], "ldap.contoso.com"),
                  check=False)
        assert "ldap.contoso.com answered as livdc02.contoso.com" in done.stderr, done.stderr
        assert "ldap.contoso.com" not in done.stdout, done.stdout


def password_file(desk):
    file = desk.file("password", desk.forest.env["LAB_PASSWORD"] + "\n")
    file.chmod(0o600)
    return file


@case
def a_password_goes_to_a_named_server_alone(desk):
    """With -x: to none that a text, DNS or an undo file names."""
    guid = desk.forest.plant("missing")["GUID"]
    event, file = desk.file("event", desk.forest.event()), password_file(desk)
    silent = desk.listener("127.0.0.99")
    words = ("-x", "-Z", "-D", "kayla@contoso.com", "-y", file)
    for more in (("--file", event), (guid,)):
        done = desk.run("diagnose", "--json", *words, *more)
        assert done.returncode == 2 and "a server that you name" in done.stdout, done.stdout + done.stderr
    with forged(desk, {DC: ["127.0.0.99"]}) as prefix:
        screen = start(desk, inside(desk, prefix, desk.binary, *words, "--file", event))
        screen.wait("The password was not sent")
    assert silent.longest() == 0, silent.log.read_text()


@case
def a_domains_name_lists_its_dcs(desk):
    """None is taken unseen on the screen; diagnose says whose copy it read."""
    guid = desk.forest.plant("missing")["GUID"]
    desk.ticket()
    forward = {**{name: [address] for name, address in ADDRESS.items()}, "contoso.com": list(ADDRESS.values())}
    with forged(desk, forward, **{SRV: {"33": list(ADDRESS)}}) as prefix:
        screen = start(desk, inside(desk, prefix, desk.binary, "contoso.com"))
        screen.wait("contoso.com is a domain. Down and Up choose one of its 2 DCs")
        screen.keys("Enter")
        screen.wait("That is a domain")
        screen.keys("Down")
        screen.wait(re.compile(r"DC +dcsrv01\.contoso\.com"))
        screen.keys("Enter")
        screen.wait("[Symptom]")
        assert "dcsrv01" in screen.text().splitlines()[0].lower(), screen.text()
        done = sh(*inside(desk, prefix, desk.binary, "diagnose", guid, "contoso.com"), check=False, timeout=60)
        assert done.returncode == 1 and "contoso.com is a domain: the copy of dcsrv01" in done.stderr.lower(), done.stderr
        done = sh(*inside(desk, prefix, desk.binary, "check", "-x", "-Z", "-D", "kayla@contoso.com", "-y",
                          password_file(desk), "contoso.com"), check=False, timeout=60)
        assert done.returncode == 2 and "Name one of its domain controllers: " + DC in done.stderr, done.stderr
