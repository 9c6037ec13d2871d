"""Files that people attach: known by their content, refused when unfit, cleaned for daily use.

`examine` says what a file is, `working_copy` makes the copy that is shown, `accept` does both.
Every parser runs in a process of its own with bounds on time and memory, that writes nothing to
disk, so that a hostile file can hurt only itself. The original is the caller's to keep, sealed.
Source: docs/adr/0020.
"""

from hamn.papers.cleaning.asking import Cleaned, accept, examine, working_copy
from hamn.papers.cleaning.faults import Fault, UnfitFile
from hamn.papers.cleaning.kinds import MOST_BYTES, Kind, file_name

__all__ = [
    "MOST_BYTES",
    "Cleaned",
    "Fault",
    "Kind",
    "UnfitFile",
    "accept",
    "examine",
    "file_name",
    "working_copy",
]
