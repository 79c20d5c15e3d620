"""An IMAPS server on 127.0.0.1 with one mail, which lies as its mode says.

Usage: scripted_imap.py <port> <certificate> <key> <mode>
"""

import socket
import ssl
import sys
import time

MAIL = b"Subject: essai\r\n\r\nun corps\r\n"

CAPABILITIES = {"login": b"IMAP4rev1 UIDPLUS", "no_way_in": b"IMAP4rev1 LOGINDISABLED", "no_uidplus": b"IMAP4rev1 AUTH=PLAIN"}


class Session:
    def __init__(self, stream, mode):
        self._stream = stream
        self._mode = mode
        self._file = stream.makefile("rb")

    def say(self, *lines):
        for line in lines:
            self._stream.sendall(line + b"\r\n")

    def run(self):
        if self._mode == "silent":
            time.sleep(30)
        if self._mode == "endless_greeting":
            while True:
                self._stream.sendall(b"* OK " + b"x" * 60_000)
        if self._mode == "bye":
            return self.say(b"* BYE busy")
        self.say(b"* OK ready")
        while line := self._file.readline():
            tag, _, command = line.strip().partition(b" ")
            if self.answer(tag, command) is False:
                return None
        return None

    def answer(self, tag, command):
        verb = command.split(b" ")[0].upper()
        if verb == b"CAPABILITY":
            self.say(b"* CAPABILITY " + CAPABILITIES.get(self._mode, b"IMAP4rev1 AUTH=PLAIN UIDPLUS"))
        elif verb == b"LOGIN":
            if command != b'LOGIN "actes" "mot \\"de\\" passe"':
                return self.say(tag + b" NO wrong")
        elif verb == b"AUTHENTICATE":
            self.say(b"+ ")
            self._file.readline()
            if self._mode == "unavailable":
                return self.say(tag + b" NO [UNAVAILABLE] later")
        elif verb == b"SELECT":
            self.say(b"* 1 EXISTS", b"* OK fine {3}")
            if self._mode != "no_uidvalidity":
                self.say(b"* OK [UIDVALIDITY 7] ok")
            if self._mode == "many_mails":
                self.say(b"* 4294967295 EXISTS")
        elif verb == b"FETCH":
            self.listing(tag)
        elif command.upper().startswith(b"UID FETCH"):
            return self.fetch(tag)
        elif command.upper().startswith(b"UID STORE") and self._mode == "read_only":
            return self.say(tag + b" NO [READ-ONLY] no")
        return self.say(tag + b" OK done")

    def listing(self, tag):
        size = {"absurd_size": b"99999999999999999999999"}.get(self._mode, b"%d" % len(MAIL))
        if self._mode == "no_end":
            while True:
                self.say(b"* 1 FETCH (FLAGS ())")
        if self._mode == "another_tag":
            self.say(b"zz OK done")
        self.say(b'* 1 FETCH (FLAGS (\\Seen) UID 5 RFC822.SIZE ' + size + b' INTERNALDATE "17-Jul-2026 02:44:25 +0200")')

    def fetch(self, tag):
        mail, uid, size = MAIL, b"5", b"%d" % len(MAIL)
        if self._mode == "other_mail":
            uid = b"6"
        if self._mode == "grown":
            mail += b"more\r\n"
        head = b"* 1 FETCH (UID " + uid + b" RFC822.SIZE " + size + b" BODY[] "
        if self._mode == "cut":
            self._stream.sendall(head + b"{%d}\r\n" % len(mail) + mail[:10])
            self._stream.close()
            return False
        if self._mode == "trickle":
            self._stream.sendall(head + b"{%d}\r\n" % len(mail))
            for byte in mail:
                time.sleep(0.5)
                self._stream.sendall(bytes([byte]))
        elif self._mode == "quoted":
            mail = b"x" * len(MAIL)
            self.say(head + b'"' + mail + b'")')
        elif self._mode == "body_first":
            self.say(b"* 1 FETCH (BODY[] {%d}\r\n" % len(mail) + mail + b" UID " + uid + b")")
        elif self._mode != "vanished":
            self.say(b"* 9 EXISTS", head + b"{%d}\r\n" % len(mail) + mail + b")", b"* 1 FETCH (FLAGS (\\Seen))")
        return self.say(tag + b" OK done")


def main():
    port, certificate, key, mode = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", int(port))) as listener:
        print("up", flush=True)
        while True:
            raw, _ = listener.accept()
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                with context.wrap_socket(raw, server_side=True) as stream:
                    Session(stream, mode).run()
            except (OSError, ssl.SSLError):
                pass


if __name__ == "__main__":
    main()
