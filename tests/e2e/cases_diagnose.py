"""dcmend diagnose --json: one planted state, one verdict."""

import json

from lab import case, sh


def judged(desk, state, *options, verdict, status=1, writable=None, proposed=None, **fields):
    """Plants the state, diagnoses it on DCSRV01 as kayla, and compares the object that is printed."""
    made = desk.forest.plant(state, *options)
    desk.ticket()
    found, exit_status = desk.diagnose(made.get("GUID"))
    assert found["verdict"] == verdict, f"{found['verdict']}, expected {verdict}: {found}"
    assert exit_status == status, f"exit {exit_status}, expected {status}"
    assert found["schema"] == 1 and found["dsa_guid"] == made["GUID"]
    if writable is not None:
        assert found["writable"] is writable, found
    if proposed:
        assert found["proposed"] == made[proposed], found
    for key, value in fields.items():
        assert found[key] == value, f"{key}: {found[key]!r}, expected {value!r}"
    if verdict not in ("missing", "dangling", "wrong-target"):
        assert found["proposed"] is None and not found["writable"], found
    return found, made


def side(found):
    return {finding["kind"] for finding in found["side_findings"]}


@case
def healthy(desk):
    desk.ticket()
    found, status = desk.diagnose(desk.forest.env["LIVDC02_GUID"])
    assert (found["verdict"], status) == ("healthy", 0), found


@case
def healthy_fake(desk):
    judged(desk, "healthy", verdict="healthy", status=0)


@case
def ldif_is_what_ldapmodify_takes(desk):
    """Once: the change alone, not its inverse, and the old value guards it."""
    server = "dcsrv01.contoso.com"
    made = desk.forest.plant("wrong-target")
    write = desk.command("ldapmodify", "-Q", "-N", "-Y", "GSSAPI", "-H", "ldap://" + server)
    desk.ticket("dana")
    done = desk.run("diagnose", "--ldif", made["GUID"], server)
    assert done.returncode == 1 and not done.stderr, (done.stdout, done.stderr)
    sh(*write, stdin=done.stdout)
    assert sh(*write, stdin=done.stdout, check=False).returncode != 0, done.stdout
    found, _ = desk.diagnose(made["GUID"])
    assert found["verdict"] == "healthy", found
    done = desk.run("diagnose", "--ldif", made["GUID"], server)
    assert not done.stdout and done.stderr.count("\n") == 1 and "no change to print" in done.stderr, done.stderr


@case
def another_dcs_account(desk):
    """Both DCs hold the same wrong value: that they agree is no proof. The account's own DC is healthy, told once."""
    own = desk.forest.env["DCSRV01_ACCOUNT"]
    found, made = judged(desk, "fakedc", "--to", own, "--no-account", verdict="no-computer", current=own)
    assert "B3" in {finding["kind"] for finding in found["blockers"]}, found
    found, status = desk.diagnose(desk.forest.env["DCSRV01_GUID"])
    told = [finding["text"] for finding in found["side_findings"] if finding["kind"] == "duplicate-server"]
    assert (found["verdict"], status, len(told)) == ("healthy", 0, 1), found
    assert made["SERVER"] in told[0] and "same machine" not in told[0], told


@case
def refusals_are_one_object_and_one_line(desk):
    """Whatever ends it: the line, a file, an empty text, a name, a DC that is not there, no ticket."""
    guid, server = desk.forest.env["LIVDC02_GUID"], "dcsrv01.contoso.com"
    for words in (("diagnose", "nonsense", server), ("diagnose", "--file", "/nowhere", server), ("diagnose", "--bogus"),
                  ("diagnose", "--file", "-", server), ("diagnose", guid, "127.0.0.99"), ("check", "a", "b"),
                  ("check", "nowhere.contoso.com"), ("check", server)):
        done = desk.run(*words, "--json")
        found = json.loads(done.stdout)
        assert done.returncode == 2 and set(found) == {"schema", "version", "checked_at", "error", "error_code"}, (words, done.stdout)
        assert done.stderr.startswith("dcmend: ") and done.stderr.count("\n") == 1, (words, done.stderr)


@case
def missing(desk):
    judged(desk, "missing", verdict="missing", writable=True, proposed="ACCOUNT", confidence="high", current=None)


@case
def missing_on_one_copy(desk):
    found, _ = judged(desk, "missing-here", verdict="missing", writable=True, proposed="ACCOUNT")
    assert "copies-differ" in side(found), found


@case
def missing_medium(desk):
    judged(desk, "medium", verdict="missing", writable=True, proposed="ACCOUNT", confidence="medium")


@case
def wrong_target(desk):
    found, made = judged(desk, "wrong-target", verdict="wrong-target", writable=True, proposed="ACCOUNT")
    assert found["current"] == made["TARGET"]


@case
def dangling(desk):
    judged(desk, "dangling", verdict="dangling", proposed="ACCOUNT")


@case
def deleted_dsa(desk):
    judged(desk, "deleted-dsa", verdict="deleted-dsa")


@case
def deleted_dsa_with_successor(desk):
    found, made = judged(desk, "deleted-dsa", "--successor", verdict="deleted-dsa")
    assert made["SUCCESSOR"] in str(found["successor"]), found


@case
def no_computer(desk):
    judged(desk, "no-computer", verdict="no-computer")


@case
def no_computer_restorable(desk):
    judged(desk, "no-computer", "--recycle-bin", verdict="no-computer")


@case
def no_computer_disabled(desk):
    judged(desk, "disabled-account", verdict="no-computer")


@case
def no_computer_lost_bits(desk):
    judged(desk, "lost-bits", verdict="no-computer")


@case
def ambiguous(desk):
    judged(desk, "ambiguous", verdict="ambiguous")


@case
def unproven(desk):
    judged(desk, "unproven", verdict="unproven")


@case
def orphaned_by_conflict(desk):
    judged(desk, "cnf", verdict="orphaned-dsa")


@case
def orphaned_in_lost_and_found(desk):
    judged(desk, "lost-and-found", verdict="orphaned-dsa")


@case
def unreadable(desk):
    judged(desk, "unreadable", verdict="unreadable", status=2)


@case
def unknown_dsa(desk):
    desk.ticket()
    found, status = desk.diagnose("3dab7f9b-92e7-4391-b8db-71df532c1493")
    assert (found["verdict"], status) == ("unknown-dsa", 1), found


@case
def renamed(desk):
    found, _ = judged(desk, "renamed", "--missing", verdict="missing", writable=True, proposed="ACCOUNT")
    assert "renamed" in side(found), found


@case
def renamed_with_stale_host_name(desk):
    judged(desk, "renamed", "--missing", "--stale-host", verdict="unproven")


@case
def duplicate_server(desk):
    found, _ = judged(desk, "duplicate-server", "--missing", verdict="missing", proposed="ACCOUNT")
    assert "duplicate-server" in side(found), found


@case
def failing_replication(desk):
    found, _ = judged(desk, "status", verdict="healthy", status=1)
    assert "replication-8589" in side(found), found
    inbound = [link for link in found["replication"] if link["direction"] == "inbound"]
    assert {(link["result"], link["failures"]) for link in inbound} == {(8589, 1700)}, found


@case
def foreign_names(desk):
    judged(desk, "foreign-names", verdict="missing", writable=True, proposed="ACCOUNT")
