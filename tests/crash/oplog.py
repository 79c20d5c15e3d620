"""Reads the operation log of faultfs (faultfs/README.md)."""

import collections
import struct

HEAD = struct.Struct("=IcxxxiiQqIIQ")
MAGIC = 0xFA17F5
Operation = collections.namedtuple("Operation", "kind file flags number offset path other data")


def read(path):
    """Every whole record, in order; a record cut by the end of the process is left out."""
    with open(path, "rb") as file:
        content = memoryview(file.read())
    at, out = 0, []
    while at + HEAD.size <= len(content):
        magic, kind, number, flags, sync, offset, path_size, other_size, size = HEAD.unpack_from(content, at)
        if magic != MAGIC:
            raise ValueError(f"{path}: no record at {at}")
        at += HEAD.size
        end = at + path_size + other_size + size
        if end > len(content):
            break
        name = bytes(content[at:at + path_size]).decode()
        other = bytes(content[at + path_size:at + path_size + other_size]).decode()
        out.append(Operation(kind.decode(), number, flags, sync, offset, name, other, bytes(content[end - size:end])))
        at = end
    return out
