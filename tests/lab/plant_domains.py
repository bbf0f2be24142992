"""Plants a state in the practice forest of two domains: plant_domains.py HOME STATE [OPTION...], as plant.py does in the
one of one domain. --name is a real DC (EMEADC02 where nothing else is said) or, for a fake one, a new name: EMEA... is
of the child. What hurts here is what only several domains can do: DCs that hold no copy of the account's domain, and
catalogues that lag behind."""

from adlab import FIRST_SITE, account_dn, in_child, ntds_dn, server_dn
from making import main, make_account, make_dc, settle, state, tell, tell_dc, unlink


def held(dc, name):
    """The target's GUID in serverReference of NAME's server object, as that DC holds it; None: no value."""
    found = dc.read(server_dn(name), "serverReference", controls=["extended_dn:1:1"]).get("serverReference")
    return str(found[0]).split(">")[0].removeprefix("<GUID=") if found else None


def wait_held(forest, name, guid):
    forest.wait_everywhere(f"serverReference of {name}", lambda dc: held(dc, name) == guid, 40)


def tell_real(forest, name):
    tell(GUID=forest.first.guid(ntds_dn(name)), NTDS=ntds_dn(name), SERVER=server_dn(name), ACCOUNT=account_dn(name),
         ACCOUNT_GUID=forest.home_of(name).guid(account_dn(name)))


def refer(forest, name, target, at):
    """Writes the link on a DC that knows the target; waits until all have it."""
    guid = at.guid(target)
    at.set(server_dn(name), "serverReference", f"<GUID={guid}>;{target}")
    wait_held(forest, name, guid)


def pause(forest, paused=True):
    for dc in forest.running():
        dc.pause_pulling(paused)


# ---- real DCs --------------------------------------------------------------------------------------------------------

@state
def right(forest, options):
    """the link of --name as it should be, on all DCs"""
    name = options.name or "EMEADC02"
    refer(forest, name, account_dn(name), forest.home_of(name))
    tell_real(forest, name)


@state
def missing(forest, options):
    """the server object of --name has no serverReference on any DC; --at DC: on that one alone, and no DC pulls any
    more ("resume" lets them go on)"""
    name = options.name or "EMEADC02"
    if options.at:
        pause(forest)
        unlink(forest[options.at], server_dn(name))
    else:
        unlink(forest.first, server_dn(name))
        wait_held(forest, name, None)
    tell_real(forest, name)


@state
def wrong_target(forest, options):
    """the link of --name leads into the other domain: to its first DC's account, or --to DN"""
    name = options.name or "EMEADC02"
    other = forest.first if in_child(name) else forest["EMEADC01"]
    target = options.to or account_dn(other.name)
    refer(forest, name, target, other)
    tell_real(forest, name)
    tell(TARGET=target)


@state
def resume(forest, options):
    """lets all DCs (or --name) pull again"""
    for dc in [forest[options.name]] if options.name else forest.running():
        dc.pause_pulling(False)


# ---- fake DCs --------------------------------------------------------------------------------------------------------

@state
def fakedc(forest, options):
    """a DC --name (EMEADC30) with --no-serverref --no-spn --no-account --to DN"""
    made = make_fake(forest, options, None if options.no_serverref else options.to or True)
    if options.no_account:
        forest.home_of(options.name).db.delete(made.account)
        settle(forest, made.account, gone=True)
    tell_dc(made)


def make_fake(forest, options, reference=True):
    options.name = options.name or "EMEADC30"
    made = make_dc(forest, options.name, options.site, options.guid, reference, **({"spns": []} if options.no_spn else {}))
    settle(forest, made.ntds)
    settle(forest, made.account)
    return made


def anew(forest, name, made, home=None):
    """The account is deleted and made again on its own DC: the same DN, another GUID."""
    home = home or forest.home_of(name)
    old = home.guid(made.account)
    home.db.delete(made.account)
    return old, lambda: make_account(forest, name, made.guid, at=home)


def tell_anew(forest, name, made, old, home=None):
    tell_dc(made)
    tell(ACCOUNT_GUID=(home or forest.home_of(name)).guid(made.account), OLD_GUID=old)


@state
def recreated(forest, options):
    """a fake DC --name whose account was deleted and made anew: no link where its domain is held (state C), the stale
    phantom of the old account everywhere else (state D)"""
    made = make_fake(forest, options)
    wait_held(forest, options.name, forest.home_of(options.name).guid(made.account))
    old, again = anew(forest, options.name, made)
    settle(forest, made.account, gone=True)
    again()
    new = forest.home_of(options.name).guid(made.account)
    forest.wait_everywhere("the new account", lambda dc: not dc.holds(made.account)
                           or dc.exists(made.account) and dc.guid(made.account) == new)
    tell_anew(forest, options.name, made, old)


@state
def behind(forest, options):
    """a fake DC --name without a link, whose account was deleted and made anew while no DC pulls: all but its own first
    DC (--at: that one of its domain), a catalogue of another domain too, still hold the OLD account ("resume" lets them
    go on)"""
    made = make_fake(forest, options, reference=None)
    home = forest[options.at] if options.at else None
    pause(forest)
    old, again = anew(forest, options.name, made, home)
    again()
    tell_anew(forest, options.name, made, old, home)


@state
def dangling(forest, options):
    """a fake DC --name whose account is gone from the files of all DCs that held it, past all modules, and was made anew"""
    made = make_fake(forest, options)
    wait_held(forest, options.name, old := forest.home_of(options.name).guid(made.account))
    for dc in forest.running():
        if dc.holds(made.account):
            dc.raw_delete(made.account)
    make_account(forest, options.name, made.guid)
    settle(forest, made.account)
    tell_anew(forest, options.name, made, old)


if __name__ == "__main__":
    main(FIRST_SITE)
