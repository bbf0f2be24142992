# Shared by try, check, tests/lab/forest and tests/e2e: installing what .packages lists, and small helpers.
# Source it; it sets nothing but functions and a few lab constants.
# shellcheck shell=bash

umask 022                                     # an unprivileged user reads what is made here
LAB_HOME="${LAB_HOME:-/run/dcmend-lab}"       # each forest has one folder (a tmpfs of its own) below it
# shellcheck disable=SC2034
LAB_PASSWORD='Practice-8589!'                 # of every lab account: nothing here is secret
LAB_DIR="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

say()  { printf '%s\n' "$*"; }
warn() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die()  { warn "$*"; exit 1; }

# Runs a command as root: directly, or by sudo.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo -- "$@"
    else die "need root for: $* (and sudo is not installed)"
    fi
}

# wait_for SECONDS COMMAND...: polls until the command succeeds; fails at the deadline.
wait_for() {
    local deadline=$((SECONDS + $1)); shift
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.05
    done
}

# packages_of SECTION...: the names in these [sections] of .packages, one per line.
packages_of() {
    awk -v want=" $* " '
        { sub(/#.*/, ""); gsub(/[ \t]+/, "") }
        /^\[.*\]$/ { on = index(want, " " substr($0, 2, length($0) - 2) " "); next }
        on && NF' "$LAB_DIR/../../.packages"
}

packages_missing() {
    { dpkg-query -W -f '${Package} ${db:Status-Status}\n' 2>/dev/null; packages_of "$@"; } |
        awk '$2 == "installed" { have[$1] } NF == 1 && !($1 in have)'
}

# install_packages SECTION...: installs what is missing. Debian starts a service as soon as it is installed; the
# policy below says no for the time of the installation, so that nobody's machine begins to serve files.
install_packages() {
    local missing
    missing=$(packages_missing "$@" | tr '\n' ' ')
    [ -n "${missing// /}" ] || return 0
    # shellcheck disable=SC2086  # a list of names
    as_root bash "$LAB_DIR/apt-quiet" $missing
}
