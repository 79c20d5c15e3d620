#!/usr/bin/env bash
# Builds the fuzzers (preset fuzz: libFuzzer, AddressSanitizer, UBSan) and runs each of them.
#
#   tools/fuzz.sh [--seconds 20] [TARGET...]                the short form, from the seeds in tests/fuzz/corpus
#   tools/fuzz.sh --seed 1 ...                              always the same inputs, in the same order
#   tools/fuzz.sh --minutes 15 --corpus DIR [TARGET...]     a campaign: DIR keeps what was found, one line per target in
#                                                           DIR/results.tsv; a target that has its line is not run again
#
# Stops at the first input that breaks a target and says where it lies. DEMAT_FUZZ_BUILD names another build folder,
# which then is not built here; DEMAT_JOBS how many fuzzers run at once.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=20 seed=0 kept="" targets=()
while [ $# -gt 0 ]; do
  case $1 in
    --seconds) seconds=$2; shift 2 ;;
    --seed) seed=$2; shift 2 ;;
    --minutes) seconds=$(($2 * 60)); shift 2 ;;
    --corpus) kept=$2; shift 2 ;;
    -*) echo "fuzz.sh: unknown option $1" >&2; exit 2 ;;
    *) targets+=("$1"); shift ;;
  esac
done
# The same inputs every time: addresses must not differ, as what is compared goes into later inputs, and the folder must
# not be read again whenever a second is over.
steady=() as_before=()
if [ "$seed" != 0 ]; then
  steady=(-reload=0)
  ! setarch -R true 2>/dev/null || as_before=(setarch -R) # some containers forbid it
fi
jobs=${DEMAT_JOBS:-$(nproc)}
build=${DEMAT_FUZZ_BUILD:-}
if [ -z "$build" ]; then
  build=build/fuzz
  cmake --preset fuzz -U CCACHE_PROGRAM -U LLD_PROGRAM >/dev/null
  cmake --build --preset fuzz -j "$jobs"
fi
if [ ${#targets[@]} = 0 ]; then
  for source in tests/fuzz/*_fuzz.cpp; do targets+=("$(basename "$source" .cpp)"); done
fi
work=${kept:-$(mktemp -d)}
[ -n "$kept" ] || trap 'rm -rf "$work"' EXIT
mkdir -p "$work"

# run TARGET: one line "target seconds executions edges features corpus crashes"
run() {
  local target=$1 seeds=tests/fuzz/corpus/${1%_fuzz} corpus=$work/$1 log=$work/$1.log
  mkdir -p "$corpus" "$work/crashes" "$seeds"
  local dictionary=tests/fuzz/dictionaries/${target%_fuzz}.dict options=()
  [ ! -f "$dictionary" ] || options+=("-dict=$dictionary")
  # Leaks are looked for at the end only; an input that takes more than 25 s or 1 GiB is a defect, too.
  "${as_before[@]}" "$build/tests/fuzz/$target" "${steady[@]}" -max_total_time="$seconds" -seed="$seed" -timeout=25 -rss_limit_mb=1024 -max_len=65536 -print_final_stats=1 \
    -artifact_prefix="$work/crashes/$target-" "${options[@]}" "$corpus" "$seeds" >"$log" 2>&1 || {
    tail -n 40 "$log" >&2
    echo "$target broke; see $work/crashes" >&2
    cp -r "$work/crashes" "${TMPDIR:-/tmp}/" 2>/dev/null || true
    return 1
  }
  local last edges features executions
  last=$(grep -E '^#[0-9]+' "$log" | tail -n 1)
  edges=$(sed -n 's/.* cov: \([0-9]*\).*/\1/p' <<<"$last")
  features=$(sed -n 's/.* ft: \([0-9]*\).*/\1/p' <<<"$last")
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  # Not one execution: the fuzzer did not fuzz.
  [ "${executions:-0}" -gt 0 ] || { echo "$target did not run" >&2; return 1; }
  printf '%s\t%s\t%s\t%s\t%s\t%s\t0\n' "$target" "$seconds" "$executions" "${edges:-0}" "${features:-0}" "$(find "$corpus" -type f | wc -l)" |
    tee -a "$work/results.tsv"
}

failed=0 running=0
for target in "${targets[@]}"; do
  if [ -n "$kept" ] && [ -f "$work/results.tsv" ] && grep -q "^$target	" "$work/results.tsv"; then continue; fi
  run "$target" &
  running=$((running + 1))
  if [ "$running" -ge "$jobs" ]; then
    wait -n || failed=1
    running=$((running - 1))
  fi
done
while [ "$running" -gt 0 ]; do
  wait -n || failed=1
  running=$((running - 1))
done
exit "$failed"
