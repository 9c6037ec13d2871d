"""Writing a backup: whole or not at all, while the centre goes on working."""

import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from hamn import __version__
from hamn.core.errors import BadInput, _
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit
from hamn.site.events import Event
from hamn.site.secret import NAME as SECRET

from .archive import Manifest, Part, hash_of, pack
from .database import database

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

NAME = re.compile(r"hamn-\d{8}-\d{6}\.tar")
STAGING = ".hamn-backup-"
A_DAY_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Written:
    """A backup that was written."""

    path: Path
    size: int
    tables: int
    rows: int
    removed: int


def back_up(
    *, folder: Path, keep: int | None, with_secret: bool, now: datetime, by: "Person"
) -> Written:
    """The whole centre as one file in the folder; older ones beyond `keep` are removed.

    with_secret: the key that signs sessions and seals second factors is put in too. Without it, who
    finds the file cannot sign in as someone else.
    Raises PermissionDenied, and BadInput when a file of this second is there already.
    """
    permits.require(by, "system.back_up")
    target = folder / f"hamn-{now:%Y%m%d-%H%M%S}.tar"
    if target.exists():
        raise BadInput(
            _("Säkerhetskopian {name} finns redan. Vänta en sekund och kör igen."), name=target.name
        )
    with _staging(folder) as staging:
        # Before the database: an end of the trail that is later than the copy would look cut off.
        parts = _files(staging, with_secret=with_secret)
        base = database()
        path = staging / base.PART
        tables = base.save(path)
        parts[base.PART] = path
        manifest = Manifest(
            hamn=__version__,
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            vendor=connection.vendor,
            engine=base.engine(),
            migrations=applied(),
            parts={name: Part(one.stat().st_size, hash_of(one)) for name, one in parts.items()},
            tables=tables,
        )
        whole = staging / target.name
        pack(whole, parts, manifest)
        digest = hash_of(whole)
        whole.replace(target)
    _settle(folder)
    audit.record(Event.BACKED_UP, by=by, archive=target.name, sha256=digest, has_key=with_secret)
    return Written(
        path=target,
        size=target.stat().st_size,
        tables=len(tables),
        rows=sum(table.rows for table in tables.values()),
        removed=prune(folder, keep) if keep else 0,
    )


def applied() -> list[list[str]]:
    """The migrations that the database has, in order of room and name."""
    return sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations())


def prune(folder: Path, keep: int) -> int:
    """Remove the oldest backups but so many; how many went. Only what has a backup's name."""
    found = sorted(
        path
        for path in folder.iterdir()
        if NAME.fullmatch(path.name) and path.is_file() and not path.is_symlink()
    )
    old = found[: max(0, len(found) - keep)]
    for path in old:
        path.unlink()
    return len(old)


def _files(staging: Path, *, with_secret: bool) -> dict[str, Path]:
    """Copies of what stands beside the database."""
    audit.export_head(settings.TRAIL_HEADS)
    sources = {"centre.toml": settings.CENTRE_FILE, "trail-heads.jsonl": settings.TRAIL_HEADS}
    if with_secret:
        sources[SECRET] = settings.HAMN_HOME / SECRET
        if not sources[SECRET].exists():
            raise BadInput(
                _("Filen {path} saknas. Kör utan --with-secret, eller lägg tillbaka den."),
                path=sources[SECRET],
            )
    parts = {}
    for name, source in sources.items():
        if source.exists():
            parts[name] = staging / name
            shutil.copyfile(source, parts[name])
    return parts


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """A folder of our own on the same disk, gone afterwards; also what a kill left a day ago."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in folder.glob(f"{STAGING}*"):
        if left.stat().st_mtime < time.time() - A_DAY_S:
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=STAGING, dir=folder) as staging:
        yield Path(staging)


def _settle(folder: Path) -> None:
    """Wait until the folder's names are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
