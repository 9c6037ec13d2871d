"""In the trail nothing sealed is known by an id that outlives its key: everything done, then read.

Every event of casework is met; so a new one has to be told of here too.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db.models import Model, UUIDField
from django.db.models.signals import pre_delete

from hamn.guards.audit.models import Entry
from hamn.guards.disposal.rules import Reason
from hamn.guards.vault.models import SealedBox
from hamn.papers.tests.attachments import screenshot
from hamn.support.cases import actions
from hamn.support.cases.events import Event
from hamn.support.cases.models import AccessReview, Contact, Handover
from hamn.support.cases.queries.plans import open_support
from hamn.support.cases.rules.children import Child
from hamn.support.cases.rules.content import ContactContent
from hamn.support.cases.rules.details import Details
from hamn.support.cases.rules.files import Copy
from hamn.support.cases.rules.mail import Mail, Sender
from hamn.support.cases.rules.requests import DOCUMENTS, GIVEN, OWN_DATA, RequestContent
from hamn.support.cases.rules.safe_contact import SafeContact
from hamn.support.cases.tests.exchange import act, asked, consent, decide, referral, send

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LATER = date(2026, 3, 9)
WHY = "Påhittat skäl: personen ringde och är i fara"
# These are about workers: they name no case, and stay when the cases are gone.
OF_WORKERS = {AccessReview, Handover}
Ids = Callable[[], dict[UUID, str]]


def known_by_a_random_id() -> list[type[Model]]:
    """The models of casework whose rows' ids say which, and the boxes."""
    models = [*apps.get_app_config("cases").get_models(), SealedBox]
    return [one for one in models if isinstance(one._meta.pk, UUIDField) and one not in OF_WORKERS]


def sealed_models() -> set[str]:
    models = apps.get_app_config("cases").get_models()
    return {
        one.__name__
        for one in models
        if "sealed" in {field.name for field in one._meta.get_fields()}
    }


@pytest.fixture
def ids(db: None) -> Iterator[Ids]:
    """A function that gives every id that a row of casework has, or had, with its model."""
    found: dict[UUID, str] = {}

    def note(instance: Model, **_more: object) -> None:
        found[instance.pk] = type(instance).__name__

    def every() -> dict[UUID, str]:
        for model in known_by_a_random_id():
            for one in model._default_manager.only("pk"):
                note(one)
        return found

    for model in known_by_a_random_id():
        pre_delete.connect(note, sender=model)
    yield every
    for model in known_by_a_random_id():
        pre_delete.disconnect(note, sender=model)


@dataclass
class Story:
    """Who acts, on what, when."""

    cast: SimpleNamespace
    open_case: Callable[..., Any]
    log: Callable[..., Any]
    now: datetime

    @property
    def by(self) -> Any:
        return self.cast.mika_worker

    @property
    def who(self) -> dict[str, Any]:
        return {"by": self.by, "now": self.now}

    def case(self, **says: Any) -> Any:
        """A new case at Mika of an invented person's."""
        return self.open_case(called="Påhittad Ek", municipality="0180", residence="city", **says)

    def at(self, case: Any, **more: Any) -> dict[str, Any]:
        """Case, person and moment, as every action takes them."""
        return act(case, more.get("by", self.by), more.get("now", self.now))

    def version(self, case: Any) -> int:
        case.case.refresh_from_db()
        return int(case.case.version)


def log_contacts(story: Story) -> None:
    who = story.who
    free = story.log(mine=False, answer_by=LATER).contact
    one = {"contact_id": free.pk, **who}
    actions.list_contacts(contacts=[free], **who)
    actions.take_contact(**one)
    actions.see_contact(**one)
    actions.change_contact(
        seen=Contact.objects.get(pk=free.pk).version,
        on=story.now.date(),
        change=lambda says: replace(says, text="Påhittat"),
        answer_by=LATER,
        **one,
    )
    actions.add_to_contact(text="Påhittat", on=story.now.date(), **one)
    actions.mark_answered(**one)
    file = actions.attach_to_contact(name="bild.png", data=screenshot(), **one)
    actions.fetch_from_contact(attachment_id=file.row.pk, copy=Copy.ORIGINAL, **one)
    actions.join_contact(case_id=story.case().case.pk, **one)
    actions.move_contact(case_id=story.case().case.pk, reason="wrong_person", **one)
    actions.move_contact(case_id=None, reason="unknown_person", **one)
    mistake = story.log().contact
    actions.remove_contact(contact_id=mistake.pk, reason="duplicate", **who)
    child = story.log(age_group="child").contact
    actions.hand_to_child_coordinator(
        contact_id=child.pk, ground="need_to_know", words="Påhittat", **who
    )


def take_letters(story: Story) -> None:
    who = {"by": story.cast.kast_worker, "now": story.now}
    mail = Mail(Sender("ek@post.example", "Påhittad Ek"), "Fråga", "Påhittat", story.now.date())
    one = actions.take_mail(service="kast", mail=mail, **who)
    letter = {"contact_id": one.contact.pk, **who}
    actions.read_address(**letter)
    actions.offer_answer(offer="visit", **letter)
    actions.remove_address(**letter)


def see_a_couple(story: Story) -> None:
    case, other = story.case(), story.case()
    link = {"form": "couple", "words": "", "number": other.content.number}
    linked = actions.link_cases(**link, **story.at(case))
    story.log(case_id=case.case.pk, also_in=[other.case.pk])
    actions.unlink_cases(record_id=linked.pk, **story.at(case))


def write_in(story: Story) -> None:
    case = story.case()
    given, on = story.at(case), {"on": story.now.date()}
    note = actions.write_note(text="Påhittat", title="", **on, **given)
    told = {"text": "Annat", "title": "", **on}
    actions.change_note(record_id=note.pk, seen=1, **told, **given)
    actions.finalise_note(record_id=note.pk, seen=2, **given)
    actions.add_to_note(record_id=note.pk, text="Mer", **on, **given)
    mistake = actions.write_note(text="Fel", title="", **on, **given)
    actions.remove_note(record_id=mistake.pk, seen=1, **given)
    goal = actions.write_goal(words="Sova", **on, **given)
    actions.move(
        record_id=goal.pk, kind="goal", seen=1, to="given_up", came_of_it="Påhittat", **given
    )
    help_ = {"counterpart": "tax_agency", "counterpart_name": "", "due_on": LATER}
    actions.write_support(text="Följa med", **help_, **given)
    actions.read_support(records=list(open_support(story.by, story.now)), by=story.by)
    actions.print_copy(chosen=[str(note.pk)], **given)
    kept = {"place": f"cases:write_note:{case.case.pk}#0a1b2c3d", "unit": "mika"}
    actions.keep_draft(case_id=case.case.pk, fields="text=x", **kept, **story.who)
    actions.purge_drafts(now=story.now + timedelta(days=400))


def know_her(story: Story) -> None:
    case = story.case()
    given = story.at(case)
    actions.read_names(cases=[case.case], **story.who)
    actions.search_cases(words="Påhittad Ek", **story.who)
    actions.keep_details(seen=0, details=Details(phone="070-174 06 05"), **given)
    actions.read_details(**given)
    actions.erase_details(**given)
    actions.set_safe_contact(seen=story.version(case), safe=SafeContact(), note="", **given)
    file = actions.attach_to_case(name="bild.png", data=screenshot(), **given)
    one = {"attachment_id": file.row.pk, **given}
    actions.fetch_from_case(copy=Copy.WORKING, **one)
    actions.remove_from_case(**one)
    child = actions.add_child(child=Child(called="Påhittade Lo"), **given)
    handed = {"ground": "need_to_know", "words": "Påhittat"}
    actions.open_case_for_child(record_id=child.pk, **handed, **given)
    actions.hold_case(reason=Reason.COURT, until=date(2027, 1, 1), **given)
    rule = {"rule": "placement", "birth_year": None, "seen": story.version(case)}
    actions.set_rule_class(**rule, **given)
    closed = {"reason": "goals_reached", "outcome": "better", "referred_to": "", "words": ""}
    actions.close_case(seen=story.version(case), on=story.now.date(), **closed, **given)


def send_out(story: Story) -> None:
    case, by, now, head = story.case(), story.by, story.now, story.cast.mika_head
    yes = consent(case, by, now)
    sent = send(case, referral(case, by, now), by, now, consent=str(yes.pk))
    actions.letter_of(record_id=sent.pk, **story.at(case))
    actions.revoke_consent(record_id=yes.pk, **story.at(case))
    consent(case, by, now)
    actions.expire_consents(today=date(2026, 4, 3))
    for approves in (True, False):
        one = asked(case, by, now)
        actions.read_disclosure(record_id=one.pk, **story.at(case, by=head))
        decide(case, one, head, now, yes=approves)


def share(story: Story) -> None:
    case = story.case()
    told = {"unit": "kast", "ground": "need_to_know", "consent": "", "reason": WHY}
    actions.share_case(until=LATER, **told, **story.at(case))
    actions.end_past_shares(now=story.now + timedelta(days=30))
    row = actions.share_case(until=LATER, **told, **story.at(case))
    actions.end_share(share_id=row.pk, **story.at(case))
    more = {"reads_until": None, "takes_details": False, "seen": story.version(case)}
    actions.hand_over_case(**told, **more, **story.at(case))


def share_out(story: Story) -> None:
    free, case, second = story.case(mine=False).case, story.case(), story.cast.mika_second
    actions.take_case(case_id=free.pk, **story.who)
    row = actions.add_participant(person_id=second.pk, **story.at(case))
    actions.remove_participant(participant_id=row.pk, **story.at(case))
    given = {"unit": "mika", "giver_id": story.by.pk, "receiver_id": second.pk}
    for answer in (actions.end_handover, actions.accept_handover):
        offer = actions.hand_over(case_ids=[case.case.pk], at_once=False, **given, **story.who)
        answer(handover_id=offer.pk, by=second, now=story.now)


def break_open(story: Story) -> None:
    head = {"by": story.cast.mika_head, "now": story.now}
    broken = actions.break_glass(
        kind="here", reason=WHY, **story.at(story.case(), by=story.cast.mika_second)
    )
    actions.read_break_glass(break_glass_id=broken.pk, **head)
    actions.review_break_glass(break_glass_id=broken.pk, was_right=True, comment="", **head)


def review(story: Story) -> None:
    later = datetime(2026, 4, 2, 3, tzinfo=UTC)
    actions.draw_reviews(now=later)
    head = {"by": story.cast.mika_head, "now": later}
    row = AccessReview.objects.get(unit="mika")
    picks = actions.read_review(review_id=row.pk, **head)
    verdicts = {one.pk: place > 0 for place, one in enumerate(picks)}
    actions.judge_reads(review_id=row.pk, verdicts=verdicts, is_signed=True, **head)


def answer_requests(story: Story) -> None:
    head, number = {"by": story.cast.mika_head, "now": story.now}, story.case().content.number
    told = {"unit": "mika", "received_on": story.now.date(), **story.who}
    content = RequestContent(identified="Påhittat", asked="Påhittat")
    own = actions.register_request(kind=OWN_DATA, content=content, case_number=number, **told)
    one = {"request_id": own.row.pk}
    _one, _case, pieces = actions.read_for_extract(**one, **story.who)
    verdicts = {piece.code: GIVEN for piece in pieces}
    actions.assess_extract(seen=1, verdicts=verdicts, assessment="", **one, **story.who)
    actions.decide_request(seen=2, **one, **head)
    actions.request_file(file_format="json", **one, **story.who)
    other = actions.register_request(kind=DOCUMENTS, content=content, **told)
    actions.withdraw_request(request_id=other.row.pk, seen=1, **story.who)


def purge(story: Story) -> None:
    actions.purge_reviews(now=story.now + timedelta(days=366 * 20))


PARTS = (
    *(log_contacts, take_letters, see_a_couple, write_in, know_her, send_out, share, share_out),
    *(break_open, answer_requests, review, purge),
)


@pytest.fixture
def done(
    ids: Ids,
    cast: SimpleNamespace,
    open_case: Callable[..., Any],
    log: Callable[..., Any],
    now: datetime,
) -> dict[UUID, str]:
    """Everything done once; the ids that there are then, and those that are gone."""
    story = Story(cast, open_case, log, now)
    for part in PARTS:
        part(story)
    return ids()


def test_the_trail_knows_nothing_sealed_by_its_id(done: dict[UUID, str]) -> None:
    entries = [json.dumps(entry) for entry in Entry.objects.values()]
    found = {
        (json.loads(entry)["event"], kind)
        for entry in entries
        for pk, kind in done.items()
        if str(pk) in entry or pk.hex in entry
    }
    assert not found
    # Of what was there, nothing was left out.
    assert sealed_models() <= set(done.values())
    told = {json.loads(entry)["event"] for entry in entries}
    assert {str(event) for event in Event} <= told


def test_each_entry_about_a_case_says_why_it_was_open(done: dict[UUID, str]) -> None:
    """docs/law.md section 4, rule 4."""
    rows = Entry.objects.filter(event__in=list(Event)).values_list("event", "on", "facts")
    told = [(event, on, json.loads(facts)) for event, on, facts in rows]
    # By its table is named what is about workers alone.
    sealed = [(event, facts) for event, on, facts in told if on.startswith("sealed:")]
    assert len(sealed) > 100
    lacking = {event for event, facts in sealed if not facts.get("why")}
    assert lacking == {Event.DRAFT_KEPT}  # it is sealed by itself, and opens no case
    placed = Entry.objects.get(event="disposal.hold_placed")
    assert json.loads(placed.facts)["why"] == "responsible"


def test_what_is_written_while_the_glass_is_broken_says_so(
    cast: SimpleNamespace, open_case: Callable[..., Any], now: datetime
) -> None:
    case = open_case(by=cast.mika_worker)
    given = act(case, cast.mika_second, now)
    actions.break_glass(kind="here", reason=WHY, **given)
    start = Entry.objects.count()
    case.case.refresh_from_db()
    actions.set_safe_contact(seen=case.case.version, safe=SafeContact(), note="", **given)
    talk = ContactContent(channel="phone", kind="counselling")
    one = actions.log_contact(
        service="mika", on=now.date(), content=talk, answer_by=LATER, **given
    ).contact
    actions.mark_answered(contact_id=one.pk, by=cast.mika_second, now=now)
    file = actions.attach_to_case(name="bild.png", data=screenshot(), **given)
    actions.fetch_from_case(attachment_id=file.row.pk, copy=Copy.WORKING, **given)
    told = list(Entry.objects.order_by("place")[start:])
    assert {one.event for one in told} >= {
        *(Event.CASE_CHANGED, Event.CONTACT_LOGGED, Event.CONTACT_ANSWERED),
        *(Event.FILE_ATTACHED, Event.FILE_FETCHED, Event.CASE_READ),
    }
    assert {json.loads(one.facts).get("why") for one in told} == {"break_glass"}
    assert {one.on for one in told} == {case.box.trail_name}
