# The forest of two domains: the root contoso.com with a catalogue (DCSRV01), a DC that is none (DCSRV02) and a read-only
# one (RODC01), the child emea.contoso.com with a catalogue (EMEADC01) and a DC that is none (EMEADC02). All are joined by
# DRS; each catalogue holds a partial copy of the other domain. Sourced by tests/lab/forest.
#
# What is not as on Windows: the trust is an external one and the child's crossRef has no trustParent (Samba's KDC refuses
# both); all DNS names live in the root's zones; a DC without a copy of the account's domain refuses a link to it (19)
# where Active Directory asks a catalogue; no infrastructure master cleans up phantoms; and without as_ad.so Samba shows
# a catalogue's partial copy on port 389 too ("AS_AD=no forest start NAME DC").
# shellcheck shell=bash disable=SC2034,SC2154     # shared with tests/lab/forest

dcs=(DCSRV01 DCSRV02 RODC01 EMEADC01 EMEADC02) realms=(CONTOSO.COM EMEA.CONTOSO.COM) hurt=EMEADC02
planter=plant_domains.py
export LDB_MODULES_PATH="$home/mod"     # whoever opens a sam.ldb needs as_ad.so

build_more() { inside /usr/bin/python3 -B "$LAB_DIR/build_domains.py" "$home" "$@"; }

join() { # DC KIND SERVER [OPTION...]
    local dc=$1 kind=$2 server=$3; shift 3
    write_settings "$dc"
    quietly "$home/log" inside /usr/bin/python3 -B "$LAB_DIR/join.py" "$kind" --smbconf "$home/$dc/base.conf" \
        --server "$(host_of "$server")" --domain "$(domain_of "$dc")" --name "$dc" --targetdir "$home/$dc" "$@"
    no_forwarder "$dc"
    build register "$dc"
}

join_child() {
    local guid sid dc
    guid=$(cat /proc/sys/kernel/random/uuid)
    sid=S-1-5-21-$((RANDOM * 32768 + RANDOM))-$((RANDOM * 32768 + RANDOM))-$((RANDOM * 32768 + RANDOM))
    for dc in DCSRV01 DCSRV02; do build_more partial-head "$dc" "$guid" "$sid"; done
    join EMEADC01 child DCSRV01 --parent "$domain" --parentdir "$home/DCSRV01" --adminpass "$LAB_PASSWORD" --sid "$sid"
    build people EMEADC01
}

# Puts as_ad.so above Samba's own modules: then a catalogue's partial copy is not shown on port 389.
load_module() {
    ldbmodify -H "tdb://$home/$1/private/sam.ldb" >/dev/null <<<$'dn: @MODULES\nchangetype: modify\nreplace: @LIST\n@LIST: as_ad,samba_dsdb\n-'
}

# The partial copies of a DC, and full ones below them, as as_ad.so wants them; AS_AD=no: nothing is hidden.
not_on_389() {
    [ "${AS_AD:-yes}" = yes ] || return 0
    if in_child "$1"; then say 'DC=contoso,DC=com;!CN=Configuration,DC=contoso,DC=com;!DC=emea,DC=contoso,DC=com'
    else say 'DC=emea,DC=contoso,DC=com'; fi
}

make_module() {
    mkdir -p "$home/mod"
    gcc -shared -fPIC -O1 -Wall -I/usr/include/samba-4.0 "$LAB_DIR/as_ad.c" -o "$home/mod/as_ad.so" -lldb -ltalloc
}

raise() {
    local dc
    make_module
    provision_first
    start_dc DCSRV01
    ticket Administrator
    join DCSRV02 dc DCSRV01 --dns SAMBA_INTERNAL
    start_dc DCSRV02
    join_child
    start_dc EMEADC01
    join RODC01 rodc DCSRV01 --dns SAMBA_INTERNAL
    dcs=(DCSRV01 DCSRV02 RODC01 EMEADC01)
    all stop_dc
    build_more no-catalog DCSRV02 RODC01
    build_more links
    all start_dc
    build_more settled
    build_more root-admins
    dcs+=(EMEADC02)
    join EMEADC02 dc EMEADC01
    all stop_dc
    build_more no-catalog EMEADC02
    build_more links
    for dc in "${dcs[@]}"; do load_module "$dc"; done
    all start_dc
}

converge() {
    build_more alike
    build delegate EMEADC02
}
