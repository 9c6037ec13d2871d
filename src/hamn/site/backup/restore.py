"""Laying out a backup in an empty place: all of it, held against its hashes, or nothing."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from hamn import __version__
from hamn.core.errors import _
from hamn.guards.audit import actions as audit
from hamn.site.events import Event
from hamn.site.secret import DOOR, make_secret_key
from hamn.site.secret import NAME as SECRET

from .archive import Manifest, damaged, hash_of, newer, unpack
from .content import FLEETING, differing
from .database import database
from .refusals import NotRestored

KEPT_ASIDE = "centre-from-backup.toml"


@dataclass(frozen=True, slots=True)
class Restored:
    """A centre that was laid out."""

    made_at: datetime
    tables: int
    rows: int
    has_key: bool
    kept_aside: Path | None  # the backup's centre.toml, where the house had one of its own
    is_older: bool  # written by a Hamn that lacked some of today's migrations


def restore(*, file: Path) -> Restored:
    """The centre of the file, in a home and a database that are empty.

    Raises NotRestored where a centre lives, or the file belongs to another database or a newer
    Hamn; Damaged when anything in the file is not as it was written. Then nothing has changed.
    """
    base = database()
    settings.HAMN_HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not base.is_empty():
        raise NotRestored(
            _(
                "I {home} finns redan ett centrum, som inte skrivs över. Återställ i en tom mapp "
                "eller en tom databas."
            ),
            home=settings.HAMN_HOME,
        )
    with tempfile.TemporaryDirectory(prefix=".hamn-restore-", dir=settings.HAMN_HOME) as folder:
        staging = Path(folder)
        manifest = unpack(file, staging)
        _check(manifest, file, base.PART)
        with _beside(manifest, staging) as kept_aside:
            found = base.load(staging / base.PART, manifest.tables)
            if found is None or differing(manifest.tables, found):
                raise damaged(file)
    # A new one does for the door: it seals no more than visits of half an hour.
    make_secret_key(settings.HAMN_HOME, DOOR)
    audit.record(
        Event.RESTORED, by=None, archive=file.name, sha256=hash_of(file), made_at=manifest.made_at
    )
    return Restored(
        made_at=datetime.fromisoformat(manifest.made_at),
        tables=len(manifest.tables),
        rows=sum(table.rows for table in manifest.tables.values()),
        has_key=(settings.HAMN_HOME / SECRET).exists(),
        kept_aside=kept_aside,
        is_older=bool(_known() - _in(manifest)),
    )


def _check(manifest: Manifest, file: Path, part: str) -> None:
    if _version(manifest.hamn) > _version(__version__) or _in(manifest) - _known():
        raise newer(file)
    if manifest.vendor != connection.vendor:
        raise NotRestored(
            _(
                "Säkerhetskopian kommer från {other}, men här används {vendor}. Peka ut rätt "
                "databas med HAMN_DATABASE och kör igen."
            ),
            other=manifest.engine,
            vendor=connection.display_name,
        )
    if part not in manifest.parts:
        raise damaged(file)
    # No backup holds sessions or the cache, whose rows a process would unpack: one that says it
    # does is not ours. What is then loaded is held to these numbers.
    if any(table in FLEETING and held.rows for table, held in manifest.tables.items()):
        raise damaged(file)


@contextmanager
def _beside(manifest: Manifest, staging: Path) -> Iterator[Path | None]:
    """The files beside the database, taken away again if the database cannot be laid out.

    What the house has already is never overwritten: its own centre.toml says where the database
    is, and ends of the trail that were kept apart show what the backup lacks.
    """
    places = {
        "centre.toml": settings.CENTRE_FILE,
        "trail-heads.jsonl": settings.TRAIL_HEADS,
        SECRET: settings.HAMN_HOME / SECRET,
    }
    kept_aside = None
    if "centre.toml" in manifest.parts and _differs(staging / "centre.toml", places["centre.toml"]):
        places["centre.toml"] = kept_aside = settings.HAMN_HOME / KEPT_ASIDE
    laid_out = []
    try:
        for name, place in places.items():
            if name in manifest.parts and not place.exists():
                laid_out.append(place)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(staging / name, place)
                place.chmod(0o600)
        yield kept_aside
    except BaseException:
        for place in laid_out:
            place.unlink(missing_ok=True)
        raise


def _differs(one: Path, other: Path) -> bool:
    return other.exists() and one.read_bytes() != other.read_bytes()


def _in(manifest: Manifest) -> set[tuple[str, ...]]:
    return {tuple(migration) for migration in manifest.migrations}


def _known() -> set[tuple[str, ...]]:
    return set(MigrationLoader(None).disk_migrations or {})


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdecimal() else 0 for part in text.split("."))
