"""The person's printed copy: what was chosen, never a working note, never an address."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from hamn.core.errors import BadInput, NotVisible
from hamn.guards.audit.models import Entry
from hamn.support.cases import actions
from hamn.support.cases.queries.copies import CONTACTS, PLAN
from hamn.support.cases.rules.content import ContactContent
from hamn.support.cases.rules.details import Details
from hamn.support.cases.rules.states import ClosedToYou

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def filled(cast: SimpleNamespace, open_case: Any, now: datetime) -> Callable[..., Any]:
    """A function that opens a case with something of everything in it."""

    def made(**says: Any) -> SimpleNamespace:
        opened = open_case(called="Påhittad Ek", **says)
        who = {"case_id": opened.case.pk, "by": cast.mika_worker, "now": now}
        on = now.date()
        goal = actions.write_goal(words="Jag vill sova", on=on, **who)
        actions.write_action(text="Boka tid", who="person", due_on=None, goal=str(goal.pk), **who)
        note = actions.write_note(text="Upprättad text", title="Samtal", on=on, **who)
        actions.finalise_note(record_id=note.pk, seen=note.version, **who)
        actions.add_to_note(record_id=note.pk, text="Senare text", on=on, **who)
        working = actions.write_note(text="Bara ett utkast", title="", on=on, **who)
        objection = actions.note_objection(text="Jag sov visst", about="sömnen", on=on, **who)
        for form, text in (("individual", "eget"), ("relative", "anhörigs")):
            actions.log_contact(
                service="mika",
                on=on,
                content=ContactContent(
                    channel="phone", kind="counselling", form=form, text=f"{text} samtal"
                ),
                **who,
            )
        return SimpleNamespace(
            opened=opened, note=note, working=working, objection=objection, who=who
        )

    return made


def test_the_copy_has_what_was_chosen_and_nothing_else(filled: Any) -> None:
    case = filled()
    chosen = [PLAN, str(case.note.pk)]
    _opened, pieces, copy = actions.read_for_copy(chosen=chosen, **case.who)
    assert [one.own_words for one in copy.goals] == ["Jag vill sova"]
    assert [step.what for step in copy.goals[0].steps] == ["Boka tid"]
    assert [(one.text, one.additions) for one in copy.notes] == [
        ("Samtal\n\nUpprättad text", ("Senare text",))
    ]
    assert copy.meetings == ()
    assert {one.kind for one in pieces} == {"plan", "contacts", "note", "objection"}


def test_a_working_note_is_not_even_offered(filled: Any) -> None:
    case = filled()
    chosen = [str(case.working.pk), CONTACTS, str(case.objection.pk)]
    _opened, pieces, copy = actions.read_for_copy(chosen=chosen, **case.who)
    assert str(case.working.pk) not in {one.code for one in pieces}
    assert "Bara ett utkast" not in repr(copy)
    assert [one.objection for one in copy.notes] == ["Jag sov visst"]


def test_what_a_relative_said_does_not_follow_with_the_persons_meetings(filled: Any) -> None:
    case = filled()
    _opened, _pieces, copy = actions.read_for_copy(chosen=[CONTACTS], **case.who)
    assert len(copy.meetings) == 1


def test_a_note_of_another_case_cannot_be_chosen(filled: Any) -> None:
    case, other = filled(), filled()
    _opened, _pieces, copy = actions.read_for_copy(chosen=[str(other.note.pk)], **case.who)
    assert copy.notes == ()
    with pytest.raises(BadInput):
        actions.print_copy(chosen=[str(other.note.pk)], **case.who)


def test_no_address_or_number_comes_on_the_paper_of_someone_with_protected_identity(
    filled: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case = filled()
    details = Details(address="Hemliga vägen 1", phone="08-465 004 99")
    actions.keep_details(seen=0, details=details, **case.who)
    chosen = [PLAN, CONTACTS, str(case.note.pk)]
    _opened, _pieces, copy = actions.read_for_copy(chosen=chosen, **case.who)
    assert "Hemliga" not in repr(copy)
    assert "46500499" not in repr(copy)
    opened = actions.read_case(what="details", **case.who)
    actions.protect_identity(seen=opened.case.version, is_protected=True, **case.who)
    _opened, _pieces, copy = actions.read_for_copy(chosen=chosen, **case.who)
    assert copy.contact == "mika_worker"


def test_that_a_copy_was_made_is_recorded(filled: Any) -> None:
    case = filled()
    pdf = actions.print_copy(chosen=[PLAN], **case.who)
    assert pdf.startswith(b"%PDF")
    entry = Entry.objects.order_by("-place").first()
    assert entry is not None
    assert (entry.event, entry.on) == ("cases.copy_made", case.opened.box.trail_name)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("mika_second", ClosedToYou), ("kast_worker", NotVisible), ("administrator", NotVisible)],
)
def test_who_may_not_open_the_case_gets_no_copy(
    who: str, refusal: Any, filled: Any, cast: SimpleNamespace
) -> None:
    case = filled()
    with pytest.raises(refusal):
        actions.print_copy(chosen=[PLAN], **case.who | {"by": getattr(cast, who)})


def test_the_copy_is_chosen_shown_and_fetched_on_the_page(
    filled: Any, cast: SimpleNamespace, desk: Any
) -> None:
    case, browser = filled(), desk(cast.mika_worker)
    address = reverse("cases:case_copy", args=[case.opened.case.pk])
    assert "Samtal" in browser.get(address).content.decode()
    sent = {"chosen": [PLAN, str(case.note.pk)]}
    shown = browser.post(address, sent).content.decode()
    assert "Upprättad text" in shown
    assert "Jag vill sova" in shown
    assert "Bara ett utkast" not in shown
    got = browser.post(address, sent | {"steg": "skriv-ut"})
    assert got.content.startswith(b"%PDF")
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert browser.post(address, {}).status_code == 422
