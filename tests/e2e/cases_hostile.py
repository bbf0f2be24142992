"""Pastes that mean to write by themselves, over lines that are slow. Values in a real forest that mean ill: escape sequences, bidi and zero-width characters, newlines, 100 kB, and names that
DNs and filters must escape. Nothing raw comes out anywhere, and still the right object is found."""

import base64
import json
import re
import time

from lab import QUIET, case, poll
from rough import DC, confirm, drop, dsa_guid, journal, start, step, to_confirm, wait_ending

ESCAPE = "a\x1b[2J\x1b]0;gotcha\x07\u202egnp.exe\u202c\u200b\u2066\u2069\x9b31m\x00".replace("\x00", "")
HARMFUL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
NAMES = ("a,b+c\"d\\e<f>g;h=i", "#j *)(objectClass=*", "l\u202em\u200bn", "o\x1b[31mp", "q\nr")
DOMAIN = "DC=contoso,DC=com"


def clean(text, what):
    found = HARMFUL.search(text)
    assert not found, f"{found.group()!r} in {what}: {text[max(0, found.start() - 60):found.end() + 20]!r}"


def escaped(value):
    """A value in an RDN (RFC 4514), every special or control byte as hex."""
    return "".join(f"\\{byte:02X}" if byte < 0x20 or byte >= 0x7F or chr(byte) in ',+"\\<>;=# *()' else chr(byte)
                   for byte in value.encode())


def line(attribute, value):
    return f"{attribute}:: {base64.b64encode(value.encode()).decode()}\n"


def set_value(forest, dn, attribute, value):
    """False when the DC does not take it."""
    ldif = line("dn", dn) + f"changetype: modify\nreplace: {attribute}\n" + line(attribute, value)
    return forest.command("exec", "--", "ldapmodify", "-Q", "-N", "-Y", "GSSAPI", "-H", "ldap://" + DC, stdin=ldif,
                          check=False).returncode == 0


def rename(forest, dn, rdn):
    ldif = line("dn", dn) + "changetype: modrdn\n" + line("newrdn", "CN=" + rdn) + "deleteoldrdn: 1\n"
    return forest.command("exec", "--", "ldapmodify", "-Q", "-N", "-Y", "GSSAPI", "-H", "ldap://" + DC, stdin=ldif,
                          check=False).returncode == 0


def every_output(desk, guid, forest_too=True):
    """All that the commands print about it is clean; returns the object of diagnose --json."""
    whole = (("check", DC), ("check", "--json", DC), ("log",)) if forest_too else ()
    for words in (("diagnose", guid, DC), ("diagnose", "--json", guid, DC), *whole):
        done = desk.run(*words, "--log", desk.home / "own.log")
        assert done.returncode in (0, 1, 2), words
        clean(done.stdout, words)
        clean(done.stderr, words)
        if words == ("diagnose", "--json", guid, DC):
            for text in done.stdout.splitlines():
                found = json.loads(text)
    clean((desk.home / "own.log").read_text(errors="surrogateescape"), "the log file")
    return found


def screens(desk, event, steps=("Enter", "Enter", "Enter", "e", "Escape", "l", "Escape", "t", "Down", "Right", "Down", "Enter",
                                "Tab", "PageDown", "Escape")):
    """The wizard along its way and Browse beside it: what tmux was told to show holds no character that it should not."""
    screen = start(desk, desk.command(desk.binary, "-f", event, DC), (100, 40))
    screen.wait("Symptom")
    for key in steps:
        screen.keys(key)
        look_at(screen, key)
    title = screen.tmux("display-message", "-p", "-t", "case", "#{pane_title}")
    assert "gotcha" not in title, title
    drop(desk, screen)


def look_at(screen, what):
    for _ in range(3):
        text = screen.text()
        clean(text, f"the screen after {what}")
        shown = screen.tmux("capture-pane", "-e", "-p", "-t", "case")
        clean(re.sub(r"\x1b\[[0-9;:]*m|\x1b\(B|[\x0e\x0f]", "", shown), f"the styled screen after {what}")


@case
def hostile_values(desk):
    forest = desk.forest
    made = forest.plant("missing")
    desk.ticket()
    taken = 0
    for dn in (made["ACCOUNT"], made["SERVER"], "CN=Liverpool,CN=Sites,CN=Configuration," + DOMAIN):
        for attribute in ("description", "dNSHostName", "adminDisplayName", "operatingSystem", "location"):
            value = "livdc02.contoso.com" + ESCAPE if attribute == "dNSHostName" else ESCAPE + "x" * 700
            if attribute == "dNSHostName" and dn == made["ACCOUNT"]:
                continue  # the account stays proven by its name
            taken += set_value(forest, dn, attribute, value)
    taken += set_value(forest, made["SERVER"], "adminDescription", "big" + "w" * 1000)
    big = set_value(forest, made["ACCOUNT"], "info", "100 kB " + ESCAPE * 3000) or set_value(
        forest, made["ACCOUNT"], "comment", "100 kB " + ESCAPE * 3000)
    assert taken >= 5 and big is not None, taken
    found = every_output(desk, made["GUID"])
    assert found["dsa_guid"] == made["GUID"] and found["server_dn"] == made["SERVER"], found
    screens(desk, desk.file("event", forest.event()))


@case
def hostile_names(desk):
    """Server and account bear names full of syntax, one after the other; each is found and judged."""
    forest = desk.forest
    desk.ticket()
    judged = 0
    for number, name in enumerate(NAMES):
        forest.plant("fakedc", "--name", f"EVIL{number}", "--no-serverref")
        server = f"CN=EVIL{number},CN=Servers,CN=Liverpool,CN=Sites,CN=Configuration,{DOMAIN}"
        account = f"CN=EVIL{number},OU=Domain Controllers,{DOMAIN}"
        guid = dsa_guid(forest, server)
        took = [rename(forest, dn, escaped(name)) for dn in (account, server)]
        if not any(took):
            continue
        found = every_output(desk, guid, number == len(NAMES) - 1)
        assert found["dsa_guid"] == guid and found["verdict"] == "missing", f"{name!r}: {found}"
        assert took[0] is False or found["proposed"].split(",OU=")[0] != f"CN=EVIL{number}", found
        judged += 1
    assert judged >= 4, judged


@case
def a_hostile_name_is_repaired(desk):
    """From the paste to VERIFIED with a server whose name needs escaping in the DN, the LDIF and the typed line."""
    forest = desk.forest
    forest.plant("fakedc", "--name", "EVIL9", "--no-serverref")
    desk.ticket()
    server = f"CN=EVIL9,CN=Servers,CN=Liverpool,CN=Sites,CN=Configuration,{DOMAIN}"
    name = 'E,v+i"l\\9'
    guid = dsa_guid(forest, server)
    assert rename(forest, server, escaped(name)) and rename(forest, f"CN=EVIL9,OU=Domain Controllers,{DOMAIN}", escaped(name))
    screen = start(desk, desk.command(desk.binary, "-f", desk.file("event", forest.event(guid)), DC))
    to_confirm(screen, name)
    look_at(screen, "Confirm")
    confirm(screen, name)
    outcome, text = wait_ending(screen)
    assert outcome == "verified", text
    clean(text, "the report")
    shown = forest.search("DCSRV01", f"CN={escaped(name)},OU=Domain Controllers,{DOMAIN}", "serverReferenceBL")
    assert shown.count("serverReferenceBL:") == 1, shown
    assert list(journal(desk).values())[-1][-1] == "verified"
    every_output(desk, guid)


# A line between the terminal and the program: at the first key it hands a file over, in pieces and with a stall.
SLOW_LINE = r"""
import fcntl, os, pty, select, sys, termios, time, tty
file, piece, gap, stall = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
size = fcntl.ioctl(0, termios.TIOCGWINSZ, bytes(8))
pid, line = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, size)
    os.execv(sys.argv[5], sys.argv[5:])
tty.setraw(0)
waiting, text, due = b"", open(file, "rb").read(), 0
half = len(text) // 2
while True:
    ready, _, _ = select.select([0, line], [], [], gap if waiting else None)
    try:
        if line in ready:
            os.write(1, os.read(line, 65536))
    except OSError:
        break
    if 0 in ready:
        key = os.read(0, 4096)
        waiting, text = (text, b"") if text else (waiting + key, b"")
    if waiting and time.monotonic() >= due:
        os.write(line, waiting[:piece])
        due = time.monotonic() + gap + (stall if len(waiting) - piece < half <= len(waiting) else 0)
        waiting = waiting[piece:]
        if not waiting and not text:
            os.write(1, b"\033]2;handed over\007")
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


def hostile_paste(event, name, marked, forged):
    """The event, then all that leads from it to VERIFIED, with much to wait between."""
    keys = "".join("\r" + "filler " * 150 + "\r" + f"\r{name}\r" * 3 for _ in range(60))
    text = event.replace("\n", "\r") + ("\x1b[201~" if forged else "") + keys
    return f"\x1b[200~{text}\x1b[201~" if marked else text


@case
def a_paste_over_a_slow_line_writes_nothing(desk):
    """25 KB/s, with a forged end mark, without any mark, and with a stall of 6 s; over the same line a hand is heard."""
    made = desk.forest.plant("missing")
    desk.ticket()
    for marked, forged, stall in ((True, True, 0), (True, True, 6), (False, False, 6)):
        text = desk.file("paste", hostile_paste(desk.forest.event(), "LIVDC02", marked, forged))
        screen = start(desk, desk.command("/usr/bin/python3", "-c", SLOW_LINE, text, 256, 0.01, stall, desk.binary, DC),
                       (100, 40))
        screen.wait("Nothing is recognised yet")
        screen.keys("x")
        screen.wait(re.compile("DSA +" + made["GUID"]), 30)
        poll("the line's end", lambda: "handed over" in screen.tmux("display-message", "-p", "-t", "case", "#{pane_title}"), 30)
        time.sleep(QUIET)
        assert step(screen) == "Symptom", screen.text()
        assert desk.forest.reference("DCSRV01") is None and not journal(desk), screen.text()
        if marked:
            drop(desk, screen)
    to_confirm(screen)
    confirm(screen)
    outcome, text = wait_ending(screen)
    assert outcome == "verified", text
