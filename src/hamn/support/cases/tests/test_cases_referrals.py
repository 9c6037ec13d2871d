"""Consents and referrals: nothing goes without one, and each leaves the right facts."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from hamn.core.errors import BadInput, NotVisible
from hamn.guards.audit.models import Entry
from hamn.papers.tests.reading import words
from hamn.support.cases import actions
from hamn.support.cases.models import Fact, Record
from hamn.support.cases.queries.notes import record_of
from hamn.support.cases.queries.referrals import pieces_of
from hamn.support.cases.rules.referrals import (
    ON_CONSENT_ALONE,
    RECIPIENTS,
    Consent,
    NoConsent,
    NotAffiliated,
    Referral,
    check_mika_halsa,
    is_in_force,
)
from hamn.support.cases.rules.states import Changed, WrongState
from hamn.support.cases.tests.exchange import (
    ON,
    act,
    asked,
    consent,
    decide,
    referral,
    send,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAY = st.dates(date(2025, 1, 1), date(2027, 12, 31))
AFFILIATED, OUTSIDE = "0117", "1480"


@pytest.fixture
def case(open_case: Any) -> Any:
    return open_case(called="Påhittad Ek", municipality="unknown", wishes="Sova bättre")


@pytest.fixture
def by(cast: SimpleNamespace) -> Any:
    return cast.mika_worker


def facts(**of: str) -> dict[tuple[str, str], int]:
    rows = Fact.objects.filter(kind__startswith="referral", **of).values("kind", "detail")
    sums = rows.annotate(sum=Sum("weight")).order_by("kind", "detail")
    return {(row["kind"], row["detail"]): row["sum"] for row in sums if row["sum"]}


def says(case: Any, one: Record, by: Any, now: datetime) -> Any:
    opened = actions.read_case(case_id=case.case.pk, what="test", by=by, now=now)
    return record_of(opened, one.pk, one.kind).content


@given(given_on=DAY, until=DAY, on=DAY, state=st.sampled_from(["given", "revoked", "expired"]))
def test_a_consent_holds_from_its_first_day_to_and_with_its_last_while_it_stands(
    given_on: date, until: date, on: date, state: str
) -> None:
    one = Consent("referral", "police", until=until)
    expected = state == "given" and given_on <= on <= until
    assert is_in_force(one, state, given_on=given_on, on=on) is expected


def test_a_consent_must_say_to_whom_for_what_what_and_until_when(
    case: Any, by: Any, now: datetime
) -> None:
    for lacking in (
        {"purpose": ""},
        {"purpose": "other"},
        {"recipient": ""},
        {"recipient_name": " "},
        {"covers": " "},
        {"until": None},
        {"until": ON - timedelta(days=1)},
        {"until": date(2027, 3, 4)},
        {"how": ""},
    ):
        with pytest.raises(BadInput):
            consent(case, by, now, **lacking)
    assert not Record.objects.filter(kind="consent").exists()


def test_the_letter_holds_what_was_chosen_and_nothing_else(
    case: Any, by: Any, now: datetime
) -> None:
    yes = consent(case, by, now)
    one = send(case, referral(case, by, now), by, now, chosen=["called"], consent=str(yes.pk))
    assert one.state == "sent"
    assert [piece.code for piece in says(case, one, by, now).letter] == ["called"]
    pdf = actions.letter_of(record_id=one.pk, **act(case, by, now))
    read = words(pdf)
    assert "Påhittad Ek" in read
    assert "remisstext om sömnen" in read
    assert "Sova bättre" not in read
    assert case.content.number not in read


def test_only_finalised_notes_may_go(case: Any, by: Any, now: datetime) -> None:
    told = {"title": "", "on": ON, **act(case, by, now)}
    working = actions.write_note(text="Arbetsanteckning", **told)
    final = actions.write_note(text="Upprättad text", **told)
    actions.finalise_note(record_id=final.pk, seen=1, **act(case, by, now))
    opened = actions.read_case(what="test", **act(case, by, now))
    codes = {piece.code for piece in pieces_of(opened)}
    assert f"note:{final.pk}" in codes
    assert f"note:{working.pk}" not in codes
    yes = consent(case, by, now)
    with pytest.raises(BadInput):
        send(
            case,
            referral(case, by, now),
            by,
            now,
            chosen=[f"note:{working.pk}"],
            consent=str(yes.pk),
        )


@pytest.mark.parametrize("recipient", sorted(RECIPIENTS))
def test_nothing_goes_to_anyone_without_a_consent_or_a_decision(
    recipient: str, open_case: Any, by: Any, now: datetime
) -> None:
    case = open_case(municipality="0180")
    one = referral(case, by, now, counterpart=recipient)
    with pytest.raises(NoConsent):
        send(case, one, by, now)
    assert not facts()


@pytest.mark.parametrize(
    "other",
    [
        {"recipient_name": "En annan mottagning"},
        {"recipient": "psychiatry"},
        {"purpose": "cooperation"},
    ],
)
def test_a_consent_for_something_else_lets_nothing_go(
    other: dict[str, str], case: Any, by: Any, now: datetime
) -> None:
    yes = consent(case, by, now, **other)
    with pytest.raises(NoConsent):
        send(case, referral(case, by, now), by, now, consent=str(yes.pk))


def test_a_consent_lets_go_on_its_last_day_and_not_the_day_after(
    case: Any, by: Any, now: datetime
) -> None:
    yes = consent(case, by, now)
    last = now + (date(2026, 4, 2) - ON)
    send(case, referral(case, by, now), by, last, consent=str(yes.pk))
    with pytest.raises(NoConsent, match="gäller inte den dagen"):
        send(case, referral(case, by, now), by, last + timedelta(days=1), consent=str(yes.pk))


def test_nothing_goes_on_a_consent_from_the_moment_it_is_revoked(
    case: Any, by: Any, now: datetime
) -> None:
    yes = consent(case, by, now)
    sent = send(case, referral(case, by, now), by, now, consent=str(yes.pk))
    actions.revoke_consent(record_id=yes.pk, **act(case, by, now))
    with pytest.raises(NoConsent, match="återkallat"):
        send(case, referral(case, by, now), by, now, consent=str(yes.pk))
    with pytest.raises(NoConsent, match="återkallat"):
        actions.letter_of(record_id=sent.pk, **act(case, by, now))
    with pytest.raises(WrongState):
        actions.revoke_consent(record_id=yes.pk, **act(case, by, now))


def test_another_cases_consent_is_not_there(
    case: Any, open_case: Any, by: Any, now: datetime
) -> None:
    foreign = consent(open_case(), by, now)
    for other in (str(foreign.pk), str(uuid4()), "inget id"):
        with pytest.raises(NotVisible):
            send(case, referral(case, by, now), by, now, consent=other)


def test_a_decided_disclosure_lets_a_referral_go_and_a_waiting_one_does_not(
    open_case: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    case = open_case()
    waits = asked(case, by, now)
    one = referral(case, by, now, counterpart="police", counterpart_name="")
    with pytest.raises(NoConsent, match="inte beslutat"):
        send(case, one, by, now, disclosure=str(waits.pk))
    decide(case, waits, cast.mika_head, now)
    assert send(case, one, by, now, disclosure=str(waits.pk)).state == "sent"


def test_social_services_of_a_municipality_are_reached_on_the_persons_consent_alone(
    case: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    assert set(ON_CONSENT_ALONE) == {"social_services"}
    whom = {"recipient": "social_services", "recipient_name": "Exempelkommun"}
    decided = asked(case, by, now, **whom)
    decide(case, decided, cast.mika_head, now)
    one = referral(case, by, now, counterpart="social_services", counterpart_name="Exempelkommun")
    with pytest.raises(NoConsent, match="eget samtycke"):
        send(case, one, by, now, disclosure=str(decided.pk))
    yes = consent(case, by, now, **whom)
    assert send(case, one, by, now, consent=str(yes.pk)).state == "sent"


def test_there_is_no_home_municipality_to_notify() -> None:
    assert not [name for name in RECIPIENTS.values() if "hemkommun" in name]
    assert "municipality" not in Referral.__dataclass_fields__


def test_where_the_person_goes_herself_nothing_leaves_and_nothing_is_needed(
    case: Any, by: Any, now: datetime
) -> None:
    one = referral(case, by, now, counterpart="mika_halsa", counterpart_name="", way="herself")
    with pytest.raises(BadInput, match="Personen tar själv kontakt"):
        send(case, one, by, now, chosen=["called"])
    sent = send(case, one, by, now)
    assert says(case, sent, by, now).letter == ()
    assert facts() == {("referral", "mika_halsa"): 1}
    with pytest.raises(WrongState):
        actions.letter_of(record_id=sent.pk, **act(case, by, now))


@pytest.mark.parametrize(
    ("municipality", "told"),
    [
        ("", "Fråga om personen vill säga den"),
        ("unknown", "Fråga om personen vill säga den"),
        ("declined", "Fråga inte igen"),
        (OUTSIDE, "har inte personens kommun"),
    ],
)
def test_mika_halsa_is_worked_with_only_for_residents_of_affiliated_municipalities(
    municipality: str, told: str
) -> None:
    known = {"affiliated": {AFFILIATED}, "provider": "0180"}
    with pytest.raises(NotAffiliated, match=told):
        check_mika_halsa("mika_halsa", municipality, **known)
    check_mika_halsa("psychiatry", municipality, **known)
    for home in (AFFILIATED, "0180"):
        check_mika_halsa("mika_halsa", home, **known)


def test_the_affiliation_is_asked_of_the_day_on_which_the_referral_goes(
    open_case: Any, in_force: Any, by: Any, now: datetime
) -> None:
    case = open_case(municipality=AFFILIATED)
    mika = {"counterpart": "mika_halsa", "counterpart_name": ""}
    with pytest.raises(NotAffiliated):
        referral(case, by, now, **mika)
    in_force(AFFILIATED, date(2024, 6, 1))
    yes = consent(case, by, now, recipient="mika_halsa", recipient_name="")
    one = referral(case, by, now, **mika)
    assert send(case, one, by, now, consent=str(yes.pk)).state == "sent"


def sent_one(case: Any, by: Any, now: datetime) -> Record:
    yes = consent(case, by, now)
    return send(case, referral(case, by, now), by, now, consent=str(yes.pk))


def test_answer_and_outcome_are_noted_and_counted_without_anyone_in_them(
    case: Any, by: Any, now: datetime
) -> None:
    one = sent_one(case, by, now)
    told = {"record_id": one.pk, "kind": "referral_out", "on": ON, **act(case, by, now)}
    one = actions.answer_referral(
        seen=one.version, accepts=True, answer="Tid i april", due_on=date(2026, 4, 1), **told
    )
    case.case.refresh_from_db()
    assert (one.state, case.case.due_on) == ("accepted", date(2026, 4, 1))
    one = actions.end_referral(seen=one.version, outcome="help_given", words="Bra", **told)
    case.case.refresh_from_db()
    assert (one.state, case.case.due_on) == ("closed", None)
    assert facts() == {
        ("referral", "trauma_care"): 1,
        ("referral_outcome", "trauma_care=help_given"): 1,
    }


def test_a_corrected_outcome_takes_the_wrong_fact_back(case: Any, by: Any, now: datetime) -> None:
    one = sent_one(case, by, now)
    told = {"record_id": one.pk, "kind": "referral_out", "on": ON, **act(case, by, now)}
    for outcome in ("no_answer", "no_answer", "help_started"):
        one = actions.end_referral(seen=one.version, outcome=outcome, words="", **told)
    assert facts()[("referral_outcome", "trauma_care=help_started")] == 1
    assert ("referral_outcome", "trauma_care=no_answer") not in facts()
    assert Fact.objects.filter(kind="referral_outcome").count() == 3


@pytest.mark.parametrize(("why", "left"), [("mistake", {}), ("not_needed", 1)])
def test_only_what_was_registered_by_mistake_was_never_counted(
    why: str, left: Any, case: Any, by: Any, now: datetime
) -> None:
    one = sent_one(case, by, now)
    one = actions.take_back_referral(
        record_id=one.pk, seen=one.version, why=why, **act(case, by, now)
    )
    assert one.state == "revoked"
    assert facts() == ({("referral", "trauma_care"): 1} if left else {})


def test_an_incoming_referral_that_is_corrected_counts_as_it_should_have(
    case: Any, by: Any, now: datetime
) -> None:
    came = Referral("psychiatry", "Exempelpsykiatrin", text="Påhittad fråga")
    one = actions.take_in_referral(referral=came, on=ON, answer_by=None, **act(case, by, now))
    assert one.state == "received"
    one = actions.correct_referral_in(
        record_id=one.pk,
        seen=one.version,
        referral=Referral("police", text="Påhittad fråga"),
        on=date(2026, 2, 27),
        **act(case, by, now),
    )
    assert facts() == {("referral_in", "police"): 1}
    assert list(Fact.objects.filter(kind="referral_in", detail="police").values_list("month")) == [
        (2,)
    ]


def test_whoever_referred_somebody_here_is_told_nothing_without_a_consent(
    case: Any, by: Any, now: datetime
) -> None:
    came = Referral("trauma_care", "Exempelmottagningen", text="Påhittad fråga")
    one = actions.take_in_referral(referral=came, on=ON, answer_by=None, **act(case, by, now))
    told = {
        **{"record_id": one.pk, "kind": "referral_in", "seen": 1, "on": ON, "due_on": None},
        **{"accepts": True, "answer": "Vi tar emot", **act(case, by, now)},
    }
    with pytest.raises(NoConsent):
        actions.answer_referral(told_back="Vi har träffat personen", **told)
    yes = consent(case, by, now)
    one = actions.answer_referral(told_back="Vi tar emot", consent=str(yes.pk), **told)
    assert one.state == "accepted"


def test_what_has_gone_is_not_changed_and_a_colleagues_change_is_told(
    case: Any, by: Any, now: datetime
) -> None:
    one = referral(case, by, now)
    told = {"record_id": one.pk, "referral": Referral("police"), **act(case, by, now)}
    actions.change_referral(seen=1, **told)
    with pytest.raises(Changed):
        actions.change_referral(seen=1, **told)
    gone = sent_one(case, by, now)
    with pytest.raises(WrongState, match="har redan gått"):
        actions.change_referral(**told | {"record_id": gone.pk, "seen": gone.version})
    with pytest.raises(WrongState):
        send(case, gone, by, now, chosen=["called"])


def test_a_referral_is_reached_through_its_own_case_alone(
    case: Any, open_case: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    one, foreign = referral(case, by, now), open_case()
    for where, who in ((foreign, by), (case, cast.kast_worker)):
        with pytest.raises(NotVisible):
            send(where, one, who, now)
        with pytest.raises(NotVisible):
            actions.letter_of(record_id=one.pk, **act(where, who, now))


def test_the_trail_tells_that_it_went_and_to_which_kind_and_no_word_of_it(
    case: Any, by: Any, now: datetime
) -> None:
    before = Entry.objects.count()
    sent_one(case, by, now)
    entries = list(Entry.objects.order_by("place")[before:])
    assert entries[-1].event == "cases.referral_sent"
    told = "".join(entry.facts for entry in entries)
    assert '"recipient":"trauma_care"' in told
    for secret in ("Exempelmottagningen", "sömnen", "Påhittad"):
        assert secret not in told
    assert {entry.on for entry in entries} == {case.box.trail_name}


def test_consents_past_their_day_are_marked_by_the_days_work(
    case: Any, by: Any, now: datetime
) -> None:
    consent(case, by, now)
    assert actions.expire_consents(today=date(2026, 4, 2)) == 0
    assert actions.expire_consents(today=date(2026, 4, 3)) == 1
    assert actions.expire_consents(today=date(2026, 4, 3)) == 0
    assert Record.objects.get(kind="consent").state == "expired"
    told = Entry.objects.get(event="cases.consents_expired")
    assert (told.by, told.facts) == ("system", '{"count":1}')
