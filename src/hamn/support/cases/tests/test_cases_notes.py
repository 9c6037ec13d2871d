"""Notes: written, rewritten, drawn up, added to; nobody's words are lost."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hamn.core.errors import BadInput, NotVisible
from hamn.guards.audit.models import Entry
from hamn.support.cases import actions
from hamn.support.cases.models import Case, Record
from hamn.support.cases.queries.notes import record_of, records_of
from hamn.support.cases.rules.notes import Note, both, rewritten
from hamn.support.cases.rules.states import Changed, ClosedToYou, WrongState

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ON = date(2026, 3, 2)
TEXT = "Påhittad anteckning om kvällen vid kajen."


@pytest.fixture
def case(open_case: Any) -> Any:
    return open_case()


def write(case: Any, by: Any, now: datetime, text: str = TEXT, **more: Any) -> Record:
    given = {"title": "", "on": ON, **more}
    return actions.write_note(case_id=case.case.pk, text=text, by=by, now=now, **given)


def change(case: Any, note: Record, by: Any, now: datetime, **more: Any) -> Record:
    given = {"text": "Ny lydelse", "title": "", "on": ON, "seen": note.version, **more}
    return actions.change_note(case_id=case.case.pk, record_id=note.pk, by=by, now=now, **given)


def finalise(case: Any, note: Record, by: Any, now: datetime, seen: int | None = None) -> Record:
    return actions.finalise_note(
        case_id=case.case.pk, record_id=note.pk, seen=seen or note.version, by=by, now=now
    )


def says(case: Any, note: Record, by: Any, now: datetime) -> Note:
    opened = actions.read_case(case_id=case.case.pk, what="test", by=by, now=now)
    return record_of(opened, note.pk, "note").content  # type: ignore[no-any-return]


def test_a_note_is_a_working_note_whose_text_is_nowhere_in_the_database(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    note = write(case, cast.mika_worker, now, title="Rubrik")
    assert (note.state, note.on, note.version) == ("working", ON, 1)
    assert says(case, note, cast.mika_worker, now) == Note(TEXT, "Rubrik", cast.mika_worker.pk, now)
    assert b"kajen" not in bytes(note.sealed)


def test_a_note_may_be_changed_until_it_is_drawn_up_and_never_after(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    note = write(case, cast.mika_worker, now)
    note = change(case, note, cast.mika_worker, now)
    note = finalise(case, note, cast.mika_worker, now)
    assert (note.state, note.finalised_by, note.finalised_at) == ("final", cast.mika_worker, now)
    with pytest.raises(WrongState, match="Skriv ett tillägg i stället"):
        change(case, note, cast.mika_worker, now)
    assert says(case, note, cast.mika_worker, now).text == "Ny lydelse"


def test_a_note_for_a_day_that_has_not_been_is_refused(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    with pytest.raises(BadInput, match="har inte varit än"):
        write(case, cast.mika_worker, now, on=ON + timedelta(days=1))
    assert not Record.objects.exists()


def test_the_second_of_two_finalisations_is_told_so_and_changes_nothing(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    note = write(case, cast.mika_worker, now)
    finalise(case, note, cast.mika_worker, now)
    with pytest.raises(WrongState, match="upprättat och kan inte ändras"):
        finalise(case, note, cast.mika_worker, now + timedelta(minutes=1))
    note.refresh_from_db()
    assert note.finalised_at == now
    assert Entry.objects.filter(event="cases.record_finalised").count() == 1


def test_a_note_whose_text_is_another_now_is_not_drawn_up_unseen(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    note = write(case, cast.mika_worker, now)
    change(case, note, cast.mika_worker, now)
    with pytest.raises(Changed):
        finalise(case, note, cast.mika_worker, now, seen=1)


def test_who_saves_second_is_refused_and_then_replaces_knowingly_with_the_first_kept(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case = open_case(mine=False)
    note = write(case, cast.mika_worker, now)
    change(case, note, cast.mika_second, now, seen=1, text="Den andras ord")
    with pytest.raises(Changed):
        change(case, note, cast.mika_worker, now, seen=1, text="Mina ord")
    note = change(case, note, cast.mika_worker, now, seen=2, text="Mina ord")
    stands = says(case, note, cast.mika_worker, now)
    assert stands.text == "Mina ord"
    assert [one.text for one in stands.earlier] == [TEXT, "Den andras ord"]


def test_both_texts_are_kept_one_after_the_other_by_who_wants_that(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case = open_case(mine=False)
    note = write(case, cast.mika_worker, now, text="Den enas")
    change(case, note, cast.mika_second, now, text="Den andras", keeps_both=True)
    assert says(case, note, cast.mika_worker, now).text == "Den enas\n\nDen andras"
    assert both("samma", "samma") == "samma"


def test_ones_own_earlier_wording_is_not_kept() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    note = rewritten(Note("a", by=1, at=at), text="b", title="", by=1, at=at)
    assert (note.text, note.earlier) == ("b", ())
    assert rewritten(note, text="b", title="", by=2, at=at).earlier == ()


def test_an_addition_stands_under_a_note_that_is_drawn_up_and_no_other(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    note = write(case, cast.mika_worker, now)
    added = {"case_id": case.case.pk, "record_id": note.pk, "by": cast.mika_worker, "now": now}
    with pytest.raises(WrongState, match="inte upprättad än"):
        actions.add_to_note(text="Tillägget", on=ON, **added)
    finalise(case, note, cast.mika_worker, now)
    addition = actions.add_to_note(text="Tillägget", on=ON, **added)
    assert (addition.kind, addition.parent_id) == ("addition", note.pk)


def test_an_objection_is_in_the_persons_words_and_is_never_changed(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    """SoL 14:6."""
    written = actions.note_objection(
        case_id=case.case.pk, text="Så var det inte", about="", on=ON, by=cast.mika_worker, now=now
    )
    with pytest.raises(WrongState):
        actions.change_record(
            case_id=case.case.pk,
            record_id=written.pk,
            kind="objection",
            seen=1,
            change=lambda content: content,
            by=cast.mika_worker,
            now=now,
        )


ACTS: dict[str, Any] = {
    "write": lambda case, note, by, now: write(case, by, now),
    "change": change,
    "finalise": finalise,
    "add": lambda case, note, by, now: actions.add_to_note(
        case_id=case.case.pk, record_id=note.pk, text="x", on=ON, by=by, now=now
    ),
    "object": lambda case, note, by, now: actions.note_objection(
        case_id=case.case.pk, text="x", about="", on=ON, by=by, now=now
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_who_may_not_open_the_case_writes_nothing_in_it(
    act: str, case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    note = write(case, cast.mika_worker, now)
    before = Record.objects.count(), Entry.objects.count()
    for who, refusal in (
        ("kast_worker", NotVisible),
        ("kast_head", NotVisible),
        ("administrator", NotVisible),
        ("controller", NotVisible),
        ("stranger", NotVisible),
        ("mika_second", ClosedToYou),
    ):
        with pytest.raises(refusal):
            ACTS[act](case, note, getattr(cast, who), now)
    assert (Record.objects.count(), Entry.objects.count()) == before


@pytest.mark.parametrize("act", sorted(set(ACTS) - {"finalise"}))
def test_nothing_is_written_in_a_closed_case(
    act: str, case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    note = write(case, cast.mika_worker, now)
    Case.objects.update(state="closed", closed_on=ON)
    with pytest.raises(WrongState, match="avslutat"):
        ACTS[act](case, note, cast.mika_worker, now)


@pytest.mark.parametrize("act", ["change", "finalise", "add"])
def test_a_note_is_found_only_through_its_own_case(
    act: str, case: Any, open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    note = write(case, cast.mika_worker, now)
    with pytest.raises(NotVisible):
        ACTS[act](open_case(), note, cast.mika_worker, now)


def test_the_trail_tells_who_did_what_to_which_record_and_none_of_its_words(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    note = write(case, cast.mika_worker, now, title="Rubriken")
    finalise(case, note, cast.mika_worker, now)
    written, final = Entry.objects.filter(event__startswith="cases.record_").order_by("place")
    assert (written.event, final.event) == ("cases.record_written", "cases.record_finalised")
    assert written.on == final.on == case.box.trail_name
    name = case.box.name_of(note.pk)
    assert name in written.facts and name in final.facts
    told = "".join(str(one.__dict__) for one in Entry.objects.all())
    assert "kajen" not in told
    assert "Rubriken" not in told


# Pages.


def address(name: str, *ids: Any) -> str:
    return reverse(f"cases:{name}", args=[getattr(one, "pk", one) for one in ids])


def sent(text: str = TEXT, **more: Any) -> dict[str, Any]:
    return {"on": "2026-03-02", "title": "", "text": text, **more}


def test_a_note_is_written_and_changed_on_its_page(
    case: Any, cast: SimpleNamespace, desk: Any
) -> None:
    client = desk(cast.mika_worker)
    page = address("write_note", case.case)
    assert client.get(page).status_code == 200
    answer = client.post(page, sent())
    assert (answer.status_code, answer.headers["Location"]) == (302, address("show", case.case))
    note = Record.objects.get(kind="note")
    page = address("change_note", case.case, note)
    assert TEXT in client.get(page).text
    assert client.post(page, sent("Ny lydelse", seen="1")).status_code == 302
    note.refresh_from_db()
    assert note.version == 2


HOSTILE = {
    "a control character": ("före\x07efter", "BELL", "föreefter"),
    "no character at all": ("före\x00efter", "NULL", "föreefter"),
    "an override": ("före\u202eefter", "RIGHT-TO-LEFT OVERRIDE", "föreefter"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_text_with_what_cannot_be_seen_is_refused_and_given_back_without_it(
    kind: str, case: Any, cast: SimpleNamespace, desk: Any
) -> None:
    text, told, back = HOSTILE[kind]
    answer = desk(cast.mika_worker).post(address("write_note", case.case), sent(text))
    assert answer.status_code == 422
    assert told in answer.text
    assert f">{back}</textarea>" in answer.text
    assert not Record.objects.exists()


def test_a_text_over_the_limit_is_refused_and_stands_whole_in_the_form(
    case: Any, cast: SimpleNamespace, desk: Any
) -> None:
    text = "ö" * 100_001
    answer = desk(cast.mika_worker).post(address("write_note", case.case), sent(text))
    assert answer.status_code == 422
    assert "100001 tecken lång" in answer.text
    assert text in answer.text


def test_a_note_of_ten_megabytes_is_refused_in_words(
    case: Any, cast: SimpleNamespace, desk: Any
) -> None:
    answer = desk(cast.mika_worker).post(
        address("write_note", case.case),
        "on=2026-03-02&text=" + "a" * 10_000_000,
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code in (400, 413, 422)
    assert "Inget har sparats" in answer.text


def test_two_workers_at_once_the_second_sees_both_texts_and_has_her_own(
    open_case: Any, cast: SimpleNamespace, desk: Any, now: datetime
) -> None:
    case = open_case(mine=False)
    note = write(case, cast.mika_worker, now)
    first, second = desk(cast.mika_worker), desk(cast.mika_second)
    page = address("change_note", case.case, note)
    assert first.post(page, sent("Den förstas ord", seen="1")).status_code == 302
    answer = second.post(page, sent("Den andras ord", seen="1"))
    assert answer.status_code == 422
    assert "Den förstas ord" in answer.text
    assert ">Den andras ord</textarea>" in answer.text
    assert 'name="seen" value="2"' in answer.text
    both_kept = sent("Den andras ord", seen="2", steg="bada")
    assert second.post(page, both_kept).status_code == 302
    stands = says(case, note, cast.mika_worker, now)
    assert stands.text == "Den förstas ord\n\nDen andras ord"


def test_a_note_drawn_up_meanwhile_leaves_her_text_to_be_saved_as_an_addition(
    open_case: Any, cast: SimpleNamespace, desk: Any, now: datetime
) -> None:
    case = open_case(mine=False)
    note = write(case, cast.mika_worker, now)
    finalise(case, note, cast.mika_worker, now)
    client, page = desk(cast.mika_second), address("change_note", case.case, note)
    answer = client.post(page, sent("Den andras ord", seen="1"))
    assert answer.status_code == 422
    assert ">Den andras ord</textarea>" in answer.text
    assert "Spara min text som tillägg" in answer.text
    assert client.post(page, sent("Den andras ord", seen="1", steg="tillagg")).status_code == 302
    assert Record.objects.get(kind="addition").parent_id == note.pk


def test_drawing_up_shows_the_note_and_that_it_cannot_be_undone(
    case: Any, cast: SimpleNamespace, desk: Any, now: datetime
) -> None:
    note = write(case, cast.mika_worker, now)
    client, page = desk(cast.mika_worker), address("finalise_note", case.case, note)
    shown = client.get(page).text
    assert TEXT in shown
    assert "Det kan inte ångras" in shown
    assert client.post(page, {"seen": "1"}).status_code == 302
    again = client.post(page, {"seen": "1"})
    assert again.status_code == 422
    assert "upprättat och kan inte ändras" in again.text
    assert client.get(page).status_code == 302
    assert client.get(address("change_note", case.case, note)).status_code == 302
    assert client.get(address("add_to_note", case.case, note)).status_code == 200
    added = client.post(address("add_to_note", case.case, note), sent("Tillägget"))
    assert added.status_code == 302


def test_an_objection_is_written_on_its_page(case: Any, cast: SimpleNamespace, desk: Any) -> None:
    client, page = desk(cast.mika_worker), address("note_objection", case.case)
    assert client.post(page, {"on": "2026-03-02", "text": ""}).status_code == 422
    given = {"on": "2026-03-02", "text": "Så var det inte", "about": "Mötet"}
    assert client.post(page, given).status_code == 302


PAGES = ("write_note", "note_objection", "change_note", "finalise_note", "add_to_note")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_a_case_is_not_there_for_others(
    name: str, case: Any, cast: SimpleNamespace, desk: Any, now: datetime
) -> None:
    note = write(case, cast.mika_worker, now)
    ids = (case.case,) if name in ("write_note", "note_objection") else (case.case, note)
    for who in ("kast_worker", "administrator", "controller", "stranger"):
        client = desk(getattr(cast, who))
        there, nowhere = address(name, *ids), address(name, uuid4(), *ids[1:])
        answers = [client.get(one) for one in (there, nowhere)]
        assert [one.status_code for one in answers] == [404, 404]
    assert desk(cast.mika_second).get(address(name, *ids)).status_code == 403


def test_opening_a_case_with_fifty_notes_takes_as_many_queries_as_with_five(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            opened = actions.read_case(
                case_id=case.case.pk, what="test", by=cast.mika_worker, now=now
            )
            records_of(opened, ["note"])
        return len(queries)

    for _one in range(5):
        write(case, cast.mika_worker, now)
    few = asked()
    for _one in range(45):
        write(case, cast.mika_worker, now)
    assert asked() == few
