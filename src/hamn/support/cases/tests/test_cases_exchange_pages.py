"""The pages of referrals, consents, disclosures and shares, from the form to what then stands."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hamn.papers.tests.reading import words
from hamn.register.staff.queries import unit_name
from hamn.support.cases import actions
from hamn.support.cases.models import Record, Share
from hamn.support.cases.rules.grounds import GROUNDS, place_of
from hamn.support.cases.tests.exchange import act, asked, consent, referral

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HOSTILE = "<script>alert(1)</script>"
YES = {"steg": "bekrafta"}


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def case(open_case: Callable[..., Any], now: datetime) -> Any:
    return open_case(called="Påhittad Ek", wishes=f"Sova {HOSTILE}", now=now)


@pytest.fixture
def by(cast: SimpleNamespace) -> Any:
    return cast.mika_worker


def url(name: str, case: Any, *more: object) -> str:
    return reverse(f"cases:{name}", args=[case.case.pk, *more])


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def consented(case: Any, by: Any, now: datetime, **says: Any) -> Record:
    today = timezone.localdate(now)
    return consent(case, by, now, on=today, until=today + timedelta(days=30), **says)


def test_a_consent_is_read_aloud_before_the_yes_is_noted(
    case: Any, by: Any, desk: Any, today: date
) -> None:
    client = desk(by)
    fields = {
        **{"on": today, "until": today + timedelta(days=30), "recipient": "trauma_care"},
        **{"recipient_name": "Exempelmottagningen", "purpose": "referral", "how": "spoken"},
        **{"covers": f"Namn {HOSTILE}", "given_by": "person"},
    }
    shown = client.post(url("give_consent", case), fields)
    assert "Läs upp för personen" in text(shown)
    assert "Du kan ändra dig när du vill" in text(shown)
    assert HOSTILE not in text(shown)
    assert not Record.objects.filter(kind="consent").exists()
    done = client.post(url("give_consent", case), fields | YES)
    assert done.headers["Location"] == url("referrals", case)
    page = text(client.get(url("referrals", case)))
    assert "Exempelmottagningen (traumabehandling)" in page
    assert HOSTILE not in page


def test_a_referral_shows_what_goes_and_what_stays_with_nothing_chosen_beforehand(
    case: Any, by: Any, desk: Any, now: datetime
) -> None:
    client, yes = desk(by), consented(case, by, now)
    fields = {
        **{"counterpart": "trauma_care", "counterpart_name": "Exempelmottagningen"},
        **{"purpose": "referral", "way": "letter", "text": f"Hej {HOSTILE}"},
    }
    client.post(url("write_referral", case), fields)
    one = Record.objects.get(kind="referral_out")
    fresh = text(client.get(url("send_referral", case, one.pk)))
    assert "checked" not in fresh
    assert HOSTILE not in fresh
    chosen = {"chosen": ["called"], "basis": f"consent:{yes.pk}", "seen": one.version}
    shown = text(client.post(url("send_referral", case, one.pk), chosen))
    goes, stays = shown.split("Det här stannar")
    assert "Påhittad Ek" in goes
    assert "Vad personen önskar" in stays
    one.refresh_from_db()
    assert one.state == "draft"
    client.post(url("send_referral", case, one.pk), chosen | YES)
    one.refresh_from_db()
    assert one.state == "sent"
    answer = client.get(url("referral_letter", case, one.pk))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="brev.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    read = words(answer.content)
    assert "Påhittad Ek" in read
    assert "Sova" not in read
    shown = text(client.get(reverse("cases:show", args=[case.case.pk])))
    assert "Det här följde med ur ärendet" in shown
    assert HOSTILE not in shown


def test_a_referral_without_a_consent_is_refused_with_what_to_do(
    case: Any, by: Any, desk: Any, now: datetime
) -> None:
    one = referral(case, by, now)
    answer = desk(by).post(url("send_referral", case, one.pk), {"chosen": ["called"], "seen": 1})
    assert answer.status_code == 422
    assert "fråga personen och anteckna samtycket först" in text(answer)


def test_answer_outcome_and_taking_back_have_their_pages(
    case: Any, by: Any, desk: Any, now: datetime, today: date
) -> None:
    client, yes = desk(by), consented(case, by, now)
    one, other = referral(case, by, now), referral(case, by, now)
    actions.send_referral(
        record_id=one.pk,
        seen=1,
        chosen=[],
        consent=str(yes.pk),
        disclosure="",
        answer_by=None,
        **act(case, by, now),
    )
    for name, fields in (
        ("answer_referral", {"on": today, "accepts": "yes", "answer": "Tid i april", "seen": 2}),
        ("end_referral", {"on": today, "outcome": "help_given", "seen": 3}),
        ("end_referral", {"on": today, "outcome": "queue", "seen": 4}),
    ):
        assert client.get(url(name, case, one.pk)).status_code == 200
        answer = client.post(url(name, case, one.pk), fields)
        assert answer.headers["Location"] == url("referrals", case), text(answer)
    took = client.post(url("take_back_referral", case, other.pk), {"why": "mistake", "seen": 1})
    assert took.status_code == 302
    page = text(client.get(url("referrals", case)))
    assert "personen står i kö" in page
    assert "den registrerades av misstag" in page


def test_an_incoming_referral_is_taken_in_answered_and_corrected(
    case: Any, by: Any, desk: Any, today: date
) -> None:
    client = desk(by)
    came = {"on": today, "counterpart": "police", "text": "Påhittad fråga"}
    client.post(url("take_in_referral", case), came)
    one = Record.objects.get(kind="referral_in")
    assert client.get(url("correct_referral_in", case, one.pk)).status_code == 200
    fixed = came | {"counterpart": "psychiatry", "counterpart_name": "Exempelpsykiatrin", "seen": 1}
    assert client.post(url("correct_referral_in", case, one.pk), fixed).status_code == 302
    told = {"on": today, "accepts": "yes", "seen": 2, "told_back": "Vi tar emot"}
    refused = client.post(url("answer_referral", case, one.pk), told)
    assert refused.status_code == 422
    assert (
        client.post(url("answer_referral", case, one.pk), told | {"told_back": ""}).status_code
        == 302
    )


def test_every_ground_has_its_form_with_what_it_demands_and_no_more(
    case: Any, by: Any, desk: Any
) -> None:
    client = desk(by)
    choose = text(client.get(url("choose_ground", case)))
    for code, ground in GROUNDS.items():
        assert ground.provision in choose
        page = client.get(url("ask_disclosure", case, place_of(code)))
        form = page.context["form"]
        kept = {"recipient", "recipient_name", "unit"} if code != "consent" else set()
        assert set(form.fields) - {"draft"} == {"what", *ground.demands} | kept
    assert client.get(url("ask_disclosure", case, 99)).status_code == 404
    assert "27 §" not in choose


def test_a_disclosure_goes_from_who_asks_to_the_head_and_back(
    case: Any, cast: SimpleNamespace, by: Any, desk: Any
) -> None:
    worker, head = desk(by), desk(cast.mika_head)
    ask = url("ask_disclosure", case, place_of("prevent_crime"))
    fields = {"recipient": "police", "what": f"Uppgift {HOSTILE}", "assessment": "Bedömt"}
    assert worker.post(ask, fields).status_code == 422
    assert worker.post(ask, fields | {"balancing": "Vägt"}).status_code == 302
    one = Record.objects.get(kind="disclosure")
    decide = url("decide_disclosure", case, one.pk)
    assert "pröva ett utlämnande" not in text(worker.get(reverse("cases:today")))
    assert "pröva ett utlämnande" in text(head.get(reverse("cases:today")))
    assert decide in text(head.get(reverse("cases:disclosures_to_decide")))
    shown = text(head.get(decide))
    assert "10 kap. 15 a §" in shown
    assert "Vägt" in shown
    assert "Påhittad Ek" not in shown
    assert HOSTILE not in shown
    assert head.post(decide, {"approves": "no", "seen": 1}).status_code == 422
    assert head.post(decide, {"approves": "yes", "seen": 1}).status_code == 302
    assert "Inget utlämnande väntar" in text(head.get(reverse("cases:disclosures_to_decide")))
    assert "utlämnat" in text(worker.get(url("referrals", case)))


def test_a_share_is_confirmed_read_by_the_other_unit_and_ended(
    case: Any, cast: SimpleNamespace, by: Any, desk: Any, today: date
) -> None:
    client, other = desk(by), desk(cast.kast_worker)
    fields = {
        **{"unit": "kast", "ground": "need_to_know", "reason": f"Påhittat skäl {HOSTILE}"},
        "until": today + timedelta(days=10),
    }
    assert unit_name("kast") in text(client.post(url("share_case", case), fields))
    assert not Share.objects.exists()
    client.post(url("share_case", case), fields | YES)
    row = Share.objects.get()
    assert case.content.number in text(other.get(reverse("cases:shared_with_us")))
    assert unit_name("mika") in text(other.get(reverse("cases:shared_with_us")))
    page = text(other.get(url("referrals", case)))
    assert "Påhittat skäl" in page
    assert HOSTILE not in page
    for name in ("share_case", "write_referral", "give_consent"):
        assert url(name, case) not in page
    refused = other.post(url("share_case", case), fields | YES)
    assert refused.status_code == 422
    assert "delat med din enhet för att läsas" in text(refused)
    timeline = text(other.get(reverse("cases:show", args=[case.case.pk])))
    assert url("write_note", case) not in timeline
    assert client.get(url("end_share", case, row.pk)).status_code == 200
    client.post(url("end_share", case, row.pk))
    assert other.get(url("referrals", case)).status_code == 404
    assert case.content.number not in text(other.get(reverse("cases:shared_with_us")))


def test_a_case_is_handed_over_by_a_form_and_gone_from_its_own_unit(
    case: Any, cast: SimpleNamespace, by: Any, desk: Any
) -> None:
    client = desk(by)
    fields = {"unit": "kast", "ground": "need_to_know", "reason": "Påhittat skäl", "seen": 1}
    shown = text(client.post(url("hand_over_case", case), fields))
    assert "kan inte längre öppna det" in shown
    assert client.post(url("hand_over_case", case), fields | YES).status_code == 302
    assert client.get(url("referrals", case)).status_code == 404
    assert desk(cast.kast_worker).get(url("referrals", case)).status_code == 200


@pytest.mark.parametrize("who", ["kast_worker", "adult_coordinator", "administrator", "stranger"])
def test_none_of_it_is_there_for_others(
    who: str, case: Any, cast: SimpleNamespace, by: Any, desk: Any, now: datetime
) -> None:
    one, waits = referral(case, by, now), asked(case, by, now)
    yes = consented(case, by, now)
    client = desk(getattr(cast, who))
    for name, more in (
        ("referrals", ()),
        ("write_referral", ()),
        ("give_consent", ()),
        ("choose_ground", ()),
        ("share_case", ()),
        ("hand_over_case", ()),
        ("send_referral", (one.pk,)),
        ("referral_letter", (one.pk,)),
        ("revoke_consent", (yes.pk,)),
        ("decide_disclosure", (waits.pk,)),
    ):
        assert client.get(url(name, case, *more)).status_code == 404, name
        assert client.post(url(name, case, *more), {}).status_code == 404, name


def test_what_belongs_to_another_case_is_not_reached_through_ones_own(
    case: Any, open_case: Any, by: Any, desk: Any, now: datetime
) -> None:
    client, own = desk(by), open_case(now=now)
    one, yes = referral(case, by, now), consented(case, by, now)
    for name, record in (
        *(("change_referral", one), ("send_referral", one), ("answer_referral", one)),
        *(("end_referral", one), ("take_back_referral", one), ("referral_letter", one)),
        *(("revoke_consent", yes), ("decide_disclosure", yes), ("correct_referral_in", one)),
    ):
        assert client.get(url(name, own, record.pk)).status_code == 404, name
        fields = {"why": "mistake", "seen": 1, "on": "2026-01-01", "outcome": "queue"}
        assert client.post(url(name, own, record.pk), fields).status_code in (404, 422), name
    one.refresh_from_db()
    yes.refresh_from_db()
    assert (one.state, yes.state) == ("draft", "given")


def test_the_section_asks_the_database_as_often_however_much_stands_in_it(
    case: Any, by: Any, desk: Any, now: datetime
) -> None:
    client = desk(by)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(url("referrals", case))
        return len(captured)

    referral(case, by, now)
    consented(case, by, now)
    asked(case, by, now)
    client.get(url("referrals", case))
    before = queries()
    for _each in range(4):
        referral(case, by, now)
        consented(case, by, now)
        asked(case, by, now)
    assert queries() == before


def test_a_revoked_consent_has_a_page_that_says_what_ends(
    case: Any, by: Any, desk: Any, now: datetime
) -> None:
    client, yes = desk(by), consented(case, by, now)
    page = text(client.get(url("revoke_consent", case, yes.pk)))
    assert "skickas ingenting med stöd av samtycket" in page
    assert client.post(url("revoke_consent", case, yes.pk)).status_code == 302
    assert "återkallat" in text(client.get(url("referrals", case)))
