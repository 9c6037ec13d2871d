"""Search: three sorts of words, inside one's own units, and no word kept anywhere."""

import json
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse

from hamn.core.errors import BadInput, NotVisible
from hamn.guards.audit.models import Entry
from hamn.guards.vault.rules import IndexKind
from hamn.support.cases import actions
from hamn.support.cases.models import AccessReview
from hamn.support.cases.rules.search import as_written, kinds_of
from hamn.support.cases.tests.conftest import NOW

pytestmark = pytest.mark.django_db
NAME = "Påhittad Granbarr"
NUMBER = "199001017848"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Påhittad Ek", IndexKind.NAME),
        ("Ek-Lund", IndexKind.NAME),
        ("900101-7848", IndexKind.PERSONAL_NUMBER),
        ("19900101 7848", IndexKind.PERSONAL_NUMBER),
        ("070-000 00 00", IndexKind.PERSONAL_NUMBER),
        ("M-7K3F-92W", IndexKind.CASE_NUMBER),
        ("m7k3f92w", IndexKind.CASE_NUMBER),
        ("Birgitta", IndexKind.NAME),
        ("Sara1990", IndexKind.NAME),
        ("Kalle123", IndexKind.NAME),
        ("Lisa2024", IndexKind.NAME),
        ("M-XKRF-WVW", IndexKind.CASE_NUMBER),
        ("1990", IndexKind.NAME),
    ],
)
def test_what_is_searched_for_is_known_by_how_it_is_written(text: str, kind: IndexKind) -> None:
    assert kinds_of(text)[0] is kind


def test_a_case_number_is_found_with_and_without_its_hyphens() -> None:
    assert as_written(IndexKind.CASE_NUMBER, "m7k3f 92w") == "M-7K3F-92W"


def test_a_case_is_found_by_name_personal_number_and_case_number(
    cast: SimpleNamespace, open_case: Any
) -> None:
    opened = open_case(called=NAME, personal_number=NUMBER)
    number = opened.content.number
    for words in (NAME, "granbarr", NUMBER, "900101-7848", number, number.replace("-", "")):
        _kind, cases = actions.search_cases(words=words, by=cast.mika_worker, now=NOW)
        assert [case.pk for case in cases] == [opened.case.pk], words


@pytest.mark.parametrize("name", ["Sara1990", "1990", "X23456", "m2345678", "0700000000"])
def test_a_person_is_found_by_what_she_is_called_though_it_looks_like_a_number(
    name: str, cast: SimpleNamespace, open_case: Any
) -> None:
    opened = open_case(called=name)
    kind, cases = actions.search_cases(words=name, by=cast.mika_worker, now=NOW)
    assert (kind, cases) == (IndexKind.NAME, [opened.case])


def test_who_learns_of_a_colleagues_case_by_its_name_stands_in_its_log(
    cast: SimpleNamespace, open_case: Any
) -> None:
    opened = open_case(called=NAME, personal_number=NUMBER)
    before = opened.case.reads.count()
    for who in (cast.mika_worker, cast.mika_second):
        actions.search_cases(words=opened.content.number, by=who, now=NOW)
    actions.search_cases(words=NAME, by=cast.mika_worker, now=NOW)
    assert opened.case.reads.count() == before
    for words in (NAME, NUMBER):
        actions.search_cases(words=words, by=cast.mika_second, now=NOW)
    found = opened.case.reads.filter(person=cast.mika_second)
    assert list(found.values_list("what", "why")) == [("found", "search")] * 2
    opened.case.reads.exclude(what="found").delete()
    actions.draw_reviews(now=NOW + timedelta(days=40))
    assert AccessReview.objects.get().picks.count() == 2


def test_nothing_else_of_a_case_is_searchable(cast: SimpleNamespace, open_case: Any) -> None:
    open_case(called=NAME, wishes="påhittad önskan", language="påhittska", grounds=("sells_sex",))
    for words in ("önskan", "påhittska", "sells_sex", "Gran"):
        assert actions.search_cases(words=words, by=cast.mika_worker, now=NOW)[1] == []


@pytest.mark.parametrize("who", ["kast_worker", "kast_head", "adult_coordinator"])
def test_another_units_case_is_not_found(who: str, cast: SimpleNamespace, open_case: Any) -> None:
    open_case(called=NAME, personal_number=NUMBER)
    for words in (NAME, NUMBER):
        assert actions.search_cases(words=words, by=getattr(cast, who), now=NOW)[1] == []


@pytest.mark.parametrize("who", ["administrator", "controller", "reader", "head", "stranger"])
def test_others_than_those_of_the_units_cannot_search(who: str, cast: SimpleNamespace) -> None:
    with pytest.raises(NotVisible):
        actions.search_cases(words=NAME, by=getattr(cast, who), now=NOW)


def test_what_is_no_personal_number_is_told_without_being_repeated(cast: SimpleNamespace) -> None:
    with pytest.raises(BadInput) as refused:
        actions.search_cases(words="070-000 00", by=cast.mika_worker, now=NOW)
    assert "070" not in str(refused.value)


def test_the_trail_keeps_the_kind_and_the_number_of_hits_and_never_the_words(
    cast: SimpleNamespace, open_case: Any
) -> None:
    open_case(called=NAME)
    actions.search_cases(words=NAME, by=cast.mika_worker, now=NOW)
    entry = Entry.objects.get(event="cases.cases_searched")
    assert json.loads(entry.facts) == {"hits": 1, "kind": "name"}
    assert not [one for one in Entry.objects.all() if "ranbarr" in one.facts]


def test_a_hit_that_opens_is_a_link_and_one_that_does_not_says_whom_to_ask(
    cast: SimpleNamespace, open_case: Any, desk: Any
) -> None:
    opened = open_case(called=NAME)
    address = reverse("cases:search")
    hers = desk(cast.mika_worker).post(address, {"words": NAME}).text
    assert reverse("cases:show", args=[opened.case.pk]) in hers
    assert opened.content.number in hers
    theirs = desk(cast.mika_second).post(address, {"words": NAME}).text
    assert "Känt i din enhet: fråga mika_worker" in theirs
    for secret in (str(opened.case.pk), opened.content.number, "Granbarr,"):
        assert secret not in theirs


def test_who_knows_the_number_of_a_colleagues_case_is_led_to_it(
    cast: SimpleNamespace, open_case: Any, desk: Any
) -> None:
    opened = open_case(called=NAME)
    page = (
        desk(cast.mika_second).post(reverse("cases:search"), {"words": opened.content.number}).text
    )
    assert reverse("cases:show", args=[opened.case.pk]) in page
    assert "Granbarr" not in page


def test_none_and_a_foreign_one_are_answered_alike(
    cast: SimpleNamespace, open_case: Any, desk: Any
) -> None:
    open_case(called=NAME)
    client = desk(cast.kast_worker)
    pages = []
    for words in (NAME, "Påhittad Tallkott"):
        page = client.post(reverse("cases:search"), {"words": words})
        assert page.status_code == 200
        pages.append(_bare(page.text.replace(words, "")))
    assert pages[0] == pages[1]


def test_the_words_stand_in_no_address_no_session_and_no_cache(
    cast: SimpleNamespace, open_case: Any, desk: Any
) -> None:
    open_case(called=NAME)
    client = desk(cast.mika_worker)
    assert "Granbarr" not in client.get(reverse("cases:search"), {"words": NAME}).text
    page = client.post(reverse("cases:search"), {"words": NAME})
    assert page.headers["Cache-Control"] == "no-store"
    for session in Session.objects.all():
        assert "ranbarr" not in str(session.get_decoded())
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM site_cache")
        assert not [row for row in cursor.fetchall() if "ranbarr" in str(row[0])]


def test_the_words_are_not_kept_when_the_session_has_ended(
    cast: SimpleNamespace, desk: Any
) -> None:
    client = desk(cast.mika_worker)
    client.logout()
    answer = client.post(reverse("cases:search"), {"words": NAME})
    assert answer.status_code == 302
    assert "ranbarr" not in answer.headers["Location"]
    for session in Session.objects.all():
        assert "ranbarr" not in str(session.get_decoded())


def test_many_hits_are_cut_off_and_said_to_be(
    cast: SimpleNamespace, open_case: Any, now: datetime, desk: Any
) -> None:
    for _each in range(26):
        open_case(called=NAME)
    page = desk(cast.mika_worker).post(reverse("cases:search"), {"words": NAME}).text
    assert page.count("Påhittad Granbarr, M-") == 25
    assert "Bara de 25 senaste visas" in page


def _bare(page: str) -> str:
    import re

    return re.sub(r'(nonce|value)="[^"]*"', "", page)
