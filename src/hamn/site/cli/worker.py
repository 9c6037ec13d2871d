"""What is queued, done outside the request: `hamn worker`."""

import argparse
from typing import Any

from django.utils.translation import gettext as _

from . import arguments as given


def add_to(verbs: Any) -> None:
    """The verb of the worker."""
    worker = verbs.add_parser("worker", help=_("utför det som ligger i kö, till exempel körningar"))
    worker.add_argument("--once", action="store_true", help=_("sluta när kön är tom"))
    worker.set_defaults(run=run_worker)


def run_worker(arguments: argparse.Namespace) -> None:
    """Work until told to stop; tasks act in the name of who released them, not of who starts it."""
    from hamn.site.worker import work  # the queue is loaded only where it is worked off

    given.person(arguments)  # raises NoCentre where there is none
    work(once=arguments.once, say=_say)


def _say(sentence: str) -> None:
    print(sentence, flush=True)  # also where a log file is the terminal
