"""Requests: an extract forgets nothing, and nothing is withheld without a provision."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.guards.audit.models import Entry
from hamn.support.cases import actions
from hamn.support.cases.models import Request
from hamn.support.cases.rules.requests import (
    DOCUMENTS,
    GIVEN,
    OWN_DATA,
    Incomplete,
    RequestContent,
    due_on,
)
from hamn.support.cases.rules.states import Changed, ClosedToYou, WrongState

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OUTSIDE = ("kast_worker", "adult_coordinator", "administrator", "controller", "reader", "stranger")
ASKED = RequestContent(identified="Vi känner varandra sedan i våras")


@pytest.fixture
def asked(cast: SimpleNamespace, open_case: Any, now: datetime) -> Callable[..., Any]:
    """A function that registers a request for one's own data about a new case."""

    def made(*, opened: Any = None, **more: Any) -> Any:
        opened = opened or open_case(called="Påhittad Ek")
        told = {
            "kind": OWN_DATA,
            "unit": "mika",
            "content": ASKED,
            "received_on": now.date(),
            "case_number": opened.content.number,
            "by": cast.mika_worker,
            "now": now,
        }
        return actions.register_request(**told | more)

    return made


@pytest.fixture
def assessed(asked: Any, cast: SimpleNamespace, now: datetime) -> Callable[..., Any]:
    """A function that registers and assesses a request; `withheld`: provision by code of piece."""

    def made(withheld: dict[str, str] | None = None, **more: Any) -> Any:
        one = asked(**more)
        who = {"request_id": one.row.pk, "by": cast.mika_worker, "now": now}
        _one, _case, pieces = actions.read_for_extract(**who)
        verdicts = {piece.code: GIVEN for piece in pieces} | (withheld or {})
        return actions.assess_extract(seen=1, verdicts=verdicts, assessment="", **who)

    return made


def test_a_month_and_a_day() -> None:
    assert due_on(OWN_DATA, date(2026, 1, 31)) == date(2026, 2, 28)
    assert due_on(OWN_DATA, date(2026, 12, 15)) == date(2027, 1, 15)
    assert due_on(DOCUMENTS, date(2026, 3, 2)) == date(2026, 3, 3)


def test_an_extract_that_withholds_nothing_is_decided_by_who_assessed_it(
    assessed: Any, cast: SimpleNamespace, now: datetime
) -> None:
    one = assessed()
    told = {"request_id": one.row.pk, "by": cast.mika_worker, "now": now}
    actions.decide_request(seen=2, **told)
    made = json.loads(actions.request_file(file_format="json", **told))
    titles = [section["title"] for section in made["sections"]]
    assert titles == [*(piece.title for piece in one.content.given), "Beslut om utdraget"]
    assert made["withheld"] == []
    assert "överklaga" not in json.dumps(made, ensure_ascii=False)
    assert actions.request_file(file_format="pdf", **told).startswith(b"%PDF")


def test_what_is_withheld_is_told_with_its_provision_who_decided_and_how_to_appeal(
    assessed: Any, cast: SimpleNamespace, now: datetime
) -> None:
    one = assessed({"reads": "private"})
    told = {"request_id": one.row.pk, "now": now}
    with pytest.raises(PermissionDenied):
        actions.decide_request(seen=2, by=cast.mika_worker, **told)
    actions.decide_request(seen=2, by=cast.mika_head, **told)
    made = json.loads(actions.request_file(file_format="json", by=cast.mika_worker, **told))
    [left] = made["withheld"]
    assert left["what"] == "Uppgift om någon annan"
    assert left["provision"].startswith("21 kap. 1 §")
    decision = {one["label"]: one["value"] for one in made["sections"][-1]["fields"]}
    assert decision["Beslutat av"] == "mika_head"
    assert "förvaltningsrätten" in decision["Så överklagar du"]


def test_a_request_without_a_case_says_what_to_do_with_contacts_that_have_none(
    asked: Any, cast: SimpleNamespace, desk: Any
) -> None:
    one = asked(case_number="")
    page = desk(cast.mika_worker).get(reverse("cases:assess_request", args=[one.row.pk]))
    assert "haft kontakt med er utan ärende" in page.content.decode()


def test_a_piece_that_came_while_it_was_assessed_is_not_forgotten(
    asked: Any, cast: SimpleNamespace, now: datetime
) -> None:
    one = asked()
    who = {"request_id": one.row.pk, "by": cast.mika_worker, "now": now}
    _one, case, pieces = actions.read_for_extract(**who)
    actions.write_note(
        case_id=case.case.pk, text="Nytt", title="", on=now.date(), by=cast.mika_worker, now=now
    )
    verdicts = {piece.code: GIVEN for piece in pieces}
    with pytest.raises(Incomplete):
        actions.assess_extract(seen=1, verdicts=verdicts, assessment="", **who)
    assert Request.objects.get().state == "received"


def test_nothing_is_withheld_without_a_provision_from_the_list(
    asked: Any, cast: SimpleNamespace, now: datetime
) -> None:
    one = asked()
    who = {"request_id": one.row.pk, "by": cast.mika_worker, "now": now}
    _one, _case, pieces = actions.read_for_extract(**who)
    verdicts = {piece.code: "för säkerhets skull" for piece in pieces}
    with pytest.raises(BadInput, match="bestämmelse"):
        actions.assess_extract(seen=1, verdicts=verdicts, assessment="", **who)


def test_of_two_who_assess_at_once_the_second_sees_the_firsts(
    assessed: Any, cast: SimpleNamespace, now: datetime
) -> None:
    one = assessed()
    who = {"request_id": one.row.pk, "by": cast.mika_worker, "now": now}
    with pytest.raises(Changed):
        actions.assess_extract(seen=1, verdicts={}, assessment="", **who)
    actions.decide_request(seen=2, **who)
    with pytest.raises(WrongState):
        actions.decide_request(seen=3, **who)


def test_there_is_no_answer_before_the_decision(
    assessed: Any, cast: SimpleNamespace, now: datetime
) -> None:
    one = assessed()
    with pytest.raises(WrongState):
        actions.request_file(request_id=one.row.pk, file_format="pdf", by=cast.mika_worker, now=now)


@pytest.mark.parametrize("who", OUTSIDE)
def test_outside_the_unit_there_is_no_request(
    who: str, asked: Any, cast: SimpleNamespace, now: datetime
) -> None:
    one = asked()
    for request_id in (one.row.pk, Request().pk):
        with pytest.raises(NotVisible):
            actions.read_request(request_id=request_id, by=getattr(cast, who), now=now)
    with pytest.raises(NotVisible):
        asked(by=getattr(cast, who), opened=SimpleNamespace(content=SimpleNamespace(number="")))


def test_a_request_about_a_case_opens_to_those_of_the_case_and_to_who_decides(
    asked: Any, cast: SimpleNamespace, now: datetime
) -> None:
    one = asked()
    with pytest.raises(ClosedToYou):
        actions.read_request(request_id=one.row.pk, by=cast.mika_second, now=now)
    assert actions.read_request(request_id=one.row.pk, by=cast.mika_head, now=now)
    read = one.row.case.reads.latest("id")
    assert (read.person, read.what, read.why) == (cast.mika_head, "request", "head")
    with pytest.raises(ClosedToYou):
        actions.read_for_extract(request_id=one.row.pk, by=cast.mika_head, now=now)


def test_a_case_number_that_is_not_hers_and_one_that_is_nobodys_are_answered_alike(
    asked: Any, open_case: Any, cast: SimpleNamespace
) -> None:
    told = []
    for number in (open_case(by=cast.mika_second).content.number, "M-2222-222"):
        with pytest.raises(BadInput) as fault:
            asked(case_number=number)
        told.append(fault.value.sentence)
    assert told[0] == told[1]


def test_protected_identity_leaves_no_address_to_send_the_answer_to(
    asked: Any, open_case: Any
) -> None:
    opened = open_case(is_protected=True)
    with pytest.raises(BadInput, match="skyddade"):
        asked(opened=opened, content=replace(ASKED, answer_to="Hemliga vägen 1"))


def test_what_was_asked_and_given_lies_sealed_and_the_trail_has_no_word_of_it(
    assessed: Any, cast: SimpleNamespace, now: datetime
) -> None:
    one = assessed(content=replace(ASKED, asked="Hemligordet"))
    row = Request.objects.get(pk=one.row.pk)
    assert b"Hemligordet" not in bytes(row.sealed)
    entries = Entry.objects.filter(on=one.box.trail_name)
    assert {entry.event for entry in entries} == {
        "cases.request_registered",
        "cases.request_read",
        "cases.request_assessed",
    }
    assert not [entry for entry in entries if "Hemligordet" in entry.facts]


DECIDED: dict[str, Any] = {
    "outcome": "partly",
    "assessment": "Det står inte klart att ingen lider men.",
    "what": "Namn",
    "provisions": ["other_person"],
    "conditions": "",
}


def test_documents_may_be_asked_for_by_somebody_who_does_not_say_who_she_is(
    asked: Any, cast: SimpleNamespace, now: datetime
) -> None:
    one = asked(kind=DOCUMENTS, case_number="", content=RequestContent(asked="Alla protokoll"))
    who = {"request_id": one.row.pk, "now": now}
    actions.assess_documents(seen=1, by=cast.mika_worker, **DECIDED, **who)
    with pytest.raises(PermissionDenied):
        actions.decide_request(seen=2, by=cast.mika_worker, **who)
    actions.decide_request(seen=2, by=cast.mika_head, **who)
    made = actions.request_file(file_format="pdf", by=cast.mika_worker, **who)
    assert made.startswith(b"%PDF")
    with pytest.raises(BadInput):
        actions.request_file(file_format="json", by=cast.mika_worker, **who)


@pytest.mark.parametrize(
    "wrong",
    [
        {"assessment": ""},
        {"what": ""},
        {"provisions": []},
        {"provisions": ["okänd"]},
        {"outcome": "granted"},
        {"outcome": "kanske"},
    ],
)
def test_a_decision_on_documents_says_all_that_it_must(
    wrong: dict[str, Any], asked: Any, cast: SimpleNamespace, now: datetime
) -> None:
    one = asked(kind=DOCUMENTS, case_number="", content=RequestContent(asked="Protokoll"))
    with pytest.raises(BadInput):
        actions.assess_documents(
            request_id=one.row.pk, seen=1, by=cast.mika_worker, now=now, **DECIDED | wrong
        )


def test_a_withdrawn_request_keeps_nothing_of_what_would_have_been_given(
    assessed: Any, cast: SimpleNamespace, now: datetime
) -> None:
    one = assessed()
    who = {"request_id": one.row.pk, "by": cast.mika_worker, "now": now}
    assert actions.withdraw_request(seen=2, **who).content.given == ()
    with pytest.raises(WrongState):
        actions.decide_request(seen=3, **who)


def test_a_request_about_no_case_is_disposed_of_in_its_time(asked: Any, now: datetime) -> None:
    from hamn.support.cases.actions.holding import Requests

    one = asked(kind=DOCUMENTS, case_number="", content=RequestContent(asked="Protokoll"))
    asked()
    late = now.date() + timedelta(days=366 * 8)
    [found] = Requests().candidates(unit="mika", due_before=late, after_id=None, limit=9)
    assert (found.id, found.box_ids) == (one.row.pk, (one.row.box,))
    assert Requests().destroy(ids=[one.row.pk]).counts == {"request": 1}
    assert Request.objects.count() == 1


# The pages


def test_a_persons_own_data_from_the_form_to_the_file(
    open_case: Any, cast: SimpleNamespace, desk: Any
) -> None:
    opened = open_case(called="Påhittad Ek", now=timezone.now())
    browser: Client = desk(cast.mika_worker)
    today = timezone.localdate()
    sent = {
        "unit": "mika",
        "received_on_ar": today.year,
        "received_on_manad": today.month,
        "received_on_dag": today.day,
        "case_number": opened.content.number,
        "asked_as": "person",
        "identified": "Vi känner varandra",
    }
    assert browser.get(reverse("cases:ask_own_data")).status_code == 200
    page = browser.post(reverse("cases:ask_own_data"), sent, follow=True).content.decode()
    assert "Begäran är registrerad." in page
    pk = Request.objects.get().pk
    assert "Egna uppgifter, kom" not in browser.get(reverse("cases:today")).content.decode()
    assert str(pk) in browser.get(reverse("cases:requests")).content.decode()
    assess = reverse("cases:assess_request", args=[pk])
    shown = browser.get(assess)
    assert "Påhittad Ek" in shown.content.decode()
    form = shown.context["form"]
    verdicts = {name: form[name].value() for name in form.codes}
    answer = browser.post(assess, verdicts | {"seen": form["seen"].value()}, follow=True)
    assert "Prövningen är sparad." in answer.content.decode()
    decide = reverse("cases:decide_request", args=[pk])
    seen = browser.get(decide).context["form"]["seen"].value()
    assert (
        "Begäran är beslutad" in browser.post(decide, {"seen": seen}, follow=True).content.decode()
    )
    got = browser.get(reverse("cases:request_json", args=[pk]))
    assert json.loads(got.content)["person"] == "Påhittad Ek"
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert browser.get(reverse("cases:request_pdf", args=[pk])).content.startswith(b"%PDF")
    assert desk(cast.kast_worker).get(reverse("cases:request", args=[pk])).status_code == 404


def test_documents_from_the_form_to_the_reminder(cast: SimpleNamespace, desk: Any) -> None:
    browser: Client = desk(cast.mika_worker)
    came = timezone.localdate() - timedelta(days=3)
    sent = {
        "unit": "mika",
        "received_on_ar": came.year,
        "received_on_manad": came.month,
        "received_on_dag": came.day,
        "wanted": "Alla påhittade protokoll",
    }
    browser.post(reverse("cases:ask_documents"), sent)
    pk = Request.objects.get().pk
    day = browser.get(reverse("cases:today")).content.decode()
    assert "Handlingar, kom" in day
    assert "försenat" in day
    assess = reverse("cases:assess_request", args=[pk])
    assert "Alla påhittade protokoll" in browser.get(assess).content.decode()
    browser.post(assess, {"seen": 1, **DECIDED})
    shown = browser.get(reverse("cases:request", args=[pk])).content.decode()
    assert "enhetens chef beslutar" in shown
    assert desk(cast.mika_head).post(reverse("cases:decide_request", args=[pk]), {"seen": 2})
    assert Request.objects.get().state == "decided"
