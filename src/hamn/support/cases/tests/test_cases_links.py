"""Couples and relatives: two cases linked, two files, two walls."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hamn.core.errors import BadInput, NotVisible
from hamn.support.cases import actions
from hamn.support.cases.models import Case, Record
from hamn.support.cases.queries.contacts import couple_of
from hamn.support.cases.queries.opened import content_of
from hamn.support.cases.rules.children import CaseLink, NotLinkable
from hamn.support.cases.rules.states import ClosedToYou

pytestmark = pytest.mark.django_db


def link(case: Any, other: Any, by: Any, now: datetime, form: str = "couple") -> Record:
    return actions.link_cases(
        case_id=case.case.pk,
        number=other.content.number,
        form=form,
        words="",
        by=by,
        now=now,
    )


def read(case: Any, by: Any, now: datetime) -> Any:
    return actions.read_case(case_id=case.case.pk, what="test", by=by, now=now)


@pytest.mark.parametrize(
    ("form", "mirrored"),
    [("couple", "couple"), ("relative", "has_relative"), ("has_relative", "relative")],
)
def test_a_link_stands_in_both_cases_as_each_sees_it(
    open_case: Any, cast: SimpleNamespace, now: datetime, form: str, mirrored: str
) -> None:
    one, other = open_case(), open_case()
    row = link(one, other, cast.mika_worker, now, form)
    assert content_of(row, one.box, CaseLink) == CaseLink(str(other.case.pk), form)
    theirs = Record.objects.get(case=other.case)
    assert content_of(theirs, other.box, CaseLink) == CaseLink(str(one.case.pk), mirrored)


def test_linked_files_stay_apart_and_each_opens_by_its_own_wall(
    open_case: Any, cast: SimpleNamespace, now: datetime, desk: Any
) -> None:
    one, other = open_case(), open_case()
    link(one, other, cast.mika_worker, now)
    assert couple_of(cast.mika_worker, read(one, cast.mika_worker, now), now) == [other.case.pk]
    Case.objects.filter(pk=other.case.pk).update(responsible=cast.mika_second)
    with pytest.raises(ClosedToYou):
        read(other, cast.mika_worker, now)
    shown = desk(cast.mika_worker).get(reverse("cases:children", args=[one.case.pk])).text
    assert other.content.number not in shown
    assert "ett ärende som inte är öppet för dig" in shown
    shown = desk(cast.mika_second).get(reverse("cases:children", args=[other.case.pk])).text
    assert one.content.number not in shown


def test_unlinking_ends_it_on_both_sides_and_it_may_be_linked_anew(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    one, other, by = open_case(), open_case(), cast.mika_worker
    row = link(one, other, by, now)
    actions.unlink_cases(case_id=one.case.pk, record_id=row.pk, by=by, now=now)
    assert set(Record.objects.values_list("state", flat=True)) == {"ended"}
    assert couple_of(by, read(other, by, now), now) == []
    link(other, one, by, now)
    assert Record.objects.filter(state="current").count() == 2


def test_a_link_to_a_colleagues_case_is_not_ended_behind_her_back(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    one, other, by = open_case(), open_case(), cast.mika_worker
    row = link(one, other, by, now)
    Case.objects.filter(pk=other.case.pk).update(responsible=cast.mika_second)
    with pytest.raises(ClosedToYou):
        actions.unlink_cases(case_id=one.case.pk, record_id=row.pk, by=by, now=now)
    assert Record.objects.filter(state="current").count() == 2
    Case.objects.filter(pk=other.case.pk).delete()
    actions.unlink_cases(case_id=one.case.pk, record_id=row.pk, by=by, now=now)
    assert not Record.objects.filter(state="current").exists()


def test_what_cannot_be_linked_is_refused(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    one, other, by = open_case(), open_case(), cast.mika_worker
    kast = open_case(by=cast.kast_worker, unit="kast")
    hers = open_case(by=cast.mika_second)
    for unknown in (kast, hers, SimpleNamespace(content=SimpleNamespace(number="M-2222-222"))):
        with pytest.raises(BadInput, match="Inget ärende med det numret"):
            link(one, unknown, by, now)
    with pytest.raises(NotLinkable, match="sig självt"):
        link(one, one, by, now)
    with pytest.raises(BadInput):
        link(one, other, by, now, "friends")
    link(one, other, by, now)
    with pytest.raises(NotLinkable, match="redan kopplade"):
        link(one, other, by, now, "relative")


def test_a_link_is_not_there_for_others_nor_through_another_case(
    open_case: Any, cast: SimpleNamespace, now: datetime, desk: Any
) -> None:
    one, other, third, by = open_case(), open_case(), open_case(), cast.mika_worker
    row = link(one, other, by, now)
    for case, who in ((third, by), (one, cast.kast_worker)):
        with pytest.raises(NotVisible):
            actions.unlink_cases(case_id=case.case.pk, record_id=row.pk, by=who, now=now)
    page = reverse("cases:unlink_cases", args=[third.case.pk, row.pk])
    assert desk(by).get(page).status_code == 404


def test_cases_are_linked_and_unlinked_on_the_pages(
    open_case: Any, cast: SimpleNamespace, desk: Any
) -> None:
    one, other = open_case(), open_case()
    client = desk(cast.mika_worker)
    page = reverse("cases:link_cases", args=[one.case.pk])
    assert client.post(page, {"number": "M-2222-222", "form": "couple"}).status_code == 422
    sent = {"number": other.content.number, "form": "couple"}
    assert client.post(page, sent).status_code == 302
    shown = client.get(reverse("cases:children", args=[one.case.pk])).text
    assert other.content.number in shown
    row = Record.objects.get(case=one.case)
    end = reverse("cases:unlink_cases", args=[one.case.pk, row.pk])
    assert client.get(end).status_code == 200
    assert client.post(end, {}).status_code == 302
    assert not Record.objects.filter(state="current").exists()


def test_ten_links_are_shown_with_as_many_questions_as_one(
    open_case: Any, cast: SimpleNamespace, now: datetime, desk: Any
) -> None:
    one, by, client = open_case(), cast.mika_worker, desk(cast.mika_worker)
    page = reverse("cases:children", args=[one.case.pk])

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        return len(queries)

    link(one, open_case(), by, now, "has_relative")
    client.get(page)
    few = asked()
    for _each in range(5):
        link(one, open_case(), by, now, "has_relative")
    assert asked() == few
