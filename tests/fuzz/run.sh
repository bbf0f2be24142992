#!/bin/bash
# Long fuzzing by hand: tests/fuzz/run.sh [SECONDS [NAME...]], each target for that long (180), two at a time.
# New inputs that reach something new are kept in build/fuzz-found/NAME; --merge puts the smallest set that reaches all
# of it into tests/fuzz/corpus/NAME. The table at the end: executions, edges covered, inputs, and whether one crashed.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

merge=no
[ "${1:-}" != --merge ] || { merge=yes; shift; }
seconds=${1:-180}; [ $# -eq 0 ] || shift
build=${FUZZ_BUILD:-build/fuzz} found=$(realpath -m "${FUZZ_FOUND:-build/fuzz-found}")

cmake -S . -B "$build" -G Ninja -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=RelWithDebInfo -DDCMEND_SANITIZE=address \
    -DDCMEND_TESTS=ON -DDCMEND_FUZZ=ON -DCMAKE_C_FLAGS=-fsanitize=fuzzer-no-link >/dev/null
names=("$@")
if [ ${#names[@]} -eq 0 ]; then
    for file in tests/fuzz/fuzz_*.c; do file=${file##*/fuzz_}; names+=("${file%.c}"); done
fi
nice cmake --build "$build" --target "${names[@]/#/fuzz_}" | tail -n 1

export LC_ALL=C.UTF-8 TZ=UTC build found seconds
fuzz_one() {
    local name=$1 kept=$found/$1
    mkdir -p "$kept" "tests/fuzz/corpus/$name"
    nice "$build/tests/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=16384 \
        -print_final_stats=1 -artifact_prefix="$found/$name-" "$kept" "tests/fuzz/corpus/$name" >"$found/$name.log" 2>&1 ||
        echo crashed >>"$found/$name.log"
}
export -f fuzz_one
mkdir -p "$found"
printf '%s\n' "${names[@]}" | xargs -P "$(nproc)" -I{} bash -c 'fuzz_one {}'

printf '%-18s %12s %8s %8s\n' target executions edges inputs
status=0
for name in "${names[@]}"; do
    log=$found/$name.log
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    last=$(grep -E 'cov: [0-9]+' "$log" | tail -n 1)
    printf '%-18s %12s %8s %8s %s\n' "$name" "${runs:-?}" "$(sed -nE 's/.*cov: ([0-9]+).*/\1/p' <<<"$last")" \
        "$(sed -nE 's/.*corp: ([0-9]+).*/\1/p' <<<"$last")" "$(grep -m1 -E '^(crashed|SUMMARY)' "$log" || true)"
    ! grep -q '^crashed' "$log" || status=1
    if [ "$merge" = yes ]; then
        mkdir -p "$found/$name.min"
        "$build/tests/fuzz/fuzz_$name" -merge=1 -max_len=4096 "$found/$name.min" "tests/fuzz/corpus/$name" "$found/$name" >/dev/null 2>&1 || true
    fi
done
exit $status
