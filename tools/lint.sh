#!/usr/bin/env bash
# House rules that a compiler does not check. `--tidy` adds clang-tidy (slow; needs build/dev).
set -euo pipefail
cd "$(dirname "$0")/.."
failed=0
complain() { printf 'lint: %s\n' "$*" >&2; failed=1; }

# In a variable first: a process substitution would hide that git failed (no git, no repository, another owner).
listed=$(git ls-files '*.cpp' '*.hpp') || { echo "lint: git does not list the sources" >&2; exit 1; }
mapfile -t sources <<<"$listed"
[ "${#sources[@]}" -gt 100 ] || { echo "lint: git lists ${#sources[@]} sources, hardly all of them" >&2; exit 1; }

if command -v clang-format-16 >/dev/null; then
  clang-format-16 --dry-run --Werror "${sources[@]}" || complain "run clang-format-16 -i on the files above"
else
  complain "clang-format-16 is missing (tools/bootstrap.sh --tests)"
fi

# Stack rule 23: a file has one subject.
while read -r lines file; do
  [ "$file" = total ] || [ "$lines" -le 600 ] || complain "$file has $lines lines, more than 600"
done <<<"$(wc -l "${sources[@]}")"

# Stack rule 5: Beast costs 20 s a translation unit.
beast=$(grep -lE '#include <boost/(beast|asio/ssl)' "${sources[@]}" | grep -c '\.cpp$' || true)
[ "$beast" -le 3 ] || complain "$beast translation units include Beast or Asio-SSL, more than 3"
if grep -lE '#include <boost/(beast|asio/ssl)' "${sources[@]}" | grep -vE '^gateway/(http|transport)/|^tests/'; then
  complain "Beast and Asio-SSL belong to gateway/http and the HTTPS transport"
fi

# Stack rule 6 (C2, C3): no capturing lambda, braced aggregate or initializer list inside a co_await expression.
if grep -nE 'co_await[^;]*(\[[^]]+\]\s*\(|\(\s*\{|,\s*\{)' "${sources[@]}"; then
  complain "name the lambda or aggregate before co_await (g++ 12 destroys it twice)"
fi

# What a range-for or a reference takes from behind a temporary pointer or result is gone before it is looked at.
if grep -nE -e 'for \([^;]*[^:]: [^;]*(settings|inspection|keys|\.get)\(\)->' -e 'for \([^;]*[^:]: [^;]*\)\.value\(\)' \
  -e '& \w+ = [^;]*(settings|inspection|keys|\.get)\(\)->' "${sources[@]}"; then
  complain "a reference into a temporary: give what holds it a name first"
fi

# libxml2 and xmlsec only behind protocols/xml.
if grep -lE '#include <(libxml|xmlsec)/' "${sources[@]}" | grep -vE '^(protocols/xml|tests|tools/limit_bench)/'; then
  complain "only protocols/xml touches libxml2 and xmlsec"
fi

if grep -nE '\b(TO''DO|FIX''ME|XX''X)\b' "${sources[@]}"; then complain "unfinished marks"; fi
if git grep -nE -e '-----BEGIN (RSA |EC |ENCRYPTED )?PRIVATE KEY' -- ':!*.md' ':!tools/lint.sh'; then
  complain "private keys are tracked"
fi

# Codes, log events, metrics and crash points of the pages against those of the source.
/usr/bin/python3 docs/check.py || complain "docs and source differ"

if [ "${1:-}" = --tidy ]; then
  listed=$(git ls-files 'protocols/*.cpp' 'gateway/*.cpp' 'tools/*.cpp')
  mapfile -t units <<<"$listed"
  # bugprone-unchecked-optional-access of clang-tidy 16 crashes on this unit; every other check is run
  # on it.
  crashing=gateway/config/config.cpp
  for i in "${!units[@]}"; do
    [ "${units[i]}" != "$crashing" ] || unset "units[$i]"
  done
  clang-tidy-16 -p build/dev --quiet "${units[@]}" || complain "clang-tidy has remarks"
  clang-tidy-16 -p build/dev --quiet --checks=-bugprone-unchecked-optional-access "$crashing" ||
    complain "clang-tidy has remarks on $crashing"
fi
[ "$failed" = 0 ] && echo "lint: clean"
exit "$failed"
