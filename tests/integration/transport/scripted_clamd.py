"""Speaks clamd's INSTREAM and PING on 127.0.0.1 or a local socket; finds the word INFECTED, as tests ask.

Usage: scripted_clamd.py <port or socket path> <limit in bytes> <mode: normal|hang|garbage>
"""

import socket
import sys


def take(connection, size):
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise EOFError
        data += part
    return data


def stream(connection, limit):
    content = b""
    while size := int.from_bytes(take(connection, 4), "big"):
        content += take(connection, size)
        if len(content) > limit:
            return b"INSTREAM size limit exceeded. ERROR\0"
    return b"stream: Rig.Test.UNOFFICIAL FOUND\0" if b"INFECTED" in content else b"stream: OK\0"


def answer(connection, limit, mode):
    command = b""
    while not command.endswith(b"\0"):
        command += take(connection, 1)
    if command == b"zPING\0":
        return b"PONG\0"
    if command != b"zINSTREAM\0":
        return b"UNKNOWN COMMAND\0"
    reply = stream(connection, limit)
    if mode == "hang":
        connection.recv(1)
    return b"?\0" if mode == "garbage" else reply


def main():
    place, limit, mode = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    if place.isdigit():
        server = socket.create_server(("127.0.0.1", int(place)))
    else:
        server = socket.socket(socket.AF_UNIX)
        server.bind(place)
        server.listen()
    print("up", flush=True)
    while True:
        connection, _ = server.accept()
        with connection:
            try:
                connection.sendall(answer(connection, limit, mode))
                while connection.recv(65536):  # closing on unread bytes could take the answer back
                    pass
            except (EOFError, OSError) as error:
                print("cut", error, flush=True)


if __name__ == "__main__":
    main()
