"""What-if: other totals, populations and Gotland, side by side with today's tariff."""

from types import SimpleNamespace

import pytest

from hamn.agreement.tariffs import queries, reference
from hamn.agreement.tariffs.queries import WhatIf
from hamn.agreement.tariffs.rules import Gotland, annex_fees, compare
from hamn.core.errors import BadInput, NotVisible
from hamn.register.organisations.models import Population

VIEWERS = pytest.mark.parametrize("viewer", ["controller", None], ids=["a centre", "no centre"])


def ask(cast: SimpleNamespace, viewer: str | None, **changed: object) -> WhatIf:
    question = {"total_kr": None, "population_year": None, "gotland": None, "signed": ()}
    who = getattr(cast, viewer) if viewer else None
    return queries.what_if(who, **question | changed)  # type: ignore[arg-type]


@VIEWERS
def test_asking_for_nothing_gives_the_annex_beside_itself(
    cast: SimpleNamespace, viewer: str | None
) -> None:
    found = ask(cast, viewer)
    assert found.today == found.fees == annex_fees(4_000_000, reference.populations())
    assert found.today_total_kr == found.total_kr == 4_000_000


@VIEWERS
def test_another_total_is_split_in_the_same_way(cast: SimpleNamespace, viewer: str | None) -> None:
    found = ask(cast, viewer, total_kr=5_000_000)
    assert sum(found.fees.values()) == found.total_kr == 5_000_000
    assert found.fees["0117"] == 95_624
    assert (found.today["0117"], found.today_total_kr) == (76_499, 4_000_000)


@VIEWERS
def test_another_population_year_moves_the_fees_and_not_their_sum(
    cast: SimpleNamespace, viewer: str | None
) -> None:
    found = ask(cast, viewer, population_year=2024)
    assert sum(found.fees.values()) == 4_000_000
    assert found.fees != found.today
    assert found.today["0117"] == 76_499
    assert ask(cast, viewer, population_year=2018).fees == found.today


@VIEWERS
def test_gotland_counts_in_three_ways(cast: SimpleNamespace, viewer: str | None) -> None:
    added = ask(cast, viewer, gotland=Gotland.ADDED)
    shared = ask(cast, viewer, gotland=Gotland.REDISTRIBUTED)
    left_out = ask(cast, viewer, gotland=Gotland.LEFT_OUT)
    assert (added.fees["0980"], added.fees["0117"]) == (101_102, 76_499)
    assert (shared.fees["0980"], shared.fees["0117"]) == (98_610, 74_614)
    assert shared.today["0980"] == 101_102
    assert "0980" not in left_out.fees


@VIEWERS
def test_gotland_counts_when_it_has_signed(cast: SimpleNamespace, viewer: str | None) -> None:
    assert ask(cast, viewer, signed={"0980"}).fees["0980"] == 101_102
    assert "0980" not in ask(cast, viewer, signed={"0117"}).fees


@VIEWERS
def test_gotland_s_rate_follows_the_year_of_population(
    cast: SimpleNamespace, viewer: str | None
) -> None:
    found = ask(cast, viewer, population_year=2024, gotland=Gotland.ADDED)
    counts = queries.reference_populations(2024, [*reference.populations(), "0980"])
    gotland = {"0980": counts.pop("0980")}
    assert found.fees == annex_fees(4_000_000, counts, gotland)


@VIEWERS
def test_stockholm_bears_what_those_who_have_signed_do_not_pay(
    cast: SimpleNamespace, viewer: str | None
) -> None:
    found = ask(cast, viewer, signed={"0117", "0140", "0180"})
    then = compare(
        cost_kr=found.total_kr, fees=found.fees, signed={"0117", "0140", "0180"}, provider="0180"
    )
    assert then.invoiced_kr == 76_499 + 18_639
    assert then.borne_kr == 4_000_000 - 76_499 - 18_639


@VIEWERS
@pytest.mark.parametrize("year", [1999, 2025, 0])
def test_a_year_without_population_is_refused(
    cast: SimpleNamespace, viewer: str | None, year: int
) -> None:
    with pytest.raises(BadInput, match=f"Folkmängden 31 december {year} saknas för"):
        ask(cast, viewer, population_year=year)


def test_one_missing_population_is_named(cast: SimpleNamespace) -> None:
    Population.objects.filter(municipality="0140", year=2024).delete()
    with pytest.raises(BadInput, match=r"31 december 2024 saknas för 0140\. Läs in folkmängden"):
        ask(cast, "controller", population_year=2024)


def test_a_stranger_may_not_ask_about_the_centre(cast: SimpleNamespace) -> None:
    with pytest.raises(NotVisible):
        ask(cast, "stranger")


def test_the_cost_of_a_year_follows_the_index_from_the_price_level(cast: SimpleNamespace) -> None:
    tariff = queries.in_use(cast.reader)
    costs = [queries.indexed_total(tariff, year) for year in (2020, 2021, 2022, 2024)]
    assert costs == [4_000_000, 4_000_000, 4_080_000, 4_244_832]
