"""The wizard in a terminal, as an unprivileged user, against real domain controllers: paste to VERIFIED, and every way
in which nothing may be written. What was written, or not, is always asked of the directory itself."""

import base64
import random
import re
import time
from pathlib import Path

from lab import QUIET, Failure, case, poll, sh
from rough import processes

DC, OTHER = "dcsrv01.contoso.com", "livdc02.contoso.com"
FOOTER = re.compile(r"^ Enter \S.*\s*\Z", re.M)  # the footer offers Enter: nothing is being read
STEPS = ("Connect", "Symptom", "Locate", "Inspect", "Propose", "Confirm", "Apply", "Report")


def at(screen, step, seconds=15.0):
    """Until that step is the current one (at 80 columns it stands in brackets); returns the screen."""
    return screen.wait(f"[{step}]", seconds)


def offered(screen, last=None):
    """Until the footer offers Enter; `last` is what it offered before: a screen may be seen half painted."""
    def seen():
        found = FOOTER.search(screen.text())
        return found and found.group() != last and found.group()
    screen.offer = poll(lambda: f"Enter to be offered:\n{screen.text()}", seen, 15)


def enter(screen, step):
    """Enter, once the screen offers it, leads to that step."""
    offered(screen, getattr(screen, "offer", None))
    screen.keys("Enter")
    if step == "Confirm":  # Propose waits for what the other DCs hold; on Confirm itself Enter does nothing
        poll(lambda: f"Confirm:\n{screen.text()}", lambda: "[Confirm]" in screen.text() or screen.keys("Enter"), 15)
    return at(screen, step)


def walk(screen, *steps):
    for step in steps:
        enter(screen, step)


def verified(screen, host):
    """VERIFIED names the DC on which the value was read back."""
    screen.wait(re.compile("VERIFIED on " + host.split(".")[0] + r"\b", re.I))


def confirm(screen, name):
    """The name may be typed in small letters."""
    screen.wait(f"Type {name.upper()} to apply:")
    screen.type(name)
    screen.keys("Enter")


TOO_FAST = re.compile("came too fast|was not taken")


def heard(screen):
    """Until what was typed before is gone and a key is taken again."""
    def taken():
        screen.type("z")
        return re.search(r"to apply: z+ *$", screen.text(), re.M)
    poll("a key to be taken", taken)
    screen.keys("C-u")
    screen.wait(re.compile(r"to apply: *$", re.M))


def unwritten(desk, server=None):
    for dc in ("DCSRV01", "LIVDC02"):
        found = desk.forest.reference(dc, server)
        if found is not None:
            raise Failure(f"something was written: {found} on {dc}")


def written(desk, made):
    """On both DCs, once replicated."""
    for dc in ("DCSRV01", "LIVDC02"):
        poll(f"the value on {dc}", lambda dc=dc: desk.forest.reference(dc, made["SERVER"]) == made["ACCOUNT"], 30)


def wizard_on(desk, made, *words, **more):
    """The wizard with an event about that DSA, at Symptom, as kayla."""
    desk.ticket()
    text = desk.file("event.txt", desk.forest.event(made["GUID"]))
    screen = desk.wizard("--file", text, *words, DC, **more)
    at(screen, "Symptom")
    return screen


def at_confirm(desk, state="missing", *words, **more):
    made = desk.forest.plant(state)
    screen = wizard_on(desk, made, *words, **more)
    walk(screen, "Locate", "Inspect", "Propose", "Confirm")
    return screen, made


# ---- to VERIFIED -----------------------------------------------------------------------------------------------------

@case
def the_line_that_diagnose_prints_opens_the_wizard_there(desk):
    """And leads to VERIFIED."""
    made = desk.forest.plant("missing")
    desk.ticket()
    line = re.search(r"^ +dcmend (.*)$", desk.run("diagnose", made["GUID"], DC).stdout, re.M)
    assert line and line.group(1).lower() == f"{made['GUID']} {DC}", line
    screen = desk.wizard(*line.group(1).split())
    at(screen, "Locate")
    walk(screen, "Inspect", "Propose", "Confirm")
    confirm(screen, "livdc02")
    verified(screen, DC)
    written(desk, made)
    screen.keys("q")
    screen.end()


def paste_to_verified(desk, form, bracketed):
    made = desk.forest.plant("missing")
    desk.ticket()
    screen = desk.wizard(DC)
    at(screen, "Symptom")
    screen.paste(desk.forest.event("--form", form), bracketed)
    screen.wait(re.compile(r"DSA +" + made["GUID"]))
    screen.wait("Enter locate it")  # as keys: the text ends with a line's end, and silence follows it
    walk(screen, "Locate", "Inspect", "Propose", "Confirm")
    unwritten(desk)
    confirm(screen, "livdc02")
    verified(screen, DC)
    written(desk, made)
    enter(screen, "Inspect")
    screen.keys("q")
    screen.end()


@case
def paste_to_verified_2008(desk):
    paste_to_verified(desk, "2008", bracketed=True)


@case
def paste_to_verified_2003(desk):
    paste_to_verified(desk, "2003", bracketed=True)


@case
def paste_without_brackets(desk):
    paste_to_verified(desk, "2008", bracketed=False)


@case
def a_guid_cut_short_and_several(desk):
    """The DC is asked what a shortened GUID may mean, and what several are called; the operator chooses, and repairs."""
    made = desk.forest.plant("missing")
    desk.ticket()
    screen = desk.wizard(DC)
    at(screen, "Symptom")
    short = f"{made['GUID'][:8]}-...-{made['GUID'][-4:]}"
    screen.paste(desk.forest.event().replace(made["GUID"], short))
    screen.wait(re.compile(r"DSA +LIVDC02, site \S+\n +" + made["GUID"]))
    screen.wait("a GUID cut short, line")
    screen.wait("Enter locate it")
    screen.paste(desk.forest.event(desk.forest.env["DCSRV01_GUID"], "--computer", OTHER) + desk.forest.event())
    screen.wait("2 DSAs are named")
    screen.wait(re.compile(r"DSA +DCSRV01, site"))
    enter(screen, "Locate")
    screen.wait(re.compile(r"▸ DCSRV01 .*8589, LIVDC02"))
    screen.keys("Down")
    screen.wait(re.compile(r"▸ LIVDC02 .*8589, DCSRV01"))
    screen.keys("Enter")
    screen.wait("Found on DCSRV01: the DSA of LIVDC02.")
    walk(screen, "Inspect", "Propose", "Confirm")
    unwritten(desk)
    confirm(screen, "livdc02")
    verified(screen, DC)
    written(desk, made)
    screen.keys("q")
    screen.end()


@case
def the_shortened_guid_alone_is_repaired(desk):
    """One DSA fits: it is shown, and Enter confirms it."""
    made = desk.forest.plant("missing")
    desk.ticket()
    screen = desk.wizard(DC)
    at(screen, "Symptom")
    screen.paste(desk.forest.event().replace(made["GUID"], made["GUID"][:13] + "-..."))
    screen.wait(re.compile(r"DSA +LIVDC02, site"))
    at(screen, "Symptom")
    walk(screen, "Locate", "Inspect", "Propose", "Confirm")
    confirm(screen, "livdc02")
    verified(screen, DC)
    written(desk, made)
    screen.keys("q")
    screen.end()


@case
def file_and_server(desk):
    screen, made = at_confirm(desk)
    shown = screen.text()
    for word in ("(absent)", "DCSRV01", "kayla", "undo"):
        assert word.lower() in shown.lower(), f"{word} is not on Confirm:\n{shown}"
    confirm(screen, "LIVDC02")
    verified(screen, DC)
    written(desk, made)
    screen.keys("q")
    screen.end()
    entries = list((desk.home / "state/dcmend/journal").iterdir())
    assert len(entries) == 1 and "verified" in entries[0].read_text(), entries


@case
def file_without_server(desk):
    """The event names its DC; the wizard goes there by itself."""
    made = desk.forest.plant("missing")
    desk.ticket()
    text = desk.file("event.txt", desk.forest.event("--computer", OTHER))
    screen = desk.wizard("--file", text)
    at(screen, "Symptom")
    assert OTHER in screen.text().splitlines()[0], screen.text()
    walk(screen, "Locate", "Inspect", "Propose", "Confirm")
    confirm(screen, "LIVDC02")
    verified(screen, OTHER)
    written(desk, made)


@case
def medium_asks_twice(desk):
    screen, made = at_confirm(desk, "medium")
    confirm(screen, "LIVDC16")
    screen.wait("the account's name, LIVDC16")
    unwritten(desk, made["SERVER"])
    screen.keys("Enter")
    heard(screen)
    screen.type("LIVDC17")
    screen.keys("Enter")
    screen.wait("That is not LIVDC16")
    unwritten(desk, made["SERVER"])
    heard(screen)
    screen.type("LIVDC16")
    screen.keys("Enter")
    verified(screen, DC)
    written(desk, made)


@case
def foreign_names_to_verified(desk):
    """The name is typed as it is written: in UTF-8."""
    screen, made = at_confirm(desk, "foreign-names")
    confirm(screen, "münDC25")
    verified(screen, DC)
    written(desk, made)


@case
def the_events_dc_is_gone_to(desk):
    made = desk.forest.plant("missing-there")  # LIVDC02's copy lacks it, DCSRV01's does not
    desk.ticket()
    text = desk.file("event.txt", desk.forest.event("--computer", OTHER))
    screen = desk.wizard("--file", text, DC)
    at(screen, "Symptom")
    enter(screen, "Locate")
    screen.wait(re.compile("logged by " + OTHER + r"\.\s+You are connected to\s+" + DC, re.I))
    screen.keys("Enter")
    screen.wait(re.compile(r"\A dcmend +" + OTHER))
    screen.wait("Found on LIVDC02")
    walk(screen, "Inspect", "Propose", "Confirm")
    confirm(screen, "LIVDC02")
    verified(screen, OTHER)
    assert desk.forest.reference("LIVDC02") == made["ACCOUNT"]


@case
def a_guid_alone_asks_which_dc(desk):
    made = desk.forest.plant("missing")
    desk.ticket()
    screen = desk.wizard(DC)
    at(screen, "Symptom")
    screen.type("{" + made["GUID"].upper() + "}")
    screen.wait(re.compile(r"DSA +" + made["GUID"]))
    screen.keys("Tab")
    screen.wait("Enter locate it")
    enter(screen, "Locate")
    screen.wait("Which DC logs the error?")
    screen.keys("o")
    screen.wait("DC that logs the error:")
    screen.type("livdc02")
    screen.keys("Enter")
    screen.wait("Found on LIVDC02")
    assert OTHER in screen.text().splitlines()[0], screen.text()
    enter(screen, "Inspect")


# ---- refusals --------------------------------------------------------------------------------------------------------

def refused(desk, state, *options, marker):
    """Enter leads to the report of a refusal, whatever is pressed after; nothing can be confirmed on the way."""
    made = desk.forest.plant(state, *options)
    screen = wizard_on(desk, made)
    before = desk.forest.search("DCSRV01", "CN=Sites,CN=Configuration,DC=contoso,DC=com", "*", scope="sub")
    walk(screen, "Locate", "Inspect")
    screen.wait(marker)
    enter(screen, "Report")
    screen.wait("Nothing was written.")
    for _ in range(3):
        enter(screen, "Inspect")
        enter(screen, "Report")
    assert before == desk.forest.search("DCSRV01", "CN=Sites,CN=Configuration,DC=contoso,DC=com", "*", scope="sub")
    return screen


@case
def deleted_dsa_is_refused(desk):
    refused(desk, "deleted-dsa", marker="deleted")


@case
def deleted_dsa_leads_to_its_successor(desk):
    made = desk.forest.plant("deleted-dsa", "--successor")
    screen = wizard_on(desk, made)
    walk(screen, "Locate", "Inspect")
    screen.wait(made["GUID"])
    enter(screen, "Inspect")
    screen.wait(made["SUCCESSOR"])
    enter(screen, "Report")


@case
def no_computer_is_refused(desk):
    refused(desk, "no-computer", marker="GHOSTDC")


@case
def who_may_not_write_sees_no_confirm(desk):
    made = desk.forest.plant("missing")
    desk.ticket("joe")
    screen = desk.wizard("--file", desk.file("event.txt", desk.forest.event(made["GUID"])), DC)
    at(screen, "Symptom")
    walk(screen, "Locate", "Inspect")
    screen.wait("B11")  # above the proof
    enter(screen, "Report")
    screen.wait("Nothing was written.")
    unwritten(desk)


# ---- Confirm ---------------------------------------------------------------------------------------------------------

@case
def a_wrong_name_writes_nothing(desk):
    screen, _ = at_confirm(desk)
    for wrong in ("LIVDC0", "LIVDC022", "DCSRV01", "y", "yes"):
        screen.type(wrong)
        screen.keys("Enter")
        screen.wait("That is not LIVDC02.")
        heard(screen)
        at(screen, "Confirm")
    unwritten(desk)
    screen.keys("Escape")
    at(screen, "Propose")


@case
def a_paste_never_confirms(desk):
    screen, _ = at_confirm(desk)
    screen.paste("LIVDC02\n")
    screen.wait("A paste is not taken here")
    screen.type("z")
    screen.wait(re.compile(r"to apply: z *$", re.M))  # nothing of it stands in the line
    screen.keys("BSpace", "Enter")
    at(screen, "Confirm")
    unwritten(desk)


@case
def an_unmarked_paste_never_confirms(desk):
    """On a terminal without bracketed paste its lines come as keys, but faster than a hand types."""
    screen, made = at_confirm(desk)
    for text in ("some text\nLIVDC02\n", "\nLIVDC02\n", "LIVDC02\n", "\tx\nLIVDC02\n", "a\nb\n\n\tLIVDC02\n"):
        screen.paste(text, bracketed=False)
        screen.wait(TOO_FAST)
        heard(screen)
        at(screen, "Confirm")
        unwritten(desk)
    screen.type("y")
    screen.keys("Enter")
    screen.wait("That is not LIVDC02.")
    confirm(screen, "LIVDC02")  # at once
    verified(screen, DC)
    written(desk, made)


@case
def enter_held_down_stops_at_confirm(desk):
    made = desk.forest.plant("missing")
    screen = wizard_on(desk, made)

    def held():
        screen.keys("Enter")
        return "[Confirm]" in screen.text()
    poll("Confirm", held)
    screen.keys("-N", "50", "Enter")
    heard(screen)
    unwritten(desk)


@case
def keys_typed_before_confirm_is_painted_are_discarded(desk):
    made = desk.forest.plant("missing")
    screen = wizard_on(desk, made)
    walk(screen, "Locate", "Inspect", "Propose")
    poll("the other DC's copy", lambda: "still being read" not in screen.text())
    offered(screen, screen.offer)
    screen.keys("Enter", *"livdc02", "Enter")
    at(screen, "Confirm")
    screen.type("x")
    screen.wait(re.compile(r"to apply: x *$", re.M))
    unwritten(desk)


@case
def the_change_is_shown_as_ldif(desk):
    screen, made = at_confirm(desk)
    heard(screen)
    screen.keys("Tab")
    screen.wait("add: serverReference")
    screen.keys("Escape")
    at(screen, "Confirm")
    unwritten(desk)


# ---- read-only -------------------------------------------------------------------------------------------------------

@case
def read_only_has_no_confirm(desk):
    """300 random keys: READ ONLY on each screen, Confirm on none, and the value as it was."""
    made = desk.forest.plant("missing")
    desk.ticket()
    words = ("--read-only", "--file", desk.file("event.txt", desk.forest.event(made["GUID"])), DC)
    dice, keys, seen = random.Random(8589), [], set()
    screen = desk.wizard(*words)
    screen.wait("READ ONLY")
    letters = list("bkceglmo/dfyrstuwnhjp?q ")
    for _ in range(300):
        if screen.status() is not None:
            screen.end()
            screen = desk.wizard(*words)
            screen.wait("READ ONLY")
        key = dice.choice(["Enter"] * 12 + ["Escape", "Escape", "Tab", "Up", "Down", "Right", "Left", "livdc02"] + letters)
        keys.append(key)
        screen.type(key) if key == "livdc02" else screen.keys("Space" if key == " " else key)
        text = screen.text()
        seen.update(step for step in STEPS if f"[{step}]" in text)
        if "[Confirm]" in text or "to apply:" in text or "[Apply]" in text:
            raise Failure(f"{keys} led to:\n{text}")
        if "READ ONLY" not in text.split("\n")[0]:
            poll(lambda: f"READ ONLY after {keys}:\n{screen.text()}",
                 lambda: "READ ONLY" in screen.text().split("\n")[0] or screen.status() is not None)
    unwritten(desk)
    assert {"Symptom", "Locate", "Inspect", "Report"} <= seen, f"the walk saw only {seen}"
    assert not (desk.home / "state/dcmend/journal").exists()


@case
def read_only_reports(desk):
    made = desk.forest.plant("missing")
    screen = wizard_on(desk, made, "--read-only")
    for step in ("Locate", "Inspect", "Report"):
        assert "READ ONLY" in enter(screen, step).splitlines()[0]
    screen.wait("Nothing was written")
    screen.wait("read-only")
    unwritten(desk)


# ---- sizes -----------------------------------------------------------------------------------------------------------

def resize_everywhere(screen, step):
    """The screen after all sizes is the one before."""
    before = at(screen, step)
    number = STEPS.index(step) + 1
    for columns, rows, marker in ((120, 40, re.compile(rf"\u25b8 {step}")), (60, 15, f"Step {number} of 8: {step}"),
                                  (40, 10, "40x15"), (60, 15, f"Step {number} of 8: {step}")):
        screen.resize(columns, rows)
        screen.wait(marker)
    screen.resize(80, 24)
    poll(lambda: f"the same screen:\n{before}\nnow:\n{screen.text()}", lambda: screen.text() == before)
    time.sleep(QUIET)  # what is typed before that might have been typed blind


@case
def each_step_survives_resizing(desk):
    made = desk.forest.plant("missing")
    screen = wizard_on(desk, made)
    resize_everywhere(screen, "Symptom")
    for step in ("Locate", "Inspect", "Propose"):
        enter(screen, step)
        offered(screen, screen.offer)
        screen.offer = None
        resize_everywhere(screen, step)
    enter(screen, "Confirm")
    screen.type("livd")
    screen.wait("to apply: livd")
    resize_everywhere(screen, "Confirm")
    screen.type("c02")
    screen.keys("Enter")
    screen.wait("VERIFIED")
    resize_everywhere(screen, "Report")
    written(desk, made)


@case
def what_is_not_seen_is_not_confirmed(desk):
    """On 40x10 only the size that is needed is shown: nothing that is typed counts, not even when it is large again."""
    made = desk.forest.plant("missing")
    screen = wizard_on(desk, made)
    walk(screen, "Locate", "Inspect", "Propose", "Confirm")
    screen.resize(40, 10)
    screen.wait("40x15")
    screen.type("LIVDC02")
    screen.keys("Enter")
    screen.type("LIVDC02")
    screen.resize(80, 24)
    screen.keys("Enter")
    heard(screen)
    at(screen, "Confirm")
    unwritten(desk)
    confirm(screen, "LIVDC02")
    verified(screen, DC)
    written(desk, made)


@case
def connect_survives_resizing(desk):
    screen = desk.wizard("-W", "-D", "kayla@contoso.com", DC)
    at(screen, "Connect")
    screen.type("half a pass")
    screen.wait(re.compile(r"Password +\S{11} *$", re.M))
    resize_everywhere(screen, "Connect")


# ---- what never answers ----------------------------------------------------------------------------------------------

def esc_answers_and_q_leaves(screen, *out_of_the_fields):
    """Esc is answered while the reply is still withheld (the listener never gives one), and the program can be left."""
    screen.keys("Escape")
    screen.wait("Which domain controller")
    screen.keys(*out_of_the_fields or ["Tab"], "q")
    screen.end()


@case
def esc_out_of_a_bind_that_hangs(desk):
    made = desk.forest.plant("healthy")  # LIVDC14: an account like any DC's, and an address where only we listen
    password = base64.b64encode('"Practice-14-8589!"'.encode("utf-16-le")).decode()
    desk.forest.modify("DCSRV01", f"dn: {made['ACCOUNT']}\nchangetype: modify\nreplace: unicodePwd\n"
                                  f"unicodePwd:: {password}\n")
    silent = desk.listener("127.0.0.99")
    desk.ticket()
    screen = desk.wizard("livdc14.contoso.com")
    silent.wait("heard")
    screen.wait("Connecting to livdc14.contoso.com")
    assert "Kerberos" not in screen.text().splitlines()[0]
    esc_answers_and_q_leaves(screen)


@case
def esc_out_of_a_tls_handshake_that_hangs(desk):
    desk.forest.plant("healthy")
    silent = desk.listener("127.0.0.99", 636)
    screen = desk.wizard("-x", "-W", "-D", "kayla@contoso.com", "-H", "ldaps://livdc14.contoso.com")
    at(screen, "Connect")
    screen.type(desk.forest.env["LAB_PASSWORD"])
    screen.keys("Enter")
    silent.wait("heard")
    esc_answers_and_q_leaves(screen, "BTab", "BTab")


@case
def a_kdc_that_never_answers(desk):
    silent = desk.listener("127.0.0.98", 88)
    settings = desk.file("krb5.conf", (Path(desk.forest.home, "krb5.conf")).read_text()
                         .replace("127.0.0.11", "127.0.0.98").replace("kdc = 127.0.0.12", ""))
    desk.ticket()
    screen = desk.wizard(DC, KRB5_CONFIG=settings)
    silent.wait("heard")
    esc_answers_and_q_leaves(screen)


@case
def a_kdc_that_never_answers_and_ctrl_c(desk):
    """Left at once, without Esc before."""
    silent = desk.listener("127.0.0.98", 88)
    settings = desk.file("krb5.conf", (Path(desk.forest.home, "krb5.conf")).read_text()
                         .replace("127.0.0.11", "127.0.0.98").replace("kdc = 127.0.0.12", ""))
    desk.ticket()
    screen = desk.wizard(DC, KRB5_CONFIG=settings)
    silent.wait("heard")
    screen.keys("C-c")
    screen.end(seconds=3)


# ---- passwords -------------------------------------------------------------------------------------------------------

def bad_passwords(desk, user):
    """How many wrong passwords both DCs have counted."""
    found = [desk.forest.search(dc, f"CN={user},CN=Users,DC=contoso,DC=com", "badPwdCount") for dc in ("DCSRV01", "LIVDC02")]
    return sum(int(count) for text in found for count in re.findall(r"^badPwdCount: (\d+)$", text, re.M))


@case
def without_a_ticket_the_name_is_typed(desk):
    desk.forest.plant("missing")
    screen = desk.wizard(DC, KRB5CCNAME=f"FILE:{desk.home}/nothing")
    screen.wait("There is no Kerberos ticket")
    screen.wait("(*) with name and password, by Kerberos")
    screen.type("kayla")
    screen.wait("Signs in as kayla@CONTOSO.COM. Kerberos: the password is sent to no server.")
    screen.keys("Enter")
    screen.wait("Type the password")
    screen.type(desk.forest.env["LAB_PASSWORD"])
    screen.keys("Enter")
    at(screen, "Symptom")
    assert "kayla@CONTOSO.COM" in screen.text().splitlines()[0], screen.text()


@case
def an_authority_is_named_on_the_form(desk):
    """Over LDAPS, as nobody that the machine knows: the certificate is looked at, and its authority named."""
    desk.forest.plant("missing")
    screen = desk.wizard(DC, KRB5CCNAME=f"FILE:{desk.home}/nothing", LDAPTLS_CACERT=None)
    screen.wait("There is no Kerberos ticket")
    screen.keys("BTab", "Right", "Tab")
    screen.type("joe")
    screen.keys("Enter")
    screen.wait("joe alone is no name for a simple bind")
    screen.keys("C-u")
    screen.type("kayla@contoso.com")
    screen.keys("Tab")
    screen.type(desk.forest.env["LAB_PASSWORD"])
    screen.keys("Enter")
    screen.wait("comes from an authority")
    screen.keys("PgDn", "PgDn", "PgDn")
    screen.wait("SHA-256")
    screen.type(desk.forest.env["LAB_PASSWORD"])
    screen.keys("Tab")
    screen.type(desk.environment["LDAPTLS_CACERT"])
    screen.keys("Enter")
    at(screen, "Symptom")
    assert "LDAPS, verified" in screen.text().splitlines()[0], screen.text()


def wrong_password(desk, *words):
    desk.forest.modify("DCSRV01", "dn: DC=contoso,DC=com\nchangetype: modify\nreplace: lockoutThreshold\n"
                                  "lockoutThreshold: 10\n")  # only then does Samba count
    poll("the policy", lambda: "lockoutThreshold: 10" in desk.forest.search("LIVDC02", "DC=contoso,DC=com",
                                                                          "lockoutThreshold"))
    before = bad_passwords(desk, "joe")
    screen = desk.wizard(*words)
    at(screen, "Connect")
    screen.type("not-the-password")
    screen.wait(re.compile(r"Password +\S"))
    screen.keys("Enter")
    screen.wait("is wrong")
    screen.wait(re.compile(r"Password *$", re.M))  # the field is empty
    for _ in range(3):
        screen.keys("Enter")
        screen.wait("an empty one is never sent")
        screen.keys("BSpace")
        screen.gone("an empty one is never sent")
    assert bad_passwords(desk, "joe") == before + 1, bad_passwords(desk, "joe")
    screen.type(desk.forest.env["LAB_PASSWORD"])
    screen.keys("Enter")
    at(screen, "Symptom")
    assert "joe" in screen.text().splitlines()[0], screen.text()


@case
def a_wrong_password_is_sent_once_by_kerberos(desk):
    wrong_password(desk, "-W", "-D", "joe@contoso.com", DC)


@case
def a_wrong_password_is_sent_once_over_ldaps(desk):
    wrong_password(desk, "-x", "-W", "-D", "joe@contoso.com", "-H", f"ldaps://{DC}")


@case
def a_wrong_password_is_sent_once_over_starttls(desk):
    wrong_password(desk, "-x", "-Z", "-W", "-D", "joe@contoso.com", DC)


@case
def connected_over_ldaps_to_verified(desk):
    made = desk.forest.plant("missing")
    screen = desk.wizard("-x", "-W", "-D", "kayla@contoso.com", "-H", f"ldaps://{DC}", "--file",
                         desk.file("event.txt", desk.forest.event(made["GUID"])))
    at(screen, "Connect")
    screen.type(desk.forest.env["LAB_PASSWORD"])
    screen.keys("Enter")
    at(screen, "Symptom")
    walk(screen, "Locate", "Inspect", "Propose", "Confirm")
    confirm(screen, "LIVDC02")
    verified(screen, DC)
    written(desk, made)


def memory(pid):
    """What a process may write to, as bytes."""
    parts = []
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as mem:
        for line in maps:
            area, rights = line.split()[:2]
            start, end = (int(word, 16) for word in area.split("-"))
            if rights.startswith("rw") and "[v" not in line and end - start < 1 << 28:  # not a sanitizer's shadow
                mem.seek(start)
                parts.append(mem.read(end - start))
    return b"".join(parts)


@case
def no_password_stays_in_memory(desk):
    """Once it is sent: the one from a file, and the typed one. What libraries gave back is overwritten by the allocator."""
    password = desk.forest.env["LAB_PASSWORD"]
    file = desk.file("password", password + "\n")
    file.chmod(0o600)
    for words in (("-y", file, "-x", "-Z"), ("-y", file), ("-W", "-x", "-Z")):
        screen = desk.wizard(*words, "-D", "kayla@contoso.com", DC, KRB5CCNAME="FILE:/nonexistent", MALLOC_PERTURB_="85",
                             ASAN_OPTIONS="max_free_fill_size=1048576:free_fill_byte=85")
        if "-W" in words:
            at(screen, "Connect")
            screen.type(password)
            screen.keys("Enter")
        at(screen, "Symptom")
        found = memory(processes(desk.forest)[-1])
        assert b"kayla" in found and password.encode() not in found, words
        screen.leave()


# ---- Browse ----------------------------------------------------------------------------------------------------------

@case
def browse_shows_the_tree(desk):
    desk.forest.plant("deleted-dsa")
    desk.ticket()
    screen = desk.wizard("browse", DC)
    screen.wait("Sites of contoso.com")
    screen.wait("3 servers")
    assert "READ ONLY" in screen.text().splitlines()[0]
    screen.wait("LIVDC14")  # so few are shown at once
    screen.wait(re.compile(r"DCSRV01 +ok"))
    screen.keys("/")
    screen.wait("filter:")
    screen.type("LIVDC02")
    screen.wait("1 of 3 shown")
    screen.gone("LIVDC14")
    screen.keys("Enter")
    screen.wait("Enter inspect")
    screen.wait("dNSHostName")
    screen.keys("Tab")  # goes to the details
    screen.keys("Enter")
    screen.wait(re.compile(r"^ Value", re.M))
    screen.keys("Escape")
    screen.wait("Sites of")
    screen.keys("Escape", "Escape")  # out of the details, then of the filter
    screen.wait("3 servers")
    screen.keys("d")
    screen.keys("/")
    screen.type("LIVDC14")
    screen.wait("1 of 3 shown")
    screen.keys("Enter", "Right", "Down")
    screen.wait("isDeleted")
    screen.keys("q")
    screen.end()


@case
def browse_leads_to_inspect(desk):
    made = desk.forest.plant("missing")
    desk.ticket()
    screen = desk.wizard(DC)
    at(screen, "Symptom")
    screen.keys("Tab", "t")  # the box has the keys: Tab gives them back
    screen.wait("Sites of contoso.com")
    screen.wait("2 servers")
    screen.keys("/")
    screen.type("LIVDC02")
    screen.wait("1 of 2 shown")
    screen.wait("missing")
    screen.keys("Enter")
    screen.wait("dNSHostName")
    screen.wait("Enter inspect")
    screen.keys("Enter")
    at(screen, "Inspect")
    screen.wait(made["GUID"])
    walk(screen, "Propose", "Confirm")
    unwritten(desk)
    heard(screen)
    for step in ("Propose", "Inspect"):
        screen.keys("Escape")
        at(screen, step)
    screen.keys("Escape")  # to the list as it was left
    screen.wait("1 of 2 shown")
    screen.wait("LIVDC02 has no serverReference")


# ---- the terminal given back -----------------------------------------------------------------------------------------

def in_a_shell(desk, *words, **environment):
    """The program below a shell that notes the terminal's modes before and after, and the exit status."""
    script = 'stty -a >before; echo $$ >shell; "$@"; echo $? >status; stty -a >after; echo the-shell-is-back; read _'
    return desk.screen(desk.command("/bin/bash", "-c", script, "shell", desk.binary, *words, **environment))


def pid_of(desk):
    def found():
        shell = (desk.home / "shell").read_text().strip() if (desk.home / "shell").exists() else ""
        return shell and sh("pgrep", "-P", shell, "-x", "dcmend", check=False).stdout.strip()
    return int(poll("the program's process", found))


def given_back(desk, screen, status):
    screen.wait("the-shell-is-back")
    found = int((desk.home / "status").read_text())
    assert found == status, f"exit {found}, expected {status}"
    before, after = ((desk.home / name).read_text() for name in ("before", "after"))
    assert before == after, f"the terminal's modes:\n{before}\n{after}"
    flags = screen.tmux("display-message", "-p", "-t", "case", "#{alternate_on}#{cursor_flag}#{keypad_flag}"
                        "#{keypad_cursor_flag}#{mouse_any_flag}").strip()
    assert flags == "01000", f"alternate screen, cursor, keypad, cursor keys, mouse: {flags}"
    screen.type("plainly")
    screen.wait("plainly")
    screen.keys("Enter")
    screen.end()


@case
def the_terminal_is_given_back_after_quitting(desk):
    desk.ticket()
    screen = in_a_shell(desk, DC)
    at(screen, "Symptom")
    screen.keys("Tab", "q")
    given_back(desk, screen, 0)


def after_signal(desk, name, status, **environment):
    desk.ticket()
    screen = in_a_shell(desk, DC, **environment)
    at(screen, "Symptom")
    sh("kill", "-" + name, pid_of(desk))
    given_back(desk, screen, status)


@case
def the_terminal_is_given_back_after_sigterm(desk):
    after_signal(desk, "TERM", 128 + 15)


@case
def the_terminal_is_given_back_after_sighup(desk):
    after_signal(desk, "HUP", 128 + 1)


@case
def the_terminal_is_given_back_after_sigquit(desk):
    after_signal(desk, "QUIT", 128 + 3)


@case
def the_terminal_is_given_back_after_a_crash(desk):
    """The sanitizer's own report is not wanted here: the signal alone."""
    after_signal(desk, "SEGV", 128 + 11, ASAN_OPTIONS="handle_segv=0:detect_leaks=0")


@case
def the_program_ends_with_its_terminal(desk):
    """A session that dies takes the program with it."""
    desk.ticket()
    screen = in_a_shell(desk, DC)
    at(screen, "Symptom")
    pid = pid_of(desk)
    screen.kill()
    poll("the program to end", lambda: sh("kill", "-0", pid, check=False).returncode != 0)
    desk.screens.remove(screen)
