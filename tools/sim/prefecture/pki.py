"""A throw-away authority, a server certificate (also an expired one) and a client certificate."""

import base64
import hashlib
import os
import subprocess

KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def _openssl(*arguments, **more):
    return subprocess.run(["/usr/bin/openssl", *arguments], check=True, capture_output=True, **more)


def _issue(folder, name, common_name, extensions, days):
    file = lambda suffix: os.path.join(folder, name + suffix)
    _openssl("req", *KEY, "-subj", f"/CN={common_name}", "-keyout", file(".key"), "-out", file(".csr"))
    with open(file(".ext"), "w", encoding="ascii") as out:
        out.write(extensions)
    _openssl("x509", "-req", "-in", file(".csr"), "-CA", os.path.join(folder, "ca.pem"), "-CAkey",
             os.path.join(folder, "ca.key"), "-days", str(days), "-extfile", file(".ext"), "-out", file(".pem"))


def make(folder):
    """Makes what is missing; done when expired.pem is there."""
    os.makedirs(folder, exist_ok=True)
    if os.path.exists(os.path.join(folder, "expired.pem")):
        return
    _openssl("req", "-x509", *KEY, "-subj", "/CN=Test ministry CA", "-days", "30", "-keyout",
             os.path.join(folder, "ca.key"), "-out", os.path.join(folder, "ca.pem"))
    server = "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n"
    _issue(folder, "client", "Test operator", "extendedKeyUsage=clientAuth\n", 30)
    _issue(folder, "server", "localhost", server, 30)
    _issue(folder, "elsewhere", "elsewhere.example", "subjectAltName=DNS:elsewhere.example\n", 30)
    _issue(folder, "expired", "localhost", server, -1)


def pin(certificate):
    """"sha256//…" of the public key, as curl writes it."""
    public = _openssl("x509", "-in", certificate, "-noout", "-pubkey").stdout
    der = _openssl("pkey", "-pubin", "-outform", "DER", input=public).stdout
    return "sha256//" + base64.b64encode(hashlib.sha256(der).digest()).decode()
