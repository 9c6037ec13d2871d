"""Builds the demonstration centre by the same actions as a real one, day by day from 2021."""

import csv
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from hamn.agreement.agreements import actions as agreements
from hamn.agreement.agreements import queries as agreement_queries
from hamn.agreement.agreements.rules import Side, SigningMethod
from hamn.agreement.invoicing import actions as invoicing
from hamn.agreement.invoicing import queries
from hamn.core.dates import parse_date
from hamn.core.errors import BadInput, NotVisible, _
from hamn.guards.access import actions as access
from hamn.guards.access.rules import Role
from hamn.guards.audit import actions as audit
from hamn.register.organisations import actions as organisations
from hamn.register.organisations import queries as registers
from hamn.site.acting import person_or_none
from hamn.site.cli.invoice_run import conclude, press
from hamn.site.setup import set_up

from . import keys
from .cases import build_cases
from .consultations import build_consultations
from .dialogues import build_dialogues
from .sign_ins import PASSWORD
from .staff import build_staff
from .totals import build_totals

if TYPE_CHECKING:
    from hamn.agreement.invoicing.models import InvoiceRun
    from hamn.guards.access.models import Person

DATA = Path(__file__).parent
FIRST_YEAR, LAST_YEAR = 2021, 2026
LACKS_REFERENCE = "0191"  # from 2026 on: shows an invoice that cannot be issued yet
CREDITED = ("0136", 2025, 5_000)  # a part credited, as after a release under § 10
STAFF = (
    ("avtal@centrum.example", "Avtalshandläggare", Role.AGREEMENT_ADMINISTRATOR),
    ("controller@centrum.example", "Controller", Role.CONTROLLER),
    ("enhetschef@centrum.example", "Enhetschef", Role.HEAD_OF_UNIT),
    ("lasare@centrum.example", "Läsare", Role.READER),
    ("information@centrum.example", "Informationsansvarig", Role.INFORMATION_OFFICER),
    ("system@centrum.example", "Systemadministratör", Role.SYSTEM_ADMINISTRATOR),
)


@dataclass(frozen=True, slots=True)
class Signing:
    """A row of agreements.csv."""

    code: str
    signed_on: date
    agreed_start: date | None
    index_base_year: int | None
    notice_received_on: date | None


def is_built() -> bool:
    """Whether the demo stands here already.

    Raises BadInput where a real centre stands: the demo never mixes with one.
    """
    if person_or_none() is None:
        return False
    try:
        profile = queries.profile()
    except NotVisible:
        return False
    if not profile.is_example:
        raise BadInput(
            _("I {home} finns ett riktigt centrum. Kör demonstrationen i en annan mapp."),
            home=settings.HAMN_HOME,
        )
    return invoices_of(LAST_YEAR) > 0


def take_away() -> None:
    """Remove the demo centre and what it wrote, never a real one, and nothing that is not it."""
    if person_or_none() is None:
        return
    is_built()
    keys.take_away()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        return
    connections.close_all()
    database = Path(settings.DATABASES["default"]["NAME"])
    for path in (database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))):
        path.unlink(missing_ok=True)
    settings.TRAIL_HEADS.unlink(missing_ok=True)
    shutil.rmtree(settings.HAMN_HOME / "invoices", ignore_errors=True)


def build(*, out: Path) -> "InvoiceRun":
    """The centre from 2021 to the run of January 2026, whose files land in the folder."""
    if person_or_none() is not None:
        # A build that was stopped half-way is not gone on with, it is made anew.
        take_away()
    person = set_up(DATA / "centre.toml", today=date(FIRST_YEAR, 1, 1), is_example=True)
    for email, title, role in STAFF:
        added = access.add_person(email=email, title=title, roles=[role], by=person)
        # A secret of its own for each: the code is shown on the page, in the demo alone.
        access.prepare_demo_sign_in(
            person=added, password=PASSWORD, totp_secret=generate_totp_secret()
        )
    organisations.import_parties(path=DATA / "parties.csv", today=date(2021, 1, 1), by=person)
    build_staff(person)
    keys.make_keys(by=person)
    signings = list(read_signings())
    for year in range(FIRST_YEAR, LAST_YEAR):
        _live_through(year, signings, person)
    _prepare_last_year(signings, person)
    run = _run(LAST_YEAR, person)
    conclude(run, out, person)
    _record_money(LAST_YEAR, person, paid_before=date(2026, 2, 10))
    build_totals(person)
    build_cases(person, today=timezone.localdate())
    build_consultations(today=timezone.localdate())
    build_dialogues(now=timezone.now())
    audit.export_head(settings.TRAIL_HEADS)
    return run


def read_signings() -> Iterator[Signing]:
    """The example selection of municipalities that signed, with example dates."""
    with (DATA / "agreements.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            base, start, notice = (
                row["index_base_year"],
                row["agreed_start"],
                row["notice_received_on"],
            )
            yield Signing(
                code=row["municipality_code"],
                signed_on=parse_date(row["signed_on"]),
                agreed_start=parse_date(start) if start else None,
                index_base_year=int(base) if base else None,
                notice_received_on=parse_date(notice) if notice else None,
            )


def invoices_of(year: int) -> int:
    """How many invoices the demo has for the year."""
    person = person_or_none()
    return queries.year_totals(person, year)["count"] if person else 0


def _live_through(year: int, signings: list[Signing], person: "Person") -> None:
    if year > FIRST_YEAR:
        _run(year, person)
    for signing in sorted(signings, key=lambda s: s.signed_on):
        if signing.signed_on.year == year:
            _sign(signing, person)
    if year == CREDITED[1]:
        _credit(person)
    _record_money(year, person, paid_before=date(year + 1, 12, 31))


def _sign(signing: Signing, person: "Person") -> None:
    day = signing.signed_on
    agreement = agreements.draft(
        code=signing.code,
        index_base_year=signing.index_base_year,
        agreed_start=signing.agreed_start,
        reference=f"EXEMPEL {signing.code}",
        by=person,
    )
    for side, signed_on in ((Side.MUNICIPALITY, day - timedelta(days=2)), (Side.PROVIDER, day)):
        agreements.sign(
            agreement_id=agreement.pk,
            side=side,
            signed_on=signed_on,
            agreed_start=None,
            title="Socialdirektör" if side == Side.PROVIDER else "Socialchef",
            method=SigningMethod.DIGITAL,
            today=day,
            by=person,
        )
    invoicing.run_year(year=day.year, today=day, by=person, press=press(), only=signing.code)


def _prepare_last_year(signings: list[Signing], person: "Person") -> None:
    for signing in signings:
        if signing.notice_received_on:
            agreements.give_notice(
                agreement_id=agreement_queries.latest(person, signing.code).pk,
                received=signing.notice_received_on,
                from_side=Side.MUNICIPALITY,
                reason="Exempel: nämnden vill pröva egen verksamhet",
                today=signing.notice_received_on,
                by=person,
            )
    party = registers.party(person, LACKS_REFERENCE)
    fields = {
        "municipality_id": LACKS_REFERENCE,
        "name": party.name,
        "organisation_number": party.organisation_number,
        "buyer_reference": "",
    }
    organisations.save_party(fields=fields, contact=None, by=person)


def _run(year: int, person: "Person") -> "InvoiceRun":
    return invoicing.run_year(year=year, today=date(year, 1, 15), by=person, press=press())


def _record_money(year: int, person: "Person", *, paid_before: date) -> None:
    for row in queries.with_documents(person, year=year):
        assert row.issued_on is not None
        received, paid = (
            row.issued_on + timedelta(days=1),
            row.issued_on + timedelta(days=20 + row.pk % 12),
        )
        invoicing.record_receipt(number=str(row), on=received, today=received, by=person)
        if paid < paid_before:
            invoicing.record_payment(
                number=str(row), on=paid, amount_kr=None, today=paid, by=person
            )


def _credit(person: "Person") -> None:
    code, year, amount_kr = CREDITED
    row = queries.invoices_for(person).get(agreement__party__municipality=code, year=year)
    invoicing.credit(
        number=str(row),
        reason="Exempel: mottagningen stängd en tid (avtalet § 10)",
        amount_kr=amount_kr,
        today=date(year, 11, 3),
        by=person,
        press=press(),
    )
