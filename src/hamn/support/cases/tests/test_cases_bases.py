"""On what a referral goes: a consent that still holds for it, or a decision, used once."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hamn.core.errors import NotVisible
from hamn.support.cases import actions
from hamn.support.cases.models import Record
from hamn.support.cases.queries.notes import record_of
from hamn.support.cases.queries.referrals import bases_for
from hamn.support.cases.rules.referrals import NoConsent
from hamn.support.cases.tests.exchange import ON, act, asked, consent, decide, referral, send

pytestmark = pytest.mark.django_db
WHOM = {"recipient": "trauma_care", "recipient_name": "Exempelmottagningen"}


@pytest.fixture
def case(open_case: Any) -> Any:
    return open_case(called="Påhittad Ek")


@pytest.fixture
def by(cast: SimpleNamespace) -> Any:
    return cast.mika_worker


def offered(case: Any, one: Record, by: Any, now: datetime) -> set[str]:
    """Ids of what the page offers to send the referral on."""
    opened = actions.read_case(what="test", **act(case, by, now))
    says = record_of(opened, one.pk, one.kind).content
    return {str(base.record.pk) for base in bases_for(opened, says, ON, record=one.pk)}


def passed(case: Any, by: Any, cast: SimpleNamespace, now: datetime) -> Record:
    """A disclosure that a second person has passed."""
    one = asked(case, by, now, "no_harm", **WHOM)
    return Record.objects.get(pk=decide(case, one, cast.mika_head, now).pk)


def test_a_disclosure_on_a_consent_ends_with_the_consent(case: Any, by: Any, now: datetime) -> None:
    yes = consent(case, by, now)
    one = asked(case, by, now, "consent", consent=str(yes.pk), **WHOM)
    first, second = referral(case, by, now), referral(case, by, now)
    assert offered(case, first, by, now) == {str(yes.pk), str(one.pk)}
    gone = send(case, first, by, now, chosen=["called"], disclosure=str(one.pk))
    assert actions.letter_of(record_id=gone.pk, **act(case, by, now)).startswith(b"%PDF")
    actions.revoke_consent(record_id=yes.pk, **act(case, by, now))
    with pytest.raises(NoConsent, match="återkallat"):
        actions.letter_of(record_id=gone.pk, **act(case, by, now))
    with pytest.raises(NoConsent):
        send(case, second, by, now, chosen=["called"], disclosure=str(one.pk))
    assert offered(case, second, by, now) == set()


@pytest.mark.parametrize("other", [{"purpose": "rights"}, {"purpose": "cooperation"}])
def test_a_disclosure_on_a_consent_goes_no_further_than_its_purpose(
    other: dict[str, str], case: Any, by: Any, now: datetime
) -> None:
    yes = consent(case, by, now, **other)
    one = asked(case, by, now, "consent", consent=str(yes.pk), **WHOM)
    draft = referral(case, by, now)
    assert offered(case, draft, by, now) == set()
    with pytest.raises(NoConsent, match="annat ändamål"):
        send(case, draft, by, now, chosen=["called"], disclosure=str(one.pk))


def test_a_disclosure_on_a_consent_holds_no_longer_than_its_last_day(
    case: Any, by: Any, now: datetime
) -> None:
    yes = consent(case, by, now)
    one = asked(case, by, now, "consent", consent=str(yes.pk), **WHOM)
    late = now + timedelta(days=40)
    with pytest.raises(NoConsent, match="gäller inte den dagen"):
        send(case, referral(case, by, now), by, late, chosen=["called"], disclosure=str(one.pk))


def test_what_a_second_person_has_passed_goes_once(
    case: Any, by: Any, cast: SimpleNamespace, now: datetime
) -> None:
    one = passed(case, by, cast, now)
    first, second = referral(case, by, now), referral(case, by, now)
    gone = send(case, first, by, now, chosen=["called"], disclosure=str(one.pk))
    # The same letter is printed again, a new one is not sent on it.
    for _each in range(2):
        assert actions.letter_of(record_id=gone.pk, **act(case, by, now)).startswith(b"%PDF")
    assert offered(case, second, by, now) == set()
    with pytest.raises(NoConsent, match="redan använts"):
        send(case, second, by, now, chosen=["called"], disclosure=str(one.pk))
    actions.take_back_referral(
        record_id=gone.pk, seen=gone.version, why="mistake", **act(case, by, now)
    )
    with pytest.raises(NoConsent, match="redan använts"):
        send(case, second, by, now, chosen=["called"], disclosure=str(one.pk))


def test_a_referral_that_is_refused_uses_nothing(
    case: Any, by: Any, cast: SimpleNamespace, now: datetime
) -> None:
    one, draft = passed(case, by, cast, now), referral(case, by, now)
    with pytest.raises(NotVisible):
        send(case, draft, by, now, chosen=["called"], disclosure=str(draft.pk))
    assert offered(case, draft, by, now) == {str(one.pk)}


def test_what_is_offered_is_what_lets_the_referral_go(
    case: Any, by: Any, cast: SimpleNamespace, now: datetime
) -> None:
    right = consent(case, by, now)
    for other in (
        {"purpose": "rights"},
        {"recipient_name": "En annan mottagning"},
        {"recipient": "psychiatry"},
    ):
        consent(case, by, now, **other)
    asked(case, by, now, "no_harm", **WHOM)  # waits
    decided = passed(case, by, cast, now)
    draft = referral(case, by, now)
    found = offered(case, draft, by, now)
    assert found == {str(right.pk), str(decided.pk)}
    assert send(case, draft, by, now, chosen=["called"], consent=str(right.pk)).state == "sent"


def test_to_a_municipality_no_decision_is_offered(
    case: Any, by: Any, cast: SimpleNamespace, now: datetime
) -> None:
    whom = {"recipient": "social_services", "recipient_name": "Exempelkommunen"}
    decide(case, asked(case, by, now, "no_harm", **whom), cast.mika_head, now)
    there = {"counterpart": "social_services", "counterpart_name": "Exempelkommunen"}
    assert offered(case, referral(case, by, now, **there), by, now) == set()


@pytest.mark.slow
def test_from_a_referral_the_consent_it_needs_is_one_link_away(
    open_case: Any, by: Any, cast: SimpleNamespace, desk: Any
) -> None:
    now, today = timezone.now(), timezone.localdate()
    case = open_case(now=now)
    one = referral(case, by, now, purpose="rights")
    send_page = reverse("cases:send_referral", args=[case.case.pk, one.pk])
    page = reverse("cases:give_consent_for", args=[case.case.pk, one.pk])
    client: Client = desk(by)
    shown = client.get(send_page).content.decode()
    assert f'href="{page}"' in shown
    assert "Exempelmottagningen" not in page
    form = client.get(page).context["form"]
    first = {name: form[name].value() for name in ("recipient", "recipient_name", "purpose")}
    assert first == {**WHOM, "purpose": "rights"}
    until = today + timedelta(days=30)
    given = {**first, "on": today, "until": until, "how": "spoken", "given_by": "person"}
    done = client.post(page, {**given, "covers": "Namn", "steg": "bekrafta"})
    assert done.headers["Location"] == send_page
    yes = Record.objects.get(kind="consent")
    assert f"consent:{yes.pk}" in client.get(send_page).content.decode()
    assert desk(cast.kast_worker).get(page).status_code == 404
    incoming = reverse("cases:give_consent_for", args=[case.case.pk, yes.pk])
    assert client.get(incoming).status_code == 404
