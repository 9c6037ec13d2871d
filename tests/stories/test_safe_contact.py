"""What a person's case forbids is not done through her dialogue at the door either."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from hamn.guards.vault.models import SealedBox
from hamn.site import worker
from hamn.support.cases.models import Case
from hamn.support.door.actions import notices
from hamn.support.door.models import Booking, Dialogue, Reach, Slot
from hamn.support.door.tests.inbox import body, of
from hamn.support.door.tests.reading import Somebody

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PHONE, SHOWN, ADDRESS = "070-174 06 05", "+46701740605", "vem@brev.example"


@pytest.fixture(autouse=True)
def post_office(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from hamn.support.door.views.public import choices

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.DOOR = {"notice_from": "hej@brevbarare.example"}
    settings.SYSTEM = {"mail": {"host": "post.example"}}
    monkeypatch.setattr(choices, "notices_are_offered", lambda: True)
    mail.outbox = []


def leaves_ways(she: Somebody) -> None:
    """She leaves her number and her address on her own pages."""
    she.visits("/svar/dialog/ring/")
    she.sends("/svar/dialog/ring/", phone=PHONE)
    she.visits("/svar/dialog/meddelande/")
    she.sends("/svar/dialog/meddelande/", address=ADDRESS, wording="hello")


def changes(client: Any, case: Case, name: str, **fields: Any) -> None:
    """One of the case's forms, sent as its page shows it."""
    seen = Case.objects.get(pk=case.pk).version
    page = reverse(f"cases:{name}", args=[case.pk])
    assert client.post(page, {"seen": seen, **fields}).status_code == 302


def a_call_in_two_days(by: Any) -> Slot:
    at = timezone.now() + timedelta(days=2)
    return Slot.objects.create(unit="mika", starts_at=at, minutes=30, form="phone", worker=by)


def letters(*, hours: int = 1) -> int:
    """How many letters the worker has sent by then."""
    worker.look_after(None)
    notices.send_due_notices(now=timezone.now() + timedelta(hours=hours))
    return len(mail.outbox)


def test_what_the_case_forbids_is_neither_shown_sent_nor_booked(
    cast: SimpleNamespace, desk: Any, door: Any
) -> None:
    she, client = Somebody(door()), desk(cast.mika_worker)
    code = she.writes()
    she.comes_back(code)
    leaves_ways(she)
    dialogue = Dialogue.objects.get()
    assert SHOWN in body(client.get(of("number", dialogue)))

    client.post(of("open_case", dialogue))
    case = Case.objects.get()
    changes(client, case, "set_safe_contact", forbidden=["phone", "email"])
    page = body(client.get(of("number", dialogue)))
    assert "Personen vill inte bli nådd med telefon" in page and SHOWN not in page

    client.post(of("answer", dialogue), {"text": "Påhittat svar"})
    assert letters() == 0
    assert "Påhittat svar" in she.comes_back(code)

    slot, book = a_call_in_two_days(cast.mika_worker), of("book_for_person", dialogue)
    refused = client.post(book, {"slot": str(slot.pk)})
    assert refused.status_code == 422 and "nådd med telefon" in body(refused)
    assert not Booking.objects.exists()

    changes(client, case, "set_safe_contact", forbidden=["online"])
    refused = client.post(of("answer", dialogue), {"text": "Ett svar till"})
    assert refused.status_code == 422 and "meddelanden på nätet" in body(refused)

    # She changes her mind: then all of it can be done.
    changes(client, case, "set_safe_contact")
    assert SHOWN in body(client.get(of("number", dialogue)))
    client.post(of("answer", dialogue), {"text": "Ett svar till"})
    assert letters(hours=3) == 1
    assert client.post(book, {"slot": str(slot.pk)}).status_code == 302


def test_who_becomes_protected_has_no_number_and_no_address_left_nor_leaves_one(
    cast: SimpleNamespace, desk: Any, door: Any
) -> None:
    she, client = Somebody(door()), desk(cast.mika_worker)
    she.comes_back(she.writes())
    leaves_ways(she)
    dialogue = Dialogue.objects.get()
    client.post(of("open_case", dialogue))
    boxes = list(Reach.objects.values_list("box", flat=True))
    changes(client, Case.objects.get(), "protect_identity", is_protected="on")
    assert len(boxes) == 2 and not SealedBox.objects.filter(pk__in=boxes).exists()
    assert SHOWN not in she.visits("/svar/dialog/ring/")

    leaves_ways(she)
    assert Reach.objects.count() == 2
    page = body(client.get(of("number", dialogue)))
    assert "skyddade personuppgifter" in page and SHOWN not in page
    client.post(of("answer", dialogue), {"text": "Påhittat svar"})
    assert letters() == 0
    assert not Reach.objects.exists()
