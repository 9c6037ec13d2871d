"""Every write of agreements: one function for each move."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
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
from .rules import LIVING, Side, SigningMethod, Status

if TYPE_CHECKING:
    from hamn.agreement.tariffs.models import Tariff
    from hamn.guards.access.models import Person
    from hamn.register.organisations.models import Party


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
    _refuse_second(party)
    tariff = tariff_queries.in_use(by)
    tariff_queries.line_for(tariff, party.municipality_id)
    base = index_base_year or tariff.price_level_year
    rules.check_index_base(
        base,
        price_level_year=tariff.price_level_year,
        start_year=agreed_start.year if agreed_start else None,
    )
    _refuse_long(Agreement, "reference", reference, named=_("Diarienumret"))
    tariffs.freeze(tariff, by=by)
    agreement = Agreement.objects.create(
        party=party,
        tariff=tariff,
        index_base_year=base,
        agreed_start_on=agreed_start,
        reference=reference,
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
) -> Agreement:
    """One party has signed; with the second signature the agreement is in force (F4, Z12).

    agreed_start: replaces the draft's agreed start when given; may lie ahead.
    Raises WrongState, NotComplete when § 1 is not filled in, BadInput for an impossible date.
    """
    agreement = queries.locked(by, agreement_id)
    permits.require(by, "agreements.sign", agreement)
    earlier = dict(agreement.signatures.values_list("side", "signed_on"))
    wanted = Status.IN_FORCE if earlier else Status.SIGNED_BY_ONE
    rules.check_move(Status(agreement.status), wanted)
    _refuse_signature(agreement, side, signed_on, earlier, today)
    _refuse_long(Signature, "title", title, named=_("Undertecknarens titel"))
    Signature.objects.create(
        agreement=agreement, side=side, signed_on=signed_on, title=title, method=method
    )
    agreement.status = wanted
    agreement.agreed_start_on = agreed_start or agreement.agreed_start_on
    if wanted == Status.IN_FORCE:
        _put_in_force(agreement, [*earlier.values(), signed_on])
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
    *, agreement_id: int, received: date, from_side: Side, reason: str, today: date, by: "Person"
) -> Agreement:
    """Record that a party ends the agreement (uppsägning); the returned row has its last day.

    received: the day the notice arrived, not the day it was written.
    Raises WrongState unless in force, BadInput for an impossible date.
    Source: agreement template § 11; Z14.
    """
    agreement = queries.locked(by, agreement_id)
    permits.require(by, "agreements.give_notice", agreement)
    rules.check_move(Status(agreement.status), Status.UNDER_NOTICE)
    rules.check_reason(reason)
    signed = max(agreement.signatures.values_list("signed_on", flat=True))
    rules.check_notice(received, signed=signed, today=today)
    agreement.status = Status.UNDER_NOTICE
    agreement.notice_received_on = received
    agreement.notice_by = from_side
    agreement.ends_on = rules.notice_ends(received)
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
def withdraw(*, agreement_id: int, reason: str, by: "Person") -> Agreement:
    """A draft that will not be signed is put away, so that a new one can be drafted.

    Raises WrongState once both parties have signed.
    """
    agreement = queries.locked(by, agreement_id)
    permits.require(by, "agreements.withdraw", agreement)
    rules.check_move(Status(agreement.status), Status.WITHDRAWN)
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


def _refuse_second(party: "Party") -> None:
    if party.is_provider:
        raise BadInput(
            _("{name} är anordnare och tecknar inget avtal med sig själv. Välj en annan kommun."),
            name=party.name,
        )
    living = Agreement.objects.filter(party=party, status__in=LIVING).first()
    if living is not None:
        raise rules.AlreadyAgreed(
            _(
                "{name} har redan ett avtal ({status}). Säg upp det eller återkalla utkastet innan "
                "ett nytt läggs upp."
            ),
            name=party.name,
            status=rules.NAMES[Status(living.status)],
        )


def _refuse_signature(
    agreement: Agreement, side: Side, signed_on: date, earlier: dict[str, date], today: date
) -> None:
    if side.value in earlier:
        raise rules.WrongState(
            _("Avtalet är redan undertecknat av {side} {day}. Det är den andra parten som fattas."),
            side=rules.SIDE_NAMES[side],
            day=earlier[side.value],
        )
    rules.check_signature(signed_on, valid_from=agreement.tariff.valid_from, today=today)
    lacking = queries.missing_before_signing(agreement.party, today)
    if lacking:
        raise rules.NotComplete(
            _("{name} saknar: {fields}. Komplettera med ”hamn party import” före underskrift."),
            name=agreement.party.name,
            fields=[item.name for item in lacking],
        )


def _put_in_force(agreement: Agreement, signatures: list[date]) -> None:
    agreement.starts_on = rules.starts_on(signatures, agreement.agreed_start_on)
    rules.check_index_base(
        agreement.index_base_year,
        price_level_year=agreement.tariff.price_level_year,
        start_year=agreement.starts_on.year,
    )
    _refuse_overlap(agreement)


def _refuse_overlap(agreement: Agreement) -> None:
    # Two agreements on one day would bill that year twice.
    others = Agreement.objects.filter(party=agreement.party, ends_on__gte=agreement.starts_on)
    if agreement.ends_on:
        others = others.filter(starts_on__lte=agreement.ends_on)
    if (last := others.order_by("-ends_on").first()) is not None:
        raise BadInput(
            _(
                "Avtalet skulle börja gälla {starts}, men det förra gäller till och med {last}. "
                "Avtala en start efter den dagen."
            ),
            starts=agreement.starts_on,
            last=last.ends_on,
        )


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
        _refuse_second(party)
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
    _refuse_overlap(agreement)
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
