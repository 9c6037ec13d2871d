"""E-mail that reaches a unit: read, sealed, its sender kept apart; never answered from here."""

import io
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hamn.core.errors import BadInput, NotVisible
from hamn.guards.audit.models import Entry
from hamn.guards.vault.models import SealedBox
from hamn.support.cases import actions
from hamn.support.cases.models import Contact, ContactDetails, Fact
from hamn.support.cases.rules.mail import (
    OFFERS,
    Mail,
    Sender,
    check_no_attachments,
    read_message,
    read_pasted,
)
from hamn.support.cases.rules.safe_contact import UnsafeContact

FROM = "Påhittad Ek <pahittad.ek@post.example>"


def letter(text: str = "Hej, jag behöver prata.", html: str = "", **headers: str) -> EmailMessage:
    """An invented letter to the unit."""
    message = EmailMessage()
    headers = {
        "From": FROM,
        "To": "kast@centret.example",
        "Subject": "En fråga",
        "Date": "Mon, 02 Mar 2026 23:30:00 +0000",
    } | headers
    for name, value in headers.items():
        message[name] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def test_a_letter_is_read_with_its_sender_apart() -> None:
    mail = read_message(letter().as_bytes())
    assert mail.sender == Sender("pahittad.ek@post.example", "Påhittad Ek")
    assert (mail.subject, mail.text.strip()) == ("En fråga", "Hej, jag behöver prata.")
    assert mail.on == date(2026, 3, 3)


def test_the_senders_address_does_not_stand_in_the_text() -> None:
    mail = read_message(letter("Skriv till Pahittad.Ek@post.example. Hej").as_bytes())
    assert "@post" not in mail.text
    assert "[avsändarens adress]" in mail.text


def test_the_plain_text_is_taken_before_the_html() -> None:
    assert read_message(letter("Ren", "<p>Märkt</p>").as_bytes()).text.strip() == "Ren"


def test_html_alone_becomes_its_words_without_what_nobody_sees() -> None:
    message = EmailMessage()
    message["From"] = FROM
    message.set_content(
        "<html><head><title>Dold</title><style>p {}</style><body><p>Hej&nbsp;d&aring;</p>"
        "<script>x()</script><p>Andra <b>raden</b></p>",
        subtype="html",
    )
    text = read_message(message.as_bytes()).text
    assert text.replace("\xa0", " ").split() == ["Hej", "då", "Andra", "raden"]


def test_attachments_are_counted_and_refused_where_a_person_can_mend_it() -> None:
    message = letter()
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    mail = read_message(message.as_bytes())
    assert mail.left_out == 1
    with pytest.raises(BadInput, match="1 bilagor"):
        check_no_attachments(mail)


@pytest.mark.parametrize(
    ("raw", "told"),
    [(b"", "inget e-brev"), (b"hej", "inget e-brev"), (b"x" * 5_000_001, "större än 5 MB")],
)
def test_what_is_no_letter_is_refused(raw: bytes, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        read_message(raw)


def test_a_letter_that_hides_characters_is_taken_without_them() -> None:
    assert read_message(letter("a\u202eb").as_bytes()).text.strip() == "ab"


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    for text in (raw, b"From: " + raw, b"From: a@b.example\nContent-Type: " + raw):
        try:
            assert isinstance(read_message(text), Mail)
        except BadInput:
            continue


def test_a_pasted_letter_is_read_by_its_swedish_lines() -> None:
    mail = read_pasted(
        "Från: Påhittad Ek <pahittad.ek@post.example>\nSkickat: 2026-03-02 09:12\n"
        "Till: kast@centret.example\nÄmne: En fråga\n\nHej!\nNot: det här hör till texten"
    )
    assert mail.sender == Sender("pahittad.ek@post.example", "Påhittad Ek")
    assert (mail.subject, mail.on) == ("En fråga", date(2026, 3, 2))
    assert mail.text == "Hej!\nNot: det här hör till texten"


def test_a_pasted_text_without_lines_is_a_letter_from_nobody() -> None:
    mail = read_pasted("  Hej, jag undrar en sak: vad kostar det?")
    assert (mail.sender, mail.subject) == (None, "")
    assert mail.text == "Hej, jag undrar en sak: vad kostar det?"
    with pytest.raises(BadInput):
        read_pasted(" \n")


@pytest.mark.django_db
def test_the_address_is_sealed_for_itself_and_erased_alone(
    cast: SimpleNamespace, now: datetime
) -> None:
    who = {"by": cast.kast_worker, "now": now}
    one = actions.take_mail(service="kast", mail=read_message(letter().as_bytes()), **who)
    details = ContactDetails.objects.get()
    assert details.box != one.contact.box
    _seen, sender = actions.read_address(contact_id=one.contact.pk, **who)
    assert sender.address == "pahittad.ek@post.example"
    actions.remove_address(contact_id=one.contact.pk, **who)
    assert not SealedBox.objects.filter(pk=details.box).exists()
    assert actions.see_contact(contact_id=one.contact.pk, **who).one.content.subject == "En fråga"
    with pytest.raises(NotVisible):
        actions.read_address(contact_id=one.contact.pk, **who)


@pytest.mark.django_db
def test_a_letter_is_kept_apart_from_its_sender_also_in_a_case(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    who = {"by": cast.kast_worker, "now": now}
    case = open_case(by=cast.kast_worker, unit="kast", forbidden_channels=("phone",)).case
    one = actions.take_mail(service="kast", mail=read_message(letter().as_bytes()), **who)
    actions.join_contact(contact_id=one.contact.pk, case_id=case.pk, **who)
    assert actions.read_address(contact_id=one.contact.pk, **who)[1].name == "Påhittad Ek"
    with pytest.raises(BadInput, match="nås så"):
        actions.offer_answer(contact_id=one.contact.pk, offer="phone", **who)
    offered = actions.offer_answer(contact_id=one.contact.pk, offer="dialogue", **who)
    assert offered.content.answer_offer == "dialogue"


@pytest.mark.django_db
def test_with_protected_identity_the_address_dies_when_the_letter_joins_the_case(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    who = {"by": cast.kast_worker, "now": now}
    case = open_case(by=cast.kast_worker, unit="kast", is_protected=True).case
    one = actions.take_mail(service="kast", mail=read_message(letter().as_bytes()), **who)
    box = ContactDetails.objects.get().box
    actions.join_contact(contact_id=one.contact.pk, case_id=case.pk, **who)
    assert not ContactDetails.objects.exists()
    assert not SealedBox.objects.filter(pk=box).exists()


@pytest.mark.django_db
def test_all_addresses_of_a_letter_are_erased_together(
    cast: SimpleNamespace, now: datetime
) -> None:
    who = {"by": cast.kast_worker, "now": now}
    mail = read_message(letter("Skriv till bo@post.example").as_bytes())
    one = actions.take_mail(service="kast", mail=mail, **who)
    assert "@" not in one.content.text
    _seen, sender = actions.read_address(contact_id=one.contact.pk, **who)
    assert sender.others == ("bo@post.example",)
    actions.remove_address(contact_id=one.contact.pk, **who)
    assert not ContactDetails.objects.exists()


@pytest.mark.django_db
def test_who_is_not_to_have_e_mail_gets_no_answer_to_a_letter(
    cast: SimpleNamespace, open_case: Any, desk: Any
) -> None:
    now = timezone.now()
    who = {"by": cast.kast_worker, "now": now}
    rules = {"forbidden_channels": ("email",)}
    case = open_case(by=cast.kast_worker, unit="kast", now=now, **rules).case
    one = actions.take_mail(service="kast", mail=read_message(letter().as_bytes()), **who)
    actions.offer_answer(contact_id=one.contact.pk, offer="dialogue", **who)
    actions.join_contact(contact_id=one.contact.pk, case_id=case.pk, **who)
    seen = actions.see_contact(contact_id=one.contact.pk, **who)
    assert actions.allowed_offers(seen) == {}
    for offer in OFFERS:
        with pytest.raises(UnsafeContact, match="vänta tills personen hör av sig"):
            actions.offer_answer(contact_id=one.contact.pk, offer=offer, **who)
    page = reverse("cases:offer_answer", args=[one.contact.pk])
    for answer in (desk(cast.kast_worker).get(page), desk(cast.kast_worker).post(page)):
        told = answer.content.decode()
        assert "Skicka inget svar på brevet" in told or answer.status_code == 422
        assert "Vänliga hälsningar" not in told


@pytest.mark.django_db
def test_an_invitation_tells_where_a_code_to_send_along_is_made(
    cast: SimpleNamespace, desk: Any
) -> None:
    who = {"by": cast.kast_worker, "now": timezone.now()}
    one = actions.take_mail(service="kast", mail=read_message(letter().as_bytes()), **who)
    address = reverse("cases:offer_answer", args=[one.contact.pk])
    told = {}
    for offer in ("phone", "dialogue"):
        actions.offer_answer(contact_id=one.contact.pk, offer=offer, **who)
        told[offer] = "engångskod" in desk(cast.kast_worker).get(address).content.decode()
    assert told == {"phone": False, "dialogue": True}


@pytest.mark.django_db
def test_an_invitation_says_where_the_dialogue_is(
    cast: SimpleNamespace, desk: Any, settings: Any
) -> None:
    settings.SYSTEM = {**settings.SYSTEM, "door_address": "https://stod.example"}
    who = {"by": cast.kast_worker, "now": timezone.now()}
    one = actions.take_mail(service="kast", mail=read_message(letter().as_bytes()), **who)
    actions.offer_answer(contact_id=one.contact.pk, offer="dialogue", **who)
    address = reverse("cases:offer_answer", args=[one.contact.pk])
    page = desk(cast.kast_worker).get(address).content.decode()
    assert "På vår webbplats (https://stod.example/kontakt/) kan du skriva" in page


@pytest.mark.django_db
def test_an_answer_waits_for_the_hour_that_the_person_allows(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    who = {"by": cast.kast_worker, "now": now}  # ten o'clock in Sweden
    hours = {"safe_from": 18, "safe_until": 20}
    case = open_case(by=cast.kast_worker, unit="kast", **hours).case
    one = actions.take_mail(service="kast", mail=read_message(letter().as_bytes()), **who)
    actions.join_contact(contact_id=one.contact.pk, case_id=case.pk, **who)
    with pytest.raises(UnsafeContact, match=r"Tidigast går det 2026-03-02 18\.00"):
        actions.offer_answer(contact_id=one.contact.pk, offer="dialogue", **who)
    later = now + timedelta(hours=8)
    told = actions.offer_answer(
        contact_id=one.contact.pk, offer="dialogue", by=cast.kast_worker, now=later
    )
    assert told.content.answer_offer == "dialogue"


@pytest.mark.django_db
def test_the_pipe_seals_a_letter_with_no_key_unsealed_and_nobody_has_acted(
    cast: SimpleNamespace,
    hamn: Any,
    monkeypatch: pytest.MonkeyPatch,
    key_agent: Any,
    now: datetime,
) -> None:
    key_agent.keeper._held = {}
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(letter().as_bytes())))
    answer = hamn("mail", "take", "--unit", "kast")
    assert (answer.status, answer.out, answer.err) == (0, "", "")
    contact = Contact.objects.get()
    assert (contact.unit, contact.responsible, contact.case) == ("kast", None, None)
    assert contact.logged_by is None
    assert Entry.objects.get(event="cases.mail_taken").by == "system"
    assert Fact.objects.get().channel == "email"
    with pytest.raises(NotVisible):
        actions.see_contact(contact_id=contact.pk, by=cast.administrator, now=now)


@pytest.mark.django_db
def test_a_letter_that_nobody_took_in_says_that_the_system_did(
    cast: SimpleNamespace, now: datetime, desk: Any
) -> None:
    mail = read_message(letter().as_bytes())
    one = actions.take_mail(service="kast", mail=mail, by=None, now=now)
    page = reverse("cases:contact", args=[one.contact.pk])
    assert "systemet" in desk(cast.kast_worker).get(page).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "unit", "raw", "told"),
    [
        ("", "ingen", letter().as_bytes(), "Ingen verksamhet"),
        ("", "kast", b"inget brev", "inget e-brev"),
        ("kast_worker", "kast", letter().as_bytes(), "ta bort --as"),
        ("administrator", "kast", letter().as_bytes(), "ta bort --as"),
    ],
)
def test_the_pipe_refuses_in_one_sentence_and_writes_nothing(
    name: str,
    unit: str,
    raw: bytes,
    told: str,
    cast: SimpleNamespace,
    hamn: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
    who = ["--as", getattr(cast, name).email] if name else []
    answer = hamn(*who, "mail", "take", "--unit", unit)
    assert answer.status == 1
    assert told in answer.err
    assert answer.err.count("\n") == 1
    assert not Contact.objects.exists()
