"""dcmend bugreport: what it holds and whom it names, and that the wire tests' responder replays it."""

import base64
import os
import re
import stat
from pathlib import Path

from lab import HERE, case, case_domains, poll, sh
from rough import onward

SERVER = "dcsrv01.contoso.com"
REPORTS = HERE.parent / "wire/reports"  # DCMEND_KEEP_REPORTS=1: what the cases made is kept there


def written(desk, *words):
    """What is in the file whose path is printed; nobody else may read that."""
    done = desk.run("bugreport", *words, timeout=120)
    assert done.returncode == 0 and done.stdout.count("\n") == 1 and not done.stderr, (done.stdout, done.stderr)
    path = Path(done.stdout.strip())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600, oct(path.stat().st_mode)
    text = path.read_text()
    path.unlink()
    return text


def readable(text):
    """All that can be read in it: with its base64 undone, as text of one byte a letter and of two."""
    values = [base64.b64decode(value) for value in re.findall(r"^[\w;-]+:: (\S+)$", text, re.M)]
    return text + "\n".join(value.decode("latin-1") + value.decode("utf-16-le", "replace") for value in values), values


def names_of(forest):
    """Labels of the domains, DCs, sites, users, and the SIDs of the domains."""
    found = {"kayla", "dana"}
    for key, value in forest.env.items():
        if key.endswith(("_HOST", "_SERVER", "_ACCOUNT", "_NTDS", "DOMAIN", "REALM")):
            found |= set(re.findall(r"[\w-]{3,}", re.sub(r"\b(CN|OU|DC)=", " ", value)))
    common = "com Sites Servers Configuration NTDS Settings Domain Controllers Default-First-Site-Name".split()
    return {name.lower() for name in found} - {word.lower() for word in common}


def nobody_is_named(forest, text):
    everything, values = readable(text)
    names = names_of(forest)
    assert {"contoso", "dcsrv01", "kayla"} <= names, names
    left = sorted(name for name in names if name in everything.lower())
    assert not left, left
    sid = base64.b64decode(re.search(r"^objectSid:: (\S+)$", forest.search("DCSRV01", "DC=contoso,DC=com", "objectSid"),
                                     re.M).group(1))
    assert len(sid) == 24 and not any(sid[12:] in value for value in values)
    numbers = "-".join(str(int.from_bytes(sid[at:at + 4], "little")) for at in (12, 16, 20))
    assert numbers not in everything


def replays(desk, name, text):
    """The wire tests' responder answers from it: same facts, same verdict. Of several DCs that are tried at once, the one
    that won must win again; on a busy machine another may, whose searches the report does not hold: hence three tries."""
    path = desk.folder / "report.txt"
    path.write_text(text)
    programs = sorted(HERE.parent.parent.glob("build/*/tests/wire_reports"), key=lambda program: program.stat().st_mtime)
    assert programs, "tests/wire_reports is not built"
    for _ in range(3):
        done = sh(programs[-1], path, check=False, env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
        if "does not hold what is asked" not in done.stdout + done.stderr:
            break
    assert done.returncode == 0, done.stdout + done.stderr
    if os.environ.get("DCMEND_KEEP_REPORTS") and name not in ("named", "debug", "wizard"):
        (REPORTS / f"samba-{name}.txt").write_text(text)


def reported(desk, name, guid, server=SERVER):
    text = written(desk, guid, server)
    nobody_is_named(desk.forest, text)
    replays(desk, name, text)
    found, _ = desk.diagnose(guid, server)
    assert re.search(r"^verdict: (.*)$", text, re.M).group(1) == found["verdict"], found["verdict"]
    return text


@case
def reports_of_one_domain(desk):
    desk.ticket()
    reported(desk, "healthy", desk.forest.env["LIVDC02_GUID"])
    for state in ("missing", "wrong-target", "ambiguous"):
        reported(desk, state, desk.forest.plant(state)["GUID"])


@case_domains
def reports_of_two_domains(desk):
    desk.ticket()
    made = desk.forest.plant("recreated", "--name", "EMEADC30")
    for server in ("DCSRV01", "DCSRV02"):
        text = reported(desk, f"recreated-{server.lower()}", made["GUID"], desk.forest.env[server + "_HOST"])
        assert text.count("\nsign-in: ") > 3, text.count("\nsign-in: ")


@case
def reports_with_and_without(desk):
    """--names, no DSA, no ticket, a text; and --debug says the same as it happens, of any command."""
    guid = desk.forest.env["LIVDC02_GUID"]
    done = desk.run("bugreport", guid, SERVER)
    text = Path(done.stdout.strip()).read_text()
    assert done.returncode == 2 and "error: no-ticket" in text and "failed: no-ticket" in text, (done, text)
    desk.ticket()
    text = written(desk, "--names", guid, SERVER)
    assert text.startswith("dcmend bugreport 1\n") and "names: kept" in text and "livdc02.contoso.com" in text
    replays(desk, "named", text)
    text = written(desk, SERVER)
    assert "sign-in: " in text and "\nverdict: " not in text and "contoso" not in text.lower()
    debug = desk.home / "debug"
    desk.run("diagnose", "--debug", str(debug), guid, SERVER)
    assert stat.S_IMODE(debug.stat().st_mode) == 0o600
    text = debug.read_text()
    assert text.startswith("dcmend bugreport 1\n") and "\nverdict: healthy" in text, text[:500]
    replays(desk, "debug", text)
    desk.run("check", "--every-dc", "--debug", str(debug), SERVER, timeout=120)
    grown = debug.read_text()
    assert grown.startswith(text) and grown.count("dcmend bugreport 1\n") == 2 and grown.count("\nsign-in: ") > 2


@case
def the_wizard_tells_it_too(desk):
    made = desk.forest.plant("missing")
    desk.ticket()
    debug = desk.home / "debug"
    screen = desk.screen(desk.command(desk.binary, "--read-only", "--debug", debug, made["GUID"], SERVER))
    onward(screen, "has no serverReference")
    poll(lambda: "the second verdict: " + debug.read_text()[-2000:], lambda: debug.read_text().count("\nadvice: ") == 2)
    screen.leave()
    text = debug.read_text()
    assert "command: wizard" in text and text.rindex("copy: livdc02.contoso.com") > text.rindex("\nfacts: "), text[-2000:]
    replays(desk, "wizard", text)
