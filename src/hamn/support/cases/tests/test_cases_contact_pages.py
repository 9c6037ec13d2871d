"""The pages of contacts, as the cast meets them."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hamn.guards.audit.models import Entry
from hamn.support.cases import actions
from hamn.support.cases.models import Case, Contact, ContactDetails
from hamn.support.cases.rules.content import ContactContent

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NEW = "/desk/arenden/kontakt/ny/"
OUTSIDE = ("kast_worker", "adult_coordinator", "administrator", "controller", "reader", "stranger")
PLANTED = "Hemligordet"


def sent(**more: Any) -> dict[str, Any]:
    """The form of a contact as it is sent when little is said."""
    today = timezone.localdate()
    return {
        "on_ar": today.year,
        "on_manad": today.month,
        "on_dag": today.day,
        "channel": "phone",
        "kind": "counselling",
        "form": "individual",
        "age_group": "unknown",
        "municipality": "unknown",
        "source": "own_contact",
        "to": "sjalv",
    } | more


@pytest.fixture
def one(cast: SimpleNamespace) -> Callable[..., Contact]:
    """A function that logs a contact today: `one(mine=False, called="…")`."""

    def made(*, service: str = "mika", by: Any = None, **says: Any) -> Contact:
        more = {key: says.pop(key) for key in ("case_id", "mine", "answer_by") if key in says}
        content = ContactContent(**{"channel": "phone", "kind": "counselling"} | says)
        opened = actions.log_contact(
            service=service,
            on=timezone.localdate(),
            content=content,
            by=by or cast.mika_worker,
            now=timezone.now(),
            **more,
        )
        contact: Contact = opened.contact
        return contact

    return made


def test_a_contact_is_logged_in_one_screen_and_shows_what_can_be_said(
    desk: Callable[..., Client], cast: SimpleNamespace
) -> None:
    browser = desk(cast.mika_worker)
    assert browser.get(NEW).status_code == 200
    answer = browser.post(NEW, sent(text=PLANTED, called="Påhittad Ek"), follow=True)
    contact = Contact.objects.get()
    assert answer.redirect_chain[-1][0] == f"/desk/arenden/kontakt/{contact.pk}/"
    page = answer.content.decode()
    assert "Kontakten är antecknad." in page
    assert "behöver inte säga var du bor" in page
    assert PLANTED in page


def test_no_field_of_the_form_asks_for_a_number_to_call() -> None:
    from hamn.support.cases.forms.contacts import NewContactForm

    assert not {"phone", "email", "personal_number"} & set(NewContactForm.base_fields)
    required = {name for name, field in NewContactForm.base_fields.items() if field.required}
    assert not required & {"called", "text"}


def test_what_can_be_said_is_shown_before_anything_is_saved(
    desk: Callable[..., Client], cast: SimpleNamespace
) -> None:
    browser = desk(cast.mika_worker)
    answer = browser.post(
        NEW, sent(steg="visa", municipality="0117", age_group="adult", text=PLANTED)
    )
    page = answer.content.decode()
    assert "hänvisad vidare" in page
    assert PLANTED in page
    assert not Contact.objects.exists()
    assert "Registrera en hänvisning" in page
    child = browser.post(NEW, sent(steg="visa", municipality="0117", age_group="child"))
    assert "Registrera en hänvisning" not in child.content.decode()


def test_a_contact_goes_to_a_case_by_its_number(
    desk: Callable[..., Client], cast: SimpleNamespace, open_case: Any
) -> None:
    opened = open_case(called="Påhittad Ek")
    browser = desk(cast.mika_worker)
    wrong = browser.post(NEW, sent(to="till", number="M-2222-222"))
    assert wrong.status_code == 422
    assert "Inget ärende med det numret" in wrong.content.decode()
    answer = browser.post(NEW, sent(to="till", number=opened.content.number))
    assert answer["Location"] == f"/desk/arenden/{opened.case.pk}/"
    assert Contact.objects.get().case == opened.case


def test_a_case_is_opened_from_the_contact_in_the_same_go(
    desk: Callable[..., Client], cast: SimpleNamespace
) -> None:
    browser = desk(cast.mika_worker)
    answer = browser.post(NEW, sent(to="nytt", called="Påhittad Ek"), follow=True)
    page = answer.content.decode()
    assert 'value="Påhittad Ek"' in page
    contact = Contact.objects.get()
    url = reverse("cases:open_case_from", args=[contact.pk])
    intake = {name: text for name, text in sent().items() if not name.startswith(("on_", "to"))}
    opened = browser.post(url, intake | {"identity_level": "anonymous", "birth_year": ""})
    assert opened["Location"] == f"/desk/arenden/{Case.objects.get().pk}/"
    future = browser.post(
        reverse("cases:open_case"),
        intake | {"identity_level": "anonymous", "birth_year": timezone.localdate().year + 1},
    )
    assert future.status_code == 422
    assert "har inte varit än" in future.content.decode()


def test_a_contact_in_a_case_stands_in_its_timeline(
    desk: Callable[..., Client], cast: SimpleNamespace, open_case: Any
) -> None:
    case = open_case().case
    browser = desk(cast.mika_worker)
    url = reverse("cases:log_contact", args=[case.pk])
    assert browser.get(url).status_code == 200
    answer = browser.post(url, sent(text=PLANTED, minutes="45"), follow=True)
    page = answer.content.decode()
    assert PLANTED in page
    assert "45 minuter" in page
    assert Case.objects.get().last_note_on == timezone.localdate()


def test_a_childs_contact_shows_the_duty_and_never_a_way_to_turn_away(
    desk: Callable[..., Client], cast: SimpleNamespace, one: Callable[..., Contact]
) -> None:
    contact = one(age_group="child", municipality="0117")
    browser = desk(cast.mika_worker)
    page = browser.get(reverse("cases:contact", args=[contact.pk])).content.decode()
    assert "genast anmäla oro" in page
    assert "Registrera en hänvisning" not in page
    handed = browser.post(
        reverse("cases:hand_contact", args=[contact.pk]),
        {"ground": "need_to_know", "words": PLANTED},
        follow=True,
    )
    assert "Koordinatorn för barn och unga är inkopplad" in handed.content.decode()
    theirs = Contact.objects.get(unit="coordinator_child")
    hers = desk(cast.child_coordinator).get(reverse("cases:contact", args=[theirs.pk]))
    assert PLANTED in hers.content.decode()


def test_a_childs_case_leads_on_to_the_contact_where_the_duty_stands(
    desk: Callable[..., Client], cast: SimpleNamespace, one: Callable[..., Contact]
) -> None:
    browser, contact = desk(cast.mika_worker), one(age_group="child")
    intake = {name: text for name, text in sent().items() if not name.startswith(("on_", "to"))}
    intake |= {"identity_level": "anonymous", "age_group": "child"}
    there = browser.post(reverse("cases:open_case_from", args=[contact.pk]), intake)
    assert there["Location"] == reverse("cases:contact", args=[contact.pk])
    directly = browser.post(reverse("cases:open_case"), intake)
    newest = Case.objects.exclude(contacts=contact).get()
    assert directly["Location"] == reverse("cases:log_contact", args=[newest.pk])


def test_a_report_from_a_contact_alone_opens_a_case_first(
    desk: Callable[..., Client], cast: SimpleNamespace, one: Callable[..., Contact]
) -> None:
    contact = one(age_group="child")
    answer = desk(cast.mika_worker).post(reverse("cases:report_from_contact", args=[contact.pk]))
    case = Case.objects.get()
    assert answer.status_code == 302
    assert str(case.pk) in answer["Location"]
    assert Contact.objects.get().case == case


def test_two_who_correct_a_contact_see_both_texts(
    desk: Callable[..., Client], cast: SimpleNamespace, one: Callable[..., Contact]
) -> None:
    contact = one(mine=False, text="Första lydelsen")
    url = reverse("cases:change_contact", args=[contact.pk])
    first, second = desk(cast.mika_worker), desk(cast.mika_second)
    assert 'name="seen" value="1"' in first.get(url).content.decode()
    assert first.post(url, sent(seen="1", text="Den enas text")).status_code == 302
    met = second.post(url, sent(seen="1", text="Den andras text"))
    page = met.content.decode()
    assert met.status_code == 422
    assert "Den enas text" in page
    assert "Den andras text" in page
    assert 'name="seen" value="2"' in page
    assert second.post(url, sent(seen="2", text="Den andras text")).status_code == 302


def test_in_the_lists_a_child_stands_first_and_what_is_acute_is_marked(
    desk: Callable[..., Client], cast: SimpleNamespace, one: Callable[..., Contact]
) -> None:
    one(called="Påhittad Vuxen", mine=False)
    one(called="Påhittad Akut", mine=False, is_acute=True)
    child = {"age_group": "child", "municipality": "0180"}
    one(called="Påhittat Barn", mine=False, **child)
    browser = desk(cast.mika_second)
    for name in ("cases:free_contacts", "cases:contacts"):
        page = browser.get(reverse(name)).content.decode()
        places = [page.index(word) for word in ("Påhittat Barn", "Övriga", "Påhittad Akut")]
        assert places == sorted(places), name
        assert page.count("Påhittat Barn") == 1
        assert page.count('govuk-tag--red">barn') == page.count('govuk-tag--orange">akut') == 1


def test_the_lists_show_what_is_hers_and_what_is_nobodys(
    desk: Callable[..., Client], cast: SimpleNamespace, one: Callable[..., Contact]
) -> None:
    one(called="Påhittad Ek")
    free = one(called="Påhittad Al", mine=False)
    late = timezone.localdate() + timedelta(days=2)
    one(called="Påhittad Bok", answer_by=late)
    browser = desk(cast.mika_worker)
    page = browser.get(reverse("cases:contacts")).content.decode()
    assert all(name in page for name in ("Påhittad Ek", "Påhittad Al", "Påhittad Bok"))
    page = desk(cast.mika_second).get(reverse("cases:contacts")).content.decode()
    assert "Påhittad Al" in page
    assert "Påhittad Ek" not in page
    page = desk(cast.mika_second).get(reverse("cases:free_contacts")).content.decode()
    assert "Påhittad Al" in page
    page = browser.get(reverse("cases:answers")).content.decode()
    assert "Påhittad Bok" in page
    assert "Påhittad Ek" not in page
    taken = desk(cast.mika_second).post(reverse("cases:take_contact", args=[free.pk]), follow=True)
    assert "Kontakten är din." in taken.content.decode()


def test_a_list_of_contacts_asks_no_more_for_more_of_them(
    desk: Callable[..., Client],
    cast: SimpleNamespace,
    one: Callable[..., Contact],
) -> None:
    browser, counts = desk(cast.mika_worker), []
    for more in (1, 8):
        for _each in range(more):
            one(mine=False)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            browser.get(reverse("cases:contacts"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("who", OUTSIDE)
def test_outside_the_unit_every_address_answers_as_for_a_contact_that_never_was(
    who: str, desk: Callable[..., Client], cast: SimpleNamespace, one: Callable[..., Contact]
) -> None:
    contact = one(mine=False)
    browser = desk(getattr(cast, who))
    for name, acts in (
        ("contact", False),
        ("change_contact", True),
        ("join_contact", True),
        ("add_to_contact", True),
        ("move_contact", True),
        ("remove_contact", True),
        ("hand_contact", True),
        ("open_case_from", True),
        ("address", False),
        ("offer_answer", True),
        ("take_contact", True),
        ("mark_answered", True),
        ("remove_address", True),
        ("report_from_contact", True),
    ):
        there, never = (
            (browser.post if acts else browser.get)(reverse(f"cases:{name}", args=[pk]))
            for pk in (contact.pk, Contact().pk)
        )
        assert there.status_code == never.status_code == 404, name
    contact.refresh_from_db()
    assert (contact.responsible, contact.version) == (None, 1)


def test_a_contact_is_joined_answered_and_taken_away_by_its_pages(
    desk: Callable[..., Client],
    cast: SimpleNamespace,
    one: Callable[..., Contact],
    open_case: Any,
) -> None:
    browser, opened = desk(cast.mika_worker), open_case()
    contact = one(answer_by=timezone.localdate())
    joined = browser.post(
        reverse("cases:join_contact", args=[contact.pk]), {"number": opened.content.number}
    )
    assert joined["Location"] == f"/desk/arenden/{opened.case.pk}/"
    answered = browser.post(reverse("cases:mark_answered", args=[contact.pk]), follow=True)
    assert "Svaret är markerat som givet." in answered.content.decode()
    gone = browser.post(reverse("cases:remove_contact", args=[contact.pk]), {"reason": "duplicate"})
    assert gone["Location"] == f"/desk/arenden/{opened.case.pk}/"
    assert not Contact.objects.exists()


def test_a_letter_is_taken_in_by_hand_and_its_answer_is_a_text_to_copy(
    desk: Callable[..., Client], cast: SimpleNamespace
) -> None:
    browser, url = desk(cast.kast_worker), reverse("cases:new_mail")
    pasted = f"Från: ek@post.example\nÄmne: Fråga\n\n{PLANTED}"
    answer = browser.post(url, {"pasted": pasted}, follow=True)
    assert PLANTED in answer.content.decode()
    assert "ek@post.example" not in answer.content.decode()
    contact = Contact.objects.get()
    assert contact.responsible == cast.kast_worker
    shown = browser.get(reverse("cases:address", args=[contact.pk])).content.decode()
    assert "ek@post.example" in shown
    offer = reverse("cases:offer_answer", args=[contact.pk])
    page = browser.post(offer, {"offer": "dialogue"}, follow=True).content.decode()
    assert "Hamn skickar ingenting" in page
    assert "Tack för att du skrev till KAST" in page
    assert browser.post(reverse("cases:remove_address", args=[contact.pk])).status_code == 302
    assert not ContactDetails.objects.exists()
    assert browser.post(url, {}).status_code == 422
    letter = b"From: a@b.example\r\nSubject: Hej\r\n\r\nText"
    file = SimpleUploadedFile("brev.eml", letter)
    assert browser.post(url, {"pasted": "", "file": file}).status_code == 302


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ({"text": "a\u202eb"}, "dolt tecken"),
        ({"text": "a\x00b"}, "dolt tecken"),
        ({"text": "x" * 100_001}, "tecken lång"),
        ({"minutes": "många"}, "heltal"),
        ({"on_ar": str(timezone.localdate().year + 1)}, "inte varit än"),
        ({"kind": "accompaniment"}, "följde med"),
        ({"municipality": "9999"}, "välj något i listan"),
    ],
)
def test_bad_input_comes_back_whole_with_one_clear_sentence(
    says: dict[str, Any], told: str, desk: Callable[..., Client], cast: SimpleNamespace
) -> None:
    answer = desk(cast.mika_worker).post(NEW, sent(called="Påhittad Ek") | says)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert 'value="Påhittad Ek"' in page
    assert not Contact.objects.exists()


def test_no_planted_word_stands_in_an_address_a_message_or_the_trail(
    desk: Callable[..., Client], cast: SimpleNamespace
) -> None:
    browser = desk(cast.mika_worker)
    answer = browser.post(NEW, sent(text=PLANTED, called=PLANTED), follow=True)
    assert PLANTED not in "".join(url for url, _status in answer.redirect_chain)
    assert all(PLANTED not in str(message) for message in answer.context["messages"])
    assert PLANTED not in answer.content.decode().partition("</title>")[0]
    assert not Entry.objects.filter(facts__contains=PLANTED).exists()
    assert not Entry.objects.filter(on__contains=PLANTED).exists()
    assert answer["Cache-Control"].find("no-store") >= 0
