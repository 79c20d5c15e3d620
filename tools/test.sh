#!/usr/bin/env bash
# The whole test suite: lint, build, unit, integration, end-to-end, a short crash campaign.
#
#   tools/test.sh            everything, with the dev preset (clang-16)
#   tools/test.sh asan       the same under AddressSanitizer and UBSan
#   tools/test.sh tsan       the same under ThreadSanitizer
#   tools/test.sh gcc        the same built by g++-12
#
# Installs what it needs by apt when something is missing. Ends with ctest's summary and its exit code.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:-dev}
jobs=${DEMAT_JOBS:-$(nproc)}

tools/bootstrap.sh --tests
tools/lint.sh
cmake --preset "$preset"
cmake --build --preset "$preset" -j "$jobs"
if [ "${CI:-}" = true ] && [ "$preset" = dev ]; then
  # The second compiler sees other faults (stack C2); building is enough here, its own preset runs the tests.
  cmake --preset gcc -DDEMAT_TESTS=OFF
  cmake --build --preset gcc -j "$jobs"
fi
exec ctest --test-dir "build/$preset" --output-on-failure -j "$jobs" --timeout 900
