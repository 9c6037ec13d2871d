"""A case with something of every kind in it, and the address of everything that has one.

For the tests that walk all addresses: who may not know of a case is shown it by none of them.
"""

import dataclasses
import io
import typing
from datetime import UTC, date, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.urls import reverse
from PIL import Image

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANYONES = "00000000-0000-0000-0000-000000000000"  # the id of nothing
# Fields that hold a code or an id, not words.
CODES = {
    "was": "anonymous",
    "now": "pseudonymous",
    "other": ANYONES,
    "form": "couple",
    "reason": "goals_reached",
    "recipient": "police",
    "ground": "no_harm",
    "municipality": "0117",
    "purpose": "referral",
}
# Arguments that are about nobody.
PLAIN = {"form": "csv", "place": 1}
# The kind of record that an address is about, where its name does not end with it.
KIND_OF = {
    "finalise_note": "note",
    "remove_note": "note",
    "add_to_note": "note",
    "plan_for_child": "child",
    "open_case_for_child": "child",
    "report_child": "child",
    "child_report_file": "child_report",
    "send_child_report": "child_report",
    "answer_child_report": "child_report",
    "drop_child_report": "child_report",
    "unlink_cases": "link",
    "correct_follow_up": "outcome",
    "change_support": "practical_support",
    "move_support": "practical_support",
    "change_referral": "referral_out",
    "send_referral": "referral_out",
    "give_consent_for": "referral_out",
    "referral_letter": "referral_out",
    "answer_referral": "referral_out",
    "end_referral": "referral_out",
    "take_back_referral": "referral_out",
    "correct_referral_in": "referral_in",
}


def something(kind: type, words: str) -> Any:
    """A dataclass filled with invented content; the fields that must be filled hold the words."""
    hints = typing.get_type_hints(kind)
    given = {
        one.name: CODES.get(one.name) or _some(hints[one.name], words)
        for one in dataclasses.fields(kind)
        if one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING
    }
    return kind(**given)


def _some(hint: Any, words: str) -> Any:
    plain = {str: words, int: 1, bool: False, date: NOW.date(), datetime: NOW}
    if hint in plain:
        return plain[hint]
    return () if typing.get_origin(hint) is tuple else None


def peopled(by: Any, colleague: Any, head: Any, unit: str, words: str) -> SimpleNamespace:
    """A case of `by`'s in the unit that says the words everywhere, with something of every kind.

    ids: by the name of an argument of an address; records: by kind.
    """
    from hamn.support.cases import actions
    from hamn.support.cases.rules.content import CaseContent

    content = CaseContent(number="", called=words, identity_level="pseudonymous")
    case = actions.open_case(unit=unit, content=content, by=by, now=NOW).case
    glass = actions.break_glass(
        case_id=case.pk, kind="here", reason=f"{words}, påhittad anledning", by=colleague, now=NOW
    )
    participant = actions.add_participant(case_id=case.pk, person_id=colleague.pk, by=by, now=NOW)
    records = _records(case, by, words)
    offered = actions.open_case(unit=unit, content=CaseContent(number=""), by=by, now=NOW).case
    handover = actions.hand_over(
        unit=unit,
        giver_id=by.pk,
        receiver_id=head.pk,
        case_ids=[offered.pk],
        at_once=False,
        by=by,
        now=NOW,
    )
    contact_id = _contact(by, unit, words)
    files = _files(case, contact_id, by, words)
    ids = {
        "case_id": case.pk,
        "share_id": _ended_share(case, by, words),
        "attachment_id": files[0],
        "contact_attachment_id": files[1],
        "participant_id": participant.pk,
        "break_glass_id": glass.pk,
        "handover_id": handover.pk,
        "contact_id": contact_id,
        "request_id": _request(unit, by),
        "review_id": _review(case, by),
    }
    return SimpleNamespace(case=case, ids=ids, records=records, glass=glass)


def _records(case: Any, by: Any, words: str) -> dict[str, UUID]:
    from hamn.support.cases import actions
    from hamn.support.cases.rules.kinds import KINDS

    return {
        kind.code: actions.write_record(
            case_id=case.pk,
            kind=kind.code,
            content=something(kind.content, words),
            on=NOW.date(),
            by=by,
            now=NOW,
        ).pk
        for kind in KINDS.values()
    }


def _contact(by: Any, unit: str, words: str) -> UUID:
    """A contact without a case, hers."""
    from hamn.guards.vault import actions as vault
    from hamn.support.cases.actions.sealing import put
    from hamn.support.cases.models import Contact
    from hamn.support.cases.rules.content import ContactContent

    box = vault.new_box([unit])
    days = {"on": NOW.date(), "last_note_on": NOW.date()}
    contact = Contact(unit=unit, box=box.id, responsible=by, logged_by=by, **days)
    said = ContactContent(channel="phone", kind="counselling", called=words, text=words)
    put(contact, said, box)
    contact.save(force_insert=True)
    return contact.pk


def _files(case: Any, contact_id: UUID, by: Any, words: str) -> tuple[UUID, UUID]:
    """A picture in the case, and one in the contact."""
    from hamn.support.cases import actions

    data = _picture()
    told = {"name": f"{words}.png", "data": data, "by": by, "now": NOW}
    of_case = actions.attach_to_case(case_id=case.pk, **told)
    of_contact = actions.attach_to_contact(contact_id=contact_id, **told)
    return of_case.row.pk, of_contact.row.pk


@cache
def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(out, "PNG")
    return out.getvalue()


def _request(unit: str, by: Any) -> UUID:
    """Somebody has asked for documents; everyone of the unit reads and answers that."""
    from hamn.support.cases import actions
    from hamn.support.cases.rules.requests import DOCUMENTS, RequestContent

    content = RequestContent(asked="Påhittad begäran om en årsrapport")
    return actions.register_request(
        kind=DOCUMENTS, unit=unit, content=content, received_on=NOW.date(), by=by, now=NOW
    ).row.pk


def _ended_share(case: Any, by: Any, words: str) -> UUID:
    """The case was shared with another unit, which reads it no more."""
    from hamn.support.cases import actions

    other = "kast" if case.unit != "kast" else "mika"
    share = actions.share_case(
        case_id=case.pk,
        unit=other,
        ground="need_to_know",
        consent="",
        reason=f"{words}, påhittad anledning som är lång nog att läsa",
        until=date(2026, 6, 1),
        by=by,
        now=NOW,
    )
    actions.end_share(case_id=case.pk, share_id=share.pk, by=by, now=NOW)
    return share.pk


def _review(case: Any, by: Any) -> UUID:
    from hamn.support.cases.models import AccessReview, CaseRead

    review = AccessReview.objects.create(unit=case.unit, year=2026, month=2, drawn_at=NOW)
    read = CaseRead.objects.filter(case=case).first()
    review.picks.create(read=read)
    return review.pk


def ids_for(name: str, arguments: tuple[str, ...], of: Any) -> dict[str, Any]:
    """What an address of casework is tried with: the ids of a case and what belongs to it.

    Raises KeyError for an argument that nobody has told here.
    """
    found: dict[str, Any] = {}
    for one in arguments:
        if one in PLAIN:
            found[one] = PLAIN[one]
        elif one == "record_id":
            found[one] = of.records[kind_of(name)]
        elif one == "attachment_id" and "contact_id" in arguments:
            found[one] = of.ids["contact_attachment_id"]
        else:
            found[one] = of.ids[one]
    return found


def kind_of(name: str) -> str:
    """The kind of record that an address is about; ValueError where nothing tells."""
    from hamn.support.cases.rules.kinds import KINDS

    verb = name.rpartition(":")[2]
    fitting = [kind for kind in KINDS if verb.endswith(f"_{kind}") or f"_{kind}_" in verb]
    return KIND_OF.get(verb) or max(fitting, key=len)


def addresses() -> dict[str, tuple[str, ...]]:
    """Name and arguments of every address of casework."""
    from hamn.support.cases.urls import urlpatterns

    return {f"cases:{one.name}": tuple(one.pattern.regex.groupindex) for one in urlpatterns}


def address(name: str, arguments: tuple[str, ...], of: Any) -> str:
    """The address about what belongs to the case."""
    return reverse(name, kwargs=ids_for(name, arguments, of))


def nothing() -> Any:
    """Ids of nothing, in the place of a case's."""
    return SimpleNamespace(ids=_Nothing(), records=_Nothing())


class _Nothing(dict[str, str]):
    """The id of nothing, for whatever is asked."""

    def __missing__(self, _key: str) -> str:
        return ANYONES
