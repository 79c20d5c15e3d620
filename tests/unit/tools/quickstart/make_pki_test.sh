#!/bin/bash
# make_pki_test.sh SCRIPT FOLDER: the sample PKI is private, complete, right for its uses, and kept by a second run.
set -euo pipefail
script=$1
folder=$2
rm -rf "$folder"
fail() { echo "FAILED: $*" >&2; exit 1; }

"$script" "$folder"
for name in server operator valjoie montbrume reader signer montbrume-signer; do
  [ "$(stat -c %a "$folder/$name.key")" = 600 ] || fail "$name.key can be read by others"
  openssl verify -CAfile "$folder/ca.pem" "$folder/$name.pem" >/dev/null || fail "$name.pem does not verify"
done
text() { openssl x509 -in "$folder/$1.pem" -noout -text; }
text server | grep -q 'DNS:localhost, IP Address:127.0.0.1' || fail "names of the server"
text valjoie | grep -q 'TLS Web Client Authentication' || fail "use of a client certificate"
text signer | grep -q 'Non Repudiation' || fail "use of the signing certificate"
text signer | grep -q 'Public-Key: (2048 bit)' || fail "size of the signing key"

before=$(cat "$folder"/* | sha256sum)
"$script" "$folder"
[ "$before" = "$(cat "$folder"/* | sha256sum)" ] || fail "a second run changed something"
rm "$folder/reader.pem"
"$script" "$folder"
openssl verify -CAfile "$folder/ca.pem" "$folder/reader.pem" >/dev/null || fail "what was missing was not made"
"$script" --force "$folder"
[ "$before" != "$(cat "$folder"/* | sha256sum)" ] || fail "--force changed nothing"
if "$script" --nonsense 2>/dev/null; then fail "an unknown option was taken"; fi
echo "make_pki: right"
