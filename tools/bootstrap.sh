#!/bin/bash
# Installs the Debian 12 packages that dematd needs to be built and run. Safe to run again: it installs what is
# missing, and does not even ask apt when nothing is.
#
#   bootstrap.sh [--tests] [--check]
#     --tests   also the real servers and tools that the tests and the quick start talk to
#     --check   install nothing; tell what is missing and end with 1 when something is
set -euo pipefail

build_packages=(
  clang-16 clang-format-16 clang-tidy-16 libclang-rt-16-dev lld ninja-build cmake pkg-config g++
  libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev
  libssl-dev libxml2-dev libpugixml-dev libxmlsec1-dev libspdlog-dev libfmt-dev
  libgtest-dev libgmock-dev libbenchmark-dev libsqlite3-dev libcurl4-openssl-dev libssh-dev
  libtomlplusplus-dev libcli11-dev libexpected-dev prometheus-cpp-dev libsystemd-dev zlib1g-dev
  libarchive-dev libqpdf-dev libpango1.0-dev fonts-dejavu-core libgmime-3.0-dev libp11-kit-dev git ca-certificates
)
test_packages=(
  clamav-daemon proftpd-core proftpd-mod-crypto openssh-server openssh-client python3 python3-pyftpdlib python3-aiosmtpd python3-openssl libxml2-utils xmlsec1 openssl curl sqlite3
  dovecot-imapd dovecot-lmtpd poppler-utils qpdf softhsm2 opensc
)

# Speeds builds up; nothing fails without it.
optional_packages=(ccache)

check_only=no
wanted=("${build_packages[@]}")
for argument in "$@"; do
  case $argument in
    --tests) wanted+=("${test_packages[@]}") ;;
    --check) check_only=yes ;;
    -h | --help) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
    *) echo "bootstrap.sh: option inconnue / unknown option: $argument" >&2; exit 2 ;;
  esac
done

# missing_of PACKAGE...: sets `missing` to those that are not installed.
missing_of() {
  local package
  missing=()
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "bootstrap.sh: il faut être root, ou avoir sudo / needs root, or sudo" >&2
    return 1
  fi
}

# While this stands, Debian's packages start no service: the tests start their own servers, on free ports.
policy=/usr/sbin/policy-rc.d
policy_mark='# dematd tools/bootstrap.sh, process'
policy_is_ours=no
# What a killed run left behind: ours by its mark, and its process is gone.
forget_old_policy() {
  local process
  process=$(sed -n "s|^$policy_mark \([0-9]*\)\$|\1|p" "$policy" 2>/dev/null) || return 0
  [ -n "$process" ] || return 0
  as_root kill -0 "$process" 2>/dev/null || as_root rm -f "$policy"
}
guard_services() {
  [ -e "$policy" ] && return 0
  printf '#!/bin/sh\n%s %s\nexit 101\n' "$policy_mark" $$ | as_root tee "$policy" >/dev/null
  as_root chmod 755 "$policy"
  policy_is_ours=yes
}
release_services() {
  [ "$policy_is_ours" = no ] || as_root rm -f "$policy"
}

# apt's lists may be absent (bare container) or too old to hold what we want.
lists_know() {
  local package
  for package in "$@"; do
    [ -n "$(apt-cache policy "$package" 2>/dev/null | sed -n 's/^ *Candidate: \((none)\)\{0,1\}//p')" ] || return 1
  done
}

install() {
  as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l \
    apt-get install -y -q --no-install-recommends -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@"
}

[ "$check_only" = yes ] || forget_old_policy
missing_of "${wanted[@]}"
required=${#missing[@]}
# Worth asking for beside the others, or alone when nobody has to be asked.
if [ "$check_only" = no ] && { [ "$required" != 0 ] || [ "$(id -u)" = 0 ]; }; then
  missing_of "${wanted[@]}" "${optional_packages[@]}"
fi
if [ "${#missing[@]}" = 0 ]; then
  echo "bootstrap.sh: rien à installer / nothing to install"
  exit 0
fi
echo "bootstrap.sh: manque / missing: ${missing[*]}"
[ "$check_only" = no ] || exit 1

trap release_services EXIT
guard_services
updated=no
update() { as_root apt-get update -q -o DPkg::Lock::Timeout=300; updated=yes; }
if [ "$required" = 0 ]; then
  { { lists_know "${missing[@]}" || update; } && install "${missing[@]}"; } ||
    echo "bootstrap.sh: on s'en passe / doing without: ${missing[*]}"
  exit 0
fi
lists_know "${missing[@]}" || update
# Lists that know the packages may still name versions that the mirror has replaced.
if ! install "${missing[@]}"; then
  [ "$updated" = yes ] || update
  missing_of "${wanted[@]}"
  install "${missing[@]}"
fi
missing_of "${wanted[@]}"
[ "${#missing[@]}" = 0 ] || { echo "bootstrap.sh: manque encore / still missing: ${missing[*]}" >&2; exit 1; }
