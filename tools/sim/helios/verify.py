"""The State's own look at a deposit, with stock tools: xmllint against a schema, xmlsec1 on the signatures."""

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


def signatures(path, count, ca=None):
    """ "none", "ok", or what xmlsec1 says of the first signature that fails."""
    if count == 0:
        return "none"
    trust = ["--trusted-pem", ca] if ca else ["--insecure"]
    for index in range(1, count + 1):
        verdict = _run(["/usr/bin/xmlsec1", "--verify", "--enabled-key-data", "x509,key-value", "--id-attr:Id",
                        "Bordereau", "--id-attr:Id", "PES_Aller", "--id-attr:Id", "SignedProperties", *trust,
                        "--node-xpath", f"(//*[local-name()='Signature'])[{index}]", path])
        if verdict != "ok":
            return verdict
    return "ok"
