"""What is laid down on disk and taken away again: files are held open as soon as they appear."""

import ctypes
import os
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# From <sys/inotify.h>.
_MOVED_TO, _CREATE = 0x80, 0x100
_EVENT = struct.Struct("iIII")
_MOST_HELD = 400


class Watch:
    """The files that appeared in some folders, each held so that it can be read when it is gone."""

    def __init__(self, folders: list[Path]) -> None:
        self.held: dict[tuple[str, int], int] = {}
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._handle = self._libc.inotify_init1(os.O_CLOEXEC)
        self._places: dict[int, Path] = {}
        for folder in folders:
            self._add(folder)

    def contents(self) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of each file as it was last."""
        for (name, _inode), handle in self.held.items():
            size = os.fstat(handle).st_size
            yield name, os.pread(handle, size, 0)

    def run(self) -> None:
        """Hold what appears, until the watch is closed."""
        while data := os.read(self._handle, 65536):
            at = 0
            while at < len(data):
                place, _mask, _cookie, length = _EVENT.unpack_from(data, at)
                name = data[at + _EVENT.size : at + _EVENT.size + length].rstrip(b"\0").decode()
                at += _EVENT.size + length
                if place not in self._places:
                    return
                self._seen(self._places[place] / name)

    def end(self, folder: Path) -> None:
        """Stop, after everything that came before."""
        self._places = {}
        (folder / "end").touch()

    def _add(self, folder: Path) -> None:
        name = os.fsencode(folder)
        place = self._libc.inotify_add_watch(self._handle, name, _MOVED_TO | _CREATE)
        self._places[place] = folder
        for inside in folder.iterdir():
            self._seen(inside)

    def _seen(self, path: Path) -> None:
        try:
            if path.is_dir():
                if path not in self._places.values():
                    self._add(path)
                return
            key = str(path), path.stat().st_ino
            if path.is_file() and key not in self.held and len(self.held) < _MOST_HELD:
                self.held[key] = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:
            return  # gone before it could be held


@contextmanager
def watched(*folders: Path) -> Iterator[Watch]:
    """A watch of the folders, the first of which is empty at the end."""
    watch = Watch(list(folders))
    thread = threading.Thread(target=watch.run, daemon=True)
    thread.start()
    yield watch
    watch.end(folders[0])
    thread.join(10)
    for handle in watch.held.values():
        os.close(handle)
