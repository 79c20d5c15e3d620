#!/usr/bin/python3
"""The other opinion on mails: Python's email package.

    python_mail.py make DIR      mails as Python writes them, each with NAME.expected beside NAME.eml
    python_mail.py read FILE     what Python sees in a mail, in the same form

The form: one line per fact; bytes and names as hexadecimal digits, so that no escaping is in the way.
"""

import email
import email.encoders
import email.message
import email.mime.application
import email.mime.base
import email.mime.image
import email.mime.multipart
import email.mime.text
import email.policy
import email.utils
import pathlib
import sys


def hexed(text):
    return (text.encode() if isinstance(text, str) else text).hex() or "-"


def facts(message):
    """What both sides say of a mail."""
    lines = [f"subject {hexed(str(message['Subject'] or ''))}"]
    lines.append(f"id {hexed((message['Message-ID'] or '').strip().strip('<>'))}")
    lines.append(f"date {int(message['Date'].datetime.timestamp())}")
    address = message["From"].addresses[0]
    lines.append(f"from {hexed(address.display_name)} {address.addr_spec}")
    for part in message.walk():
        if part.is_multipart():
            continue
        name = part.get_filename()
        kind = part.get_content_type()
        if name is None and kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment":
            text = part.get_payload(decode=True).decode(part.get_content_charset() or "ascii")
            lines.append(f"body {kind} {hexed(text.replace(chr(13), ''))}")
        else:
            lines.append(f"file {kind} {hexed(name or '')} {hexed(part.get_payload(decode=True))}")
    return "\n".join(lines) + "\n"


def header(message, subject):
    message["From"] = email.utils.formataddr(("Préfecture de l'Hérault", "actes@interieur.invalid"))
    message["To"] = "tdt@mairie.invalid"
    message["Subject"] = subject
    message["Date"] = "Mon, 06 Jan 2025 09:30:00 +0100"
    message["Message-ID"] = "<20250106.1@interieur.invalid>"
    return message


def modern():
    """The new API: RFC 2231 names, encoded words in the header."""
    message = header(email.message.EmailMessage(), ("Accusé de réception de l'acte n° 2025-01, « travaux » — très long objet " * 3).strip())
    message.set_content("Bonjour,\nvoici l'accusé.\n")
    message.add_alternative("<p>Voici l'<b>accusé</b> : é à ü €</p>\n", subtype="html")
    message.get_payload()[1].add_related(b"\xff\xd8\xff" * 100, "image", "jpeg", cid="<logo@x>")
    message.add_attachment(b"<a>\xe9</a>", "application", "xml", filename="EACT--SPREF0341-210340001-20250106-1.xml")
    message.add_attachment(bytes(range(256)) * 40, "application", "pdf", filename="délibération n° 1 — « été » " + "très " * 20 + "long.pdf")
    message.add_attachment(b"", "application", "octet-stream", filename="vide.bin")
    return message


def legacy(encoding):
    """The old API: names as most mailers of 2010 wrote them."""
    message = header(email.mime.multipart.MIMEMultipart(policy=email.policy.default), "Re: accusé")
    message.attach(email.mime.text.MIMEText("Texte accentué : é è à\n", "plain", encoding))
    inner = email.mime.multipart.MIMEMultipart("related")
    inner.attach(email.mime.text.MIMEText("<p>é</p>\n", "html", encoding))
    inner.attach(email.mime.image.MIMEImage(b"\x89PNG\r\n", "png"))
    message.attach(inner)
    part = email.mime.application.MIMEApplication(b"%PDF-1.4\n" * 50, "pdf")
    part.add_header("Content-Disposition", "attachment", filename=(encoding, "", "pièce.pdf"))
    message.attach(part)
    part = email.mime.base.MIMEBase("application", "xml")
    part.set_payload("<a b=\"=\"/>\n" * 5)
    email.encoders.encode_quopri(part)
    part.add_header("Content-Disposition", "attachment", filename="a b;c.xml")
    message.attach(part)
    return message


def make(folder):
    mails = {"modern": modern(), "utf8": legacy("utf-8"), "latin1": legacy("iso-8859-1"), "windows": legacy("windows-1252")}
    for name, message in mails.items():
        for line_end in ("\n", "\r\n"):
            stem = name + ("-crlf" if line_end == "\r\n" else "")
            data = message.as_bytes(policy=email.policy.default.clone(linesep=line_end))
            (folder / f"{stem}.eml").write_bytes(data)
            parsed = email.message_from_bytes(data, policy=email.policy.default)
            (folder / f"{stem}.expected").write_text(facts(parsed))


def main():
    if sys.argv[1] == "make":
        make(pathlib.Path(sys.argv[2]))
    else:
        data = pathlib.Path(sys.argv[2]).read_bytes()
        sys.stdout.write(facts(email.message_from_bytes(data, policy=email.policy.default)))


if __name__ == "__main__":
    main()
