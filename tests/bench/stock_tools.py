"""The work of one flow done with stock tools: xmllint --schema, xmlsec1 --sign, curl to the same peer.

It does less than the gateway: no TLS in, no structural rules, no re-verification, nothing durable, no answers.
Over SFTP the host's key is checked, as a script that may be trusted has to.
"""

import base64
import hashlib
import pathlib
import re
import resource
import subprocess
import time

import rig

SCHEMA = rig.SOURCE / "schemas/pes/5.30"
DS = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.1.1#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"

REFERENCE = f"""<ds:Reference URI="#{{target}}"{{more}}><ds:Transforms>{{enveloped}}<ds:Transform Algorithm="{EXCLUSIVE}"/>\
</ds:Transforms><ds:DigestMethod Algorithm="{SHA256}"/><ds:DigestValue/></ds:Reference>"""

TEMPLATE = f"""<ds:Signature xmlns:ds="{DS}" Id="{{id}}_SIG_1"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"/>\
<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>{{content}}{{properties}}</ds:SignedInfo>\
<ds:SignatureValue/><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{{certificate}}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>\
<ds:Object><xad:QualifyingProperties xmlns:xad="{XADES}" Target="#{{id}}_SIG_1"><xad:SignedProperties Id="{{id}}_SIG_1_SP">\
<xad:SignedSignatureProperties><xad:SigningTime>2026-01-15T10:00:00Z</xad:SigningTime><xad:SigningCertificate><xad:Cert>\
<xad:CertDigest><xad:DigestMethod Algorithm="{SHA256}"/><xad:DigestValue>{{digest}}</xad:DigestValue></xad:CertDigest></xad:Cert>\
</xad:SigningCertificate></xad:SignedSignatureProperties></xad:SignedProperties></xad:QualifyingProperties></ds:Object></ds:Signature>"""


def with_template(content, certificate_der):
    """The document with an empty XAdES signature in every bordereau, for xmlsec1 to fill in."""
    certificate = base64.b64encode(certificate_der).decode()
    digest = base64.b64encode(hashlib.sha256(certificate_der).digest()).decode()
    enveloped = '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>'

    def fill(match):
        name = match.group(1).decode()
        text = TEMPLATE.format(
            id=name, certificate=certificate, digest=digest,
            content=REFERENCE.format(target=name, enveloped=enveloped, more=""),
            properties=REFERENCE.format(target=f"{name}_SIG_1_SP", enveloped="", more=f' Type="{XADES}SignedProperties"'))
        return match.group(0)[:-len(b"</Bordereau>")] + text.encode() + b"</Bordereau>"

    return re.sub(rb'<Bordereau Id="([^"]+)">.*?</Bordereau>', fill, content, flags=re.S)


def find_schema(content):
    """The file of our pack for PES_Aller, as pack.toml has it."""
    text = (SCHEMA / "pack.toml").read_text()
    return SCHEMA / re.search(r'root\s*=\s*"PES_Aller".*?file\s*=\s*"([^"]+)"', text, re.S).group(1)


def host_key_digest(simulator):
    """The host's key as curl wants it named: base64 of its SHA-256."""
    blob = pathlib.Path(simulator.details["known_hosts"]).read_text().split()[2]
    return base64.b64encode(hashlib.sha256(base64.b64decode(blob)).digest()).decode().rstrip("=")


def curl_to(simulator, name):
    """What curl needs to put a file into the peer's directory."""
    user = simulator.details["user"]
    if simulator.mode == "sftp":
        key = simulator.details["key"]
        return ["--user", f"{user}:", "--key", key, "--pubkey", key + ".pub", "--hostpubsha256", host_key_digest(simulator),
                f"sftp://127.0.0.1:{simulator.port}/~/entree/{name}"]
    return ["--user", f"{user}:{simulator.details['password']}", f"ftp://127.0.0.1:{simulator.port}/entree/{name}"]


def run(contents, folder, pki, simulator, sign=True):
    """Does the work for every document; returns (CPU seconds of the tools per flow, wall seconds per flow)."""
    import ssl

    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    der = ssl.PEM_cert_to_DER_cert((pki / "signer.pem").read_text())
    schema = find_schema(contents[0])
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    for number, content in enumerate(contents):
        plain, signed = folder / f"{number}.xml", folder / f"{number}.signed.xml"
        plain.write_bytes(content)
        tool("xmllint", "--huge", "--nonet", "--noout", "--schema", str(schema), str(plain))
        source = plain
        if sign:
            plain.write_bytes(with_template(content, der))
            count = contents[number].count(b"<Bordereau Id=")
            for one in range(count):  # xmlsec1 fills one signature at a time
                node = ["--node-xpath", f"(//*[local-name()='Signature'])[{one + 1}]"] if count > 1 else []
                tool("xmlsec1", "--sign", "--privkey-pem", f"{pki}/signer.key,{pki}/signer.pem", "--id-attr:Id", "Bordereau",
                     "--id-attr:Id", f"{XADES}:SignedProperties", *node, "--output", str(signed), str(source))
                source = signed
        tool("curl", "--silent", "--show-error", "--fail", "--upload-file", str(source),
             *curl_to(simulator, f"stock-{number}.xml"))
        plain.unlink()
        signed.unlink(missing_ok=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu / len(contents), (time.monotonic() - started) / len(contents)


def tool(*command):
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.decode(errors='replace')[-600:]}")
