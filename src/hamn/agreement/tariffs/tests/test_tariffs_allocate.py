"""The allocation: the annex row for row, Gotland both ways, and what holds for any populations."""

import csv
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamn.agreement.tariffs import queries, reference
from hamn.agreement.tariffs.rules import Gotland, annex_fees, compare, fees_with, share_percent
from hamn.core.errors import BadInput, FaultsInFile
from hamn.core.money import half_up

ANNEX = list(csv.DictReader(reference.ANNEX_2018.read_text(encoding="utf-8").splitlines()))
PEOPLE = {row["municipality_code"]: int(row["population_2018_12_31"]) for row in ANNEX}
EVERYONE = 2_344_124
COUNTS = st.dictionaries(
    st.text("0123456789", min_size=4, max_size=4),
    st.integers(1, 2_000_000),
    min_size=1,
    max_size=40,
)
TOTALS = st.integers(1, 50_000_000)


def test_the_annex_sums_to_its_published_totals() -> None:
    assert len(ANNEX) == 26
    assert sum(PEOPLE.values()) == EVERYONE
    assert sum(int(row["cost_sek"]) for row in ANNEX) == 4_000_000
    assert sum(Decimal(row["share_percent"]) for row in ANNEX) == Decimal("100.02")


@pytest.mark.parametrize("row", ANNEX, ids=lambda row: row["name"])
def test_the_annex_comes_out_row_for_row(row: dict[str, str]) -> None:
    code = row["municipality_code"]
    assert annex_fees(4_000_000, PEOPLE)[code] == int(row["cost_sek"])
    assert share_percent(PEOPLE[code], EVERYONE) == Decimal(row["share_percent"])


@pytest.mark.parametrize(
    ("code", "people", "fee"),
    [
        ("0117", 44_831, 76_499),
        ("0180", 962_154, 1_641_814),
        ("0140", 10_923, 18_639),
        ("0138", 48_004, 81_914),
    ],
    ids=["H14 Österåker", "H15 Stockholm", "H15 Nykvarn", "H15 Tyresö"],
)
def test_the_control_values_come_out(code: str, people: int, fee: int) -> None:
    assert PEOPLE[code] == people
    assert annex_fees(4_000_000, PEOPLE)[code] == fee


def test_on_the_annex_the_largest_remainder_equals_rounding_half_up() -> None:
    assert annex_fees(4_000_000, PEOPLE) == {
        code: half_up(Fraction(4_000_000 * count, EVERYONE)) for code, count in PEOPLE.items()
    }


def test_gotland_added_pays_101_102_kronor_and_nobody_else_pays_another_fee() -> None:
    fees = annex_fees(4_000_000, PEOPLE, {"0980": 59_249})
    assert fees.pop("0980") == 101_102
    assert fees == annex_fees(4_000_000, PEOPLE)


def test_gotland_redistributed_pays_98_610_and_osteraker_74_614() -> None:
    counts = {**PEOPLE, "0980": 59_249}
    fees = fees_with(4_000_000, counts, {"0980"}, Gotland.REDISTRIBUTED)
    assert (fees["0980"], fees["0117"]) == (98_610, 74_614)
    assert sum(fees.values()) == 4_000_000


def test_gotland_left_out_leaves_the_annex() -> None:
    counts = {**PEOPLE, "0980": 59_249}
    assert fees_with(4_000_000, counts, {"0980"}, Gotland.LEFT_OUT) == annex_fees(4_000_000, PEOPLE)


@given(TOTALS, COUNTS)
def test_the_fees_sum_to_the_total_for_any_populations(total: int, counts: dict[str, int]) -> None:
    assert sum(annex_fees(total, counts).values()) == total


@given(TOTALS, COUNTS)
def test_a_larger_population_never_pays_less(total: int, counts: dict[str, int]) -> None:
    fees = annex_fees(total, counts)
    by_size = sorted(counts, key=lambda code: (counts[code], fees[code]))
    assert [fees[code] for code in by_size] == sorted(fees.values())


@given(TOTALS, COUNTS)
def test_the_order_of_the_municipalities_does_not_matter(
    total: int, counts: dict[str, int]
) -> None:
    assert annex_fees(total, dict(reversed(counts.items()))) == annex_fees(total, counts)


@given(TOTALS, COUNTS)
def test_the_fee_is_less_than_a_krona_from_the_exact_share(
    total: int, counts: dict[str, int]
) -> None:
    everyone = sum(counts.values())
    for code, fee in annex_fees(total, counts).items():
        assert abs(fee - Fraction(total * counts[code], everyone)) < 1


@given(TOTALS, COUNTS, st.integers(1, 2_000_000))
def test_an_addition_pays_the_same_rate_on_top(
    total: int, counts: dict[str, int], people: int
) -> None:
    fees = annex_fees(total, counts, {"extra": people})
    assert fees["extra"] == half_up(Fraction(total * people, sum(counts.values())))
    assert sum(fees.values()) == total + fees["extra"]


def test_stockholm_bears_its_own_share_and_what_nobody_else_pays() -> None:
    fees = annex_fees(4_000_000, PEOPLE)
    all_but_one = set(PEOPLE) - {"0117"}
    everyone = compare(cost_kr=4_000_000, fees=fees, signed=set(PEOPLE), provider="0180")
    assert everyone.borne_kr == 1_641_814
    assert everyone.invoiced_kr == 4_000_000 - 1_641_814
    without = compare(cost_kr=4_000_000, fees=fees, signed=all_but_one, provider="0180")
    assert without.borne_kr == 1_641_814 + 76_499
    assert compare(cost_kr=4_000_000, fees=fees, signed=(), provider="0180").borne_kr == 4_000_000


def test_one_who_has_signed_but_is_not_in_the_tariff_pays_nothing() -> None:
    fees = annex_fees(4_000_000, PEOPLE)
    outcome = compare(cost_kr=4_000_000, fees=fees, signed={"0980", "0117"}, provider="0180")
    assert (outcome.signed, outcome.invoiced_kr) == ({"0117"}, 76_499)


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def make(content: str | bytes) -> Path:
        path = tmp_path / "kommuner.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


HEADER = "municipality_code,name,population\n"


@pytest.mark.parametrize(
    "content",
    [
        HEADER + "0117,Österåker,44831\n",
        "\ufeff" + HEADER + "0117,Österåker,44 831\n",
        HEADER + "117,Österåker,44\u00a0831\n",
        HEADER.replace("population", "population_2018_12_31") + "0117,Österåker,44831\n",
        (HEADER + "0117,Österåker,44831\n").replace(",", ";").encode("cp1252"),
    ],
    ids=["plain", "byte order mark", "no-break space", "dated column", "Windows-1252"],
)
def test_an_allocation_file_is_read_however_it_was_saved(file, content: str | bytes) -> None:
    assert queries.read_allocation(file(content)) == {"0117": ("Österåker", 44_831)}


def test_the_shipped_annex_is_read_as_an_allocation_file() -> None:
    read = queries.read_allocation(reference.ANNEX_2018)
    assert {code: count for code, (_name, count) in read.items()} == PEOPLE


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ("0117,Ö,1\n0117,Ö,2\n", ["Rad 3: Kommunkoden 0117 står redan på rad 2."]),
        ("0117,Ö,1\n117,Ö,2\n", ["Rad 3: Kommunkoden 0117 står redan på rad 2."]),
        ("9999,X,1\n", ["Rad 2: Ingen kommun har koden 9999."]),
        ("0117,Ö,0\n", ["Rad 2: Folkmängden är noll."]),
        ("0117,Ö,-5\n", ["Rad 2: Folkmängden ”-5” är inget helt tal."]),
        ("0117,Ö,många\n", ["Rad 2: Folkmängden ”många” är inget helt tal."]),
        ('0117,Ö,"44,831"\n', ["Rad 2: Folkmängden ”44,831” är inget helt tal."]),
        ("0117,Ö,44,831\n", ["Rad 2: Raden har 4 celler men rubrikraden har 3."]),
        ("0117,Ö,44.831\n", ["Rad 2: Folkmängden ”44.831” är inget helt tal."]),
        ("0117,Ö,0\n0114,U,x\n", ["Rad 2: Folkmängden är noll.", "Rad 3: Folkmängden ”x” är"]),
    ],
)
def test_an_allocation_file_with_faults_is_refused_row_by_row(
    file, rows: str, faults: list[str]
) -> None:
    with pytest.raises(FaultsInFile) as refused:
        queries.read_allocation(file(HEADER + rows))
    told = [str(fault) for fault in refused.value.faults]
    assert [t[: len(f)] for t, f in zip(told, faults, strict=True)] == faults


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "är tom"),
        ("\ufeff", "är tom"),
        (b"\x00\x01\x02", "är inte text"),
        ("kod,namn,antal\n0117,Ö,5\n", "saknar kolumnen municipality_code, name, population"),
        (HEADER, "har rubriker men inga rader"),
    ],
    ids=["empty", "only a byte order mark", "binary", "wrong columns", "no rows"],
)
def test_a_file_that_is_no_allocation_is_refused(file, content: str | bytes, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        queries.read_allocation(file(content))
