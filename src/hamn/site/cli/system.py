"""Setting up, the demo, and what the clock does: `hamn setup|demo|daily`."""

import argparse
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from hamn.agreement.agreements import actions as agreements
from hamn.core.errors import BadInput
from hamn.core.errors import _ as marked
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit
from hamn.site.setup import EXAMPLE, set_up

from . import arguments as given


def add_to(verbs: Any) -> None:
    """The verbs of the system."""
    setup = verbs.add_parser("setup", help=_("sätt upp ett centrum från centre.toml"))
    setup.add_argument("--from", dest="file", type=Path, metavar="FIL.toml")
    setup.set_defaults(run=run_setup)
    demo = verbs.add_parser("demo", help=_("bygg demonstrationscentret och kör dess år"))
    demo.add_argument(
        "--no-serve",
        action="store_true",
        help=_("visa bara i terminalen (det finns inga sidor att visa ännu)"),
    )
    demo.add_argument("--reset", action="store_true", help=_("bygg om från början"))
    demo.add_argument("--out", type=Path, metavar="MAPP", help=_("mapp för fakturorna"))
    demo.set_defaults(run=run_demo)
    daily = verbs.add_parser("daily", help=_("dagens rutin: avsluta avtal, spara spårets ände"))
    daily.set_defaults(run=run_daily)


def run_setup(arguments: argparse.Namespace) -> None:
    """A real centre; without a file, an example is laid out to fill in."""
    settings.HAMN_HOME.mkdir(parents=True, exist_ok=True)
    if arguments.file is not None:
        if not arguments.file.is_file():
            raise BadInput(
                marked("Filen {name} finns inte. Kontrollera namn och mapp."), name=arguments.file
            )
        set_up(arguments.file, today=given.today())
        if arguments.file.resolve() != settings.CENTRE_FILE:
            shutil.copyfile(arguments.file, settings.CENTRE_FILE)
    elif not settings.CENTRE_FILE.exists():
        shutil.copyfile(EXAMPLE, settings.CENTRE_FILE)
        raise BadInput(
            marked("{path} är skapad med exempelvärden. Fyll i den och kör ”hamn setup” igen."),
            path=settings.CENTRE_FILE,
        )
    else:
        set_up(settings.CENTRE_FILE, today=given.today())
    audit.export_head(settings.TRAIL_HEADS)
    print(_("Centret är uppsatt i {home}.").format(home=settings.HAMN_HOME))
    print(_("Nästa steg: hamn party import, hamn agreement import, hamn invoice import."))


def run_demo(arguments: argparse.Namespace) -> None:
    """The demo centre, built once and shown each time."""
    from hamn.site.demo import build, shown

    settings.HAMN_HOME.mkdir(parents=True, exist_ok=True)
    folder = arguments.out or settings.HAMN_HOME / "invoices" / "2026"
    if arguments.reset:
        build.take_away()
    if not build.is_built():
        print(_("Bygger demonstrationscentret i {home} …").format(home=settings.HAMN_HOME))
        build.build(out=folder)
    shown.show(folder)


def run_daily(arguments: argparse.Namespace) -> None:
    """Agreements past their last day are ended, and the trail's end is kept outside."""
    permits.require(given.person(arguments), "audit.see")
    ended = agreements.end_due(today=given.today())
    audit.export_head(settings.TRAIL_HEADS)
    print(_("{count} avtal har upphört; spårets ände är sparad.").format(count=ended))
