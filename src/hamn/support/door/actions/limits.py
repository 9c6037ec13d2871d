"""Counting of what comes in at the door, in this process's memory alone, for an hour at most.

A source is known by a keyed digest of its address. The key is random, belongs to this process and
is thrown away with the counts every hour: nothing is stored or logged, and yesterday's address
cannot be found in today's.
"""

import hashlib
import os
import threading
import time
from collections import Counter
from collections.abc import Callable

from django.conf import settings

from ..rules.limits import HOUR_S, TooMany, limit_of, network_of

MOST_SOURCES = 50_000  # beyond them only what comes in all is counted: the memory has an end
UNKNOWN = b""  # a source that cannot be told from the others


class Counts:
    """What has come in within this hour. clock: seconds that only grow."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.lock = threading.Lock()
        self._begin(clock())

    def source_of(self, address: str) -> bytes:
        """The address as it is counted within this hour; UNKNOWN for one that is nobody's own."""
        network = network_of(address)
        if not network:
            return UNKNOWN
        with self.lock:
            self._turn()
            return hashlib.blake2b(network.encode(), key=self.key, digest_size=16).digest()

    def check(self, act: str, source: bytes) -> None:
        """Count one more of the act. Raises TooMany when the hour is full; that is not counted."""
        limit = limit_of(act, getattr(settings, "DOOR", {}).get("limits", {}))
        with self.lock:
            left_s = self._turn()
            if limit.in_all and self.in_all[act] >= limit.in_all:
                raise TooMany(left_s)
            if limit.per_source and source != UNKNOWN:
                self._count_source(act, source, limit.per_source, left_s)
            self.in_all[act] += 1

    def _count_source(self, act: str, source: bytes, most: int, left_s: int) -> None:
        if self.by_source[act, source] >= most:
            raise TooMany(left_s)
        if (act, source) in self.by_source or len(self.by_source) < MOST_SOURCES:
            self.by_source[act, source] += 1

    def _turn(self) -> int:
        """Whole seconds left of the hour; a new one is begun when it is over."""
        now = self.clock()
        if now >= self.ends:
            self._begin(now)
        return int(self.ends - now) + 1

    def _begin(self, now: float) -> None:
        self.key = os.urandom(32)
        self.ends = now + HOUR_S
        self.in_all: Counter[str] = Counter()
        self.by_source: Counter[tuple[str, bytes]] = Counter()


_COUNTS = Counts()
source_of = _COUNTS.source_of
check = _COUNTS.check


def forget() -> None:
    """Begin a new hour at once, with nothing counted."""
    with _COUNTS.lock:
        _COUNTS._begin(_COUNTS.clock())
