"""What an extract withholds does not show elsewhere in it: not in a title, a line or a number."""

import json
from collections.abc import Callable
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.papers.tests.reading import words
from hamn.support.cases import actions
from hamn.support.cases.models import Request
from hamn.support.cases.rules.mail import Mail, Sender
from hamn.support.cases.rules.requests import (
    GIVEN,
    OWN_DATA,
    PROVISIONS,
    LeftOut,
    RequestContent,
    judged,
    told_left_out,
)
from hamn.support.cases.tests.exchange import act, asked, consent, decide, referral, send

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
HIDES = ("other_person", "threatened", "private", "reporter", "minor", "investigation")


@pytest.fixture
def by(cast: SimpleNamespace) -> Any:
    return cast.mika_worker


@pytest.fixture
def extract(cast: SimpleNamespace, by: Any, now: datetime) -> Callable[..., tuple[Any, str, str]]:
    """A function that gives the data, the text of the paper and the request of a case's extract.

    withheld: provision by the beginning of a piece's title.
    """

    def made(case: Any, withheld: dict[str, str], kind: str = OWN_DATA) -> tuple[Any, str, str]:
        one = actions.register_request(
            kind=kind,
            unit="mika",
            content=RequestContent(identified="Vi känner varandra"),
            received_on=now.date(),
            case_number=case.content.number,
            by=by,
            now=now,
        )
        who = {"request_id": one.row.pk, "by": by, "now": now}
        _one, _case, pieces = actions.read_for_extract(**who)
        verdicts = {piece.code: _verdict(piece.title, withheld) for piece in pieces}
        assert set(verdicts.values()) >= set(withheld.values())
        actions.assess_extract(seen=1, verdicts=verdicts, assessment="", **who)
        row = Request.objects.get(pk=one.row.pk)
        actions.decide_request(seen=row.version, **who | {"by": cast.mika_head})
        data = actions.request_file(file_format="json", **who)
        paper = words(actions.request_file(file_format="pdf", **who))
        return json.loads(data), paper.replace("\u00a0", " "), data.decode()

    return made


def _verdict(title: str, withheld: dict[str, str]) -> str:
    found = (code for begins, code in withheld.items() if title.startswith(begins))
    return next(found, GIVEN)


def test_whoever_got_something_that_is_withheld_is_no_recipient_in_the_extract(
    open_case: Any, extract: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    case = open_case(called="Påhittad Ek")
    yes = consent(case, by, now)
    send(case, referral(case, by, now), by, now, chosen=["called"], consent=str(yes.pk))
    decide(case, asked(case, by, now, "no_harm"), cast.mika_head, now)
    actions.share_case(
        unit="kast",
        ground="need_to_know",
        reason="Påhittat behov av att läsa",
        consent="",
        until=date(2026, 4, 2),
        **act(case, by, now),
    )
    told, paper, _raw = extract(case, {})
    assert told["processing"]["recipients"].count("(2 mars 2026)") == 3
    hidden = {"Utlämnande": "investigation", "Remiss": "investigation", "Delat": "investigation"}
    told, paper, raw = extract(case, {**hidden, "Samtycke": "investigation"})
    assert told["processing"]["recipients"] == "Ingen, enligt de uppgifter som lämnas här."
    for secret in ("Polisen", "polisen", "Exempelmottagningen", "KAST"):
        assert secret not in raw
        assert secret not in paper


@pytest.mark.parametrize("provision", HIDES)
def test_a_title_that_tells_what_is_protected_is_not_told(
    provision: str, open_case: Any, log: Any, extract: Any
) -> None:
    case = open_case()
    log(case_id=case.case.pk, form="relative", on=date(2026, 2, 5), text="Hemlig sak")
    log(case_id=case.case.pk, form="relative", on=date(2026, 2, 6), text="Hemlig sak")
    told, paper, raw = extract(case, {"Kontakt med en anhörig": provision})
    # Both at once: not even how many there are is told.
    assert [left["what"] for left in told["withheld"]] == [PROVISIONS[provision].says_only]
    for secret in ("anhörig", "februari", "2026-02-0", "Hemlig"):
        assert secret not in raw
        assert secret not in paper


def test_a_draft_is_withheld_by_its_own_title() -> None:
    given, left = judged({"a": "Anteckning 5 maj 2026", "b": "Om dig"}, {"a": "draft", "b": GIVEN})
    assert given == ["b"]
    assert left == (LeftOut("Anteckning 5 maj 2026", "draft", "Anteckning 5 maj 2026"),)


def test_every_provision_that_protects_that_something_happened_has_neutral_words() -> None:
    assert {code for code, one in PROVISIONS.items() if one.says_only} == set(HIDES)
    assert {one.says_only for one in PROVISIONS.values()} == {
        "",
        "Uppgift",
        "Uppgift om någon annan",
    }
    many = [LeftOut("Uppgift", "minor", "a"), LeftOut("Uppgift", "minor", "b")]
    assert told_left_out(many) == [many[1]]
    assert len(told_left_out([*many, LeftOut("Uppgift", "reporter", "c")])) == 2


def test_those_who_assess_and_decide_still_see_which_piece_it_is(
    open_case: Any, log: Any, extract: Any, cast: SimpleNamespace, desk: Any, now: datetime
) -> None:
    case = open_case()
    log(case_id=case.case.pk, form="relative", on=date(2026, 2, 5))
    extract(case, {"Kontakt med en anhörig": "private"})
    one = actions.read_request(request_id=Request.objects.get().pk, by=cast.mika_head, now=now)
    [left] = one.content.withheld
    assert (left.what, left.title) == (
        "Uppgift om någon annan",
        "Kontakt med en anhörig 5 februari 2026",
    )


def test_how_she_came_and_what_she_is_called_go_with_the_piece_that_says_it(
    open_case: Any, extract: Any
) -> None:
    case = open_case(called="Påhittad Ek", source="police_operation")
    told, _paper, _raw = extract(case, {})
    assert told["person"] == "Påhittad Ek"
    assert "Väg hit" in told["processing"]["source"]
    told, paper, raw = extract(case, {"Om dig": "minor"})
    assert told["person"] == "Den som har varit i kontakt med oss"
    assert told["processing"]["source"] == "Du själv."
    for secret in ("Påhittad Ek", "polis"):
        assert secret not in raw
        assert secret not in paper


def test_that_concern_was_reported_is_withheld_with_the_report(
    open_case: Any, extract: Any
) -> None:
    case = open_case(reported_on=date(2026, 2, 5))
    told, _paper, raw = extract(case, {"Att oro för dig": "reporter"})
    assert told["withheld"][0]["what"] == "Uppgift"
    assert "Oro för dig" not in raw
    assert "februari" not in raw


def test_others_addresses_in_a_letter_are_apart_from_what_is_hers(
    open_case: Any, extract: Any, by: Any, now: datetime
) -> None:
    case = open_case()
    sender = Sender("ek@post.example", "Ek", "Al <al@post.example>", ("bo@post.example",))
    letter = Mail(sender, "Hej", "Text", now.date())
    one = actions.take_mail(service="mika", mail=letter, by=by, now=now)
    actions.join_contact(contact_id=one.contact.pk, case_id=case.case.pk, by=by, now=now)
    told, _paper, raw = extract(case, {"Andras adresser": "other_person"})
    assert "ek@post.example" in raw
    assert "bo@post.example" not in raw
    assert "al@post.example" not in raw
    assert [left["what"] for left in told["withheld"]] == ["Uppgift om någon annan"]


def test_a_contact_that_the_system_noted_says_so(
    open_case: Any, extract: Any, by: Any, now: datetime
) -> None:
    case = open_case()
    letter = Mail(None, "Hej", "Text", now.date())
    one = actions.take_mail(service="mika", mail=letter, by=None, now=now)
    actions.join_contact(contact_id=one.contact.pk, case_id=case.case.pk, by=by, now=now)
    told, _paper, _raw = extract(case, {})
    noted = [
        field["value"]
        for part in told["sections"]
        for field in part["fields"]
        if field["label"] == "Antecknad av"
    ]
    assert noted == ["systemet"]
