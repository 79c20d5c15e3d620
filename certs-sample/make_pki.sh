#!/bin/sh
# Makes a throw-away PKI for trials and tests. Nothing it makes is fit for anything else.
#
#   make_pki.sh [--force] [FOLDER]      default folder: out/ beside this script (ignored by git)
#
# Makes, all PEM, keys with mode 0600, valid for 30 days:
#   ca.pem ca.key                    the authority behind every certificate below
#   server.pem server.key            TLS server, for localhost and 127.0.0.1
#   operator.pem operator.key        client: platform operator
#   valjoie.pem valjoie.key          client: agent of the commune of Valjoie
#   montbrume.pem montbrume.key      client: agent of a second authority, Montbrume
#   reader.pem reader.key            client: somebody who may only read
#   signer.pem signer.key            signing certificate of Valjoie (RSA-2048, nonRepudiation)
#   montbrume-signer.pem/.key        signing certificate used by Montbrume's own software
# Run again, it keeps what is there and makes what is missing; --force starts anew, as does a CA about to expire.
set -eu
umask 077

force=no
folder=
for argument in "$@"; do
  case $argument in
    --force) force=yes ;;
    -h | --help) sed -n '2,/^set -eu/{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
    -*) echo "make_pki.sh: option inconnue / unknown option: $argument" >&2; exit 2 ;;
    *) folder=$argument ;;
  esac
done
[ -n "$folder" ] || folder=$(dirname "$0")/out
command -v openssl >/dev/null || { echo "make_pki.sh: openssl manque / openssl is missing" >&2; exit 1; }
mkdir -p "$folder"
cd "$folder"
[ "$force" = no ] || rm -f ./*.pem ./*.key

days=30
organisation="dematd sample PKI"

# Every step writes beside and renames, so that an interrupted run leaves no half file.
new_key() {
  openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1.tmp" 2>/dev/null
  mv "$1.tmp" "$1"
}

make_ca() {
  [ -s ca.key ] && [ -s ca.pem ] && openssl x509 -in ca.pem -noout -checkend 86400 >/dev/null && return 0
  rm -f ./*.pem                      # certificates of another authority would be of no use
  new_key ca.key
  openssl req -x509 -new -key ca.key -sha256 -days "$days" -subj "/O=$organisation/CN=Sample CA" \
    -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign -out ca.pem.tmp
  mv ca.pem.tmp ca.pem
}

# issue NAME "Common name" EXTENSIONS
issue() {
  [ -s "$1.key" ] && [ -s "$1.pem" ] && return 0
  [ -s "$1.key" ] || new_key "$1.key"
  printf 'basicConstraints=critical,CA:FALSE\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n%b' "$3" >"$1.ext"
  openssl req -new -key "$1.key" -sha256 -subj "/C=FR/O=$organisation/CN=$2" -out "$1.csr"
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -set_serial "0x$(openssl rand -hex 8)" -sha256 \
    -days "$days" -extfile "$1.ext" -out "$1.pem.tmp" 2>/dev/null
  mv "$1.pem.tmp" "$1.pem"
  rm -f "$1.csr" "$1.ext"
}

server_use='keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:localhost,IP:127.0.0.1\n'
client_use='keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n'
signing_use='keyUsage=critical,digitalSignature,nonRepudiation\n'

make_ca
issue server localhost "$server_use"
issue operator "Exploitant de la plateforme" "$client_use"
issue valjoie "Agent de Valjoie" "$client_use"
issue montbrume "Agent de Montbrume" "$client_use"
issue reader "Lecteur de Valjoie" "$client_use"
issue signer "Ordonnateur de Valjoie" "$signing_use"
issue montbrume-signer "Ordonnateur de Montbrume" "$signing_use"
echo "PKI d'essai prête / sample PKI ready: $(pwd)"
