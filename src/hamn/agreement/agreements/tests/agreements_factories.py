"""What the tests of agreements share: each verb with its usual words."""

import re
from datetime import date
from types import SimpleNamespace
from typing import Any

from django.urls import reverse

from hamn.agreement.agreements import actions
from hamn.agreement.agreements.models import Agreement
from hamn.agreement.agreements.rules import Side, SigningMethod
from hamn.guards.audit.models import Entry

TODAY = date(2026, 3, 1)
MUNICIPALITY, PROVIDER = Side
# What is written on the pages of the moves.
SIGNATURE = {
    "side": "municipality",
    "signed_on": "2024-05-20",
    "title": "Socialchef",
    "method": "digital",
}
NOTICE = {"received": "2024-09-10", "from_side": "municipality", "reason": "Beslut SN 2024/9"}
CONFIRMED = {"steg": "bekrafta"}


def draft(by: Any, code: str = "0117", **changed: Any) -> Agreement:
    terms = {"index_base_year": None, "agreed_start": None, "reference": ""}
    return actions.draft(code=code, by=by, **terms | changed)


def sign(by: Any, agreement: Agreement, side: Side = MUNICIPALITY, **changed: Any) -> Agreement:
    terms: dict[str, Any] = {
        "signed_on": date(2024, 6, 1),
        "agreed_start": None,
        "title": "Socialchef",
        "method": SigningMethod.DIGITAL,
        "today": TODAY,
    }
    return actions.sign(agreement_id=agreement.pk, side=side, by=by, **terms | changed)


def notice(by: Any, agreement: Agreement, **changed: Any) -> Agreement:
    terms: dict[str, Any] = {
        "received": date(2024, 9, 10),
        "from_side": MUNICIPALITY,
        "reason": "",
        "today": TODAY,
    }
    return actions.give_notice(agreement_id=agreement.pk, by=by, **terms | changed)


def withdraw(by: Any, agreement: Agreement) -> Agreement:
    return actions.withdraw(agreement_id=agreement.pk, reason="Fel uppgifter", by=by)


def in_state(cast: SimpleNamespace, status: str) -> Agreement:
    """An agreement with Österåker that stands where asked."""
    by = cast.steward
    agreement = draft(by)
    if status == "withdrawn":
        return withdraw(by, agreement)
    if status != "draft":
        agreement = sign(by, agreement)
    if status not in ("draft", "signed_by_one"):
        agreement = sign(by, agreement, PROVIDER)
    if status in ("under_notice", "ended"):
        agreement = notice(by, agreement)
    if status == "ended":
        actions.end_due(today=TODAY)
        agreement.refresh_from_db()
    assert agreement.status == status
    return agreement


def last_entry() -> Entry:
    return Entry.objects.latest("place")


def page_text(answer: Any) -> str:
    """A page's markup with its blanks made one, also the unbreakable ones."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return " ".join(str(body.decode("utf-8-sig")).replace("\u00a0", " ").split())


def fields_of(answer: Any) -> dict[str, str]:
    """The hidden fields of the page, which a browser sends along."""
    found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page_text(answer))
    return {name: value for name, value in found if name not in ("csrfmiddlewaretoken", "once")}


def url_of(verb: str, agreement: Agreement) -> str:
    return reverse(f"agreements:{verb}", args=[agreement.pk])


def stored() -> tuple[Any, ...]:
    rows = Agreement.objects.order_by("pk").values_list()
    return list(rows), Entry.objects.exclude(event="access.refused").count()
