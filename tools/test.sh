#!/usr/bin/env bash
# The whole test suite: lint, build, fuzzers for 20 s each, unit, integration, end-to-end, a short crash campaign.
#
#   tools/test.sh            everything, with the dev preset (clang-16)
#   tools/test.sh asan       the same under AddressSanitizer and UBSan
#   tools/test.sh tsan       the same under ThreadSanitizer
#   tools/test.sh gcc        the same built by g++-12
#
# Installs what it needs by apt when something is missing, ends what a cut test left running, and tells how long each phase
# took after ctest's summary. The exit code is ctest's.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:-dev}
jobs=${DEMAT_JOBS:-$(nproc)}

# phase NAME COMMAND...: the times are told together at the end, however it ends.
times=()
phase() {
  local name=$1 began=$SECONDS code=0
  shift
  "$@" || code=$?
  times+=("$(printf '%-10s %5d s%s' "$name" $((SECONDS - began)) "$([ "$code" = 0 ] || echo "  FAILED ($code)")")")
  return "$code"
}
trap 'printf "\n== %s\n" "test.sh $preset"; [ "${#times[@]}" = 0 ] || printf "%s\n" "${times[@]}"' EXIT

phase packages tools/bootstrap.sh --tests
phase lint tools/lint.sh
# A build folder remembers where ccache and lld were; they may have gone since.
phase configure cmake --preset "$preset" -U CCACHE_PROGRAM -U LLD_PROGRAM
phase build cmake --build --preset "$preset" -j "$jobs"
if [ "${CI:-}" = true ] && [ "$preset" = dev ]; then
  # The second compiler sees other faults (stack C2); building is enough here, its own preset runs the tests.
  phase configure cmake --preset gcc -DDEMAT_TESTS=OFF -U CCACHE_PROGRAM -U LLD_PROGRAM
  phase gcc cmake --build --preset gcc -j "$jobs"
fi
if [ "$preset" = dev ]; then
  # Always the same inputs: what a run finds does not hang on chance; campaigns draw others (tests/fuzz/README.md).
  phase fuzz tools/fuzz.sh --seconds 20 --seed 1
fi
phase tests /usr/bin/python3 tools/contained.py ctest --test-dir "build/$preset" --output-on-failure -j "$jobs" --timeout 900
