"""Ports that a server gives up and takes again."""

import socket


def kept_port(port=0):
    """Bound, never listened at: nobody else is given the port, and a server with SO_REUSEADDR may listen there."""
    keeper = socket.socket()
    keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    keeper.bind(("127.0.0.1", port))
    return keeper
