"""A forest of two domains, with catalogues, DCs that are none, and a read-only DC (tests/lab/domains.sh): the account is
often one of a domain that the DC to be written does not hold, and what a catalogue holds of it may be out of date."""

from concurrent.futures import ThreadPoolExecutor

from lab import case_domains, poll, sh

DCS = ("DCSRV01", "DCSRV02", "RODC01", "EMEADC01", "EMEADC02")


def judged(desk, guid, *dcs):
    """DC -> what "diagnose --json" prints there."""
    with ThreadPoolExecutor(3) as pool:
        found = pool.map(lambda dc: desk.diagnose(guid, desk.forest.env[dc + "_HOST"])[0], dcs or DCS)
    return dict(zip(dcs or DCS, found))


def kinds(found, what):
    return {finding["kind"] for finding in found[what]}


@case_domains
def every_dc_answers_everyone(desk):
    """Tickets of either domain are taken by all DCs of both."""
    for user in ("kayla", "ella@EMEA.CONTOSO.COM"):
        desk.ticket(user)
        for dc, found in judged(desk, desk.forest.env["EMEADC02_GUID"]).items():
            assert found["verdict"] == "healthy", (user, dc, found)


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
    forest.command("stop", "EMEADC01")
    sh("env", "AS_AD=no", forest.command("env").args[0], "start", forest.name, "EMEADC01")
    forest.command("exec", "--", "touch", forest.home + "/planted")  # reset starts it anew
    poll("Samba's own way", lambda: shown() == (True, True))
