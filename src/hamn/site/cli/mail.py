"""E-mail from a mail server's pipe: `hamn mail take --unit kast`, one message at standard input.

The system's own act: whose name a mail server would type has not acted, and is not asked for.
"""

import argparse
import sys
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.core.errors import BadInput
from hamn.core.errors import _ as marked
from hamn.support.cases import actions
from hamn.support.cases.rules.mail import MOST_BYTES, read_message
from hamn.support.services import queries as services

from . import arguments as given


def add_to(verbs: Any) -> None:
    """The verb that takes in a letter and shows none."""
    mail = verbs.add_parser("mail", help=_("e-post som når en enhet"))
    kinds = mail.add_subparsers(dest="subverb", metavar="VERB", required=True)
    take = kinds.add_parser("take", help=_("försegla ett e-brev från standard in som kontakt"))
    take.add_argument("--unit", required=True, metavar="KOD")
    take.set_defaults(run=run_take)


def run_take(arguments: argparse.Namespace) -> None:
    """The letter sealed with the unit's public key; needs no unsealed key, and prints nothing."""
    if arguments.email:
        raise BadInput(
            marked(
                "Ett brev tas in av systemet självt, så ingen anges: ta bort --as. Den som själv "
                "tar in ett brev gör det på sidan Ta in ett e-brev."
            )
        )
    given.person(arguments)  # raises NoCentre where there is none
    found = services.services_of(arguments.unit)
    if not found:
        raise BadInput(
            marked("Ingen verksamhet hör till enheten {unit}. Skriv till exempel kast."),
            unit=arguments.unit,
        )
    mail = read_message(_read())
    actions.take_mail(service=found[0].code, mail=mail, by=None, now=timezone.now())


def _read() -> bytes:
    """The whole message, or one byte more than is taken in."""
    if sys.stdin.isatty():
        raise BadInput(
            marked("Skicka brevet till kommandot: hamn mail take --unit kast < brev.eml")
        )
    return sys.stdin.buffer.read(MOST_BYTES + 1)
