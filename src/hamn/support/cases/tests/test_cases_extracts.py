"""An extract forgets nothing: every field, relation and kind of record of a case is in it."""

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, get_args, get_type_hints

import pytest

from hamn.register.staff.models import Unit
from hamn.support.cases import actions
from hamn.support.cases.actions.records import add_record
from hamn.support.cases.models import Case
from hamn.support.cases.queries.extracts import pieces_of_case, recipients_of
from hamn.support.cases.queries.shares import shares_of
from hamn.support.cases.rules.content import ContactContent
from hamn.support.cases.rules.contents import EVERY
from hamn.support.cases.rules.details import Details
from hamn.support.cases.rules.extracts import LABELS, LEFT_OUT
from hamn.support.cases.rules.kinds import KINDS
from hamn.support.cases.rules.requests import GIVEN
from hamn.support.cases.tests.exchange import act

pytestmark = pytest.mark.django_db


def every_content() -> list[type]:
    """Each class of what is sealed about a person, with those inside them."""
    found: list[type] = []
    # A request is told by its kind and state alone: she has its answer.
    waiting = [content for name, content in EVERY.items() if name != "Request"]
    while waiting:
        one = waiting.pop()
        if one in found or one.__name__ == "Counted":
            continue
        found.append(one)
        for hint in get_type_hints(one).values():
            waiting += [part for part in (hint, *get_args(hint)) if is_dataclass(part)]
    return found


def test_every_field_that_a_case_can_say_has_its_words_or_a_reason_to_be_left_out() -> None:
    missing = [
        (kind.__name__, one.name)
        for kind in every_content()
        for one in fields(kind)
        if (one.name in LABELS.get(kind, {})) == (one.name in LEFT_OUT.get(kind, {}))
    ]
    assert not missing


def test_every_relation_of_a_case_is_told_in_its_extract_or_has_a_reason_not_to() -> None:
    told = {
        *("participants", "shares", "break_glasses", "reads", "contacts", "contact_details"),
        *("drafts", "attachments", "records", "requests"),
    }
    # Which worker handed it to which is told by who is responsible now.
    staffs_own = {"handovers"}
    # The door tells of them (test_door_extracts).
    the_doors_own = {"dialogues"}
    related = {one.get_accessor_name() for one in Case._meta.related_objects}
    assert related == told | staffs_own | the_doors_own


def filled(kind: type, word: str) -> Any:
    """A content of the class with the word in every text."""
    values: dict[str, Any] = {}
    for one in fields(kind):
        hint = get_type_hints(kind)[one.name]
        if hint is str:
            values[one.name] = word
        elif hint is date:
            values[one.name] = date(2026, 3, 2)
    return kind(**values)


def test_a_case_with_every_kind_of_record_is_told_whole(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    opened = open_case(called="Påhittad Ek", wishes="Önskeord")
    who = {"case_id": opened.case.pk, "by": cast.mika_worker, "now": now}
    case = actions.read_case(what="timeline", **who)
    written = {}
    for code, kind in KINDS.items():
        word = f"Planterat{code.replace('_', '')}"
        written[word] = add_record(
            case, code, filled(kind.content, word), on=now.date(), by=cast.mika_worker, now=now
        )
    told = ContactContent(channel="phone", kind="counselling", text="Kontaktord")
    actions.log_contact(service="mika", on=now.date(), content=told, **who)
    actions.keep_details(seen=0, details=Details(phone="08-465 004 99"), **who)
    pieces = pieces_of_case(actions.read_case(what="timeline", **who), frozenset({"mika"}))
    text = {piece.code: "\n".join(f"{t.label}: {t.value}" for t in piece.told) for piece in pieces}
    for word, record in written.items():
        assert word in text[f"record:{record.pk}"]
    assert "Påhittad Ek" in text["case"]
    assert "Önskeord" in text["case"]
    assert "46500499" in text["details"]
    assert any("Kontaktord" in value for value in text.values())
    assert "Antal gånger" in text["reads"]


def test_working_notes_other_peoples_and_the_reporter_are_held_until_someone_decides(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    opened = open_case()
    who = {"case_id": opened.case.pk, "by": cast.mika_worker, "now": now}
    case = actions.read_case(what="timeline", **who)
    for code in ("note", "link", "child_report"):
        add_record(
            case,
            code,
            filled(KINDS[code].content, "x"),
            on=now.date(),
            by=cast.mika_worker,
            now=now,
        )
    told = ContactContent(channel="phone", kind="counselling", form="relative")
    actions.log_contact(service="mika", on=now.date(), content=told, **who)
    pieces = pieces_of_case(case, frozenset({"mika"}))
    held = {piece.title.split()[0]: piece.usual for piece in pieces if piece.usual != GIVEN}
    assert held == {
        "Anteckning": "draft",
        "Koppling": "other_person",
        "Vem": "reporter",
        "Kontakt": "other_person",
    }
    reports = [piece for piece in pieces if piece.title.startswith("Orosanmälan")]
    assert not [told for piece in reports for told in piece.told if told.value == "mika_worker"]


def test_a_unit_that_has_ended_is_still_told_by_its_name(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    given = act(open_case(), cast.mika_worker, now)
    why = {"ground": "need_to_know", "consent": "", "reason": "Påhittat skäl: samma person"}
    row = actions.share_case(unit="kast", until=date(2026, 3, 31), **why, **given)
    Unit.objects.filter(code="kast").update(ends_on=now.date())
    opened = actions.read_case(what="test", **given)
    name = Unit.objects.get(code="kast").name
    assert name != "kast"
    assert [one.unit_name for one in shares_of(opened, now.date())] == [name]
    assert name in recipients_of(opened, {f"share:{row.pk}"})
