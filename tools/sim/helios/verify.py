"""The State's own look at a deposit, with stock tools: xmllint against a schema, xmlsec1 on the signatures."""

import re
import subprocess


def _run(command):
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                              timeout=120, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"not run: {error}"
    if done.returncode == 0:
        return "ok"
    return (done.stderr or done.stdout).strip()[:500] or f"exit {done.returncode}"


def schema(path, xsd):
    """ "ok" or what xmllint says."""
    return _run(["/usr/bin/xmllint", "--nonet", "--huge", "--noout", "--schema", xsd, path])


ALLER = "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller"
IDS = ("Bordereau", ALLER + ":PES_Aller", *(f"http://uri.etsi.org/01903/{version}#:SignedProperties"
                                            for version in ("v1.1.1", "v1.2.2", "v1.3.2")))


def signatures(path, ca=None):
    """ "none", "ok", or what xmlsec1 says of the first signature that fails."""
    with open(path, "rb") as file:
        count = len(re.findall(rb"<(?:[\w.-]+:)?SignedInfo[\s>]", file.read()))
    if count == 0:
        return "none"
    trust = ["--trusted-pem", ca] if ca else ["--insecure"]
    ids = [word for name in IDS for word in ("--id-attr:Id", name)]
    for index in range(1, count + 1):
        verdict = _run(["/usr/bin/xmlsec1", "--verify", *ids, *trust, "--node-xpath",
                        f"(//*[local-name()='Signature'])[{index}]", path])
        if verdict != "ok":
            return verdict
    return "ok"
