"""The whole centre in one file, and back: `hamn backup` and `hamn restore`."""

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from hamn.core.errors import BadInput
from hamn.core.errors import _ as marked
from hamn.guards.audit import queries as audit
from hamn.site.backup.make import back_up
from hamn.site.backup.restore import restore

from . import arguments as given

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def add_to(verbs: Any) -> None:
    """The verbs of backups."""
    making = verbs.add_parser("backup", help=_("skriv en säkerhetskopia av hela centret"))
    making.add_argument("--to", type=Path, metavar="MAPP", help=_("annars backups i centrets mapp"))
    making.add_argument("--keep", type=_count, metavar="ANTAL", help=_("ta bort äldre än så många"))
    making.add_argument(
        "--with-secret", action="store_true", help=_("ta med den hemliga nyckeln; förvara säkert")
    )
    making.set_defaults(run=run_backup)
    laying = verbs.add_parser("restore", help=_("återställ en säkerhetskopia där inget centrum är"))
    laying.add_argument("file", type=Path, metavar="FIL.tar")
    laying.set_defaults(run=run_restore)


def run_backup(arguments: argparse.Namespace) -> None:
    """One more backup, and fewer old ones."""
    by = given.person(arguments)
    folder = arguments.to or settings.HAMN_HOME / "backups"
    given.check_folder(folder)
    written = back_up(
        folder=folder,
        keep=arguments.keep,
        with_secret=arguments.with_secret,
        now=datetime.now(STOCKHOLM),
        by=by,
    )
    print(
        _("{path}: {rows} rader i {tables} tabeller, {size} MB.").format(
            path=written.path,
            rows=written.rows,
            tables=written.tables,
            size=f"{written.size / 1e6:.1f}".replace(".", _(",")),
        )
    )
    if written.removed:
        print(_("{count} äldre säkerhetskopior togs bort.").format(count=written.removed))
    if not arguments.with_secret:
        print(_("Filen secret-key är inte med. Förvara den för sig; den behövs efter ett haveri."))


def run_restore(arguments: argparse.Namespace) -> int:
    """A centre laid out and its trail verified; 1 when the trail lacks something."""
    if not arguments.file.is_file():
        raise BadInput(
            marked("Filen {name} finns inte. Kontrollera namn och mapp."), name=arguments.file
        )
    restored = restore(file=arguments.file)
    print(
        _(
            "Centret från {made_at} är återställt i {home}: {rows} rader i {tables} tabeller."
        ).format(
            made_at=restored.made_at.astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M"),
            home=settings.HAMN_HOME,
            rows=restored.rows,
            tables=restored.tables,
        )
    )
    verdict = audit.verify(settings.TRAIL_HEADS)
    is_sound = verdict.is_sound and bool(verdict.heads)
    if is_sound:
        print(_("Spåret är helt: {entries} poster.").format(entries=verdict.entries))
    else:
        print(_("Spåret är inte helt. Se vad som saknas med: hamn trail verify"))
    if restored.kept_aside:
        print(
            _("Din centre.toml är kvar; säkerhetskopians ligger i {path}.").format(
                path=restored.kept_aside
            )
        )
    if not restored.has_key:
        print(_("Lägg tillbaka filen secret-key, annars kan ingen logga in med sin andra faktor."))
    if restored.is_older:
        print(_("Säkerhetskopian är från en äldre Hamn. Kör: hamn setup"))
    return int(not is_sound)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 10_000):
        raise BadInput(marked("”{text}” är inget antal. Skriv till exempel 14."), text=text)
    return int(text)
