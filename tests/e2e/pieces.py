"""What a town hall posts: sound PDF pages, forms of several parts."""

import random
import uuid


def pdf(text, weight=0, beside=b""):
    """A sound one-page PDF, with a stream beside the page: so many bytes that do not compress, or the bytes given."""
    stream = f"BT /F1 14 Tf 72 700 Td ({text}) Tj ET".encode()
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
               b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
               b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
               b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    if weight or beside:
        objects[0] = objects[0].replace(b">>", b"/Metadata 6 0 R>>")
        filling = beside or random.Random(text).randbytes(weight)
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(filling), filling))
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))


def form(parts, boundary=None):
    """multipart/form-data of (field, file name, content): its bytes and its Content-Type."""
    boundary = boundary or uuid.uuid4().hex
    body = bytearray()
    for field, name, content in parts:
        file_name = f'; filename="{name}"' if name else ""
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"{file_name}\r\n\r\n'.encode() + content + b"\r\n"
    return bytes(body + f"--{boundary}--\r\n".encode()), f"multipart/form-data; boundary={boundary}"
