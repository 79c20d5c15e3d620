"""What a disk holds after a power cut: everything that was synced, and of the rest whatever the dice keep.

More pessimistic than the file systems in use: a synced file whose folder was not synced may have no name, unsynced
writes are kept in any order and in torn sectors, and creations, renames and removals survive one without the other.
"""

import os
import pathlib

O_CREAT, O_TRUNC, O_DIRECTORY, O_TMPFILE = os.O_CREAT, os.O_TRUNC, os.O_DIRECTORY, os.O_TMPFILE
SECTORS = (512, 4096)


class File:
    def __init__(self, content=b""):
        self.durable = bytearray(content)
        self.live = bytearray(content)
        self.pending = []  # (kind, offset, data): 'w', 't' (size) or 'a' (grown to size), in order
        self.merged = 0  # how many ever left `pending`

    def change(self, kind, offset, data=b""):
        self.pending.append((kind, offset, data))
        apply(self.live, kind, offset, data)

    def mark(self):
        return self.merged + len(self.pending)

    def sync(self, mark):
        count = max(0, mark - self.merged)
        for change in self.pending[:count]:
            apply(self.durable, *change)
        self.forget(count)

    def lose(self, mark):
        """After a failed sync the kernel holds the pages for clean: what they held may never get to the disk."""
        self.forget(max(0, mark - self.merged))

    def forget(self, count):
        del self.pending[:count]
        self.merged += count


def apply(content, kind, offset, data):
    if kind == "w":
        end = offset + len(data)
        if len(content) < end:
            content.extend(bytes(end - len(content)))
        content[offset:end] = data
    elif kind == "t":
        del content[offset:]
        content.extend(bytes(offset - len(content)))
    elif len(content) < offset:
        content.extend(bytes(offset - len(content)))


class Naming:
    """One half of a naming: in `folder`, `path` is now `what` (a File, "folder", or None when removed)."""

    def __init__(self, path, what):
        self.path, self.what = path, what
        self.folder = path.rpartition("/")[0]
        self.durable = False


class Disk:
    """Plays operations; `image` gives a disk as after a power cut now. With `lies`, a sync does nothing."""

    def __init__(self, lies=False):
        self.lies = lies
        self.names = {}  # live: path -> File or "folder"
        self.base = {}  # durable, folded
        self.namings = []
        self.handles = {}  # descriptor -> (File or "folder", path)
        self.syncs = {}
        self.mapped = []

    def load(self, root):
        """A disk that was quiet: everything below `root` is durable."""
        top = pathlib.Path(root)
        for path in sorted(top.rglob("*")):
            name = "/" + str(path.relative_to(top))
            self.names[name] = "folder" if path.is_dir() else File(path.read_bytes())
        self.base = dict(self.names)

    def play(self, operation):
        getattr(self, "on_" + operation.kind)(operation)

    def name(self, path, what):
        if what is None:
            self.names.pop(path, None)
        else:
            self.names[path] = what
        self.namings.append(Naming(path, what))

    def on_o(self, op):
        if (op.flags & O_TMPFILE) == O_TMPFILE:
            self.handles[op.file] = (File(), "")
            return
        if op.flags & O_DIRECTORY or self.names.get(op.path) == "folder":
            self.handles[op.file] = ("folder", op.path)
            return
        file = self.names.get(op.path)
        if file is None:
            file = File()
            self.name(op.path, file)
        elif op.flags & O_TRUNC:
            file.change("t", 0)
        self.handles[op.file] = (file, op.path)

    def on_c(self, op):
        self.handles.pop(op.file, None)

    def changed(self, op, kind):
        self.handles[op.file][0].change(kind, op.offset, op.data)

    def on_w(self, op):
        self.changed(op, "w")

    def on_t(self, op):
        self.changed(op, "t")

    def on_a(self, op):
        self.changed(op, "a")

    def on_m(self, op):
        self.mapped.append(op.path)

    def on_b(self, op):
        what, path = self.handles[op.file]
        self.syncs[op.number] = (what, path, len(self.namings) if what == "folder" else what.mark())

    def on_s(self, op):
        what, path, mark = self.syncs.pop(op.number)
        if self.lies:
            return
        if what != "folder":
            what.sync(mark)
            return
        for naming in self.namings[:mark]:
            if naming.folder == path:
                naming.durable = True
        self.fold()

    def fold(self):
        """Durable namings with nothing open before them become the ground; marks of running syncs move along."""
        count = 0
        while count < len(self.namings) and self.namings[count].durable:
            put(self.base, self.namings[count])
            count += 1
        del self.namings[:count]
        self.syncs = {number: (what, path, max(0, mark - count) if what == "folder" else mark)
                      for number, (what, path, mark) in self.syncs.items()}

    def on_f(self, op):
        what, _, mark = self.syncs.pop(op.number)
        if what != "folder":
            what.lose(mark)

    def on_r(self, op):
        what = self.names.get(op.path)
        if what == "folder":
            raise ValueError(f"a folder was renamed: {op.path}")
        self.name(op.other, what)
        self.name(op.path, None)

    def on_l(self, op):
        self.name(op.other, self.names.get(op.path))

    def on_n(self, op):
        self.name(op.path, self.handles[op.file][0])

    def on_u(self, op):
        self.name(op.path, None)

    def on_d(self, op):
        self.name(op.path, "folder")

    # --- after the cut

    def image(self, dice, target):
        """Writes the disk below `target`. Each cut throws anew how much of the unsynced survives, and how."""
        chance = dice.choice((0.0, 0.3, 0.7, 1.0))
        in_order = dice.random() < 0.4
        names = dict(self.base)
        keep = dice.randint(0, len(self.namings))
        for index, naming in enumerate(self.namings):
            if naming.durable or (index < keep if in_order else dice.random() < chance):
                put(names, naming)
        for path in sorted(path for path, what in names.items() if what == "folder"):
            if (target / path[1:]).parent.is_dir():
                (target / path[1:]).mkdir(exist_ok=True)
        for path, what in names.items():
            file = target / path[1:]
            if what != "folder" and file.parent.is_dir():
                file.write_bytes(torn(what, dice, chance, in_order))
                if path.endswith("-shm"):
                    file.write_bytes(dice.randbytes(32768))  # an index of the log from another time
        return names

    def live_differs(self, root):
        """Paths whose content here is not that on the real disk: a write that the log did not see."""
        out = []
        for path, what in self.names.items():
            if what != "folder" and not path.endswith("-shm"):
                file = pathlib.Path(root) / path[1:]
                if not file.is_file() or file.read_bytes() != bytes(what.live):
                    out.append(path)
        return out


def put(names, naming):
    if naming.what is None:
        names.pop(naming.path, None)
    else:
        names[naming.path] = naming.what


def torn(file, dice, chance, in_order):
    """The durable bytes, and what the dice keep of the pending changes."""
    content = bytearray(file.durable)
    whole = dice.randint(0, len(file.pending))
    for index, (kind, offset, data) in enumerate(file.pending):
        if in_order and index > whole:
            break
        if in_order and index < whole:
            apply(content, kind, offset, data)
        elif kind != "w":
            if dice.random() < chance:
                apply(content, kind, offset, data)
        else:
            for start, piece in sectors(offset, data, dice.choice(SECTORS)):
                if dice.random() < (0.5 if in_order else chance):
                    apply(content, "w", start, piece)
    return bytes(content)


def sectors(offset, data, size):
    at = 0
    while at < len(data):
        length = min(size - (offset + at) % size, len(data) - at)
        yield offset + at, data[at:at + length]
        at += length
