"""The reference data that comes with Hamn."""

from typing import TYPE_CHECKING

from django.db import transaction

from hamn.guards.access import permits
from hamn.guards.audit import actions as audit

from .. import queries
from ..events import Event
from ..models import County, Municipality, Population

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@transaction.atomic
def load_reference(*, by: "Person") -> None:
    """The 21 counties, 290 municipalities and population 2018-2024 that come with Hamn.

    Rows that are there already stay as they are, so that it can be run again.
    """
    permits.require(by, "organisations.load_reference")
    counties = queries.reference_rows("counties.csv")
    County.objects.bulk_create(
        [County(row["county_code"], row["county_name"], row["police_region"]) for row in counties],
        ignore_conflicts=True,
    )
    municipalities = queries.reference_rows("municipalities.csv")
    Municipality.objects.bulk_create(
        [Municipality(r["municipality_code"], r["name"], r["county_code"]) for r in municipalities],
        ignore_conflicts=True,
    )
    populations = list(queries.reference_rows("population-by-municipality.csv"))
    Population.objects.bulk_create(
        [
            Population(
                municipality_id=row["municipality_code"],
                year=int(row["year"]),
                inhabitants=int(row["population_12_31"]),
                source="SCB, BefolkningNy (BE0101N1)",
            )
            for row in populations
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
    audit.record(Event.REFERENCE_LOADED, by=by, populations=len(populations))
