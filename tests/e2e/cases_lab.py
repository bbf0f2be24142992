"""The practice forest itself: is it what the other cases take it for?"""

import os
import subprocess
from pathlib import Path

from lab import FOREST, NOBODY, Failure, Forest, case, poll, sh


@case
def both_dcs_answer_with_kerberos(desk):
    for dc in ("DCSRV01", "LIVDC02"):
        assert desk.forest.reference(dc) == desk.forest.env["LIVDC02_ACCOUNT"]


@case
def certificates_carry_the_host_names(desk):
    for dc in ("DCSRV01", "LIVDC02"):
        desk.forest.command("exec", "--", "env", "LDAPTLS_REQCERT=hard", "ldapsearch", "-LLL", "-x", "-D",
                            "joe@contoso.com", "-w", desk.forest.env["LAB_PASSWORD"], "-H",
                            "ldaps://" + desk.forest.env[dc + "_HOST"], "-b", "", "-s", "base", "dnsHostName")


@case
def names_resolve_on_both(desk):
    for address in ("127.0.0.11", "127.0.0.12"):
        for dc in ("DCSRV01", "LIVDC02"):
            alias = desk.forest.env[dc + "_GUID"] + "._msdcs.contoso.com"
            answer = desk.forest.command("exec", "--", "dig", "+short", alias, "cname", "@" + address).stdout
            assert answer.strip() == desk.forest.env[dc + "_HOST"] + "."


@case
def changes_replicate_both_ways(desk):
    forest, server = desk.forest, desk.forest.env["LIVDC02_SERVER"]
    forest.modify("DCSRV01", f"dn: {server}\nchangetype: modify\ndelete: serverReference\n")
    poll("the removal on LIVDC02", lambda: forest.reference("LIVDC02") is None)
    account = forest.env["LIVDC02_ACCOUNT"]
    forest.modify("LIVDC02", f"dn: {server}\nchangetype: modify\nadd: serverReference\nserverReference: {account}\n")
    poll("the link on DCSRV01", lambda: forest.reference("DCSRV01") == account)


@case
def one_copy_can_differ(desk):
    made = desk.forest.plant("missing-here")
    assert desk.forest.reference("DCSRV01") is None
    assert desk.forest.reference("LIVDC02") == made["ACCOUNT"]
    desk.forest.plant("resume")
    poll("the removal on LIVDC02", lambda: desk.forest.reference("LIVDC02") is None)


@case
def reset_undoes_and_proves_it(desk):
    desk.forest.plant("missing")
    desk.forest.plant("deleted-dsa")
    assert desk.forest.command("verify", check=False).returncode == 1
    desk.forest.reset()
    assert desk.forest.command("verify").returncode == 0


@case
def the_user_has_no_privilege(desk):
    shown = sh(*desk.command("sh", "-c", "id -u; grep -E 'Cap|NoNewPrivs' /proc/self/status")).stdout.split()
    assert shown[0] == str(NOBODY)
    assert {value for key, value in zip(shown[1::2], shown[2::2]) if key.startswith("Cap")} == {"0" * 16}
    assert shown[-1] == "1"


@case
def only_dana_has_the_delegated_right(desk):
    server, account = desk.forest.env["LIVDC02_SERVER"], desk.forest.env["LIVDC02_ACCOUNT"]
    desk.forest.plant("missing")
    ldif = f"dn: {server}\nchangetype: modify\nadd: serverReference\nserverReference: {account}\n"
    write = desk.command("ldapmodify", "-Q", "-N", "-Y", "GSSAPI", "-H", "ldap://dcsrv01.contoso.com")
    desk.ticket("joe")
    assert sh(*write, stdin=ldif, check=False).returncode == 50
    desk.ticket("dana")
    sh(*write, stdin=ldif)


@case
def a_terminal_can_be_driven(desk):
    screen = desk.screen(desk.command("sh", "-c", "read line; echo got $line; read end; exit 3"))
    screen.type("hello")
    screen.keys("Enter")
    screen.wait("got hello")
    screen.keys("Enter")
    screen.end(3)


def traces(name):
    """What is left of a forest: mounts, namespace, files, processes."""
    found = [path for path in (f"/run/netns/dcmend-{name}", f"/etc/netns/dcmend-{name}", Forest(name).home)
             if os.path.exists(path)]
    found += [line for line in Path("/proc/mounts").read_text().splitlines() if f"/{name} " in line]
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().decode(errors="replace") if entry.name.isdigit() else ""
            namespace = os.readlink(entry / "cwd") if words else ""
        except OSError:
            continue
        if f"/{name}/" in words or namespace.startswith(Forest(name).home):
            found.append(f"process {entry.name}: {words}")
    return found


@case
def down_leaves_no_trace_of_a_half_built_forest(desk):
    name = desk.forest.name + "x"
    builder = subprocess.Popen([FOREST, "up", name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        poll("the first DC", lambda: os.path.exists(f"{Forest(name).home}/DCSRV01/pid"), 60)
        if not traces(name):
            raise Failure("the traces are not where they are looked for")
    finally:
        builder.kill()
        builder.wait()
        Forest(name).down()
    assert traces(name) == []
