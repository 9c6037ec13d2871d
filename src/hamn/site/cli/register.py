"""Parties and population: `hamn party import`, `hamn import-population`."""

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from hamn.core.errors import BadInput
from hamn.core.errors import _ as marked
from hamn.register.organisations import actions, queries, scb

from . import arguments as given


def add_to(verbs: Any) -> None:
    """The verbs of the register."""
    party = verbs.add_parser("party", help=_("parternas uppgifter"))
    kinds = party.add_subparsers(dest="subverb", metavar="VERB", required=True)
    importing = kinds.add_parser("import", help=_("läs in parter ur en CSV-fil"))
    importing.add_argument("file", type=Path, metavar="FIL.csv")
    importing.set_defaults(run=run_party_import)

    population = verbs.add_parser("import-population", help=_("läs in folkmängd"))
    source = population.add_mutually_exclusive_group(required=True)
    source.add_argument("file", type=Path, nargs="?", metavar="FIL.csv")
    source.add_argument("--scb", type=given.year, metavar="ÅR", help=_("hämta året från SCB"))
    population.set_defaults(run=run_import_population)


def run_party_import(arguments: argparse.Namespace) -> None:
    """Party data from a file, all or nothing."""
    saved = actions.import_parties(
        path=arguments.file, today=given.today(), by=given.person(arguments)
    )
    print(_("{count} parter sparades.").format(count=len(saved)))


def run_import_population(arguments: argparse.Namespace) -> None:
    """Population from a file or from Statistics Sweden."""
    by = given.person(arguments)
    if arguments.file is not None:
        new = actions.import_population(path=arguments.file, by=by)
    else:
        year = arguments.scb
        if year >= given.today().year:
            raise BadInput(
                marked("Folkmängden 31 december {year} finns inte än. Välj ett år som har gått."),
                year=year,
            )
        codes = sorted(queries.known_municipalities())
        figures = scb.population(year, codes, address=settings.SCB_ADDRESS)
        new = {
            year: actions.save_populations(
                year=year, inhabitants=figures, source=f"SCB, {scb.TABLE} {scb.CONTENTS}", by=by
            )
        }
    for year, count in new.items():
        print(_("{year}: ny folkmängd för {count} kommuner.").format(year=year, count=count))
