"""A forest of two domains, with catalogues, DCs that are none, and a read-only DC (tests/lab/domains.sh): the account is
often one of a domain that the DC to be written does not hold, and what a catalogue holds of it may be out of date."""

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lab import FOREST, QUIET, case_domains, poll, sh

DCS = ("DCSRV01", "DCSRV02", "RODC01", "EMEADC01", "EMEADC02")
WRITABLE = tuple(dc for dc in DCS if dc != "RODC01")


def host(desk, dc):
    return desk.forest.env[dc + "_HOST"]


def judged(desk, guid, *dcs):
    """DC -> what "diagnose --json" prints there."""
    with ThreadPoolExecutor(3) as pool:
        found = pool.map(lambda dc: desk.diagnose(guid, host(desk, dc))[0], dcs or DCS)
    return dict(zip(dcs or DCS, found))


def kinds(found, what):
    return {finding["kind"] for finding in found[what]}


def link(desk, dc, server):
    """(GUID, DN) of serverReference as that DC holds it, asked of its own database; None: no value."""
    found = desk.forest.command("exec", "--", "ldbsearch", "-H", f"{desk.forest.home}/{dc}/private/sam.ldb", "-b", server,
                                "-s", "base", "--extended-dn", "serverReference").stdout.replace("\n ", "")
    value = re.search(r"^serverReference: <GUID=([0-9a-f-]+)>;(?:<SID=[^>]*>;)?(.*)$", found, re.M)
    return value and value.groups()


def as_samba(desk, dc):
    """That DC shows its partial copy on port 389, as Samba does by itself."""
    forest = desk.forest
    forest.command("stop", dc)
    sh("env", "AS_AD=no", FOREST, "start", forest.name, dc)
    Path(forest.home, "planted").touch()  # reset starts it anew


# ---- every state, from every DC --------------------------------------------------------------------------------------

def missing(desk):
    made = desk.forest.plant("missing", "--name", "EMEADC02")
    return made, {dc: ("missing", "high", "") for dc in DCS}


def wrong_across_domains(desk):
    made = desk.forest.plant("wrong-target", "--name", "EMEADC02")
    return made, {dc: ("wrong-target", "high", "") for dc in DCS}


def wrong_into_the_child(desk):
    made = desk.forest.plant("wrong-target", "--name", "DCSRV02")
    return made, {dc: ("wrong-target", "high", "") for dc in DCS}


def read_only_dcs_own_link(desk):
    made = desk.forest.plant("missing", "--name", "RODC01")
    return made, {dc: ("missing", "high", "") for dc in DCS}


def recreated(desk):
    """Where no copy of the domain is held the old account's phantom stays: dangling there, missing elsewhere; a value that
    leads to a deleted object is no opinion."""
    made = desk.forest.plant("recreated", "--name", "EMEADC30")
    return made, {dc: ("dangling" if dc in ("DCSRV02", "RODC01") else "missing", "high", "") for dc in DCS}


def dangling(desk):
    made = desk.forest.plant("dangling", "--name", "EMEADC32")
    return made, {dc: ("dangling", "high", "") for dc in DCS}


def behind(desk):
    """The root's catalogue still holds the old account under the same DN: there, nothing may be written."""
    made = desk.forest.plant("behind", "--name", "EMEADC31")
    expected = {dc: ("missing", "high", "") for dc in DCS}
    expected["DCSRV01"] = ("missing", "high", "B14")
    expected["EMEADC02"] = None  # which of the two it holds by now is a matter of moments
    return made, expected


def healthy(desk):
    return {"GUID": desk.forest.env["EMEADC01_GUID"]}, {dc: ("healthy", "high", "") for dc in DCS}


STATES = (healthy, missing, read_only_dcs_own_link, wrong_across_domains, wrong_into_the_child, recreated, dangling, behind)


def compare(state, dc, found, expected):
    verdict, level, blocker = expected
    blockers = kinds(found, "blockers") - ({"B9"} if dc == "RODC01" else set())
    writable = verdict != "healthy" and not blocker and dc != "RODC01"
    right = ((found["verdict"], found["confidence"], found["writable"]) == (verdict, level, writable)
             and blockers == ({blocker} if blocker else set()))
    return [] if right else [f"{state}, {dc}: {found['verdict']}, {found['confidence']}, writable {found['writable']}, "
                             f"{[b['text'] for b in found['blockers']]}; expected {expected}"]


@case_domains
def every_state_from_every_dc(desk):
    """The table: nothing is unreadable, and nobody is told to write what would bind the wrong object."""
    desk.ticket()
    wrong, count = [], 0
    for state in STATES:
        made, expected = state(desk)
        found = judged(desk, made["GUID"])
        for dc in DCS:
            if expected[dc]:
                count += 1
                wrong += compare(state.__name__, dc, found[dc], expected[dc])
        if state in (missing, read_only_dcs_own_link, wrong_across_domains, wrong_into_the_child):
            desk.forest.plant("right", "--name", re.match("CN=([^,]+)", made["ACCOUNT"]).group(1))
    assert not wrong, f"{len(wrong)} of {count} wrong:\n" + "\n".join(wrong)


@case_domains
def the_childs_dcs_are_down(desk):
    """A catalogue alone proves the account, at most medium; who else names it is asked of the DC that is judged."""
    made = desk.forest.plant("missing", "--name", "EMEADC02")
    for dc in ("EMEADC01", "EMEADC02"):
        desk.forest.command("stop", dc)
    desk.ticket()
    for dc, found in judged(desk, made["GUID"], "DCSRV01", "DCSRV02").items():
        assert (found["verdict"], found["confidence"], found["writable"]) == ("missing", "medium", True), (dc, found)
    assert "emeadc" not in judged(desk, made["GUID"], "DCSRV02")["DCSRV02"]["advice"]  # none of them answered


@case_domains
def a_partial_copy_on_389_changes_nothing(desk):
    """A catalogue that shows its copy of the other domain is no DC of it: what lags behind there is still found out."""
    as_samba(desk, "DCSRV01")
    desk.ticket()
    made, expected = missing(desk)
    wrong = compare("missing", "DCSRV01", judged(desk, made["GUID"], "DCSRV01")["DCSRV01"], expected["DCSRV01"])
    made, expected = behind(desk)
    wrong += compare("behind", "DCSRV01", judged(desk, made["GUID"], "DCSRV01")["DCSRV01"], expected["DCSRV01"])
    assert not wrong, wrong


def offered(desk, guid, dc):
    """What "diagnose" would write there: (GUID, what it says), or (None, what it says) where it offers no write."""
    found = judged(desk, guid, dc)[dc]
    ldif = desk.run("diagnose", "--ldif", guid, host(desk, dc)).stdout if found["writable"] else ""
    value = re.search("serverReference: <GUID=([0-9a-f-]+)>", ldif)
    return value and value.group(1), found


def disagreement(desk, made, found):
    """B14 names both DCs of the child."""
    text = " ".join(blocker["text"] for blocker in found["blockers"] if blocker["kind"] == "B14").lower()
    return all(host(desk, dc).lower() in text for dc in ("EMEADC01", "EMEADC02"))


@case_domains
def no_dc_is_believed_alone(desk):
    """Made anew on the child's first DC while nothing replicates: the second one still holds the dead account. Whichever is
    asked first, it is offered to nobody; where the one that knows better is down the proof is no more than medium."""
    made = desk.forest.plant("behind", "--name", "EMEADC33")
    assert made["ACCOUNT_GUID"] != made["OLD_GUID"]
    desk.ticket()
    for dc in ("DCSRV02", "EMEADC01"):
        value, found = offered(desk, made["GUID"], dc)
        assert (value, found["confidence"]) == (made["ACCOUNT_GUID"], "high"), (dc, value, found)
    for dc in ("DCSRV01", "EMEADC02"):
        value, found = offered(desk, made["GUID"], dc)
        assert not value and kinds(found, "blockers") == {"B14"}, (dc, value, found)
    assert disagreement(desk, made, found) and "knows it as deleted" in found["blockers"][0]["text"], found
    desk.forest.command("stop", "EMEADC01")
    value, found = offered(desk, made["GUID"], "DCSRV02")
    assert (found["verdict"], found["confidence"]) == ("missing", "medium"), found
    screen, shown = confirm(desk, made["GUID"], "DCSRV02")
    assert "the proof is medium: only" in shown and host(desk, "EMEADC02").lower() in shown.lower(), shown
    time.sleep(QUIET)  # until then Confirm hears no key, Ctrl-C neither


@case_domains
def two_dcs_that_disagree_stop_the_write(desk):
    """Made anew on the child's second DC. There the root's administrators see no deleted objects (it holds no copy of the
    root, and does not know what groups they are in): which of the two accounts is the dead one cannot be told."""
    made = desk.forest.plant("behind", "--name", "EMEADC34", "--at", "EMEADC02")
    desk.ticket()
    for dc in WRITABLE:
        value, found = offered(desk, made["GUID"], dc)
        assert not value and "B14" in kinds(found, "blockers") and disagreement(desk, made, found), (dc, value, found)


@case_domains
def check_and_diagnose_agree(desk):
    """A value that leads into another domain is looked up there by both."""
    forest = desk.forest
    made = forest.plant("wrong-target", "--name", "EMEADC02")
    desk.ticket()
    for dc in ("DCSRV01", "EMEADC02"):
        done = desk.run("check", "--json", host(desk, dc))
        findings = {found["dsa_guid"]: found["verdict"] for found in json.loads(done.stdout)["findings"]}
        assert findings == {made["GUID"]: "wrong-target"}, (dc, done.stdout, done.stderr)


@case_domains
def a_read_only_dc(desk):
    """Its options name no fault, and what it shows is repaired on a writable partner, never on the broken DC."""
    forest = desk.forest
    desk.ticket()
    found = judged(desk, forest.env["DCSRV02_GUID"], "RODC01")["RODC01"]
    assert found["verdict"] == "healthy" and kinds(found, "side_findings") == {"rodc"}, found
    assert "repaired" not in found["side_findings"][0]["text"], found
    made = forest.plant("missing", "--name", "DCSRV02")
    found = judged(desk, made["GUID"], "RODC01")["RODC01"]
    assert kinds(found, "blockers") == {"B9"} and "dcsrv01.contoso.com" in found["advice"].lower(), found
    screen = desk.wizard("-f", desk.file("event", forest.event(made["GUID"], "--computer", "RODC01.contoso.com")),
                         host(desk, "RODC01"), size=(100, 30))
    screen.wait("[Symptom]")
    poll("Inspect", lambda: "[Inspect]" in screen.text() or screen.keys("Enter"), 20)
    screen.wait("go to a writable partner", 20)
    screen.keys("Enter")
    screen.wait(re.compile(r"\[Inspect\](.|\n)*propose the repair"), 30)
    assert "dcsrv01" in screen.text().lower(), screen.text()


# ---- what is written -------------------------------------------------------------------------------------------------

def confirm(desk, guid, dc, scheme=""):
    """The wizard as far as Confirm; returns its screen, and what it shows."""
    event = desk.file(f"event-{dc}", desk.forest.event(guid, "--computer", host(desk, dc)))
    screen = desk.wizard("-f", event, scheme + host(desk, dc), size=(100, 30), XDG_STATE_HOME=f"{desk.home}/state-{dc}")

    def is_there():
        return re.search(r"Type .* to apply", screen.text()) or screen.keys("Enter")
    poll(lambda: f"Confirm:\n{screen.text()}", is_there, 40)
    return screen, screen.text()


def repair(desk, guid, dc, name, scheme=""):
    """The wizard to its end; returns Confirm and the last screen."""
    screen, shown = confirm(desk, guid, dc, scheme)
    screen.type(name)
    screen.keys("Enter")
    screen.wait("[Report]", 30)
    return shown, screen.wait(re.compile("VERIFIED on|was not made|Nothing was|refused"), 30)


@case_domains
def the_account_is_written_by_its_guid(desk):
    """Made anew while nothing replicates: on its own domain's DC the new account is linked. Everywhere else the old one
    still bears the name; the catalogue that knows it refuses before Confirm, and a DC that holds no copy of the domain,
    which says that it cannot check, refuses the value. No DC ever holds a link to the dead account."""
    forest = desk.forest
    made = forest.plant("behind", "--name", "EMEADC31")
    desk.ticket()
    server = made["SERVER"]
    shown, end = repair(desk, made["GUID"], "DCSRV02", "EMEADC31")
    assert "Whether DCSRV02 knows" in shown, shown
    assert "VERIFIED" not in end and "emeadc01" in end.lower(), end
    assert not any(link(desk, dc, server) for dc in DCS)
    _, end = repair(desk, made["GUID"], "EMEADC01", "EMEADC31")
    assert "VERIFIED" in end, end
    forest.plant("resume")
    poll("the new account's link everywhere",
         lambda: all((link(desk, dc, server) or [None])[0] == made["ACCOUNT_GUID"] for dc in DCS), 60)


@case_domains
def after_a_recreation_some_dc_can_be_repaired(desk):
    """Missing where its domain is held, a stale phantom elsewhere: the repair on one DC reaches all of them, and the same
    DN twice says which object each is."""
    made = desk.forest.plant("recreated", "--name", "EMEADC30")
    desk.ticket()
    text = " ".join(desk.run("diagnose", made["GUID"], host(desk, "DCSRV02")).stdout.split())
    for guid in (made["ACCOUNT_GUID"], made["OLD_GUID"]):
        assert f"(GUID {guid[:8]})" in text, text
    _, end = repair(desk, made["GUID"], "DCSRV01", "EMEADC30")
    assert "VERIFIED" in end, end
    poll("the new account's link everywhere", lambda: all(
        (link(desk, dc, made["SERVER"]) or [None])[0] == made["ACCOUNT_GUID"] for dc in WRITABLE), 60)


def takes_kerberos_inside_tls(desk, dc, does):
    """By its settings; Samba 4.17 does not by itself."""
    forest, forms = desk.forest, ("Yes", "allow_sasl_over_tls")
    settings = Path(forest.home) / dc / "etc/smb.conf"
    text = settings.read_text()
    assert "require strong auth = " + forms[not does] in text, text
    settings.write_text(text.replace("require strong auth = " + forms[not does], "require strong auth = " + forms[does]))
    forest.command("stop", dc)
    forest.command("start", dc)


@case_domains
def kerberos_inside_tls(desk):
    """Where only LDAPS is open the ticket does: the other DCs, the account's domain and the own catalogue are asked by it
    as well, and the repair is written. A DC that takes no Kerberos there is told apart."""
    made = desk.forest.plant("missing", "--name", "EMEADC02")
    desk.ticket()
    tls = ("DCSRV01", "EMEADC01", "EMEADC02")
    not_ours = desk.file("suppressions", "leak:gss_acquire_cred_from")  # cyrus-sasl's plug-in: one each step, keeps the last
    desk.environment["LSAN_OPTIONS"] += f":print_suppressions=0:suppressions={not_ours}"
    done = desk.run("diagnose", made["GUID"], "ldaps://" + host(desk, "DCSRV01"))
    assert done.returncode and "takes no Kerberos inside TLS" in done.stderr, done
    for dc in tls:
        takes_kerberos_inside_tls(desk, dc, True)
    try:
        for words in ((), ("-Z",)):
            server = host(desk, "DCSRV01")
            found, _ = desk.diagnose(made["GUID"], server if words else "ldaps://" + server, *words)
            assert (found["verdict"], found["confidence"], found["writable"]) == ("missing", "high", True), found
            states = {copy["server"].lower(): copy["state"] for copy in found["copies"]}
            assert [states[host(desk, dc).lower()] for dc in tls] == ["absent"] * 3, states
        shown, end = repair(desk, made["GUID"], "DCSRV01", "EMEADC02", "ldaps://")
        assert "cannot be checked" not in shown and "VERIFIED" in end, (shown, end)
    finally:
        for dc in tls:
            takes_kerberos_inside_tls(desk, dc, False)


# ---- the forest itself -----------------------------------------------------------------------------------------------

@case_domains
def every_dc_answers_everyone(desk):
    """Tickets of either domain are taken by all DCs of both; without a server's name a person is offered the DCs of the
    own one."""
    for user, home in (("kayla", "contoso.com"), ("ella@EMEA.CONTOSO.COM", "emea.contoso.com")):
        desk.ticket(user)
        for dc, found in judged(desk, desk.forest.env["EMEADC02_GUID"]).items():
            assert found["verdict"] == "healthy", (user, dc, found)
        found = json.loads(desk.run("diagnose", "--json", desk.forest.env["EMEADC02_GUID"]).stdout)
        assert found["server"].lower().partition(".")[2] == home, (user, found["server"])


@case_domains
def a_catalogs_partial_copy_is_not_shown_on_389(desk):
    """With as_ad.so a catalogue is as on Active Directory; Samba's own way is to show all that it holds."""
    forest = desk.forest

    def shown():
        account = forest.command("exec", "--", "ldapsearch", "-LLL", "-Q", "-N", "-Y", "GSSAPI", "-H",
                                 "ldap://" + forest.env["EMEADC01_HOST"], "-s", "base", "-b",
                                 forest.env["DCSRV02_ACCOUNT"], "cn", check=False)
        contexts = forest.search("EMEADC01", "", "namingContexts").splitlines()
        return account.returncode == 0, "namingContexts: DC=contoso,DC=com" in contexts
    assert shown() == (False, False)
    found = forest.command("exec", "--", "ldapsearch", "-LLL", "-Q", "-N", "-Y", "GSSAPI", "-H",
                           f"ldap://{forest.env['EMEADC01_HOST']}:3268", "-s", "base", "-b",
                           forest.env["DCSRV02_ACCOUNT"], "cn", check=False)
    assert found.returncode == 0, found
    as_samba(desk, "EMEADC01")
    poll("Samba's own way", lambda: shown() == (True, True))
