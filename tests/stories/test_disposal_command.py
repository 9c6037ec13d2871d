"""`hamn disposal plan|run`: what comes, without a name; what is destroyed, by two who are known."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.guards.disposal import actions
from hamn.guards.disposal.models import Certificate, DisposalList
from hamn.guards.disposal.tests.shelf import Shelf
from hamn.guards.vault import actions as vault
from hamn.site.acting import new_key
from hamn.site.cli import arguments

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
Hamn = Callable[..., Any]


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch, db: None) -> Shelf:
    """The only thing that any room holds; and a day on which it is asked for."""
    made = Shelf()
    monkeypatch.setattr("hamn.guards.disposal.rules.registry._HOLDINGS", {made.kind: made})
    monkeypatch.setattr(arguments, "today", lambda: TODAY)
    return made


@pytest.fixture
def as_(hamn: Hamn, monkeypatch: pytest.MonkeyPatch) -> Hamn:
    """A function that runs the command as a person who shows that it is she."""

    def command(person: Any, *words: object) -> Any:
        monkeypatch.setenv("HAMN_KEY", new_key(person))
        return hamn("--as", person.email, *words)

    return command


@pytest.fixture
def approved(shelf: Shelf, cast: SimpleNamespace) -> DisposalList:
    """Mika's list of two, planned by a worker, approved by the head."""
    shelf.put()
    shelf.put(rule_class="no_inquiry")
    row = actions.plan_list(unit="mika", on=TODAY, today=TODAY, by=cast.mika_worker)
    return actions.approve_list(
        list_id=row.pk, seen=row.fingerprint, today=TODAY, by=cast.mika_head
    )


def test_plan_tells_the_units_own_what_is_due_by_unit_and_rule_and_stores_nothing(
    as_: Hamn, shelf: Shelf, cast: SimpleNamespace
) -> None:
    shelf.put()
    shelf.put(last_note_on=date(2019, 6, 1))
    shelf.put("kast")
    shelf.put(last_note_on=date(2025, 1, 1))
    words = ("disposal", "plan", "--on", "2026-03-02", "--format", "json", "--exact")
    answer = as_(cast.mika_worker, *words)
    assert answer.status == 0, answer.err
    told = json.loads(answer.out)
    assert told == {
        "on": "2026-03-02",
        "due": [
            {
                "unit": "mika",
                "kind": "tests.record",
                "rule_class": "personal_file",
                "source": "SoL (2025:400) 16 kap. 1 §",
                "count": 2,
                "held": 0,
                "overdue": 1,
                "first_due_on": "2024-06-01",
                "done_by": "2025-12-31",
            }
        ],
    }
    assert not DisposalList.objects.exists()


def test_exact_counts_are_for_the_one_who_shows_that_it_is_she(
    hamn: Hamn, shelf: Shelf, cast: SimpleNamespace
) -> None:
    shelf.put()
    plan = ("disposal", "plan", "--on", "2026-03-02", "--exact")
    assert hamn("--as", cast.mika_head.email, *plan).status == 1


@pytest.mark.parametrize("on", ["2026-03-02", "2026-12-31", "2031-04-01", "2099-12-31"])
def test_plan_tells_others_no_small_count_no_day_and_nothing_of_this_month(
    on: str, hamn: Hamn, shelf: Shelf, cast: SimpleNamespace
) -> None:
    for _each in range(5):
        shelf.put()
    for _each in range(4):
        shelf.put("kast")
    plan = ("disposal", "plan", "--on", on, "--format", "json")
    before = json.loads(hamn(*plan).out)
    assert {one["unit"]: one["count"] for one in before["due"]} == {"kast": None, "mika": 5}
    assert not {"first_due_on", "done_by"} & set(before["due"][0])
    shelf.put(last_note_on=TODAY)  # somebody came today
    assert json.loads(hamn(*plan).out) == before


def test_plan_in_words_says_what_is_late(as_: Hamn, shelf: Shelf, cast: Any) -> None:
    shelf.put(last_note_on=date(2019, 6, 1))
    answer = as_(cast.mika_worker, "disposal", "plan", "--on", "2026-03-02", "--exact")
    assert "Mikamottagningen" in answer.out
    assert "1 skulle redan ha gallrats" in answer.err
    later = as_(cast.mika_worker, "disposal", "plan", "--on", "2036-03-02", "--exact")
    assert "Mikamottagningen" in later.out
    assert "redan" not in later.err


@pytest.mark.parametrize("day", ["imorgon", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_an_odd_day_is_answered_and_never_a_fault(day: str, hamn: Hamn, shelf: Shelf) -> None:
    shelf.put()
    answer = hamn("disposal", "plan", "--on", day, "--format", "json")
    assert answer.status == (0 if day[:4].isdigit() and "02-30" not in day else 1)
    assert "Traceback" not in answer.err


def test_a_list_is_saved_by_the_one_who_shows_that_it_is_she(
    hamn: Hamn, as_: Hamn, shelf: Shelf, cast: SimpleNamespace
) -> None:
    shelf.put()
    words = ("disposal", "plan", "--on", "2026-03-02", "--save", "mika")
    assert hamn("--as", cast.mika_worker.email, *words).status == 1
    assert not DisposalList.objects.exists()
    answer = as_(cast.mika_worker, *words)
    assert "Lista" in answer.out and answer.status == 0
    assert DisposalList.objects.get().made_by == cast.mika_worker


def test_an_approved_list_is_run_and_proved(
    as_: Hamn, shelf: Shelf, approved: DisposalList, cast: SimpleNamespace
) -> None:
    answer = as_(cast.administrator, "disposal", "run", "--approval", approved.pk)
    assert answer.status == 0, answer.err
    made = Certificate.objects.get()
    assert f"Gallrat: 2. Undantagna: 0. Kvar för att de ändrats: 0. Bevis {made.pk}." in answer.out
    assert not shelf.records
    again = as_(cast.administrator, "disposal", "run", "--approval", approved.pk)
    assert (again.status, Certificate.objects.count()) == (1, 1)


def test_who_approved_the_list_does_not_also_run_it(
    as_: Hamn, shelf: Shelf, approved: DisposalList, cast: SimpleNamespace
) -> None:
    answer = as_(cast.mika_head, "disposal", "run", "--approval", approved.pk)
    assert (answer.status, len(shelf.records)) == (1, 2)
    assert "själv godkänt listan" in answer.err


def test_typing_a_name_runs_nothing(
    hamn: Hamn, shelf: Shelf, approved: DisposalList, cast: SimpleNamespace
) -> None:
    for words in (("--as", cast.mika_head.email), ()):
        answer = hamn(*words, "disposal", "run", "--approval", approved.pk)
        assert answer.status == 1
    assert len(shelf.records) == 2


def test_no_list_is_run_that_another_person_has_not_approved(
    as_: Hamn, shelf: Shelf, cast: SimpleNamespace
) -> None:
    shelf.put()
    row = actions.plan_list(unit="mika", on=TODAY, today=TODAY, by=cast.mika_head)
    answer = as_(cast.mika_head, "disposal", "run", "--approval", row.pk)
    assert (answer.status, len(shelf.records)) == (1, 1)
    assert "väntar på godkännande" in answer.err


@pytest.mark.parametrize("who", ["mika_worker", "kast_head", "controller", "stranger"])
def test_nobody_without_the_permit_runs_it(
    who: str, as_: Hamn, shelf: Shelf, approved: DisposalList, cast: SimpleNamespace
) -> None:
    answer = as_(getattr(cast, who), "disposal", "run", "--approval", approved.pk)
    assert (answer.status, len(shelf.records)) == (1, 2)


@pytest.mark.parametrize("number", ["0", "-1", "mika", "9" * 40, "1; DROP TABLE"])
def test_what_is_no_approval_is_told(number: str, as_: Hamn, shelf: Shelf, cast: Any) -> None:
    answer = as_(cast.mika_head, "disposal", "run", f"--approval={number}")
    assert answer.status == 1
    assert "Traceback" not in answer.err


def test_a_sealed_unit_is_told_and_nothing_is_destroyed(
    as_: Hamn, shelf: Shelf, approved: DisposalList, cast: SimpleNamespace
) -> None:
    vault.lock(unit="mika", by=cast.mika_head)
    answer = as_(cast.administrator, "disposal", "run", "--approval", approved.pk)
    assert (answer.status, len(shelf.records)) == (1, 2)
    assert "hamn vault unseal" in answer.err


def test_what_is_not_due_yet_is_never_on_a_list(as_: Hamn, shelf: Shelf, cast: Any) -> None:
    shelf.put()
    later = (TODAY + timedelta(days=1)).isoformat()
    words = ("disposal", "plan", "--on", later, "--save", "mika")
    assert as_(cast.mika_worker, *words).status == 1
