"""Setting up, checking, the demo, and what the clock does: `hamn setup|check|demo|daily`."""

import argparse
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connections
from django.utils.translation import gettext as _

from hamn.core.errors import BadInput
from hamn.core.errors import _ as marked
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit
from hamn.site.setup import EXAMPLE, set_up

from . import arguments as given
from . import serve


def add_to(verbs: Any) -> None:
    """The verbs of the system."""
    setup = verbs.add_parser("setup", help=_("sätt upp ett centrum från centre.toml"))
    setup.add_argument("--from", dest="file", type=Path, metavar="FIL.toml")
    setup.set_defaults(run=run_setup)
    check = verbs.add_parser("check", help=_("pröva inställningarna innan andra släpps in"))
    check.set_defaults(run=run_check)
    demo = verbs.add_parser("demo", help=_("bygg demonstrationscentret och visa det"))
    demo.add_argument("--no-serve", action="store_true", help=_("visa bara i terminalen"))
    demo.add_argument("--reset", action="store_true", help=_("bygg om från början"))
    demo.add_argument("--out", type=Path, metavar="MAPP", help=_("mapp för fakturorna"))
    demo.set_defaults(run=run_demo)
    daily = verbs.add_parser("daily", help=_("dagens rutin: avsluta avtal, spara spårets ände"))
    daily.set_defaults(run=run_daily)


def run_setup(arguments: argparse.Namespace) -> None:
    """A real centre; without a file, an example is laid out to fill in."""
    settings.HAMN_HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
    if arguments.file is not None:
        if not arguments.file.is_file():
            raise BadInput(
                marked("Filen {name} finns inte. Kontrollera namn och mapp."), name=arguments.file
            )
        set_up(arguments.file, today=given.today())
        if arguments.file.resolve() != settings.CENTRE_FILE:
            _copy_centre_file(arguments.file)
    elif not settings.CENTRE_FILE.exists():
        _copy_centre_file(EXAMPLE)
        raise BadInput(
            marked("{path} är skapad med exempelvärden. Fyll i den och kör ”hamn setup” igen."),
            path=settings.CENTRE_FILE,
        )
    else:
        set_up(settings.CENTRE_FILE, today=given.today())
    audit.export_head(settings.TRAIL_HEADS)
    print(_("Centret är uppsatt i {home}.").format(home=settings.HAMN_HOME))
    print(_("Nästa steg: hamn party import, hamn agreement import, hamn invoice import."))


def _copy_centre_file(source: Path) -> None:
    shutil.copyfile(source, settings.CENTRE_FILE)
    # It will hold passwords: to the post office, to the database.
    settings.CENTRE_FILE.chmod(0o600)


def run_check(arguments: argparse.Namespace) -> int:  # noqa: ARG001
    """Django's deployment check and ours; 1 when anything must be mended."""
    from hamn.site import checks as ours

    for check in (ours.check_centre, ours.check_keys):
        checks.register(check, checks.Tags.security, deploy=True)
    try:
        call_command("check", deploy=True, fail_level="WARNING")
    except SystemCheckError as faults:
        print(faults, file=sys.stderr)
        return 1
    return 0


def run_demo(arguments: argparse.Namespace) -> None:
    """The demo centre, built once and shown each time; then served until it is stopped."""
    from hamn.site.demo import build, keys, shown

    settings.HAMN_HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = arguments.out or settings.HAMN_HOME / "invoices" / "2026"
    if arguments.reset:
        build.take_away()
    if not build.is_built():
        print(_("Bygger demonstrationscentret i {home} …").format(home=settings.HAMN_HOME))
        with keys.open_vault():
            build.build(out=folder)
    shown.show(folder)
    if not arguments.no_serve:
        _serve_demo()


def _serve_demo() -> None:
    """Show the sign-ins and become the server, in settings that know it for the demo."""
    from hamn.site.demo import shown

    port = serve.free_port("127.0.0.1", serve.PORT)
    shown.show_sign_ins(port)
    sys.stdout.flush()
    connections.close_all()
    words = serve.command("serve", "--face", "desk", "--port", str(port))
    # Quiet: the terminal keeps the sign-ins in sight.
    environment = {**os.environ, "HAMN_DEMO": "1", "HAMN_LOG": "warning"}
    os.execve(words[0], words, environment)  # noqa: S606 our own words


def run_daily(arguments: argparse.Namespace) -> None:
    """The day's routine, as the worker does it."""
    from hamn.site.worker import do_routine

    permits.require(given.person(arguments), "audit.see")
    ended = do_routine(given.today())
    print(_("{count} avtal har upphört; spårets ände är sparad.").format(count=ended))
