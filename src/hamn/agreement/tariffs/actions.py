"""Every write of tariffs."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from hamn.guards.access import permits
from hamn.guards.audit import actions as audit

from . import queries
from .events import Event
from .models import Tariff, TariffLine, TariffPost
from .rules import annex_fees, check_shares, check_terms

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


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
    queries.refuse_taken(name)
    check_terms(total_kr=total_kr, posts=posts, index_percent=index_percent)
    check_shares(populations, additions)
    tariff = _create(
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


def _create(**fields: Any) -> Tariff:
    try:
        return Tariff.objects.create(**fields)
    except IntegrityError:
        # Another person adopted one of the same name at the same moment.
        raise queries.name_taken(fields["name"]) from None
