"""Who is entitled to a service: `hamn entitlement`."""

import argparse
from typing import Any

from django.utils.translation import gettext as _

from hamn.core.dates import parse_date
from hamn.support.services import queries
from hamn.support.services.rules import RESULTS, UNKNOWN, AgeGroup

from . import arguments as given

AGES = [age.value for age in AgeGroup if age is not AgeGroup.UNKNOWN]


def add_to(verbs: Any) -> None:
    """The verb that answers and stores nothing."""
    parser = verbs.add_parser("entitlement", help=_("vem en verksamhet är till för"))
    parser.add_argument("--service", required=True, metavar="KOD")
    parser.add_argument("--on", type=parse_date, required=True, metavar="DATUM")
    parser.add_argument(
        "--municipality",
        type=queries.read_municipality,
        default=UNKNOWN,
        metavar="KOD|unknown|declined",
    )
    parser.add_argument("--age", choices=AGES, default=AgeGroup.UNKNOWN.value)
    parser.add_argument("--acute", action="store_true")
    parser.add_argument("--suspected-trafficking", action="store_true")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser.set_defaults(run=run_entitlement)


def run_entitlement(arguments: argparse.Namespace) -> None:
    """The answer, the clause it rests on and what staff can say."""
    found = queries.entitlement_for(
        given.person(arguments),
        service_code=arguments.service,
        municipality=arguments.municipality,
        age=AgeGroup(arguments.age),
        is_acute=arguments.acute,
        is_trafficking_suspected=arguments.suspected_trafficking,
        on=arguments.on,
    )
    answer = found.answer
    if arguments.format == "json":
        said = {"clause": _(answer.clause), "say": _(answer.say)}
        given.show_json({"result": answer.result.value, **said})
        return
    print(f"{found.service.title}: {_(RESULTS[answer.result])} ({_(answer.clause)})")
    print(_(answer.say))
