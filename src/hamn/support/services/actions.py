"""Every write of services: the catalogue, and who was pointed elsewhere without a name."""

from collections.abc import Container, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction

from hamn.core.errors import BadInput, Refusal, _
from hamn.core.identifiers import phone
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit
from hamn.guards.audit.unordered import shuffle
from hamn.register.staff import queries as staff

from . import queries, rules
from .events import Event
from .models import Service, TurnedAwayEvent, TurnedAwayFact

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


class Changed(Refusal):
    """Somebody else saved the service after the page was opened."""

    code = "services.changed"


class AlreadyTakenBack(Refusal):
    """The turned-away event no longer counts."""

    code = "services.already_taken_back"


@transaction.atomic
def load_services(*, tables: Mapping[str, Any] | None, by: "Person") -> list[Service]:
    """The catalogue as the centre's file has it; what a head has decided since stays as it is.

    tables: the file's section by code; None for the services that come with Hamn. A service that
    the file no longer names stays: cases refer to it.
    Raises BadInput for a fault in the file, a regime without its decision, an unknown unit.
    """
    permits.require(by, "services.load_services")
    shipped = queries.shipped()
    rows = rules.read_catalogue(shipped if tables is None else tables, shipped)
    stored = {row.code for row in Service.objects.select_for_update()}
    units = {unit.code for unit in staff.all_units()}
    for fields in rows:
        _check(fields)
        _check_unit(fields, units)
        keeps = rules.HEADS_FIELDS if fields["code"] in stored else ()
        changed = {name: value for name, value in fields.items() if name not in keeps}
        Service.objects.update_or_create(
            code=fields["code"], defaults=changed, create_defaults=fields
        )
    audit.record(Event.LOADED, by=by, services=sorted(fields["code"] for fields in rows))
    return queries.services(by)


@transaction.atomic
def save_service(
    *, code: str, fields: Mapping[str, Any], seen: str, today: date, by: "Person"
) -> Service:
    """The service with what its head decides: regime and decision, phone and hours.

    fields: those of `rules.HEADS_FIELDS`. seen: what the form showed, as `queries.version` tells.
    Raises Changed, and BadInput as `rules.check_regime` and `rules.check_decided` do.
    """
    service = queries.locked(by, code)
    permits.require(by, "services.save_service", service)
    if seen != queries.version(service):
        raise Changed(
            _("Uppgifterna har ändrats sedan du öppnade sidan. Läs dem igen och gör om ändringen.")
        )
    changed = {**fields, "phone": phone(fields["phone"])}
    _check(changed)
    rules.check_decided(changed["decision_on"], today=today)
    for name in rules.HEADS_FIELDS:
        setattr(service, name, changed[name])
    service.save(update_fields=rules.HEADS_FIELDS)
    audit.record(
        Event.SAVED,
        by=by,
        on=service,
        regime=service.regime,
        decision_reference=service.decision_reference,
        decision_on=service.decision_on,
    )
    return service


@transaction.atomic
def turn_away(
    *,
    service_code: str,
    municipality: str,
    age: rules.AgeGroup,
    is_acute: bool,
    is_trafficking_suspected: bool,
    wants_help: bool,
    pointed_to: Sequence[str],
    on: date,
    today: date,
    by: "Person",
) -> TurnedAwayEvent:
    """Somebody was pointed elsewhere because her municipality has no agreement (B34).

    age, is_acute and is_trafficking_suspected are judged and not stored.
    Raises NotTurnedAway for whom the service is to help, and while the age is unknown; BadInput for
    a day ahead, an unknown municipality and an unknown place to be pointed to.
    """
    service = queries.locked(by, service_code)
    permits.require(by, "services.turn_away", service)
    if not pointed_to or not set(pointed_to) <= set(rules.POINTED_TO):
        raise BadInput(_("Ange vart personen hänvisades, eller att det inte blev någonstans."))
    queries.foresee_turning_away(
        by,
        today=today,
        service_code=service_code,
        municipality=municipality,
        age=age,
        is_acute=is_acute,
        is_trafficking_suspected=is_trafficking_suspected,
        on=on,
    )
    row = TurnedAwayEvent.objects.create(
        happened_on=on,
        service=service.code,
        municipality=queries.read_municipality(municipality),
        wants_help=wants_help,
        pointed_to=[code for code in rules.POINTED_TO if code in pointed_to],
    )
    _count(row, service, 1)
    # Neither the event nor its municipality: the trail knows who wrote, and when.
    audit.record(Event.TURNED_AWAY, by=by, on=service)
    return row


@transaction.atomic
def take_back(*, event_id: UUID, by: "Person") -> TurnedAwayEvent:
    """The event that undoes a mistaken one: both stay, and neither counts.

    Raises NotVisible as `queries.event` does, AlreadyTakenBack.
    """
    mistaken, service = queries.event(by, event_id)
    permits.require(by, "services.take_back", service)
    if queries.is_taken_back(mistaken):
        raise _already_taken_back()
    try:
        row = TurnedAwayEvent.objects.create(
            happened_on=mistaken.happened_on,
            service=mistaken.service,
            municipality=mistaken.municipality,
            wants_help=mistaken.wants_help,
            pointed_to=mistaken.pointed_to,
            takes_back=mistaken.pk,
        )
    except IntegrityError:
        # Somebody else took it back at the same moment.
        raise _already_taken_back() from None
    _count(row, service, -1)
    audit.record(Event.TAKEN_BACK, by=by, on=service)
    return row


def shuffle_facts() -> None:
    """Who was pointed elsewhere, stored anew: no row can be laid beside the trail's entry of it."""
    for model in (TurnedAwayEvent, TurnedAwayFact):
        shuffle(model._meta.db_table)


def _count(row: TurnedAwayEvent, service: Service, count: int) -> None:
    TurnedAwayFact.objects.create(
        month=row.happened_on.replace(day=1),
        unit=service.unit,
        service=service.code,
        municipality=row.municipality,
        residence_class=queries.residence_class(row.municipality),
        wants_help=row.wants_help,
        pointed_to=row.pointed_to,
        count=count,
    )


def _check(fields: Mapping[str, Any]) -> None:
    rules.check_regime(
        rules.Regime(fields["regime"]),
        reference=fields["decision_reference"],
        decided_on=fields["decision_on"],
    )


def _check_unit(fields: Mapping[str, Any], units: Container[str]) -> None:
    if fields["unit"] not in units:
        raise BadInput(
            _(
                "Verksamheten {service} hör till enheten {unit}, som inte finns. Lägg till den "
                "under [units] i centre.toml."
            ),
            service=fields["code"],
            unit=fields["unit"],
        )


def _already_taken_back() -> AlreadyTakenBack:
    return AlreadyTakenBack(_("Hänvisningen är redan tillbakatagen. Ingenting behöver göras."))
