"""Every read of services: the catalogue, who is entitled, and who was turned away."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet, Sum

from hamn.agreement.agreements.queries import affiliated_on
from hamn.core.errors import BadInput, NotVisible, _
from hamn.guards.access import permits
from hamn.guards.access.queries import member_units
from hamn.register.organisations import queries as organisations
from hamn.register.organisations.rules import known_code

from . import rules
from .models import Service, TurnedAwayEvent, TurnedAwayFact

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

SHIPPED = Path(__file__).parent / "data" / "services.toml"


@dataclass(frozen=True, slots=True)
class Entitlement:
    """The answer about one person, the service it is about, and the services that also help."""

    answer: rules.Answer
    service: Service
    helped_by: list[Service]


def public_address() -> str:
    """Where the public site is met, without a path; empty where nobody has told Hamn."""
    return str(settings.SYSTEM.get("door_address") or settings.SYSTEM.get("address", ""))


def services(viewer: "Person", *, on: date | None = None) -> list[Service]:
    """The catalogue in the centre's order; with a date only what is offered on it."""
    permits.require(viewer, "services.see")
    return list(_offered(on))


def service(code: str) -> Service:
    """The service; reference data that every room may read.

    Raises NotVisible when the centre has none of that code.
    """
    found = Service.objects.filter(pk=code).first()
    if found is None:
        raise NotVisible(
            _("Ingen verksamhet har koden ”{code}”. Koderna står på sidan Verksamheter."), code=code
        )
    return found


def names() -> dict[str, str]:
    """Every service's name by code, in the reader's language, also of those no longer offered.

    Reference data that every room may read.
    """
    return {row.code: row.title for row in _offered(None)}


def offered(on: date) -> list[Service]:
    """What the centre offers on the date, in its own order; the public may read it too."""
    return list(_offered(on))


def services_of(unit: str) -> list[Service]:
    """The services whose cases the unit keeps."""
    return list(Service.objects.filter(unit=unit).order_by("position"))


def grounds_of(code: str) -> dict[str, str]:
    """The service's grounds for contact by code, in the reader's language.

    Raises NotVisible as `service` does.
    """
    return service(code).ground_names


def terms(row: Service) -> rules.Terms:
    """What of a service decides whom it is for."""
    return rules.Terms(
        code=row.code,
        age_groups=frozenset(row.age_groups),
        needs_affiliation=row.needs_affiliation,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        refers_to=tuple(row.refers_to),
        refers_children_to=row.refers_children_to,
    )


def entitlement_for(
    viewer: "Person",
    *,
    service_code: str,
    municipality: str,
    age: rules.AgeGroup,
    is_acute: bool,
    is_trafficking_suspected: bool,
    on: date,
) -> Entitlement:
    """Whether a person is entitled to the service on the date.

    municipality: the stated code, or `rules.UNKNOWN` or `rules.DECLINED`.
    Raises NotVisible for an unknown service, BadInput for a code that no municipality has and for
    a date on which the service is not offered.
    """
    permits.require(viewer, "services.see")
    row = service(service_code)
    answer = rules.entitlement(
        terms(row),
        read_municipality(municipality),
        age=age,
        is_acute=is_acute,
        is_trafficking_suspected=is_trafficking_suspected,
        on=on,
        affiliated=affiliated(on),
        provider=provider_code(),
    )
    offered = {one.code: one for one in _offered(on)}
    codes = rules.helped_by(
        answer,
        terms(row),
        age=age,
        is_trafficking_suspected=is_trafficking_suspected,
        catalogue=[terms(one) for one in offered.values()],
    )
    return Entitlement(answer, row, [offered[code] for code in codes if code in offered])


def foresee_turning_away(
    viewer: "Person", *, today: date, on: date, age: rules.AgeGroup, **asked: Any
) -> Entitlement:
    """The answer about somebody who may be pointed elsewhere; asked: as of `entitlement_for`.

    Raises NotTurnedAway for whom the service is to help, and while the age is unknown; BadInput for
    a day ahead, and as `entitlement_for`.
    """
    if on > today:
        raise BadInput(_("Dagen {day} har inte varit än. Rätta datumet."), day=on)
    found = entitlement_for(viewer, on=on, age=age, **asked)
    rules.check_turned_away(found.answer, age)
    return found


def affiliated(on: date) -> frozenset[str]:
    """The codes of the municipalities that are affiliated on the date, for who serves people.

    Which municipalities have an agreement is public; the agreements themselves are not read.
    """
    return frozenset(affiliated_on(on).values_list("party__municipality", flat=True))


def provider_code() -> str:
    """The code of the provider's own municipality."""
    return organisations.provider_code()


def residence_class(municipality: str) -> rules.ResidenceClass:
    """The class of a stated municipality at this centre (I26)."""
    return rules.residence_class(municipality, provider=provider_code())


def read_municipality(text: str) -> str:
    """A municipality's code, UNKNOWN or DECLINED.

    Raises BadInput for anything else.
    """
    if text in (rules.UNKNOWN, rules.DECLINED):
        return text
    return known_code(text, organisations.known_municipalities())


def version(row: Service) -> str:
    """A digest of what the head decides about a service; differs as soon as one value does."""
    values = [str(getattr(row, name)) for name in rules.HEADS_FIELDS]
    return sha256(repr(values).encode()).hexdigest()[:16]


def locked(by: "Person", code: str) -> Service:
    """The service, locked until the transaction ends.

    Raises NotVisible when there is none, or for who may not see services.
    """
    permits.require(by, "services.see")
    found = Service.objects.select_for_update().filter(pk=code).first()
    return service(code) if found is None else found


def own_services(viewer: "Person", *, on: date) -> list[Service]:
    """The services of the viewer's own units that are offered on the date."""
    units = member_units(viewer)
    return [row for row in _offered(on) if row.unit in units]


def events_of(viewer: "Person", row: Service) -> QuerySet[TurnedAwayEvent]:
    """The service's turned-away events, the latest first, for the unit's own staff.

    Those taken back and what took them back are left out.
    """
    permits.require(viewer, "services.count_turned_away", row)
    rows = TurnedAwayEvent.objects.filter(service=row.code, takes_back=None)
    taken_back = TurnedAwayEvent.objects.exclude(takes_back=None).values("takes_back")
    return rows.exclude(pk__in=taken_back).order_by("-happened_on", "pk")


def event(viewer: "Person", event_id: UUID) -> tuple[TurnedAwayEvent, Service]:
    """One event that stands, with its service.

    Raises NotVisible to others than the unit's staff, for one taken back and for none.
    """
    found = TurnedAwayEvent.objects.filter(pk=event_id).first()
    row = Service.objects.filter(pk=found.service).first() if found else None
    is_hers = row is not None and permits.allows(viewer, "services.take_back", row)
    if found is None or row is None or not is_hers:
        raise NotVisible(_("Hänvisningen finns inte. Gå tillbaka till verksamhetens sida."))
    return found, row


def is_taken_back(row: TurnedAwayEvent) -> bool:
    """Whether the event has been taken back, or is itself what took one back."""
    return row.takes_back is not None or TurnedAwayEvent.objects.filter(takes_back=row.pk).exists()


def turned_away_counts(viewer: "Person", row: Service, *, year: int) -> list[dict[str, Any]]:
    """How many were turned away in the year, exactly: by municipality and wish for help.

    Raises PermissionDenied to others than the unit's staff.
    """
    permits.require(viewer, "services.count_turned_away", row)
    return _counted(Q(service=row.code), year, "municipality", "wants_help")


def turned_away_by_service(viewer: "Person", *, year: int, months: int = 12) -> dict[str, int]:
    """How many were turned away in the year by service, with no municipality told.

    months: how many of the year's are counted.
    """
    permits.require(viewer, "services.see")
    which = Q(month__month__lte=months)
    return {row["service"]: row["sum"] for row in _counted(which, year, "service")}


def municipality_names() -> dict[str, str]:
    """Every municipality's name by code: the provider's, its county's, then the others by name."""
    own = provider_code()
    last = str.maketrans("åäö", "{|}")

    def place(item: tuple[str, str]) -> tuple[bool, bool, str]:
        code, name = item
        return code != own, code[:2] != own[:2], name.casefold().translate(last)

    return dict(sorted(organisations.known_municipalities().items(), key=place))


@cache
def shipped() -> Mapping[str, Any]:
    """The first centre's services, which come with Hamn."""
    return tomllib.loads(SHIPPED.read_text(encoding="utf-8"))


def _offered(on: date | None) -> QuerySet[Service]:
    rows = Service.objects.order_by("position", "code")
    if on is None:
        return rows
    ends = Q(valid_until__isnull=True) | Q(valid_until__gte=on)
    return rows.filter(ends, valid_from__lte=on)


def _counted(which: Q, year: int, *by: str) -> list[dict[str, Any]]:
    if not 2000 <= year <= 2100:
        raise BadInput(_("Året {year} kan inte räknas. Välj ett annat år."), year=year)
    rows = TurnedAwayFact.objects.filter(which, month__year=year).values(*by)
    return list(rows.annotate(sum=Sum("count")).exclude(sum=0).order_by(*by))
