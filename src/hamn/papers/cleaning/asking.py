"""Asks a process of its own to open a file, and says in Swedish what it found."""

import json
import subprocess
import sys
from dataclasses import dataclass
from threading import BoundedSemaphore

from hamn.papers.cleaning.faults import Fault, UnfitFile
from hamn.papers.cleaning.kinds import Kind, check_name, kind_of

# By the clock, for a child that sleeps; its processor time is bound in child.py.
MOST_SECONDS = 30
# Each may take a gigabyte; further files wait for their turn.
_at_once = BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A copy for daily use, without anything but what can be seen."""

    content: bytes
    kind: Kind

    @property
    def media_type(self) -> str:
        """What to serve it as."""
        return self.kind.value

    @property
    def suffix(self) -> str:
        """What its name ends in, with the dot."""
        return self.kind.suffix


def examine(data: bytes, name: str) -> Kind:
    """What the file is, proved by reading it to its end; nothing is changed.

    name: as it was sent; it decides nothing, but a name that promises another kind is refused.
    Raises UnfitFile with one sentence for each fault (faults.py).
    """
    check_name(name, kind_of(data))
    kind, _nothing = _asked(data, "examine")
    return kind


def working_copy(data: bytes) -> Cleaned:
    """The file written anew without metadata, scripts, links, or anything hidden beside it.

    Raises UnfitFile with one sentence for each fault (faults.py).
    """
    kind_of(data)
    kind, clean = _asked(data, "clean")
    return Cleaned(clean, kind)


def accept(data: bytes, name: str) -> Cleaned:
    """The working copy of a file that has been examined under its name, in one go.

    Raises UnfitFile with one sentence for each fault (faults.py).
    """
    check_name(name, kind_of(data))
    return working_copy(data)


def _asked(data: bytes, wish: str) -> tuple[Kind, bytes]:
    """The child's answer; a child that dies or never answers is the file's fault."""
    try:
        with _at_once:
            told = subprocess.run(  # noqa: S603 - our own program, no shell, no name from outside
                [sys.executable, "-I", "-m", "hamn.papers.cleaning.child", wish],
                input=data,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=MOST_SECONDS,
                env={},
                check=False,
            )
    except subprocess.TimeoutExpired:
        raise UnfitFile(Fault.TOO_HEAVY) from None
    head, _line, clean = told.stdout.partition(b"\n")
    if told.returncode != 0 or not head:
        raise UnfitFile(Fault.TOO_HEAVY)
    answer = json.loads(head)
    if "fault" in answer:
        raise UnfitFile(Fault(answer["fault"]))
    return Kind(answer["kind"]), clean
