"""The year's run: `hamn invoice-run`."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from hamn.agreement.invoicing import actions, queries
from hamn.agreement.invoicing.actions.press import Press, configured
from hamn.agreement.invoicing.rules import OUTCOME_NAMES, Outcome, Plan
from hamn.core.money import kronor
from hamn.guards.audit import actions as audit
from hamn.papers.tables import Column
from hamn.register.organisations.rules import municipality_code

from . import arguments as given

if TYPE_CHECKING:
    from hamn.agreement.invoicing.models import InvoiceRun
    from hamn.guards.access.models import Person


def add_to(verbs: Any) -> None:
    """The verb of the run."""
    run = verbs.add_parser("invoice-run", help=_("förhandsgranska eller utfärda årets fakturor"))
    run.add_argument("year", type=given.year, metavar="ÅR")
    run.add_argument("--dry-run", action="store_true", help=_("visa bara; spara inget"))
    run.add_argument("--basis", action="store_true", help=_("lämna underlag till ekonomisystemet"))
    run.add_argument("--only", type=municipality_code, metavar="KOD")
    run.add_argument("--out", type=Path, metavar="MAPP", help=_("mapp för filerna"))
    run.add_argument("--format", choices=given.FORMATS, default="table")
    run.set_defaults(run=run_invoice_run)


def run_invoice_run(arguments: argparse.Namespace) -> int:
    """The year, previewed or issued; 1 when an e-invoice was stopped."""
    by = given.person(arguments)
    if arguments.format == "xlsx" and arguments.out is None:
        raise given.needs_a_name()
    if arguments.dry_run:
        plans = sorted(
            queries.preview(by, year=arguments.year, only=arguments.only), key=lambda p: p.code
        )
        _show_plans(plans, arguments)
        return 0
    return issue_and_show(
        arguments.year,
        only=arguments.only,
        out=arguments.out,
        by=by,
        form=arguments.format,
        hands_over=arguments.basis,
    )


def press() -> Press:
    """The press with the operator's official rules, where they are configured."""
    return configured(settings.PEPPOL_RULES)


def issue_and_show(
    year: int,
    *,
    only: str | None,
    out: Path | None,
    by: "Person",
    form: str = "table",
    hands_over: bool = False,
) -> int:
    """Issue the year's invoices, deliver them to the folder and show what came of it.

    hands_over: a basis for the ledger instead of numbered documents.
    """
    folder = out or settings.HAMN_HOME / "invoices" / str(year)
    given.check_folder(folder)
    run = actions.run_year(
        year=year,
        today=given.today(),
        by=by,
        press=press(),
        only=only,
        hands_over=hands_over,
        progress=_progress,
    )
    rows, files = conclude(run, folder, by, only=only)
    if form == "table":
        given.show(summary_columns()[:7], map(in_words, rows), form="table")
        _say_result(run, files, folder)
        _say_unbilled(year, by)
    elif form == "xlsx":
        _show_to(folder / "summary.xlsx", rows, form)
    else:
        given.show(summary_columns(), map(_with_reason, rows), form=form)
    return int(any(row["outcome"] == Outcome.STOPPED for row in rows))


def conclude(
    run: "InvoiceRun", folder: Path, by: "Person", *, only: str | None = None
) -> tuple[list[dict[str, Any]], int]:
    """The end of a run: files and summary.csv in the folder, the trail's head outside the database.

    Returns the rows of the summary and the number of files.
    """
    # First of all: what was issued is anchored even if the folder cannot be written.
    audit.export_head(settings.TRAIL_HEADS)
    if run.hands_over:
        path = folder / f"basis-{run.year}.csv"
        count = actions.hand_over(path=path, year=run.year, today=run.today, by=by)
        files = int(count > 0)
    else:
        documents = queries.with_documents(by, year=run.year, only=only)
        files = len(actions.deliver_to_folder(invoices=documents, folder=folder, by=by))
    rows = queries.run_rows(by, run)
    _show_to(folder / "summary.csv", rows, "csv")
    audit.export_head(settings.TRAIL_HEADS)
    return rows, files


def _show_to(path: Path, rows: list[dict[str, Any]], form: str) -> None:
    """The summary as a file for programs: outcomes are codes, reasons are sentences."""
    path.parent.mkdir(parents=True, exist_ok=True)
    given.show(summary_columns(), map(_with_reason, rows), form=form, out=path)


def summary_columns() -> list[Column]:
    """The columns of summary.csv and of the preview."""
    return [
        Column("municipality_code", _("Kod"), "text"),
        Column("name", _("Kommun"), "text"),
        Column("outcome", _("Utfall"), "text"),
        Column("number", _("Faktura"), "text"),
        Column("twelfths", _("Tolftedelar"), "integer"),
        Column("amount_kr", _("Belopp kr"), "kr"),
        Column("reason", _("Varför inte"), "text"),
        Column("other_base_year", _("Annat basår"), "text"),
        Column("other_amount_kr", _("Med annat basår kr"), "kr"),
        Column("difference_kr", _("Skillnad kr"), "kr"),
        Column("due_on", _("Förfaller"), "date"),
    ]


def _show_plans(plans: list[Plan], arguments: argparse.Namespace) -> None:
    rows = [queries.plan_row(plan) for plan in plans]
    if arguments.out is not None:
        form = "csv" if arguments.format == "table" else arguments.format
        _show_to(arguments.out / f"preview.{form}", rows, form)
    if arguments.format != "table":
        if arguments.out is None:
            given.show(summary_columns(), map(_with_reason, rows), form=arguments.format)
        return
    by_key = {column.key: column for column in summary_columns()}
    keys = (
        "municipality_code",
        "name",
        "outcome",
        "twelfths",
        "amount_kr",
        "difference_kr",
        "reason",
    )
    given.show([by_key[key] for key in keys], map(in_words, rows), form="table")
    total = sum(plan.fee.amount_kr for plan in plans if plan.fee)
    other = sum(plan.other_reading.amount_kr for plan in plans if plan.other_reading)
    print(
        _(
            "Summa {total}. Med den andra läsningen av § 6 (annat basår): {other}, "
            "skillnad {difference}. Inget är utfärdat."
        ).format(total=kronor(total), other=kronor(other), difference=kronor(other - total))
    )


def in_words(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the summary as people read it."""
    return {**_with_reason(row), "outcome": _(OUTCOME_NAMES[Outcome(row["outcome"])])}


def _with_reason(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "reason": given.reason_of(Outcome(row["outcome"]), row["facts"])}


def _progress(run: "InvoiceRun") -> None:
    if sys.stderr.isatty():
        end = "\n" if run.looked_at >= run.planned else ""
        print(f"\r{run.looked_at}/{run.planned}", end=end, file=sys.stderr, flush=True)


def _say_unbilled(year: int, by: "Person") -> None:
    for agreement, earlier in queries.unbilled(by, before=year):
        print(
            _(
                "Obs: {name} har ingen faktura för {year}. "
                "Pröva: hamn invoice-run {year} --only {code}"
            ).format(name=agreement.party.name, year=earlier, code=agreement.party.municipality_id)
        )


def _say_result(run: "InvoiceRun", files: int, folder: Path) -> None:
    print(
        _("{issued} nya fakturor. {files} filer i {folder}.").format(
            issued=run.issued, files=files, folder=folder
        )
    )
