"""What staff do: read, take, answer, refer, hand over, log, correct, remove; and who may not."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.guards.audit.models import Entry
from hamn.guards.vault.models import Grant, SealedBox
from hamn.insight.consultations import actions
from hamn.insight.consultations.models import Consultation, ConsultationFact
from hamn.insight.consultations.queries import lists
from hamn.insight.consultations.queries.opened import opened
from hamn.insight.consultations.rules.identity import ClientIdentity
from hamn.insight.consultations.rules.words import Changed, State, WrongState
from hamn.insight.consultations.tests.questions import (
    ANSWER,
    NAME,
    NOW,
    TODAY,
    WORDS,
    answer,
    ask,
    given,
    log,
)

pytestmark = pytest.mark.django_db


def facts() -> list[tuple[str, str, int]]:
    """Municipality, kind and weight of every fact."""
    return sorted(ConsultationFact.objects.values_list("municipality", "kind", "weight"))


def test_a_reading_is_recorded_under_a_name_that_dies_with_the_key(cast: SimpleNamespace) -> None:
    row = ask()
    one = actions.read_consultation(consultation_id=row.pk, by=cast.mika_worker)
    assert one.content.text == WORDS
    entry = Entry.objects.latest("place")
    assert (entry.event, entry.on) == ("consultations.read", one.box.trail_name)
    assert NAME not in entry.facts and str(row.pk) not in f"{entry.on}{entry.facts}"


def test_a_question_exists_for_its_own_unit_alone(cast: SimpleNamespace) -> None:
    row = ask()
    told = set()
    for person, wanted in (
        (cast.kast_worker, row.pk),
        (cast.adult_coordinator, row.pk),
        (cast.administrator, row.pk),
        (cast.controller, row.pk),
        (cast.head, row.pk),
        (cast.stranger, row.pk),
        (cast.mika_worker, uuid4()),
    ):
        with pytest.raises(NotVisible) as refused:
            actions.read_consultation(consultation_id=wanted, by=person)
        told.add(str(refused.value))
    assert len(told) == 1
    assert not lists.consultations_for(cast.kast_worker).exists()
    with pytest.raises((NotVisible, PermissionDenied)):
        lists.consultations_for(cast.controller)


@pytest.mark.parametrize("verb", ["take", "answer", "hand", "correct", "remove"])
def test_no_other_unit_changes_a_question(verb: str, cast: SimpleNamespace) -> None:
    row, by = ask(), cast.kast_worker
    about = {"consultation_id": row.pk, "by": by}
    told = {"given": given(), "is_confirmed": False, "seen": "1", "now": NOW}
    acts: dict[str, Any] = {
        "take": lambda: actions.take_consultation(**about, now=NOW),
        "answer": lambda: answer(row, by),
        "hand": lambda: actions.hand_consultation(**about, unit="kast", now=NOW),
        "correct": lambda: actions.correct_consultation(**about, **told),
        "remove": lambda: actions.remove_consultation(**about),
    }
    with pytest.raises(NotVisible):
        acts[verb]()
    row.refresh_from_db()
    assert (row.unit, row.state, row.version) == ("mika", "waiting", 1)


def test_she_takes_it_a_colleague_takes_it_over_and_answers(cast: SimpleNamespace) -> None:
    row = ask()
    for person in (cast.mika_worker, cast.mika_second):
        one = actions.take_consultation(consultation_id=row.pk, by=person, now=NOW)
        assert (one.row.state, one.row.worker) == ("taken", person)
    one = answer(row, cast.mika_second)
    assert (one.row.state, one.row.minutes, one.row.answered_on) == ("answered", 20, TODAY)
    assert opened(Consultation.objects.get()).content.answer == ANSWER
    assert facts() == [("0117", "advice", 1)]
    fact = ConsultationFact.objects.get()
    assert (fact.minutes, fact.municipality_class) == (30, "surrounding_municipality")
    assert (fact.outcome, fact.way, fact.topic) == ("answered", "phone", "sex_for_compensation")
    with pytest.raises(WrongState):
        answer(row, cast.mika_worker)


def test_two_who_answer_at_once_see_the_conflict(cast: SimpleNamespace) -> None:
    row = ask()
    actions.take_consultation(consultation_id=row.pk, by=cast.mika_worker, now=NOW)
    with pytest.raises(Changed):
        answer(row, cast.mika_second, seen="1")
    assert not ConsultationFact.objects.exists()


def test_only_a_municipality_without_agreement_is_pointed_elsewhere(
    cast: SimpleNamespace, in_force: Any
) -> None:
    from datetime import date

    answer(ask(), cast.mika_worker, outcome=State.REFERRED)
    assert ConsultationFact.objects.get().outcome == "referred"
    in_force("0117", date(2024, 6, 1))
    for municipality in ("0117", "0180", ""):
        row = ask(municipality=municipality)
        with pytest.raises(BadInput, match="saknar avtal"):
            answer(row, cast.mika_worker, outcome=State.REFERRED)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"way": "pigeon"}, "finns inte"),
        ({"minutes": 0}, "hur många minuter"),
        ({"minutes": 601}, "hur många minuter"),
        ({"on": TODAY.replace(month=12)}, "inte varit än"),
        ({"answer": "Hon heter Exempla."}, "ett namn"),
        ({"answer": "900101-0017", "is_confirmed": True}, "personnummer"),
    ],
)
def test_an_answer_that_cannot_be_true_or_tells_of_a_client_is_refused(
    change: dict[str, Any], told: str, cast: SimpleNamespace
) -> None:
    row = ask()
    with pytest.raises(BadInput, match=told):
        answer(row, cast.mika_worker, **change)
    row.refresh_from_db()
    assert row.state == "waiting"
    assert not ConsultationFact.objects.exists()


def test_handed_to_another_unit_it_opens_there_and_no_longer_here(cast: SimpleNamespace) -> None:
    row = ask()
    actions.take_consultation(consultation_id=row.pk, by=cast.mika_worker, now=NOW)
    actions.hand_consultation(
        consultation_id=row.pk, unit="coordinator_adult", by=cast.mika_worker, now=NOW
    )
    one = actions.read_consultation(consultation_id=row.pk, by=cast.adult_coordinator)
    assert one.content.text == WORDS
    assert (one.row.service, one.row.state, one.row.worker) == (
        "coordinator_adult",
        "waiting",
        None,
    )
    assert list(Grant.objects.filter(box=row.box).values_list("unit", flat=True)) == [
        "coordinator_adult"
    ]
    with pytest.raises(NotVisible):
        actions.read_consultation(consultation_id=row.pk, by=cast.mika_worker)
    answer(row, cast.adult_coordinator)
    assert ConsultationFact.objects.get().unit == "coordinator_adult"


def test_it_is_handed_to_a_real_unit_and_never_once_it_is_over(cast: SimpleNamespace) -> None:
    row = ask()
    for unit, told in (("mika", "redan hos"), ("moon", "ingen verksamhet")):
        with pytest.raises(BadInput, match=told):
            actions.hand_consultation(
                consultation_id=row.pk, unit=unit, by=cast.mika_worker, now=NOW
            )
    answer(row, cast.mika_worker)
    with pytest.raises(WrongState):
        actions.hand_consultation(consultation_id=row.pk, unit="kast", by=cast.mika_worker, now=NOW)


def test_a_consultation_by_phone_is_logged_and_counted_at_once(cast: SimpleNamespace) -> None:
    row = log(cast.mika_worker, kind="supervision", minutes=50, name=NAME)
    assert (row.state, row.origin, row.worker) == ("answered", "staff", cast.mika_worker)
    assert facts() == [("0117", "supervision", 1)]
    assert ConsultationFact.objects.get().minutes == 60
    assert opened(row).content.name == NAME
    assert Entry.objects.latest("place").event == "consultations.logged"


def test_nobody_logs_for_a_unit_that_is_not_hers(cast: SimpleNamespace) -> None:
    for person in (cast.kast_worker, cast.administrator, cast.controller, cast.stranger):
        with pytest.raises((NotVisible, PermissionDenied)):
            log(person)
    assert not Consultation.objects.exists()
    assert not ConsultationFact.objects.exists()


def test_a_clients_name_is_not_logged_unless_it_is_said_to_be_nobodys(
    cast: SimpleNamespace,
) -> None:
    with pytest.raises(ClientIdentity):
        log(cast.mika_worker, text="Kvinnan heter Exempla.")
    log(cast.mika_worker, text="Kursen heter Exempla.", is_confirmed=True)
    with pytest.raises(ClientIdentity):
        log(cast.mika_worker, name="Exempla 900101-0017", is_confirmed=True)


def test_a_correction_takes_back_the_old_count_and_counts_anew(cast: SimpleNamespace) -> None:
    row = log(cast.mika_worker, name=NAME)
    actions.correct_consultation(
        consultation_id=row.pk,
        given=given(municipality="0180", kind="supervision", text="Rättad anteckning"),
        is_confirmed=False,
        seen="1",
        by=cast.mika_second,
        now=NOW,
    )
    assert facts() == [("0117", "advice", -1), ("0117", "advice", 1), ("0180", "supervision", 1)]
    content = opened(Consultation.objects.get()).content
    assert (content.name, content.text) == ("", "Rättad anteckning")
    with pytest.raises(Changed):
        actions.correct_consultation(
            consultation_id=row.pk,
            given=given(),
            is_confirmed=False,
            seen="1",
            by=cast.mika_worker,
            now=NOW,
        )


def test_a_correction_never_changes_what_somebody_wrote_on_the_web(cast: SimpleNamespace) -> None:
    row = ask()
    told = {"is_confirmed": False, "by": cast.mika_worker, "now": NOW}
    with pytest.raises(WrongState, match="inte besvarad än"):
        actions.correct_consultation(consultation_id=row.pk, given=given(), seen="1", **told)
    answer(row, cast.mika_worker)
    changed = given(minutes=60, name="Någon annan", text="Något annat")
    actions.correct_consultation(consultation_id=row.pk, given=changed, seen="2", **told)
    content = opened(Consultation.objects.get()).content
    assert (content.name, content.text) == (NAME, WORDS)
    assert ConsultationFact.objects.filter(weight=1, minutes=60).exists()


def test_a_mistake_is_gone_with_its_key_and_its_count_and_a_sent_question_stays(
    cast: SimpleNamespace,
) -> None:
    row, sent = log(cast.mika_worker), ask()
    actions.remove_consultation(consultation_id=row.pk, by=cast.mika_worker)
    assert list(Consultation.objects.all()) == [sent]
    assert not SealedBox.objects.filter(pk=row.box).exists()
    assert sum(weight for _code, _kind, weight in facts()) == 0
    with pytest.raises(WrongState, match="allmän handling"):
        actions.remove_consultation(consultation_id=sent.pk, by=cast.mika_worker)


def test_the_lists_tell_what_waits_what_is_hers_and_what_is_late(cast: SimpleNamespace) -> None:
    from datetime import timedelta

    late, hers, over = ask(), ask(), ask()
    Consultation.objects.filter(pk=late.pk).update(answer_by=TODAY - timedelta(days=1))
    actions.take_consultation(consultation_id=hers.pk, by=cast.mika_worker, now=NOW)
    answer(over, cast.mika_second)
    assert lists.counts(cast.mika_worker, today=TODAY) == (2, 1, 1)
    assert list(lists.consultations_for(cast.mika_worker, part=lists.MINE)) == [hers]
    assert list(lists.consultations_for(cast.mika_worker, part=lists.OVER)) == [over]
    assert set(lists.consultations_for(cast.mika_worker)) == {late, hers}
