"""dcmend check: many planted states at once, and the same verdict for each DSA as "dcmend diagnose" gives."""

import json

from lab import case

SERVER = "dcsrv01.contoso.com"
ONLY_DIAGNOSE = {"cname-missing", "cname-mismatch", "copies-differ"}  # check asks neither DNS nor other DCs
OF_THE_WRITE = {"B8", "B9", "B11", "B13", "B14", "B17"}  # the place of a write is not read either
# Planted together; each a DC of its own. The last ones stop DCSRV01 from pulling.
STATES = [
    ("healthy",),
    ("duplicate-server",),  # before the next one, which takes the value away
    ("dangling",),
    ("fakedc", "--name", "LIVDC40", "--no-serverref"),
    ("fakedc", "--name", "LIVDC41", "--to", "CN=Administrator,CN=Users,DC=contoso,DC=com"),
    ("fakedc", "--name", "LIVDC42", "--to", "CN=DCSRV01,OU=Domain Controllers,DC=contoso,DC=com"),
    ("no-computer",),
    ("no-computer", "--name", "GHOSTDC2", "--never"),
    ("no-computer", "--name", "GHOSTDC3", "--recycle-bin"),
    ("disabled-account",),
    ("lost-bits", "--name", "LIVDC43"),
    ("medium",),
    ("unproven",),
    ("ambiguous",),
    ("ambiguous", "--name", "LIVDC44", "--present"),
    ("spn-of-another",),
    ("shared-target",),
    ("renamed", "--missing"),
    ("cnf",),
    ("lost-and-found",),
    ("foreign-names",),
    ("fakedc", "--name", "LIVDC47", "--to", "CN=DCSRV01,OU=Domain Controllers,DC=contoso,DC=com"),
    ("fakedc", "--name", "LIVDC48", "--to", "CN=DCSRV01,OU=Domain Controllers,DC=contoso,DC=com", "--no-account"),
    ("deleted-dsa", "--name", "LIVDC45"),
    ("deleted-dsa", "--name", "LIVDC46", "--successor", "--stale-link"),
]


def check(desk, *options):
    """The object that "check --json" prints, and the exit status."""
    done = desk.run("check", "--json", *options, SERVER)
    lines = done.stdout.splitlines()
    assert len(lines) == 1, f"{len(lines)} lines, exit {done.returncode}\n{done.stdout}{done.stderr}"
    found = json.loads(lines[0])
    return found, done.returncode, done.stderr


def kinds(findings):
    return {finding["kind"] for finding in findings}


def texts(findings):
    return {(finding["kind"], finding["text"]) for finding in findings if finding["kind"] not in ONLY_DIAGNOSE}


def same(one, other):
    """What check says of a DSA against what diagnose says of it."""
    differ = [key for key in ("verdict", "current", "proposed", "confidence", "successor", "ntds_dn", "server_dn")
              if one[key] != other[key]]
    # E4 and E5 come from other DCs' copies
    evidence = {finding["kind"] for finding in other["evidence"]} - {"E3", "E4", "E5"}
    if kinds(one["evidence"]) != evidence:
        differ.append("evidence")
    if kinds(one["blockers"]) != kinds(other["blockers"]) - OF_THE_WRITE:
        differ.append("blockers")
    if texts(one["side_findings"]) != texts(other["side_findings"]):
        differ.append("side_findings")
    assert one["writable"] is None
    return [f"{key}: check {one[key]!r}, diagnose {other[key]!r}" for key in differ]


def plant_all(desk, states):
    """GUID: what made it, of each DSA that was planted."""
    planted = {}
    for state in states:
        made = desk.forest.plant(*state)
        for name in ("GUID", "OTHER", "WINNER", "SUCCESSOR"):
            if name in made:
                planted[made[name]] = f"{' '.join(state)} ({name})"
    return planted


def compare(desk, planted, stale=()):
    """check against diagnose, for each planted DSA."""
    desk.ticket()
    found, status, errors = check(desk)
    findings = {finding["dsa_guid"]: finding for finding in found["findings"]}
    assert len(findings) == len(found["findings"]), "a DSA is listed twice"
    wrong, unreadable = [], False
    for guid, name in planted.items():
        one, _ = desk.diagnose(guid)
        unreadable = unreadable or one["verdict"] == "unreadable"
        quiet = one["verdict"] == "healthy" and "replication-8589" not in kinds(one["side_findings"])
        quiet = quiet or (one["verdict"] == "deleted-dsa" and name not in stale)
        if guid not in findings:
            wrong += [] if quiet else [f"{name}: not found, diagnose says {one['verdict']}"]
        elif quiet:
            wrong.append(f"{name}: found, though it is none")
        else:
            wrong += [f"{name}: {line}" for line in same(findings[guid], one)]
    wrong += [f"{guid} was not planted: {finding['verdict']}" for guid, finding in findings.items() if guid not in planted]
    assert not wrong, "\n".join(wrong)
    assert found["complete"] and found["incomplete"] is None
    assert status == (2 if unreadable else 1), status
    assert bool(errors) == unreadable, errors
    return found


@case
def clean(desk):
    desk.ticket()
    found, status, errors = check(desk)
    assert (status, errors) == (0, ""), errors
    assert found["complete"] and found["findings"] == [] and found["leftovers"] == []
    assert found["counts"]["healthy"] == 2 and sum(found["counts"].values()) == 2
    assert found["server"].lower() == SERVER and found["forest"] == "contoso.com"
    done = desk.run("check", SERVER)
    assert done.returncode == 0 and "2 of 2 domain controllers are healthy" in done.stdout, done.stdout
    assert not done.stderr


@case
def same_verdicts_as_diagnose(desk):
    planted = plant_all(desk, STATES)
    found = compare(desk, planted, stale=("deleted-dsa --name LIVDC46 --successor --stale-link (GUID)",))
    counts = {}
    for finding in found["findings"]:
        counts[finding["verdict"]] = counts.get(finding["verdict"], 0) + 1
    assert {kind: number for kind, number in found["counts"].items() if kind != "healthy" and number} == {
        kind: number for kind, number in counts.items() if kind != "healthy"}
    assert len(found["leftovers"]) == 2, found["leftovers"]  # the duplicate, and the server of LIVDC45


@case
def same_verdicts_where_a_value_is_hidden(desk):
    compare(desk, plant_all(desk, [("unreadable",), ("fakedc", "--no-serverref"), ("healthy", "--name", "LIVDC47")]))


@case
def text_for_a_person(desk):
    made = desk.forest.plant("missing")
    desk.ticket()
    done = desk.run("check", SERVER)
    assert done.returncode == 1 and made["GUID"] in done.stdout, done.stdout
    assert "1 of 2 domain controllers are healthy" in done.stdout and "dcmend diagnose GUID" in done.stdout
    assert done.stdout.splitlines()[0].endswith(" forest contoso.com."), done.stdout  # not wrapped in a pipe


@case
def for_monitoring(desk):
    """A plug-in's line, and a text file that a parser nobody here wrote takes, before and after a fault."""
    from prometheus_client.parser import text_string_to_metric_families
    for status, word, missing in ((0, "OK", 0), (2, "CRITICAL", 1)):
        if missing:
            desk.forest.plant("missing")
        desk.ticket()
        done = desk.run("check", "--nagios", SERVER)
        first = done.stdout.splitlines()[0]
        assert done.returncode == status and first.startswith(f"DCMEND {word} - {2 - missing} of 2 "), done.stdout
        assert first.count("|") == 1 and f" 'missing'={missing};;0;0 " in first and not done.stderr, done.stdout
        done = desk.run("check", "--prometheus", SERVER)
        found = {family.name: family.samples for family in text_string_to_metric_families(done.stdout)}
        dsas = {sample.labels["verdict"]: sample.value for sample in found["dcmend_dsas"]}
        assert done.returncode == missing and dsas["missing"] == missing and sum(dsas.values()) == 2, done.stdout
        assert found["dcmend_up"][0].value == 1 and found["dcmend_complete"][0].labels["forest"] == "contoso.com"
    done = desk.run("check", "--nagios", "nobody.contoso.com")
    assert done.returncode == 3 and done.stdout.startswith("DCMEND UNKNOWN - ") and not done.stderr, done
    done = desk.run("check", "--prometheus", "nobody.contoso.com")
    assert done.returncode == 2 and "\ndcmend_up 0\n" in done.stdout and done.stderr, done


@case
def every_dc_when_one_copy_alone_is_broken(desk):
    """The link is missing on LIVDC02 alone; DCSRV01, which is asked, holds it."""
    other = "livdc02.contoso.com"
    desk.ticket()
    found, status, errors = check(desk, "--every-dc")
    assert (status, errors, found["findings"], found["dsas_on_some"]) == (0, "", [], []), found
    assert {dc["server"].lower(): dc["state"] for dc in found["dcs"]} == {SERVER: "read", other: "read"}, found
    made = desk.forest.plant("missing-there")
    found, status, errors = check(desk)
    assert (status, found["findings"]) == (0, []), "the asked copy alone shows it"
    found, status, errors = check(desk, "--every-dc")
    assert (status, errors) == (1, "") and len(found["findings"]) == 1, (found, errors)
    finding = found["findings"][0]
    assert finding["dsa_guid"] == made["GUID"] and "copies-differ" in kinds(finding["side_findings"]), finding
    assert [name.lower() for name in finding["on"]] == [other], finding
    (elsewhere,) = finding["elsewhere"]
    assert elsewhere["value"] == made["ACCOUNT"] and [name.lower() for name in elsewhere["servers"]] == [SERVER], finding
    done = desk.run("check", "--every-dc", SERVER)
    assert done.returncode == 1 and "livdc02: no value on " + other in done.stdout.lower(), done
    done = desk.run("check", "--every-dc", "--nagios", SERVER)
    assert done.returncode == 2 and " dcs_read=2;;;0 dcs_unread=0;0;;0 " in done.stdout, done


@case
def failing_replication_of_a_healthy_one(desk):
    made = desk.forest.plant("status")
    desk.ticket()
    found, status, errors = check(desk)
    assert (status, errors) == (1, "") and len(found["findings"]) == 1, found
    finding = found["findings"][0]
    assert finding["verdict"] == "healthy" and "replication-8589" in kinds(finding["side_findings"]), finding
    assert finding["dsa_guid"] == made["GUID"] and 8589 in {link["result"] for link in finding["replication"]}
    assert "8589 now" in desk.run("check", SERVER).stdout


@case
def simple_bind_on_one_connection(desk):
    desk.forest.plant("missing")
    password = desk.file("password", desk.forest.env["LAB_PASSWORD"] + "\n")
    password.chmod(0o600)
    done = desk.run("check", "--json", "-x", "-D", "kayla@contoso.com", "-y", password, "-H", "ldaps://" + SERVER)
    found = json.loads(done.stdout)
    assert done.returncode == 1 and [finding["verdict"] for finding in found["findings"]] == ["missing"], done.stderr
