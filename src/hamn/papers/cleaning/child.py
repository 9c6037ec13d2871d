"""The process that opens one file: bytes in, one line of answer and the clean bytes out.

Started by asking.py with the wish, `examine` or `clean`, as its argument. Bound before it reads:
memory, processor time, no file written, no core dump (which would hold the file's content).
"""

import json
import resource
import sys

from hamn.papers.cleaning.documents import check_document, clean_document
from hamn.papers.cleaning.faults import Fault, UnfitFile
from hamn.papers.cleaning.kinds import MOST_BYTES, Kind, kind_of
from hamn.papers.cleaning.pictures import clean_picture

MOST_MEMORY = 1_024 * 1024 * 1024
MOST_SECONDS = 20


def main(wish: str) -> None:
    """Read a file from standard input and answer on standard output."""
    _bind()
    answer, clean = _answer(sys.stdin.buffer.read(MOST_BYTES + 1), wish)
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + clean)
    sys.stdout.buffer.flush()


def _bind() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _answer(data: bytes, wish: str) -> tuple[dict[str, str], bytes]:
    """What the parent shall be told, and the clean bytes if it asked for them."""
    try:
        kind = kind_of(data)
        return {"kind": kind.value}, _worked(data, kind, wish)
    except UnfitFile as refused:
        return {"fault": refused.fault.value}, b""
    except MemoryError:
        return {"fault": Fault.TOO_HEAVY.value}, b""
    except Exception:
        return {"fault": Fault.DAMAGED.value}, b""


def _worked(data: bytes, kind: Kind, wish: str) -> bytes:
    if kind is not Kind.PDF:
        clean = clean_picture(data, kind)
    elif wish == "clean":
        clean = clean_document(data)
    else:
        check_document(data)
        clean = b""
    return clean if wish == "clean" else b""


if __name__ == "__main__":
    main(sys.argv[1])
