"""The demo enters what the sources published: every row of requirements I1-I20, as it stands."""

from collections import defaultdict
from decimal import Decimal
from types import SimpleNamespace

import pytest

from hamn.insight.followup import queries
from hamn.insight.followup.rules import value_in_words
from hamn.site.demo.totals import build_totals, read_totals

pytestmark = pytest.mark.django_db
# Requirement: measure, service, residence, period, value, base. Typed from the requirements.
SOURCES: dict[str, list[tuple[str, ...]]] = {
    "I1": [("clients_average", "mika", "", "2017-2019", "95", "none")],
    "I2": [("share_anonymous", "mika", "", "2017-2019", "20–30 %", "unknown")],
    "I3": [("clients", "mika", "", "2018", "106", "none")],
    "I4": [("clients", "mika", "", "2019", "71", "none")],
    "I5": [
        ("influence_strong", "mika", "", "2018", "87 %", "unknown"),
        ("influence_good", "mika", "", "2018", "12,5 %", "unknown"),
    ],
    "I6": [
        ("influence_strong", "mika", "", "2019", "76,7 %", "unknown"),
        ("influence_good", "mika", "", "2019", "23,2 %", "unknown"),
    ],
    "I7": [
        (
            "comments",
            "mika",
            "",
            "2018-2019",
            "mycket nöjda med verksamheten och bemötandet",
            "unknown",
        )
    ],
    "I8": [
        ("consultations", "mika", "", "2017-2019", "114", "none"),
        ("consultations", "mika", "surrounding_municipality", "2017-2019", "40", "none"),
    ],
    "I9": [("consultations", "mika", "surrounding_municipality", "2020*", "12", "none")],
    "I10": [
        ("clients", "kast", "", "2018", "153", "none"),
        ("relatives", "kast", "", "2018", "13", "none"),
    ],
    "I11": [("stopped_buying", "kast", "", "2018", "94 %", "unknown")],
    "I12": [
        ("clients", "kast", "", "2019", "121", "none"),
        ("relatives", "kast", "", "2019", "14", "none"),
    ],
    "I13": [("stopped_porn", "kast", "", "2019", "70 %", "unknown")],
    "I14": [("stopped_buying", "kast", "", "2019", "82 %", "unknown")],
    "I15": [
        ("share_arrested", "kast", "surrounding_municipality", "2019-2020*", "20–25 %", "unknown")
    ],
    "I16": [("buyers_reached", "kast", "", "2020*", "50", "none")],
    "I17": [
        ("buyers_reached_here", "kast", "", "2020*", "36", "none"),
        ("buyers_reached_here", "kast", "provider", "2020*", "8", "none"),
        ("buyers_reached_here", "kast", "surrounding_or_elsewhere", "2020*", "28", "none"),
    ],
    "I18": [
        ("buyers_reached_here", "kast", "", "2019", "20", "none"),
        ("buyers_reached_here", "kast", "provider", "2019", "4", "none"),
        ("buyers_reached_here", "kast", "surrounding_municipality", "2019", "4", "none"),
        ("buyers_reached_here", "kast", "elsewhere", "2019", "12", "none"),
    ],
    "I19": [
        ("affiliated", "", "", "2021-2024", "hälften av regionens kommuner", "none"),
        ("affiliated", "", "", "2024*", "19", "25"),
    ],
    "I20": [
        (
            *("referred", "", "", "2024*"),
            "flertal kommuninvånare har hänvisats från verksamheterna",
            "unknown",
        )
    ],
}


@pytest.fixture
def stored(cast: SimpleNamespace) -> list[tuple[str, ...]]:
    """What the demo stored, in the order in which it did."""
    assert build_totals(cast.first) == sum(len(rows) for rows in SOURCES.values())
    told: list[tuple[str, ...]] = []
    for row in queries.totals_for(cast.reader).order_by("pk"):
        figure = queries.figure_of(row)
        years = sorted({figure.from_year, figure.to_year})
        period = "-".join(map(str, years)) + ("*" if figure.is_partial else "")
        value = value_in_words(figure).replace("\N{NO-BREAK SPACE}", " ")
        base = str(figure.base or figure.base_state)
        told.append(
            (figure.measure.value, figure.service, figure.residence.value, period, value, base)
        )
    return told


@pytest.mark.parametrize("requirement", SOURCES)
def test_the_demo_holds_what_the_requirement_says_was_published(
    requirement: str, stored: list[tuple[str, ...]]
) -> None:
    by_requirement: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for (named, _figure), row in zip(read_totals(), stored, strict=True):
        by_requirement[named].append(row)
    assert by_requirement[requirement] == SOURCES[requirement]


def test_the_damaged_text_of_the_source_stands_beside_the_figure_that_was_read() -> None:
    figure = next(figure for named, figure in read_totals() if named == "I11")
    assert (figure.low, figure.wording) == (Decimal(94), "94 9%")
    assert "läst som 94 %" in figure.note


def test_survey_shares_are_stored_as_published_and_not_filled_up_to_a_hundred() -> None:
    sums = {
        named: sum(figure.low or 0 for one, figure in read_totals() if one == named)
        for named in ("I5", "I6")
    }
    assert sums == {"I5": Decimal("99.5"), "I6": Decimal("99.9")}


def test_the_year_that_the_average_implies_is_not_entered_since_nobody_published_it() -> None:
    clients = {
        figure.from_year: figure.low
        for _named, figure in read_totals()
        if (figure.measure, figure.service) == ("clients", "mika")
    }
    assert clients == {2018: 106, 2019: 71}
    assert 3 * 95 - 106 - 71 == 108
