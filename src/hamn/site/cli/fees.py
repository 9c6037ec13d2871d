"""What it costs: `hamn allocate`, `hamn what-if`, `hamn fee`."""

import argparse
import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from hamn.agreement.agreements import queries as agreements
from hamn.agreement.agreements.rules import check_index_base
from hamn.agreement.invoicing.queries.explained import step_label
from hamn.agreement.tariffs import queries as tariffs
from hamn.agreement.tariffs import reference, rules
from hamn.agreement.tariffs.rules import Gotland
from hamn.core.dates import parse_date
from hamn.core.errors import BadInput
from hamn.core.errors import _ as marked
from hamn.core.money import decimal_comma, kronor
from hamn.papers.tables import Column
from hamn.register.organisations.queries import known_municipalities
from hamn.register.organisations.rules import known_code, municipality_code, positive_population

from . import arguments as given

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


def add_to(verbs: Any) -> None:
    """The verbs that compute and store nothing."""
    allocate = verbs.add_parser("allocate", help=_("fördela ett belopp efter folkmängd"))
    allocate.add_argument("file", type=Path, metavar="FIL.csv")
    allocate.add_argument("--total", type=given.kronor, required=True, metavar="KR")
    allocate.add_argument("--add", action="append", default=[], metavar="KOD:FOLKMÄNGD")
    allocate.add_argument("--redistribute", action="store_true")
    _add_form(allocate)
    allocate.set_defaults(run=run_allocate)

    what_if = verbs.add_parser("what-if", help=_("jämför avgifterna med en annan taxa"))
    what_if.add_argument("--total", type=given.kronor, metavar="KR")
    what_if.add_argument("--population-year", type=given.year, metavar="ÅR")
    choice = what_if.add_mutually_exclusive_group()
    choice.add_argument("--with-gotland", action="store_const", dest="gotland", const=Gotland.ADDED)
    choice.add_argument(
        "--without-gotland", action="store_const", dest="gotland", const=Gotland.LEFT_OUT
    )
    choice.add_argument(
        "--redistribute", action="store_const", dest="gotland", const=Gotland.REDISTRIBUTED
    )
    what_if.add_argument("--signed", metavar="KOD,…")
    _add_form(what_if)
    what_if.set_defaults(run=run_what_if)

    fee = verbs.add_parser("fee", help=_("en kommuns avgift ett år, med varje steg"))
    fee.add_argument("code", type=municipality_code, metavar="KOD")
    fee.add_argument("--signed", type=parse_date, required=True, metavar="DATUM")
    fee.add_argument("--index-base", type=given.year, metavar="ÅR")
    fee.add_argument("--year", type=given.year, required=True, metavar="ÅR")
    fee.add_argument("--format", choices=("table", "json"), default="table")
    fee.set_defaults(run=run_fee)


def run_allocate(arguments: argparse.Namespace) -> None:
    """Each municipality's part of a total, from a file of populations."""
    rows = tariffs.read_allocation(_shipped(arguments.file))
    added = dict(_addition(text, rows) for text in arguments.add)
    counts = {code: count for code, (_name, count) in rows.items()} | added
    gotland = Gotland.REDISTRIBUTED if arguments.redistribute else Gotland.ADDED
    fees = rules.fees_with(arguments.total, counts, added, gotland)
    sharing = (
        counts if arguments.redistribute else {c: n for c, n in counts.items() if c not in added}
    )
    everyone = sum(sharing.values())
    columns = [
        Column("municipality_code", _("Kod"), "text"),
        Column("name", _("Kommun"), "text"),
        Column("population", _("Folkmängd"), "integer"),
        Column("share_percent", _("Andel %"), "percent"),
        Column("cost_sek", _("Kostnad kr"), "kr"),
    ]
    names = known_municipalities()
    given.show(
        columns,
        (
            {
                "municipality_code": code,
                "name": rows[code][0] if code in rows else names[code],
                "population": counts[code],
                "share_percent": rules.share_percent(counts[code], everyone),
                "cost_sek": fees[code],
            }
            for code in sorted(fees)
        ),
        form=arguments.format,
        out=arguments.out,
    )


def run_what_if(arguments: argparse.Namespace) -> None:
    """Fees under another tariff beside today's, and what the provider bears."""
    by = given.person_or_reference(arguments)
    signed = _signed(arguments.signed, by)
    now, then = tariffs.compared(
        by,
        total_kr=arguments.total,
        population_year=arguments.population_year,
        gotland=arguments.gotland,
        signed=signed,
    )
    rows = [
        {**row, "signed": _("ja") if row["signed"] else ""}
        for row in rules.side_by_side(now, then, known_municipalities())
    ]
    if arguments.format == "json":
        given.show_json({"rows": rows, "today": rules.summary(now), "what_if": rules.summary(then)})
        return
    columns = [
        Column("municipality_code", _("Kod"), "text"),
        Column("name", _("Kommun"), "text"),
        Column("signed", _("Avtal"), "text"),
        Column("today_sek", _("I dag kr"), "kr"),
        Column("what_if_sek", _("Med ändringen kr"), "kr"),
        Column("difference_sek", _("Skillnad kr"), "kr"),
    ]
    given.show(columns, rows, form=arguments.format, out=arguments.out, title=_("Jämförelse"))
    if arguments.format == "table":
        _say_summary(now, then, has_centre=by is not None)


def run_fee(arguments: argparse.Namespace) -> None:
    """A municipality's fee for a year, step by step."""
    code = known_code(arguments.code, known_municipalities())
    tariff, basis = tariffs.basis_for(given.person_or_reference(arguments), code)
    base_year = arguments.index_base or tariff.price_level_year
    check_index_base(
        base_year, price_level_year=tariff.price_level_year, start_year=arguments.signed.year
    )
    _check_years(arguments.signed, arguments.year, tariff.valid_from)
    fee = rules.fee_for(
        basis,
        index_percent=tariff.index_percent,
        base_year=base_year,
        year=arguments.year,
        in_force=arguments.signed,
    )
    if arguments.format == "json":
        given.show_json(fee_data(fee))
        return
    print(f"{known_municipalities()[arguments.code]} {fee.year}: {kronor(fee.amount_kr)}")
    print_steps([step.as_data() for step in fee.steps])


def fee_data(fee: rules.Fee) -> dict[str, Any]:
    """A fee as programs read it."""
    return {
        "amount_sek": fee.amount_kr,
        "year": fee.year,
        "twelfths": fee.twelfths,
        "index_factor": float(fee.index_factor),
        "annex_amount_sek": fee.annex_amount_kr,
        "steps": [step_data(step.as_data()) for step in fee.steps],
    }


def step_data(step: dict[str, Any]) -> dict[str, Any]:
    """One step as programs read it, its label in the language that is active."""
    return {
        "code": step["code"],
        "label": step_label(step),
        "value": step["value"],
        "clause": _(step["clause"]) if step["clause"] else "",
    }


def print_steps(steps: list[dict[str, Any]]) -> None:
    """The chain from population to amount, one numbered line for each step."""
    for place, step in enumerate(steps, 1):
        clause = f"  ({_(step['clause'])})" if step["clause"] else ""
        print(f"{place:>3}. {step_label(step)}: {step['value']}{clause}")


def _add_form(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=given.FORMATS, default="table")
    parser.add_argument("--out", type=Path, metavar="FIL")


def _shipped(path: Path) -> Path:
    """The file, or the one of that name among the reference data that comes with Hamn."""
    own = reference.DATA / path.name
    return own if not path.exists() and path.parent == Path() and own.is_file() else path


def _addition(text: str, rows: dict[str, tuple[str, int]]) -> tuple[str, int]:
    code, colon, count = text.partition(":")
    if not colon:
        raise BadInput(marked("Skriv tillägget som KOD:FOLKMÄNGD, till exempel 0980:59249."))
    known = known_code(code, known_municipalities())
    if known in rows:
        raise BadInput(marked("Kommun {code} står redan i filen. Ta bort tillägget."), code=known)
    return known, positive_population(count)


def _signed(text: str | None, by: "Person | None") -> frozenset[str]:
    """The codes that have signed: those given, or those affiliated today."""
    if text is None:
        return agreements.affiliated_codes(by, given.today()) if by else frozenset()
    codes = [part for part in text.split(",") if part.strip()]
    return frozenset(known_code(part, known_municipalities()) for part in codes)


def _say_summary(now: rules.Comparison, then: rules.Comparison, *, has_centre: bool) -> None:
    for title, one in ((_("I dag"), now), (_("Med ändringen"), then)):
        share = decimal_comma(Fraction(100 * one.borne_kr, one.cost_kr), 1)
        print(
            _(
                "{title}: {count} betalar {paid}; anordnaren bär {borne} ({share} %) av {cost}."
            ).format(
                title=title,
                count=len(one.signed),
                paid=kronor(one.invoiced_kr),
                borne=kronor(one.borne_kr),
                share=share,
                cost=kronor(one.cost_kr),
            )
        )
    if not has_centre:
        print(_("Inget centrum finns här; räknat på avtalsbilagan från 2018 som följer med Hamn."))


def _check_years(signed: datetime.date, year: int, valid_from: datetime.date) -> None:
    if signed < valid_from:
        raise BadInput(
            marked("{day} ligger före taxan, som gäller från {valid_from}. Rätta dagen."),
            day=signed,
            valid_from=valid_from,
        )
    if not signed.year <= year <= 2100:
        raise BadInput(
            marked(
                "Avgiften för {year} kan inte räknas: avtalet börjar {signed}. "
                "Ange det året eller senare."
            ),
            year=year,
            signed=signed,
        )
