"""People at the command line: `hamn person list|add|link`; everything else is a page."""

import argparse
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from hamn.core.errors import BadInput
from hamn.core.errors import _ as marked
from hamn.guards.access import actions, queries
from hamn.guards.access.rules import NAMES, Role
from hamn.papers.tables import Column

from . import arguments as given

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


def add_to(verbs: Any) -> None:
    """The verbs of people."""
    person = verbs.add_parser("person", help=_("personer och deras första inloggning"))
    kinds = person.add_subparsers(dest="subverb", metavar="VERB", required=True)
    listing = kinds.add_parser("list", help=_("alla med konto"))
    listing.add_argument("--format", choices=given.FORMATS, default="table")
    listing.set_defaults(run=run_list)
    add = kinds.add_parser("add", help=_("lägg till en person"))
    add.add_argument("address", metavar="E-POST")
    add.add_argument("--title", required=True, metavar="TITEL")
    add.add_argument(
        "--role", action="append", required=True, choices=[role.value for role in Role]
    )
    add.set_defaults(run=run_add)
    link = kinds.add_parser(
        "link", help=_("en länk för den första inloggningen, för den som inte har lösenord")
    )
    link.add_argument("address", metavar="E-POST")
    link.set_defaults(run=run_link)


def _deciding(arguments: argparse.Namespace) -> "Person":
    """Who decides: named and shown to be she, once somebody of the centre can show it.

    Before that there is nobody to ask for a second factor: who lays out a centre on its machine
    names its first person and lets her in. Raises NotProved.
    """
    return given.proved(arguments) if queries.can_anyone_prove() else given.person(arguments)


def run_list(arguments: argparse.Namespace) -> None:
    """Everyone with an account."""
    if arguments.format == "xlsx":
        raise BadInput(marked("Välj csv eller json; listan skrivs i terminalen."))
    people = queries.people_for(given.person(arguments)).order_by("pk")
    columns = [
        Column("email", _("E-post"), "text"),
        Column("title", _("Titel"), "text"),
        Column("roles", _("Roller"), "text"),
        Column("is_active", _("Finns kvar"), "text"),
    ]
    rows = (
        {
            "email": one.email,
            "title": one.title,
            "roles": ", ".join(_(NAMES[role]) for role in sorted(one.roles())),
            "is_active": _("ja") if one.is_active else _("nej"),
        }
        for one in people
    )
    given.show(columns, rows, form=arguments.format)


def run_add(arguments: argparse.Namespace) -> None:
    """A person with roles and no password yet."""
    roles = [Role(role) for role in arguments.role]
    person = actions.add_person(
        email=arguments.address,
        title=arguments.title,
        roles=roles,
        by=_deciding(arguments),
    )
    print(
        _("{title} är tillagd. Nästa steg: hamn person link {email}").format(
            title=person.title, email=person.email
        )
    )


def run_link(arguments: argparse.Namespace) -> None:
    """The path of a link that chooses a first password; to be handed over in person."""
    path = actions.first_link(email=arguments.address, by=_deciding(arguments))
    print(
        _("Öppna på Hamns adress inom tre dagar: {path}").format(
            path=settings.ADDRESS.rstrip("/") + path
        )
    )
