"""What the section of referrals shows: each thing in words, with what can be done about it."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.queries import titles
from hamn.ui.lists import Tag
from hamn.ui.words import long_date, said

from .. import actions
from ..queries.disclosures import waiting_disclosures
from ..queries.referrals import bases_for, exchange_of, holds_on
from ..queries.shares import shared_with, shares_of
from ..rules.referrals import LETTER
from ..rules.states import is_overdue

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ..queries.opened import OpenCase, OpenRecord

MOST = 25
_COLOURS = {
    **{"draft": "yellow", "waits": "yellow", "received": "yellow", "sent": "blue"},
    **{"given": "green", "accepted": "green", "decided": "green"},
}


def of_day(person: "Person", now: datetime) -> dict[str, Any]:
    """What the page of the day says of it: disclosures to decide, and what others share."""
    count = shared_with(person, timezone.localdate(now)).count()
    return {"waiting": waiting(person, now), "shared_count": count}


def waiting(person: "Person", now: datetime) -> list[dict[str, Any]]:
    """What waits for her decision: in which case and since when; who asked, and nothing said."""
    rows = list(waiting_disclosures(person, now).select_related("case", "written_by")[:MOST])
    cases = {row.case_id: row.case for row in rows}
    named = actions.read_names(cases=cases.values(), by=person, now=now)
    return [
        {
            "row": row,
            "number": named[row.case_id].content.number if row.case_id in named else "",
            "asked_by": row.written_by.title,
        }
        for row in rows
    ]


def section(opened: "OpenCase", today: date) -> dict[str, Any]:
    """The section's context; the other units' people only read it."""
    found = exchange_of(opened)
    people = _people(found.disclosures)
    shares = shares_of(opened, today)
    return {
        "consents": [_consent(one, today) for one in found.consents],
        "referrals": [_referral(one, today) for one in found.referrals],
        "disclosures": [
            _shown(one) | {"people": people, "asked_by": _name(people, one.content.asked_by)}
            for one in found.disclosures
            if not one.content.act
        ],
        "open_shares": [one for one in shares if one.is_open],
        "ended_shares": [one for one in shares if not one.is_open],
        "may_write": opened.why != "shared",
    }


def bases_of(opened: "OpenCase", one: "OpenRecord", today: date) -> list[tuple[str, str]]:
    """The consents and decisions that let this referral go today, by kind and id; no others."""
    labels = {"consent": consent_label, "disclosure": disclosure_label}
    return [
        (f"{base.record.kind}:{base.record.pk}", labels[base.record.kind](base))
        for base in bases_for(opened, one.content, today, record=one.record.pk)
    ]


def consent_label(one: "OpenRecord") -> str:
    """A consent in a list to choose from."""
    says = one.content
    return _("Samtycke {day}: {whom}, {purpose}, till och med {until}").format(
        day=one.record.on,
        whom=says.recipient_name or said(says.words[0]),
        purpose=said(says.words[1]),
        until=says.until,
    )


def disclosure_label(one: "OpenRecord") -> str:
    """A decided disclosure in a list to choose from."""
    return _("Beslut {day}: {ground}").format(
        day=one.record.on, ground=said(one.content.ground_said)
    )


def _consent(one: "OpenRecord", today: date) -> dict[str, Any]:
    shown = _shown(one)
    holds = holds_on(one, today)
    if one.record.state == "given" and not holds:
        shown["state"] = Tag(said(one.kind.states["expired"]), "grey")
    until = _("till och med {day}").format(day=long_date(one.content.until))
    return shown | {"holds": holds, "until": until}


def _referral(one: "OpenRecord", today: date) -> dict[str, Any]:
    state, is_out = one.record.state, one.record.kind == "referral_out"
    is_left = state not in one.kind.done
    gone = state in ("sent", "accepted") and one.content.way == LETTER
    return _shown(one) | {
        "is_out": is_out,
        "is_draft": state == "draft",
        "may_answer": state in ("sent", "received"),
        "may_end": state in ("sent", "received", "accepted", "declined", "closed"),
        "may_take_back": is_out and state in ("draft", "sent", "accepted"),
        "has_letter": is_out and gone,
        "is_ended": state == "closed",
        "is_overdue": is_left and is_overdue(one.record.due_on, today),
    }


def _shown(one: "OpenRecord") -> dict[str, Any]:
    state = one.record.state
    return {
        "row": one.record,
        "says": one.content,
        "kind": said(one.kind.name),
        "state": Tag(said(one.kind.states[state]), _COLOURS.get(state, "grey")),
    }


def _people(disclosures: list["OpenRecord"]) -> dict[str, str]:
    every = {pk for one in disclosures for pk in (one.content.asked_by, one.content.approved_by)}
    return titles({f"access.person:{pk}" for pk in every if pk})


def _name(people: dict[str, str], pk: int | None) -> str:
    return people.get(f"access.person:{pk}", "")
