"""What the demo shows in the terminal: the year, why not, the files, and what to try next."""

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from hamn.agreement.agreements import queries as agreements
from hamn.agreement.invoicing import queries
from hamn.agreement.tariffs import queries as tariffs
from hamn.guards.access.rules import NAMES
from hamn.papers.tables import Column
from hamn.site.acting import acting_person
from hamn.site.cli import arguments as given
from hamn.site.cli.invoice_run import in_words

from .build import FIRST_YEAR, LAST_YEAR, STAFF
from .sign_ins import PASSWORD
from .staff import WORKERS

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


def show(folder: Path) -> None:
    """The demo centre as it stands."""
    person = acting_person(None)
    told = _(
        "DEMONSTRATION: anordnaren och bilagan är verkliga. Vilka kommuner som har avtal, deras "
        "datum, organisationsnummer och adresser är påhittade exempel."
    )
    print(textwrap.fill(told, given.terminal_width()))
    print()
    _show_years(person)
    _show_run(person)
    files = sorted(folder.glob("*.pdf")) + sorted(folder.glob("*.xml"))
    print(_("{count} filer i {folder}, till exempel:").format(count=len(files), folder=folder))
    for path in files[:1] + files[-1:] + [folder / "summary.csv"]:
        print(f"  {path}")
    _show_next(person)


def show_sign_ins(port: int) -> None:
    """Where to look, and one sign-in for each role."""
    print()
    print(_("Öppna i webbläsaren: {address}").format(address=f"http://localhost:{port}/desk/"))
    print(_("Den publika sidan: {address}").format(address=f"http://localhost:{port}/"))
    print(_("Logga in som någon av dem; koden visas på sidan. Avsluta med Ctrl-C."))
    columns = [
        Column("role", _("Roll"), "text"),
        Column("email", _("E-post"), "text"),
        Column("password", _("Lösenord"), "text"),
    ]
    rows = [
        {"role": _(NAMES[role]), "email": email, "password": PASSWORD}
        for email, _title, role in STAFF
    ]
    rows += [
        {"role": worker.title, "email": worker.email, "password": PASSWORD}
        for worker in WORKERS
        if worker.signs_in
    ]
    given.show(columns, rows, form="table")


def _show_years(person: "Person") -> None:
    columns = [
        Column("year", _("År"), "text"),
        Column("affiliated", _("Anslutna 31 dec"), "integer"),
        Column("count", _("Fakturor"), "integer"),
        Column("invoiced_kr", _("Fakturerat kr"), "kr"),
        Column("paid_kr", _("Betalt kr"), "kr"),
        Column("borne_kr", _("Stockholm bär kr"), "kr"),
    ]
    tariff = tariffs.in_use(person)
    rows: list[dict[str, Any]] = []
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        totals = queries.year_totals(person, year)
        cost = tariffs.indexed_total(tariff, year)
        affiliated = agreements.affiliated_on(given.year_end(year)).count()
        borne = cost - totals["invoiced_kr"]
        rows.append({"year": str(year), "affiliated": affiliated, **totals, "borne_kr": borne})
    given.show(columns, rows, form="table")
    print(_("Stockholm bär: kostnaden 4,0 mnkr, uppräknad, minus det som fakturerats."))
    print()


def _show_run(person: "Person") -> None:
    columns = [
        Column("municipality_code", _("Kod"), "text"),
        Column("name", _("Kommun"), "text"),
        Column("outcome", _("Utfall"), "text"),
        Column("number", _("Faktura"), "text"),
        Column("amount_kr", _("Belopp kr"), "kr"),
        Column("reason", _("Varför inte"), "text"),
    ]
    rows = map(in_words, queries.run_rows(person, queries.latest_run(LAST_YEAR)))
    print(_("Körningen för {year}:").format(year=LAST_YEAR))
    given.show(columns, rows, form="table")
    print()


def _show_next(person: "Person") -> None:
    first = queries.invoices_for(person).filter(year=LAST_YEAR).order_by("pk")[0]
    print()
    print(_("Prova:"))
    for command in (
        f"hamn explain {first}",
        "hamn agreement show 0117",
        "hamn what-if --total 4500000 --population-year 2024 --with-gotland",
        f"hamn invoice-run {LAST_YEAR + 1} --dry-run",
        f"hamn invoice decide 0183 {LAST_YEAR} --reading whole_year --reason 'Året har börjat'",
        "hamn cases stats --year 2018",
        "hamn trail verify",
    ):
        print(f"  .venv/bin/{command}")
