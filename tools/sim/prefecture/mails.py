"""The mails that carry messages: HTML with human fields, an inline logo, each file an attachment (actes 5.3)."""

import base64
import email.utils
import html
import itertools
import urllib.parse

SHAPES = ("mixed", "alternative", "bare")
NAMES = ("rfc2231", "rfc2047", "raw", "plain")
KINDS = {"xml": b"text/xml", "pdf": b"application/pdf", "png": b"image/png", "gz": b"application/gzip"}
# One grey pixel.
LOGO = base64.b64decode("R0lGODlhAQABAIAAAICAgAAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==")
_counter = itertools.count(1)


def pdf(text):
    """A one-page PDF of our own."""
    stream = f"BT /F1 14 Tf 72 720 Td ({text}) Tj ET".encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, table, len(objects) + 1, len(out))


def _parameter(key, name, style):
    """`name` of a header in one of the ways that mailers know; `raw` is none of them, and seen all the same."""
    if style == "plain" or (name.isascii() and style != "rfc2047"):
        return f'{key}="{name}"'.encode("ascii", "replace")
    if style == "rfc2231":
        return f"{key}*=iso-8859-1''{urllib.parse.quote(name, encoding='iso-8859-1')}".encode("ascii")
    if style == "rfc2047":
        coded = base64.b64encode(name.encode("utf-8")).decode()
        return f'{key}="=?UTF-8?B?{coded}?="'.encode("ascii")
    return f'{key}="{name}"'.encode("iso-8859-1", "replace")


def _part(kind, content, *headers):
    coded = base64.encodebytes(content).replace(b"\n", b"\r\n")
    return b"\r\n".join([b"Content-Type: " + kind, b"Content-Transfer-Encoding: base64", *headers, b"", coded])


def _attachment(name, content, style):
    kind = KINDS.get(name.rpartition(".")[2], b"application/octet-stream")
    return _part(kind + b"; " + _parameter("name", name, style), content,
                 b"Content-Disposition: attachment; " + _parameter("filename", name, style))


def _multipart(kind, parts):
    boundary = b"=_actes_%d" % next(_counter)
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return b'Content-Type: multipart/%s; boundary="%s"\r\n\r\n%s--%s--\r\n' % (kind.encode(), boundary, body, boundary)


def _page(title, rows):
    table = "".join(f"<tr><th>{html.escape(a)}</th><td>{html.escape(b)}</td></tr>" for a, b in rows)
    text = f'<html><body><img src="cid:logo"><h1>{html.escape(title)}</h1><table>{table}</table></body></html>'
    return _part(b"text/html; charset=iso-8859-1", text.encode("iso-8859-1", "xmlcharrefreplace"))


def _logo():
    return _part(b'image/gif; name="logo.gif"', LOGO, b"Content-ID: <logo>", b'Content-Disposition: inline; filename="logo.gif"')


def _body(shape, page, attachments):
    if shape == "bare":
        return _multipart("mixed", [_part(b"text/plain", b""), *attachments])
    related = _multipart("related", [page, _logo()])
    if shape == "alternative":
        return _multipart("alternative", [_part(b"text/plain", b""), _multipart("mixed", [related, *attachments])])
    return _multipart("mixed", [related, *attachments])


def message_id():
    return email.utils.make_msgid(domain="actes.test")


def build(addresses, subject, rows, files, shape="mixed", names="rfc2231", identity=None):
    """The bytes of one mail. `files`: (name, bytes); `rows`: the human fields of its page."""
    coded = base64.b64encode(subject.encode("utf-8")).decode()
    headers = [
        b"From: =?UTF-8?Q?Minist=C3=A8re?= <ministere@actes.test>", b"To: " + ", ".join(addresses).encode("ascii", "replace"),
        f"Subject: =?UTF-8?B?{coded}?=".encode(), b"Date: " + email.utils.formatdate().encode(),
        b"Message-ID: " + (identity or message_id()).encode(), b"MIME-Version: 1.0",
    ]
    body = _body(shape, _page(subject, rows), [_attachment(name, content, names) for name, content in files])
    return b"\r\n".join(headers) + b"\r\n" + body


def notice(addresses, siren):
    """Multi-canal: HTML only, nothing to decode (actes 5.3)."""
    page = _page("Transmission multi-canal", [
        ("Information", "Le service a identifié une transmission en multi canal : des pièces sont attendues sur papier"), ("SIREN", siren)])
    headers = b"\r\n".join([
        b"From: <ministere@actes.test>", b"To: " + ", ".join(addresses).encode("ascii", "replace"), b"Subject: ACTES multi canal",
        b"Date: " + email.utils.formatdate().encode(), b"Message-ID: " + message_id().encode(), b"MIME-Version: 1.0"])
    return headers + b"\r\n" + page


def broken(mail):
    """The same mail cut in its last attachment, and base64 that is none before the cut."""
    return mail[: max(len(mail) * 2 // 3, 200)] + b"\r\n*** not base64 ***\r\n"
