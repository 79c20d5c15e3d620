#!/bin/bash
# From a fresh clone to acquits: installs, builds a release, makes a throw-away PKI, starts dematd, a simulated Hélios
# and a simulated préfecture, deposits sample flows and an act over HTTPS with client certificates, follows them, shows
# what became of them.
#
#   quickstart.sh [--keep] [--link sftp|ftp] [--build FOLDER] [--data FOLDER]
#     --keep    leave everything running at the end
#     --link    how the gateway reaches the simulated Hélios (sftp: Passtrans; ftp: the simulator of the DGFiP)
#     --build   use this build folder as it is, instead of installing and building
#     --data    where to put everything it makes (quickstart-data/); wiped at each run
#   quickstart.sh --stop [--data FOLDER]
#     stop what --keep left running
# Every name and number in it is invented.
set -euo pipefail
cd "$(dirname "$0")/.."

keep=no
link=sftp
build=
stop_only=no
data=quickstart-data
while [ $# -gt 0 ]; do
  case $1 in
    --keep) keep=yes ;;
    --stop) stop_only=yes ;;
    --link) link=${2:?--link sftp|ftp}; shift ;;
    --build) build=${2:?--build FOLDER}; shift ;;
    --data) data=${2:?--data FOLDER}; shift ;;
    -h | --help) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
    *) echo "quickstart.sh: option inconnue / unknown option: $1" >&2; exit 2 ;;
  esac
  shift
done
case $link in sftp | ftp) ;; *) echo "quickstart.sh: --link sftp|ftp" >&2; exit 2 ;; esac

data=$(realpath -m "$data")
# Only a folder that this script made is wiped, and processes are ended only by its word; an empty one does no harm.
if [ ! -f "$data/.quickstart" ] && [ -e "$data" ] && ! rmdir "$data" 2>/dev/null; then
  echo "quickstart.sh: $data existe et n'est pas à moi / exists and is not mine" >&2
  exit 2
fi
pki=$data/pki
valjoie=213409998
valjoie_siret=21340999800019
montbrume=213499981
montbrume_siret=21349998100016

step() { printf '\n== %s\n' "$*"; }

# --- starting and stopping -------------------------------------------------------------------------------------

# Ends a process that this script started: one that still has our data folder in its command line.
end_one() {
  local pid
  pid=$(cat "$data/$1.pid" 2>/dev/null) || return 0
  rm -f "$data/$1.pid"
  grep -qaF "$data" "/proc/$pid/cmdline" 2>/dev/null || return 0
  kill -TERM "$pid" 2>/dev/null || return 0
  for _ in $(seq 150); do
    [ -d "/proc/$pid" ] || return 0
    sleep 0.1
  done
  echo "quickstart.sh: $1 ($pid) ne s'arrête pas / does not stop" >&2
  kill -KILL "$pid" 2>/dev/null || true
}
end_all() {
  end_one dematd
  end_one helios
  end_one prefecture
}

# start NAME COMMAND...: in a session of its own, so that --keep outlives this terminal. The keeper shell stays the
# parent: the simulator ends with its parent.
start() {
  local name=$1
  shift
  rm -f "$data/$name.pid"
  # shellcheck disable=SC2016
  setsid sh -c 'name=$1; shift; "$@" & echo $! >"$name.pid"; wait' keeper "$data/$name" "$@" \
    >"$data/$name.log" 2>&1 </dev/null &
}

# wait_for NAME FILE: until the file is there; shows the log when the process dies first.
wait_for() {
  local pid
  for _ in $(seq 300); do
    [ -s "$2" ] && return 0
    pid=$(cat "$data/$1.pid" 2>/dev/null || echo 0)
    [ "$pid" = 0 ] || [ -d "/proc/$pid" ] || break
    sleep 0.1
  done
  echo "quickstart.sh: $1 ne démarre pas / does not start:" >&2
  tail -20 "$data/$1.log" >&2
  return 1
}

if [ "$stop_only" = yes ]; then
  end_all
  echo "Arrêté / stopped."
  exit 0
fi

# --- building --------------------------------------------------------------------------------------------------

if [ -z "$build" ]; then
  step "Paquets / packages"
  tools/bootstrap.sh --tests
  step "Compilation / build (release)"
  cmake --preset release >"${TMPDIR:-/tmp}/dematd-quickstart-cmake.log" ||
    { cat "${TMPDIR:-/tmp}/dematd-quickstart-cmake.log" >&2; exit 1; }
  cmake --build --preset release -j "$(nproc)" --target dematd dematctl make_sample sign_sample
  build=build/release
fi
build=$(realpath "$build")
dematd=$build/gateway/dematd
make_sample=$build/tools/make_sample/make_sample
sign_sample=$build/tools/sign_sample/sign_sample

end_all
rm -rf "$data"
mkdir -p "$data"
: >"$data/.quickstart"
chmod 700 "$data"
mkdir "$data/samples"
trap 'end_all' EXIT
# A signal ends the script through EXIT, so that nothing is left running.
trap 'exit 130' INT TERM

# Names of ctl: who speaks. ctl WHO ARGUMENTS...
ctl() {
  local who=$1
  shift
  "$build/tools/dematctl/dematctl" --config "$data/$who.toml" "$@"
}

# --- peers and configuration -----------------------------------------------------------------------------------

step "Certificats d'essai / sample PKI"
certs-sample/make_pki.sh "$pki"

step "Hélios simulé / simulated Hélios ($link)"
start helios /usr/bin/python3 tools/sim/helios/helios_sim.py --dir "$data/helios" --mode "$link" \
  --port-file "$data/helios.port" --delay 1 --max-seconds 86400
wait_for helios "$data/helios.port"
fact_of() { /usr/bin/python3 -c 'import json,sys; print(json.load(open(sys.argv[1])).get(sys.argv[2], ""))' \
  "$data/$1/sim.json" "$2"; }
fact() { fact_of helios "$1"; }

step "Préfecture simulée, avec sa boîte aux lettres / simulated préfecture, with its mailbox"
start prefecture /usr/bin/python3 tools/sim/prefecture/prefecture_sim.py --dir "$data/prefecture" \
  --port-file "$data/prefecture.port" --max-seconds 86400
wait_for prefecture "$data/prefecture.port"
pref() { fact_of prefecture "$1"; }

write_configuration() {
  cat <<END
environment = "test"
data_folder = "data"
schema_folder = "$PWD/schemas"

[http]
listen = "127.0.0.1"
port = 0
port_file = "dematd.port"
certificate = "pki/server.pem"
key = "pki/server.key"
client_ca = "pki/ca.pem"

[log]
level = "info"

[[destination]]
name = "helios-simule"
host = "127.0.0.1"
port = $(fact port)
user = "$(fact user)"
send_directory = "$(fact send_directory)"
return_directory = "$(fact return_directory)"
p_dest = "TEST01"
poll_every = "500ms"
END
  if [ "$link" = sftp ]; then
    printf 'mode = "passtrans_sftp"\nkey = "%s"\nknown_hosts = "%s"\n' "$(fact key)" "$(fact known_hosts)"
  else
    printf 'mode = "ftp_simulator"\npassword_file = "helios.password"\n'
  fi
  cat <<END

[[destination]]
name = "prefecture-simulee"
mode = "prefecture"
post_url = "$(pref post_url)"
certificate = "$(pref certificate)"
key = "$(pref key)"
ca = "$(pref ca)"
mail_host = "$(pref mail_host)"
mail_port = $(pref mail_port)
mail_user = "$(pref mail_user)"
mail_password_file = "prefecture.password"
mail_ca = "$(pref mail_ca)"
return_addresses = $(pref return_addresses | tr \' '"')
trigramme = "ABC"
quadrigramme = "TACT"
delete_after_fetch = true
poll_every = "500ms"

[[signer]]
name = "valjoie"
key = "pki/signer.key"
certificate = "pki/signer.pem"
role = "Ordonnateur"
city = "Valjoie"
postal_code = "34099"
END
}
(umask 077; fact password >"$data/helios.password"; pref mail_password >"$data/prefecture.password")
chmod 600 "$data/prefecture/pki/client.key"
write_configuration >"$data/dematd.toml"

step "dematd"
"$dematd" check-config --config "$data/dematd.toml"
"$dematd" init --config "$data/dematd.toml" --operator-certificate "$pki/operator.pem" \
  --operator-name "Exploitant du quickstart"
start dematd "$dematd" serve --config "$data/dematd.toml"
wait_for dematd "$data/dematd.port"
for who in operator valjoie montbrume; do
  printf 'url = "https://localhost:%s"\nca = "pki/ca.pem"\ncert = "pki/%s.pem"\nkey = "pki/%s.key"\n' \
    "$(cat "$data/dematd.port")" "$who" "$who" >"$data/$who.toml"
done
ctl operator status

step "Collectivités et droits / authorities and rights"
ctl operator authority add $valjoie --name "Commune de Valjoie" --siret $valjoie_siret
ctl operator authority add $montbrume --name "Commune de Montbrume" --siret $montbrume_siret
ctl operator route set $valjoie --destination helios-simule --signer valjoie
ctl operator route set $montbrume --destination helios-simule
ctl operator route set $valjoie --protocol actes --destination prefecture-simulee
ctl operator authority actes $valjoie --departement 034 --arrondissement 1 --nature 31 --convention 2026-01-05 \
  --reason "convention avec la préfecture"
ctl operator identity add "$pki/valjoie.pem" --name "Agent de Valjoie" \
  --grant $valjoie:transmitter --grant $valjoie:operator --grant $valjoie:reader
ctl operator identity add "$pki/montbrume.pem" --name "Agent de Montbrume" \
  --grant $montbrume:transmitter --grant $montbrume:operator --grant $montbrume:reader

# --- sample flows ----------------------------------------------------------------------------------------------

step "Flux d'exemple / sample flows"
samples=$data/samples
of_valjoie=(--id-coll "$valjoie_siret" --id-post 034099 --cod-col 099 --libelle "Commune de Valjoie" --dematerialise --ids
  --root-id)
of_montbrume=(--id-coll "$montbrume_siret" --id-post 034098 --cod-col 098 --libelle "Commune de Montbrume" --dematerialise
  --ids --root-id)
"$make_sample" depense "${of_valjoie[@]}" --nomfic DEPENSE-0001 --pieces 4 -o "$samples/depense.xml"
"$make_sample" recette "${of_montbrume[@]}" --nomfic RECETTE-0001 --pj 1 -o "$samples/recette-non-signee.xml"
"$sign_sample" "$pki/montbrume-signer.key" "$pki/montbrume-signer.pem" "$samples/recette-non-signee.xml" \
  "$samples/recette.xml"
"$make_sample" depense "${of_valjoie[@]}" --nomfic DEPENSE-0002_MIXTE --bordereaux 2 --first-bordereau 10 \
  -o "$samples/mixte.xml"
"$make_sample" depense "${of_valjoie[@]}" --nomfic DEPENSE-0003 --first-bordereau 20 -o "$samples/juste.xml"
# The invalid one: an amount that is a word, in an otherwise right flow.
LC_ALL=C sed '0,/<MtHT V="[^"]*"/s//<MtHT V="beaucoup"/' "$samples/juste.xml" >"$samples/invalide.xml"
if cmp -s "$samples/juste.xml" "$samples/invalide.xml"; then
  echo "quickstart.sh: l'exemple invalide ne l'est pas / the invalid sample is not" >&2
  exit 1
fi

# Small PDFs: an act and its annex.
make_pdf() { /usr/bin/python3 -c 'import sys; sys.path.insert(0, "tools/sim/prefecture"); sys.dont_write_bytecode = True
import mails; open(sys.argv[1], "wb").write(mails.pdf(sys.argv[2]))' "$1" "$2"; }
make_pdf "$samples/deliberation.pdf" "Valjoie : budget primitif 2026"
make_pdf "$samples/tableau.pdf" "Tableau annexe"

# id_of: the id in what ctl --json answered to a deposit.
id_of() { /usr/bin/python3 -c 'import json,sys; a = json.loads(sys.stdin.readline()); print(a.get("flow", a)["id"])'; }
# deposit WHO FILE: prints the id of the flow.
deposit() {
  ctl "$1" --json submit "$samples/$2" | id_of
}
depense=$(deposit valjoie depense.xml)
recette=$(deposit montbrume recette.xml)
mixte=$(deposit valjoie mixte.xml)
invalide=$(deposit valjoie invalide.xml)
acte=$(ctl valjoie --json acte submit --number 2026_01 --date 2026-03-02 --nature 1 --matieres 7.1 --type 99_DE \
  --object "Budget primitif 2026" --acte "$samples/deliberation.pdf" --annexe "$samples/tableau.pdf:21_DA" | id_of)

step "Suivi en direct / followed live"
watched=0
ctl operator watch --timeout 120 "$depense" "$recette" "$mixte" "$invalide" "$acte" || watched=$?
# 1 is wanted here: two of the five are meant to go wrong.
[ "$watched" -le 1 ] || exit "$watched"

# --- what happened ---------------------------------------------------------------------------------------------

step "Ce qui s'est passé / what happened"
dematctl=${build#"$PWD"/}/tools/dematctl/dematctl
summary=(
  "dépense, signée par la passerelle / expense, signed by the gateway|acknowledged|$depense|valjoie"
  "recette déjà signée, avec PJ / income, already signed, with PJ|acknowledged|$recette|montbrume"
  "dépense que Hélios rejette en partie / expense that Hélios rejects in part|partly_rejected|$mixte|valjoie"
  "dépense invalide / invalid expense|refused|$invalide|valjoie"
  "délibération avec une annexe / deliberation with an annex|acknowledged|$acte|valjoie"
)
# The numbers, roles and endings of a flow's documents, one per line.
documents_of() {
  ctl operator --json fetch --list "$1" |
    /usr/bin/python3 -c 'import json,sys
ends = {"application/pdf": "pdf", "application/gzip": "tar.gz", "application/json": "json"}
for d in map(json.loads, sys.stdin): print(d["number"], d["role"], ends.get(d["media_type"], "xml"))'
}
wrong=0
for line in "${summary[@]}"; do
  IFS='|' read -r what wanted id who <<<"$line"
  state=$(ctl operator --json get "$id" | /usr/bin/python3 -c 'import json,sys; print(json.load(sys.stdin)["state"])')
  mark=✓
  [ "$state" = "$wanted" ] || { mark="✗ ($wanted)"; wrong=1; }
  printf '%s %-16s %s\n' "$mark" "$state" "$what"
  command="$dematctl --config ${data#"$PWD"/}/$who.toml"
  printf '    %-10s %s report %s\n' "remarques" "$command" "$id"
  while read -r number role ending; do
    printf '    %-10s %s fetch %s -n %s -o %s/%s-%s.%s\n' "$role" "$command" "$id" "$number" \
      "${data#"$PWD"/}" "$role" "${id:0:13}" "$ending"
  done < <(documents_of "$id")
done
step "Rejets d'Hélios / rejections by Hélios ($mixte)"
ctl valjoie report "$mixte"
step "Refus de la passerelle / refusal by the gateway ($invalide)"
ctl valjoie report "$invalide"
step "L'acte, son accusé de réception, ses papiers / the act, its receipt, its papers ($acte)"
ctl valjoie acte get "$acte"
ctl valjoie acte stamp "$acte" -o "$data/acte-tamponne.pdf"
ctl valjoie acte bordereau "$acte" -o "$data/bordereau.pdf"
step "Journal"
ctl operator journal verify
ctl valjoie fetch --acquit "$depense" -o "$data/acquit-depense.xml"

if [ "$keep" = yes ]; then
  trap - EXIT
  step "Tout reste en marche / everything keeps running"
  echo "Les commandes ci-dessus marchent ; pour arrêter / the commands above work; to stop: tools/quickstart.sh --stop"
else
  end_all
  step "Arrêté ; --keep laisse en marche pour essayer les commandes / stopped; --keep leaves it running to try the commands"
fi
[ "$wrong" = 0 ] || { echo "quickstart.sh: état inattendu / unexpected state" >&2; exit 1; }
