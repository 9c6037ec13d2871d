"""Contacts stay behind the walls, and what cannot be true is refused."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.core.errors import BadInput, NotVisible, Refusal
from hamn.guards.audit.models import Entry
from hamn.support.cases import actions
from hamn.support.cases.models import Contact, Fact
from hamn.support.cases.queries.contacts import case_by_number

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
OUTSIDE = ("kast_worker", "kast_head", "adult_coordinator", "administrator", "controller")


@pytest.mark.parametrize("who", OUTSIDE)
def test_outside_the_unit_there_is_no_contact(
    who: str, log: Callable[..., Any], cast: SimpleNamespace, now: datetime
) -> None:
    person, one = getattr(cast, who), log(mine=False).contact
    for contact_id in (one.pk, Contact().pk):
        with pytest.raises(NotVisible):
            actions.see_contact(contact_id=contact_id, by=person, now=now)
        with pytest.raises(NotVisible):
            actions.take_contact(contact_id=contact_id, by=person, now=now)
        with pytest.raises(NotVisible):
            actions.remove_contact(contact_id=contact_id, reason="duplicate", by=person, now=now)


@pytest.mark.parametrize("who", OUTSIDE)
def test_nobody_logs_a_contact_for_a_unit_she_does_not_belong_to(
    who: str, log: Callable[..., Any], cast: SimpleNamespace
) -> None:
    with pytest.raises((NotVisible, Refusal)):
        log(by=getattr(cast, who))
    assert not Contact.objects.exists()


def test_a_colleague_does_not_open_a_contact_that_is_anothers(
    log: Callable[..., Any], cast: SimpleNamespace, now: datetime
) -> None:
    one = log().contact
    with pytest.raises(NotVisible):
        actions.see_contact(contact_id=one.pk, by=cast.mika_second, now=now)


def test_a_contact_is_logged_only_in_a_case_that_opens_to_her(
    log: Callable[..., Any], open_case: Callable[..., Any], cast: SimpleNamespace
) -> None:
    case = open_case().case
    for who in ("kast_worker", "mika_second"):
        with pytest.raises((NotVisible, Refusal)):
            log(by=getattr(cast, who), case_id=case.pk)
    assert not Contact.objects.exists()


def test_a_case_is_found_by_its_number_only_where_it_opens(
    open_case: Callable[..., Any], cast: SimpleNamespace, now: datetime
) -> None:
    opened = open_case()
    number = opened.content.number
    assert case_by_number(cast.mika_worker, number.lower(), "mika", now) == opened.case
    told = set()
    for viewer, wanted, unit in (
        (cast.mika_second, number, "mika"),
        (cast.kast_worker, number, "kast"),
        (cast.kast_worker, number, "mika"),
        (cast.mika_worker, "M-2222-222", "mika"),
    ):
        with pytest.raises(BadInput) as refusal:
            case_by_number(viewer, wanted, unit, now)
        told.add(str(refusal.value))
    assert len(told) == 1


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ({"on": DAY + timedelta(days=1)}, "inte varit än"),
        ({"on": date(1999, 12, 31)}, "för långt bort"),
        ({"minutes": 1441}, "minuterna"),
        ({"channel": "pigeon"}, "Kanal"),
        ({"kind": "accompaniment"}, "följde med"),
        ({"municipality": "9999"}, "9999"),
        ({"grounds": ("buys_sex",)}, "Skäl"),
        ({"text": "a\u202eb"}, "dolt tecken"),
        ({"text": "a\x07b"}, "dolt tecken"),
        ({"text": "x" * 10_000_000}, "tecken lång"),
        ({"answer_by": DAY - timedelta(days=1)}, "före kontakten"),
    ],
)
def test_what_cannot_be_true_is_refused_and_nothing_is_stored(
    says: dict[str, Any], told: str, log: Callable[..., Any]
) -> None:
    with pytest.raises(BadInput, match=told):
        log(**says)
    assert not Contact.objects.exists()
    assert not Fact.objects.exists()


def test_the_trail_tells_of_a_contact_without_a_word_of_it(
    log: Callable[..., Any], cast: SimpleNamespace, now: datetime
) -> None:
    before = Entry.objects.count()
    one = log(text="Hemligheten", called="Påhittad Ek")
    actions.see_contact(contact_id=one.contact.pk, by=cast.mika_worker, now=now)
    entries = list(Entry.objects.order_by("place")[before:])
    assert [entry.event for entry in entries] == ["cases.contact_logged", "cases.contact_read"]
    assert {entry.on for entry in entries} == {one.box.trail_name}
    told = "".join(entry.facts for entry in entries)
    assert "Hemligheten" not in told
    assert "Ek" not in told
