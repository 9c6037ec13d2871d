"""The walls: for whom a case exists, and for whom it opens."""

import re
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from hamn.core.errors import NotVisible
from hamn.guards.audit.models import Entry
from hamn.support.cases import actions
from hamn.support.cases.actions.records import add_record
from hamn.support.cases.models import Case, Share
from hamn.support.cases.queries import lists, walls
from hamn.support.cases.queries.access import open_glasses
from hamn.support.cases.rules.notes import Note
from hamn.support.cases.rules.states import ClosedToYou

from .conftest import NOW

pytestmark = pytest.mark.django_db
OUTSIDE = ("kast_worker", "kast_head", "adult_coordinator", "administrator", "controller", "reader")


def test_who_opened_a_case_reads_it_again(
    cast: SimpleNamespace, open_case: Callable[..., Any], now: datetime
) -> None:
    case = open_case(called="Påhittad Ek").case
    opened = actions.read_case(case_id=case.pk, what="timeline", by=cast.mika_worker, now=now)
    assert opened.content.called == "Påhittad Ek"
    assert opened.why == "responsible"


@pytest.mark.parametrize("who", ["mika_second", "mika_head"])
def test_a_colleague_knows_that_the_case_exists_and_cannot_open_it(
    who: str, cast: SimpleNamespace, open_case: Callable[..., Any], now: datetime
) -> None:
    case = open_case(called="Påhittad Ek").case
    with pytest.raises(ClosedToYou):
        actions.read_case(case_id=case.pk, what="timeline", by=getattr(cast, who), now=now)
    named = actions.read_names(cases=[case], by=getattr(cast, who), now=now)[case.pk]
    assert (named.content.called, named.is_readable) == ("", False)
    assert named.content.number


@pytest.mark.parametrize("who", OUTSIDE)
def test_outside_the_unit_there_is_no_case(
    who: str, cast: SimpleNamespace, open_case: Callable[..., Any], now: datetime
) -> None:
    person, case = getattr(cast, who), open_case().case
    for case_id in (case.pk, Case().pk):
        with pytest.raises(NotVisible):
            actions.read_case(case_id=case_id, what="timeline", by=person, now=now)


def test_a_case_that_is_nobodys_opens_to_the_whole_unit(
    cast: SimpleNamespace, open_case: Callable[..., Any], now: datetime
) -> None:
    case = open_case(mine=False).case
    opened = actions.read_case(case_id=case.pk, what="timeline", by=cast.mika_second, now=now)
    assert opened.why == "unassigned"


def test_every_read_and_write_names_the_case_by_its_keyed_id(
    cast: SimpleNamespace, open_case: Callable[..., Any], now: datetime
) -> None:
    opened = open_case()
    before = Entry.objects.count()
    actions.read_case(case_id=opened.case.pk, what="plan", by=cast.mika_worker, now=now)
    actions.write_record(
        case_id=opened.case.pk,
        kind="note",
        content=Note("Hemligheten"),
        on=now.date(),
        by=cast.mika_worker,
        now=now,
    )
    entries = list(Entry.objects.order_by("place")[before:])
    assert {entry.on for entry in entries} == {opened.box.trail_name}
    assert "Hemligheten" not in "".join(entry.facts for entry in entries)
    assert list(opened.case.reads.values_list("what", "why")) == [
        ("open_case", "responsible"),
        ("plan", "responsible"),
        ("write_note", "responsible"),
    ]


def test_a_long_case_is_shown_fifty_events_a_page_and_none_is_lost(
    cast: SimpleNamespace, open_case: Callable[..., Any], desk: Callable[..., Any]
) -> None:
    opened = open_case()
    for number in range(120):
        add_record(
            opened, "note", Note(f"Ord{number:03}"), on=NOW.date(), by=cast.mika_worker, now=NOW
        )
    client, seen = desk(cast.mika_worker), []
    for number in (1, 2, 3):
        body = client.get(f"/desk/arenden/{opened.case.pk}/?sida={number}").content.decode()
        seen.append(set(re.findall(r"Ord\d{3}", body)))
    assert [len(words) for words in seen] == [50, 50, 20]
    assert len(set().union(*seen)) == 120


def test_who_has_moved_to_another_unit_has_no_way_of_her_own_into_the_cases_she_left(
    cast: SimpleNamespace, open_case: Callable[..., Any], now: datetime
) -> None:
    """As responsible, deputy, participant or with broken glass: at most as her new unit reads."""
    moved, other = cast.mika_second, cast.mika_worker
    cases = {
        "responsible": open_case(by=moved),
        "deputy": open_case(),
        "takes_part": open_case(),
        "break_glass": open_case(),
    }
    Case.objects.filter(pk=cases["deputy"].case.pk).update(deputy=moved)
    cases["takes_part"].case.participants.create(person=moved, added_by=other)
    actions.break_glass(
        case_id=cases["break_glass"].case.pk,
        kind="here",
        reason="Påhittad anledning till att öppna ärendet nu",
        by=moved,
        now=now,
    )
    for why, opened in cases.items():
        case = walls.case_for(moved, opened.case.pk, now)
        assert case.why == why  # type: ignore[attr-defined]
    moved.memberships.update(unit="kast")
    for opened in cases.values():
        with pytest.raises(NotVisible):
            walls.case_for(moved, opened.case.pk, now)
    assert not walls.open_to(moved, now).exists()
    until = timezone.localdate(now)
    for opened in cases.values():
        Share.objects.create(
            case=opened.case, unit="kast", until=until, shared_by=other, sealed=b"x"
        )
        case = walls.case_for(moved, opened.case.pk, now)
        assert case.why == "shared"  # type: ignore[attr-defined]
    assert not lists.caseload(moved).exists()
    assert not open_glasses(moved, now).exists()


def test_a_contact_without_a_case_has_a_log_of_its_own_that_its_case_takes_over(
    cast: SimpleNamespace, open_case: Callable[..., Any], log: Callable[..., Any], now: datetime
) -> None:
    contact = log(mine=False).contact
    actions.see_contact(contact_id=contact.pk, by=cast.mika_second, now=now)
    actions.take_contact(contact_id=contact.pk, by=cast.mika_worker, now=now)
    actions.see_contact(contact_id=contact.pk, by=cast.mika_worker, now=now)
    told = [
        ("contact", "unassigned", cast.mika_second.pk),
        ("take_contact", "unassigned", cast.mika_worker.pk),
        ("contact", "responsible", cast.mika_worker.pk),
    ]
    assert list(contact.reads.order_by("pk").values_list("what", "why", "person")) == told
    entry = Entry.objects.filter(event="cases.contact_read").latest("place")
    assert '"why":"responsible"' in entry.facts
    case = open_case().case
    actions.join_contact(contact_id=contact.pk, case_id=case.pk, by=cast.mika_worker, now=now)
    assert not contact.reads.exists()
    whats = set(case.reads.values_list("what", flat=True))
    assert whats == {"contact", "take_contact", "open_case", "join_contact"}


def test_what_is_written_says_in_the_trail_by_which_way_the_case_was_open(
    cast: SimpleNamespace, open_case: Callable[..., Any], now: datetime
) -> None:
    case = open_case(mine=False).case
    given = {"case_id": case.pk, "by": cast.mika_second, "now": now}
    note = actions.write_note(text="Påhittad", title="", on=now.date(), **given)
    actions.finalise_note(record_id=note.pk, seen=1, **given)
    for event in ("cases.record_written", "cases.record_finalised"):
        assert '"why":"unassigned"' in Entry.objects.get(event=event).facts
