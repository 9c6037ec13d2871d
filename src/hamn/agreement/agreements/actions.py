"""Every write of agreements: one function for each move."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Model

from hamn.agreement.tariffs import actions as tariffs
from hamn.agreement.tariffs import queries as tariff_queries
from hamn.core import tabular
from hamn.core.dates import parse_date
from hamn.core.errors import BadInput, NotVisible, _
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit
from hamn.register.organisations import queries as organisations
from hamn.register.organisations.rules import known_code

from . import queries, rules
from .events import Event
from .models import Agreement, Signature
from .rules import Side, SigningMethod, Status

if TYPE_CHECKING:
    from hamn.agreement.tariffs.models import Tariff
    from hamn.guards.access.models import Person


AGREEMENT_COLUMNS = ("municipality_code", "signed_on")


@transaction.atomic
def draft(
    *,
    code: str,
    index_base_year: int | None,
    agreed_start: date | None,
    reference: str,
    by: "Person",
    reason: str = "",
) -> Agreement:
    """A new agreement with the municipality, as a draft on the tariff in use.

    index_base_year: None for the tariff's price level year (Z8).
    Raises AlreadyAgreed beside a living agreement, BadInput for the provider or a bad base year.
    """
    permits.require(by, "agreements.draft")
    party = organisations.party(by, code)
    queries.refuse_second(party)
    tariff = tariff_queries.in_use(by)
    tariff_queries.line_for(tariff, party.municipality_id)
    base = index_base_year or tariff.price_level_year
    rules.check_index_base(
        base,
        price_level_year=tariff.price_level_year,
        start_year=agreed_start.year if agreed_start else None,
    )
    _refuse_long(Agreement, "reference", reference, named=_("Diarienumret"))
    rules.check_reason(reason)
    tariffs.freeze(tariff, by=by)
    agreement = _created(
        Agreement(
            party=party,
            tariff=tariff,
            index_base_year=base,
            agreed_start_on=agreed_start,
            reference=reference,
        )
    )
    audit.record(
        Event.DRAFTED,
        by=by,
        on=agreement,
        municipality=party.municipality_id,
        index_base_year=base,
        reason=reason,
    )
    return agreement


@transaction.atomic
def sign(
    *,
    agreement_id: int,
    side: Side,
    signed_on: date,
    agreed_start: date | None,
    title: str,
    method: SigningMethod,
    today: date,
    by: "Person",
    reason: str = "",
    seen: str = "",
) -> Agreement:
    """One party has signed; with the second signature the agreement is in force (F4, Z12).

    agreed_start: replaces the draft's agreed start when given; may lie ahead. seen: the version
    (`queries.version`) that the page showed, when there was one.
    Raises WrongState, Changed, NotComplete when § 1 is not filled in, BadInput for an impossible
    date.
    """
    agreement = queries.locked(by, agreement_id)
    permits.require(by, "agreements.sign", agreement)
    foreseen = queries.foresee_signature(
        agreement, side=side, signed_on=signed_on, agreed_start=agreed_start, today=today, seen=seen
    )
    _refuse_long(Signature, "title", title, named=_("Undertecknarens titel"))
    rules.check_reason(reason)
    Signature.objects.create(
        agreement=agreement, side=side, signed_on=signed_on, title=title, method=method
    )
    agreement.status = foreseen.status
    agreement.agreed_start_on = foreseen.agreed_start
    agreement.starts_on = foreseen.starts_on
    agreement.save(update_fields=["status", "agreed_start_on", "starts_on"])
    audit.record(
        Event.SIGNED,
        by=by,
        on=agreement,
        side=side,
        signed_on=signed_on,
        method=method,
        starts_on=agreement.starts_on,
        reason=reason,
    )
    return agreement


@transaction.atomic
def give_notice(
    *,
    agreement_id: int,
    received: date,
    from_side: Side,
    reason: str,
    today: date,
    by: "Person",
    seen: str = "",
) -> Agreement:
    """Record that a party ends the agreement (uppsägning); the returned row has its last day.

    received: the day the notice arrived, not the day it was written. seen: as for `sign`.
    Raises WrongState unless in force, Changed, BadInput for an impossible date.
    Source: agreement template § 11; Z14.
    """
    agreement = queries.locked(by, agreement_id)
    permits.require(by, "agreements.give_notice", agreement)
    foreseen = queries.foresee_notice(agreement, received=received, today=today, seen=seen)
    rules.check_reason(reason)
    agreement.status = Status.UNDER_NOTICE
    agreement.notice_received_on = received
    agreement.notice_by = from_side
    agreement.ends_on = foreseen.ends_on
    agreement.save(update_fields=["status", "notice_received_on", "notice_by", "ends_on"])
    audit.record(
        Event.NOTICE_GIVEN,
        by=by,
        on=agreement,
        from_side=from_side,
        received=received,
        ends_on=agreement.ends_on,
        reason=reason,
    )
    return agreement


@transaction.atomic
def withdraw(*, agreement_id: int, reason: str, by: "Person", seen: str = "") -> Agreement:
    """A draft that will not be signed is put away, so that a new one can be drafted.

    seen: as for `sign`.
    Raises WrongState once both parties have signed, Changed.
    """
    agreement = queries.locked(by, agreement_id)
    permits.require(by, "agreements.withdraw", agreement)
    rules.check_move(Status(agreement.status), Status.WITHDRAWN)
    rules.check_seen(seen, queries.version(agreement))
    rules.check_reason(reason)
    agreement.status = Status.WITHDRAWN
    agreement.save(update_fields=["status"])
    audit.record(Event.WITHDRAWN, by=by, on=agreement, reason=reason)
    return agreement


@transaction.atomic
def end_due(*, today: date) -> int:
    """Every agreement whose last day has passed becomes ended; returns how many. For the clock."""
    due = Agreement.objects.select_for_update().filter(
        status=Status.UNDER_NOTICE, ends_on__lt=today
    )
    ended = list(due)
    Agreement.objects.filter(pk__in=[row.pk for row in ended]).update(status=Status.ENDED)
    audit.record_many(
        (audit.Happening(Event.ENDED, row, {"ends_on": row.ends_on}) for row in ended), by=None
    )
    return len(ended)


@transaction.atomic
def import_agreements(*, path: Path, today: date, by: "Person") -> list[Agreement]:
    """Agreements that began elsewhere, from a CSV, all or none.

    Columns: municipality_code, signed_on (last signature); optional starts_on, index_base_year,
    reference, notice_received_on, notice_by.
    Raises FaultsInFile with every fault by row.
    """
    permits.require(by, "agreements.import_agreements")
    tariff = tariff_queries.in_use(by)
    rows = tabular.read_all(
        path, required=AGREEMENT_COLUMNS, read=lambda row: _read(row, tariff, today, by)
    )
    tabular.refuse_repeats(
        path, [(n, a.party.municipality_id) for n, (a, _s) in rows], what=_("Kommunkoden")
    )
    tariffs.freeze(tariff, by=by)
    return [_save_imported(agreement, signed_on, by) for _n, (agreement, signed_on) in rows]


def _created(agreement: Agreement) -> Agreement:
    try:
        with transaction.atomic():
            agreement.save(force_insert=True)
    except IntegrityError:
        # Somebody else drafted one for the municipality since it was looked up.
        queries.refuse_second(agreement.party)
        raise
    return agreement


def _refuse_long(model: type[Model], field: str, text: str, *, named: str) -> None:
    longest = getattr(model._meta.get_field(field), "max_length", None)
    if longest and len(text) > longest:
        raise BadInput(
            _("{named} är längre än {longest} tecken. Korta texten."), named=named, longest=longest
        )


def _read(row: tabular.Row, tariff: "Tariff", today: date, by: "Person") -> tuple[Agreement, date]:
    code = known_code(row["municipality_code"], organisations.known_municipalities())
    try:
        party = organisations.party(by, code)
        queries.refuse_second(party)
        tariff_queries.line_for(tariff, code)
    except (NotVisible, rules.AlreadyAgreed) as refusal:
        raise BadInput(refusal.sentence, **refusal.facts) from None
    signed_on = parse_date(row["signed_on"])
    rules.check_signature(signed_on, valid_from=tariff.valid_from, today=today)
    start = row.get("starts_on", "")
    base = row.get("index_base_year", "")
    agreement = Agreement(
        party=party,
        tariff=tariff,
        status=Status.IN_FORCE,
        index_base_year=tabular.whole_number(base, what=_("Basåret"))
        if base
        else tariff.price_level_year,
        reference=row.get("reference", ""),
        starts_on=rules.starts_on([signed_on], parse_date(start) if start else None),
        began_elsewhere=True,
    )
    assert agreement.starts_on is not None  # set two lines above
    rules.check_index_base(
        agreement.index_base_year,
        price_level_year=tariff.price_level_year,
        start_year=agreement.starts_on.year,
    )
    _refuse_long(Agreement, "reference", agreement.reference, named=_("Diarienumret"))
    _read_notice(row, agreement, signed_on, today)
    queries.refuse_overlap(agreement, agreement.starts_on)
    return agreement, signed_on


def _read_notice(row: tabular.Row, agreement: Agreement, signed_on: date, today: date) -> None:
    notice = row.get("notice_received_on", "")
    if not notice:
        return
    received = parse_date(notice)
    rules.check_notice(received, signed=signed_on, today=today)
    agreement.notice_received_on = received
    side = row.get("notice_by") or Side.MUNICIPALITY
    agreement.notice_by = tabular.one_of(side, Side, what=_("Uppsägande part"))
    agreement.ends_on = rules.notice_ends(received)
    agreement.status = Status.UNDER_NOTICE if agreement.ends_on >= today else Status.ENDED


def _save_imported(agreement: Agreement, signed_on: date, by: "Person") -> Agreement:
    agreement.save(force_insert=True)
    Signature.objects.bulk_create(
        Signature(agreement=agreement, side=side, signed_on=signed_on) for side in Side
    )
    audit.record(
        Event.IMPORTED,
        by=by,
        on=agreement,
        municipality=agreement.party.municipality_id,
        starts_on=agreement.starts_on,
    )
    return agreement
