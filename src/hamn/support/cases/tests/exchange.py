"""What the tests of referrals, disclosures and shares give: one of each, with all it demands."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from hamn.support.cases import actions
from hamn.support.cases.models import Record
from hamn.support.cases.rules.grounds import GROUNDS, Disclosure, Ground
from hamn.support.cases.rules.referrals import Consent, Referral

ON = date(2026, 3, 2)
CONSENT = Consent(
    purpose="referral",
    recipient="trauma_care",
    recipient_name="Exempelmottagningen",
    covers="Namn och önskemål om traumabehandling",
    until=date(2026, 4, 2),
    how="spoken",
)
REFERRAL = Referral(
    counterpart="trauma_care",
    counterpart_name="Exempelmottagningen",
    text="Påhittad remisstext om sömnen.",
    wish="En första tid",
)


def act(case: Any, by: Any, now: datetime) -> dict[str, Any]:
    """Case, person and moment, as every action takes them."""
    return {"case_id": case.case.pk, "by": by, "now": now}


def consent(case: Any, by: Any, now: datetime, *, on: date = ON, **says: Any) -> Record:
    """A consent in the case."""
    return actions.give_consent(consent=replace(CONSENT, **says), on=on, **act(case, by, now))


def referral(case: Any, by: Any, now: datetime, **says: Any) -> Record:
    """A referral that is being prepared."""
    return actions.write_referral(referral=replace(REFERRAL, **says), **act(case, by, now))


def send(case: Any, one: Record, by: Any, now: datetime, **given: Any) -> Record:
    """The referral sent; without more, on nothing."""
    told = {"chosen": (), "consent": "", "disclosure": "", "answer_by": None, "seen": one.version}
    return actions.send_referral(record_id=one.pk, **told | given, **act(case, by, now))


def whole(ground: Ground, **says: Any) -> Disclosure:
    """A disclosure that says all that the ground demands."""
    given = {name: f"Påhittat svar om {name}" for name in ground.demands if name != "consent"}
    recipient = sorted(ground.recipients or {"police"})[0]
    told = {"recipient": recipient, "recipient_name": "Exempelmyndigheten", "what": "Påhittat"}
    if "consent" in ground.demands:
        given["consent"] = "00000000-0000-0000-0000-000000000001"
    return Disclosure(**{"ground": ground.code, **told, **given, **says})


def asked(case: Any, by: Any, now: datetime, ground: str = "prevent_crime", **says: Any) -> Record:
    """A disclosure that somebody has asked for."""
    given = {"recipient": "police", "recipient_name": ""} | says
    disclosure = whole(GROUNDS[ground], **given)
    return actions.ask_disclosure(disclosure=disclosure, **act(case, by, now))


def decide(case: Any, one: Record, by: Any, now: datetime, *, yes: bool = True, **more: Any) -> Any:
    """The disclosure decided by that person."""
    told = {"words": "" if yes else "Påhittat skäl", "seen": one.version} | more
    return actions.decide_disclosure(record_id=one.pk, approves=yes, **told, **act(case, by, now))
