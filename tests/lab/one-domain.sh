# The forest of one domain: DCSRV01 and LIVDC02 in two sites. Sourced by tests/lab/forest.
# shellcheck shell=bash disable=SC2034,SC2154     # shared with tests/lab/forest

dcs=(DCSRV01 LIVDC02) realms=(CONTOSO.COM) hurt=LIVDC02 planter=plant.py

join_second() {
    write_settings LIVDC02
    quietly "$home/log" inside samba-tool domain join "$domain" DC -s "$home/LIVDC02/base.conf" \
        --targetdir="$home/LIVDC02" --server=dcsrv01.contoso.com --site=Liverpool --dns-backend=SAMBA_INTERNAL \
        --use-kerberos=required --use-krb5-ccache="$KRB5CCNAME"
    no_forwarder LIVDC02
    build register LIVDC02
    build delegate LIVDC02
}

make_links() {
    local dc
    for dc in "${dcs[@]}"; do
        quietly "$home/log" inside samba_kcc -s "$(settings "$dc")" -H "$home/$dc/private/sam.ldb"
    done
}

raise() {
    provision_first
    build second-site
    start_dc DCSRV01
    ticket Administrator
    join_second
    stop_dc DCSRV01
    make_links
    all start_dc
}

converge() { build converge; }
not_on_389() { :; }
