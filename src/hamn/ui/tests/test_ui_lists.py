"""Lists: page by page nothing is missed and nothing comes twice, whatever the order."""

import base64
import json
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamn.register.organisations.models import Municipality
from hamn.ui.lists import Column, Listing, listing

COLUMNS = [
    Column("name", "Namn", lambda row: row.name, sort="name"),
    Column("county", "Län", lambda row: row.county_id, sort="county__code"),
    Column("code", "Kod", lambda row: row.code),
]


def asked(query: str, *, size: int = 7) -> Listing:
    request = RequestFactory().get(f"/desk/kommuner/?{query}")
    rows = Municipality.objects.select_related("county").filter(county__in=["01", "09", "03"])
    return listing(request, rows, COLUMNS, caption="Kommuner", default="name", size=size)


def codes(page: Listing) -> list[str]:
    return [row.code for row in page.things]


def walk(query: str, *, size: int, forward: bool = True) -> list[str]:
    seen: list[str] = []
    for _step in range(200):
        page = asked(query, size=size)
        seen = seen + codes(page) if forward else codes(page) + seen
        url = page.next_url if forward else page.previous_url
        if not url:
            return seen
        query = url.removeprefix("?")
    raise AssertionError("the list never ends")


@pytest.mark.parametrize("order", ["name", "-name", "county", "-county"])
@pytest.mark.parametrize("size", [1, 7, 100])
def test_every_row_comes_once_in_either_direction(db: None, order: str, size: int) -> None:
    whole = codes(asked(f"sortera={order}", size=1000))
    assert walk(f"sortera={order}", size=size) == whole
    last = asked(f"sortera={order}", size=size)
    while last.next_url:
        last = asked(last.next_url.removeprefix("?"), size=size)
    back = parse_qs(urlsplit(last.previous_url).query) if last.previous_url else {}
    if back:
        backwards = walk(last.previous_url.removeprefix("?"), size=size, forward=False)
        assert backwards + codes(last) == whole


def test_swedish_letters_come_last_and_in_order(db: None) -> None:
    names = [row.name for row in asked("sortera=name", size=1000).things]
    assert names.index("Österåker") > names.index("Värmdö")


def test_the_first_page_has_no_previous_and_the_last_no_next(db: None) -> None:
    assert asked("").previous_url == ""
    assert asked("", size=1000).next_url == ""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    mark=st.one_of(
        st.text(max_size=60),
        st.binary(max_size=40).map(lambda b: base64.urlsafe_b64encode(b).decode()),
    )
)
def test_a_mark_that_somebody_changed_gives_the_first_page(db: None, mark: str) -> None:
    request = RequestFactory().get("/", {"efter": mark, "sortera": "name"})
    rows = Municipality.objects.filter(county="01")
    page = listing(request, rows, COLUMNS[:1], caption="x", default="name", size=5)
    assert len(page.things) <= 5


def test_a_mark_of_the_wrong_kind_gives_the_first_page(db: None) -> None:
    for plain in (
        ["\ud800", 1],
        ["\x00", 1],
        ["a", "\x00"],
        [2**70, 1],
        [None, 1],
        [["x"], 1],
        ["x"],
        {"a": 1},
        [{}, "x"],
    ):
        mark = base64.urlsafe_b64encode(json.dumps(plain).encode()).decode()
        assert codes(asked(f"efter={mark}")) == codes(asked(""))


def test_a_mark_of_endless_depth_gives_the_first_page(db: None) -> None:
    mark = base64.urlsafe_b64encode(b"[" * 50_000).decode()
    request = RequestFactory().get("/", {"efter": mark})
    rows = Municipality.objects.filter(county="01")
    assert listing(request, rows, COLUMNS[:1], caption="x", default="name").things


@pytest.mark.parametrize("wanted", ["code", "password", "-nothing", "name__county", "?"])
def test_a_list_is_never_sorted_by_what_has_no_order_here(db: None, wanted: str) -> None:
    assert codes(asked(f"sortera={wanted}")) == codes(asked("sortera=name"))


def test_the_filter_stays_when_the_order_is_turned(db: None) -> None:
    page = asked("lan=01&sortera=name")
    assert parse_qs(urlsplit(page.headings[0].url).query) == {"lan": ["01"], "sortera": ["-name"]}


def test_the_number_of_queries_is_the_same_for_any_page(
    db: None, django_assert_num_queries: Any
) -> None:
    for size in (3, 30):
        with django_assert_num_queries(1):
            asked("sortera=county", size=size)


def test_a_row_is_read_for_all_of_its_page_at_once(db: None) -> None:
    calls: list[int] = []

    def shown(things: list[Any]) -> list[Any]:
        calls.append(len(things))
        return [SimpleNamespace(name="x") for _one in things]

    request = RequestFactory().get("/")
    rows = Municipality.objects.filter(county="01")
    page = listing(request, rows, COLUMNS[:1], caption="x", default="name", size=5, shown=shown)
    assert (calls, page.rows[0][0][2]) == ([5], "x")
