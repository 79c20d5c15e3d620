#!/usr/bin/python3
"""A real mail server (python3-aiosmtpd) that keeps what it is given, for the tests of mails to people.

    smtp_sink.py --dir FOLDER --port-file FILE [--port N] [--mode starttls|smtps|clear] [--certificate PEM --key PEM]
                 [--user U --password P]

It listens on 127.0.0.1. Every mail that it takes is a line of FOLDER/ledger.jsonl: {"to", "from", "content", "user", "tls"}.
Every command that it hears is a line of FOLDER/commands. FOLDER/faults.json, read again for every mail, makes it misbehave:

    {"recipients": {"a@exemple.fr": "550 5.1.1 no such user"},   the answer to RCPT TO of that address
     "sender": "553 not you",                                     the answer to MAIL FROM
     "content": "451 4.3.0 later",                                the answer to the content
     "times": 1,                                                  how often in all; absent: always
     "silent": true}                                              the content is taken and the connection cut without an answer
"""

import argparse
import asyncio
import errno
import json
import os
import pathlib
import ssl

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    def __init__(self, folder):
        self.folder = folder
        self.used = 0

    def fault(self, kind, address=None):
        """The answer to give instead of the usual one, while there are `times` left."""
        try:
            faults = json.loads((self.folder / "faults.json").read_text())
        except (OSError, ValueError):
            faults = {}
        if not faults:
            self.used = 0
        answer = faults.get("recipients", {}).get(address) if kind == "recipients" else faults.get(kind)
        if not answer or self.used >= faults.get("times", 1 << 30):
            return None
        self.used += 1
        return answer

    async def handle_MAIL(self, server, session, envelope, address, options):
        self.heard(f"MAIL {address}")
        if answer := self.fault("sender"):
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.heard(f"RCPT {address}")
        if answer := self.fault("recipients", address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.heard("DATA")
        if answer := self.fault("content"):
            return answer
        line = {"to": envelope.rcpt_tos, "from": envelope.mail_from, "content": envelope.content.decode("ascii"),
                "user": getattr(session, "who", None), "tls": server.transport.get_extra_info("sslcontext") is not None,
                "peer": list(session.peer)}
        with open(self.folder / "ledger.jsonl", "a") as ledger:
            ledger.write(json.dumps(line) + "\n")
            ledger.flush()
            os.fsync(ledger.fileno())
        if self.fault("silent"):
            server.transport.abort()
            await asyncio.sleep(3600)
        return "250 2.0.0 taken"

    def heard(self, command):
        with open(self.folder / "commands", "a") as commands:
            commands.write(command + "\n")


async def listen(protocol, port, context):
    """On a port that it had before, another process may listen for a moment."""
    for left in range(250, -1, -1):
        try:
            return await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", port, ssl=context)
        except OSError as wrong:
            if wrong.errno != errno.EADDRINUSE or not port or not left:
                raise
            await asyncio.sleep(0.1)


async def serve(options):
    folder = pathlib.Path(options.dir)
    folder.mkdir(parents=True, exist_ok=True)
    handler = Handler(folder)
    context = None
    if options.mode != "clear":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate, options.key)

    def authenticate(server, session, envelope, mechanism, data):
        good = data.login == options.user.encode() and data.password == options.password.encode()
        session.who = data.login.decode() if good else None
        return AuthResult(success=good, handled=False)

    more = {"loop": asyncio.get_running_loop(), "hostname": "sink.test", "ident": "sink"}
    if options.mode == "starttls":
        more |= {"tls_context": context, "require_starttls": True}
    if options.user:
        more |= {"auth_required": True, "auth_require_tls": options.mode == "starttls", "authenticator": authenticate}
    server = await listen(lambda: SMTP(handler, **more), options.port, context if options.mode == "smtps" else None)
    written = pathlib.Path(options.port_file + ".new")
    written.write_text(str(server.sockets[0].getsockname()[1]))
    written.rename(options.port_file)
    await server.serve_forever()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dir", required=True)
    parser.add_argument("--port-file", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--mode", choices=("starttls", "smtps", "clear"), default="starttls")
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--user", default="")
    parser.add_argument("--password", default="")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
