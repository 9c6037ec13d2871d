"""Every write of tariffs."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import BadInput, _
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit

from .events import Event
from .models import Tariff, TariffLine, TariffPost
from .rules import SERVICES, annex_fees

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

LARGEST_TOTAL_KR = 2_000_000_000  # what the database's whole numbers hold


@transaction.atomic
def adopt(
    *,
    name: str,
    total_kr: int,
    posts: Mapping[str, Decimal],
    populations: Mapping[str, int],
    additions: Mapping[str, int],
    population_year: int,
    index_percent: Decimal,
    price_level_year: int,
    valid_from: date,
    by: "Person",
) -> Tariff:
    """A new tariff with a line for each municipality (H1-H5, Z3).

    populations: of those that share the total; additions: of those that pay on top of it.
    Raises BadInput when the name is taken, a service is unknown, or the shares cannot be right.
    """
    permits.require(by, "tariffs.adopt")
    _check(name, total_kr, posts)
    _check_shares(populations, additions, index_percent)
    tariff = Tariff.objects.create(
        name=name,
        total_kr=total_kr,
        population_year=population_year,
        index_percent=index_percent,
        price_level_year=price_level_year,
        valid_from=valid_from,
        all_population=sum(populations.values()),
    )
    TariffPost.objects.bulk_create(
        TariffPost(tariff=tariff, service=service, posts=count) for service, count in posts.items()
    )
    counts = {**populations, **additions}
    TariffLine.objects.bulk_create(
        TariffLine(
            tariff=tariff,
            municipality_id=code,
            population=counts[code],
            annex_kr=amount_kr,
            is_addition=code in additions,
        )
        for code, amount_kr in annex_fees(total_kr, populations, additions).items()
    )
    audit.record(Event.ADOPTED, by=by, on=tariff, total_kr=total_kr, lines=len(counts))
    return tariff


def freeze(tariff: Tariff, *, by: "Person") -> None:
    """Keep the tariff's lines as they are from now on; called when an agreement refers to it.

    The caller holds the transaction and has checked her own permit.
    """
    if Tariff.objects.filter(pk=tariff.pk, frozen_at=None).update(frozen_at=timezone.now()):
        audit.record(Event.FROZEN, by=by, on=tariff)


def _check(name: str, total_kr: int, posts: Mapping[str, Decimal]) -> None:
    if Tariff.objects.filter(name=name).exists():
        raise BadInput(
            _("Det finns redan en taxa som heter ”{name}”. Välj ett annat namn."), name=name
        )
    if not 0 < total_kr <= LARGEST_TOTAL_KR:
        raise BadInput(
            _(
                "Taxans totalbelopp kan inte vara {total} kronor. Ange beloppet i hela kronor, "
                "till exempel 4000000."
            ),
            total=total_kr,
        )
    unknown = sorted(set(posts) - set(SERVICES))
    if unknown:
        raise BadInput(
            _("Tjänsten ”{service}” är okänd. Kända tjänster: {known}."),
            service=unknown[0],
            known=", ".join(SERVICES),
        )


def _check_shares(
    populations: Mapping[str, int], additions: Mapping[str, int], index_percent: Decimal
) -> None:
    if not populations:
        raise BadInput(_("Taxan har inga kommuner att dela beloppet på. Ange minst en."))
    twice = sorted(set(populations) & set(additions))
    if twice:
        raise BadInput(
            _("Kommun {code} både delar beloppet och betalar utöver det. Ange den på ett ställe."),
            code=twice[0],
        )
    empty = sorted(code for code, n in {**populations, **additions}.items() if n <= 0)
    if empty:
        raise BadInput(
            _("Folkmängden för kommun {code} ska vara större än noll. Rätta den."), code=empty[0]
        )
    if not 0 <= index_percent < 100:
        raise BadInput(
            _("Uppräkningen kan inte vara {percent} procent. Ange till exempel 2."),
            percent=index_percent,
        )
