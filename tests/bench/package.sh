#!/bin/bash
# The Debian package on a clean system: builds it, makes a bookworm of its own (debootstrap), installs the package there
# and runs what it brought. Needs root, the network, and the packages debootstrap, dpkg-dev and file.
# usage: tests/bench/package.sh [BUILD-DIR]
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
# shellcheck source=tests/lab/lib.sh
. tests/lab/lib.sh

build=${1:-build/package}
[ "$(id -u)" -eq 0 ] || die "debootstrap needs root"
missing=
for tool in debootstrap dpkg-shlibdeps file; do command -v "$tool" >/dev/null || missing+=" $tool"; done
[ -z "$missing" ] || die "not installed:$missing (apt install debootstrap dpkg-dev file)"
root=$(mktemp -d /var/tmp/dcmend-package.XXXXXX)
chmod 755 "$root"               # it becomes "/" for everybody inside
finish() {
    for point in dev/pts proc; do mountpoint -q "$root/$point" && umount "$root/$point"; done
    rm -rf --one-file-system "$root" "$root.log"
}
trap finish EXIT
trap 'exit 130' INT TERM HUP
status=0

# step TEXT COMMAND...: one line with the seconds; the output if it fails, and then the end.
step() {
    local text=$1 start=$SECONDS; shift
    printf '%-52s' "$text"
    if "$@" >"$root.log" 2>&1; then printf '%4d s\n' $((SECONDS - start)); rm -f "$root.log"
    else printf ' failed\n'; tail -n 30 "$root.log"; exit 1
    fi
}

inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }

# expect EXIT PATTERN COMMAND...: what the command says (both streams) and how it ends.
expect() {
    local wanted=$1 pattern=$2 said exit=0; shift 2
    said=$(inside "$@" 2>&1 </dev/null) || exit=$?
    if [ "$exit" -eq "$wanted" ] && grep -Eq -- "$pattern" <<<"$said"; then printf 'ok    %s\n' "$(head -n 1 <<<"$*" | cut -c1-100)"
    else printf 'FAIL  %s: exit %d, expected %d and "%s":\n%s\n' "$*" "$exit" "$wanted" "$pattern" "$said"; status=1
    fi
}

configure() { cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DDCMEND_TESTS=OFF && cmake --build "$build"; }
package() { rm -f "$build"/*.deb; (cd "$build" && cpack); }
bootstrap() { local from; from=$(mirror); debootstrap --variant=minbase bookworm "$root" ${from:+"${from% }"}; } # else its default
mirror() { grep -rhoE 'https?://[^ ]*/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | head -n 1 || true; }
install_it() {
    cp "$build"/dcmend_*.deb "$root/tmp/"
    inside sh -c 'apt-get -q -y install --no-install-recommends /tmp/dcmend_*.deb'
}

step "building" configure
step "packing" package
step "a clean bookworm" bootstrap
mount -t proc proc "$root/proc"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
step "installing the package" install_it
step "installing man-db, to read the manual page" inside apt-get -q -y install --no-install-recommends man-db

dpkg-deb -f "$build"/dcmend_*.deb Package Version Installed-Size Depends Suggests
expect 0 '^dcmend [0-9.]+$' dcmend --version
expect 0 'Usage: dcmend' dcmend --help
expect 2 'GUID.*--file FILE' dcmend diagnose
expect 2 'diagnose.*check|check.*diagnose' dcmend dc1.example.com
expect 0 'Exit status|EXIT STATUS' man --warnings -l /usr/share/man/man1/dcmend.1.gz
expect 0 'DCMEND\(1\)' man dcmend
expect 0 '^libgssapiv2' sh -c 'cd /usr/lib/*/sasl2 && ls'
expect 0 'browse check diagnose log undo' bash -c '. /usr/share/bash-completion/completions/dcmend
    COMP_WORDS=(dcmend "") COMP_CWORD=1; _dcmend; printf "%s\n" "${COMPREPLY[@]}" | grep -E "^[a-z]+$" | sort -u | grep -xE "browse|check|diagnose|log|undo" | paste -sd " "'
expect 0 'Permission is hereby granted' cat /usr/share/doc/dcmend/copyright
expect 1 '^$' sh -c 'ldd /usr/bin/dcmend | grep "not found"'
expect 0 '^$' sh -c 'apt-get -q -y purge dcmend >/dev/null 2>&1 && ! ls -d /usr/bin/dcmend /usr/share/doc/dcmend /usr/share/man/man1/dcmend* 2>/dev/null'
[ "$status" -ne 0 ] || say "the package installs, runs and goes"
exit "$status"
