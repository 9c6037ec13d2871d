"""Every form in which something is written is kept while it is, and when a session has ended."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hamn.support.cases import actions
from hamn.support.cases.forms.requests import name_of
from hamn.support.cases.models import Contact, Draft, Record, Request
from hamn.support.cases.rules.requests import DOCUMENTS, OWN_DATA, RequestContent
from hamn.support.cases.tests.exchange import asked

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TEXT = "Påhittade ord om en båt som aldrig lade till"
Place = Callable[[], tuple[Any, str, str]]


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def _request(cast: SimpleNamespace, now: datetime, kind: str, number: str = "") -> Request:
    content = RequestContent(asked="Påhittade protokoll", identified="Vi känner varandra")
    one = actions.register_request(
        kind=kind,
        unit="mika",
        content=content,
        received_on=now.date(),
        case_number=number,
        by=cast.mika_worker,
        now=now,
    )
    return one.row


@pytest.fixture
def places(cast: SimpleNamespace, open_case: Any, now: datetime) -> dict[str, Place]:
    """Who fills the form in, its page and a field in which she writes, by what it is."""

    def assess(kind: str) -> Place:
        def place() -> tuple[Any, str, str]:
            number = open_case(now=now).content.number if kind == OWN_DATA else ""
            row = _request(cast, now, kind, number)
            page = reverse("cases:assess_request", args=[row.pk])
            return cast.mika_worker, page, "assessment"

        return place

    def decide() -> tuple[Any, str, str]:
        case = open_case(now=now)
        one = asked(case, cast.mika_worker, now)
        args = [case.case.pk, one.pk]
        return cast.mika_head, reverse("cases:decide_disclosure", args=args), "words"

    return {
        "extract": assess(OWN_DATA),
        "documents": assess(DOCUMENTS),
        "own data": lambda: (cast.mika_worker, reverse("cases:ask_own_data"), "wanted"),
        "ask documents": lambda: (cast.mika_worker, reverse("cases:ask_documents"), "wanted"),
        "mail": lambda: (cast.kast_worker, reverse("cases:new_mail"), "pasted"),
        "disclosure": decide,
    }


NAMES = ("extract", "documents", "own data", "ask documents", "mail", "disclosure")


@pytest.mark.parametrize("name", NAMES)
def test_what_was_written_when_the_session_had_ended_is_a_draft_to_go_on_with(
    name: str, places: dict[str, Place], desk: Any, client: Client
) -> None:
    by, page, field = places[name]()
    hers = desk(by)
    shown = hers.get(page)
    told = shown.content.decode()
    assert "data-draft-to" in told
    assert "ui/drafts" in told
    form = shown.context["form"]
    sent = {"draft": form["draft"].value(), field: TEXT, "once": _once(told)}
    counts = [model.objects.count() for model in (Contact, Record, Request)]
    answer = client.post(page, sent)
    assert answer.status_code == 302
    assert counts == [model.objects.count() for model in (Contact, Record, Request)]
    draft = Draft.objects.get()
    assert draft.owner == by
    assert TEXT.encode() not in bytes(draft.sealed)
    again = hers.get(page, {"utkast": str(draft.pk)}).content.decode()
    assert TEXT in again


def test_the_verdicts_on_the_pieces_are_kept_too_and_gone_when_they_are_saved(
    places: dict[str, Place], desk: Any, client: Client
) -> None:
    by, page, _field = places["extract"]()
    hers = desk(by)
    shown = hers.get(page)
    form, verdict = shown.context["form"], name_of("case")
    sent = {name: form[name].value() for name in ("draft", "seen", *form.codes)}
    sent |= {verdict: "minor", "assessment": TEXT, "once": _once(shown.content.decode())}
    client.post(page, sent)
    laid_in = hers.get(page, {"utkast": str(Draft.objects.get().pk)}).context["form"]
    assert (laid_in[verdict].value(), laid_in["assessment"].value()) == ("minor", TEXT)
    again = {name: laid_in[name].value() for name in ("draft", "seen", "assessment", *form.codes)}
    # Opening the page is a reading, which the extract counts; nothing else has come.
    assert hers.post(page, again).status_code == 302
    assert Request.objects.get().state == "assessed"
    assert not Draft.objects.exists()


def _once(page: str) -> str:
    return page.rsplit('name="once" value="', 1)[1].split('"', 1)[0]
