"""Consents, referrals and disclosures of an opened case, and what may go in a letter."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from hamn.core.errors import _
from hamn.support.services import queries as services

from ..rules.grounds import CONSENT
from ..rules.kinds import FINAL
from ..rules.referrals import (
    NoConsent,
    Piece,
    Referral,
    check_basis,
    check_covers,
    check_disclosed,
    check_mika_halsa,
    is_in_force,
)
from ..rules.safe_contact import allowed_ways, rules_of
from .details import grounds_in
from .notes import record_of, records_of
from .walls import no_such_case

if TYPE_CHECKING:
    from .opened import OpenCase, OpenRecord

    Bases = Mapping[str, OpenRecord]


@dataclass(slots=True)
class Exchange:
    """What a case exchanges with others, the newest first."""

    consents: list["OpenRecord"] = field(default_factory=list)
    referrals: list["OpenRecord"] = field(default_factory=list)
    disclosures: list["OpenRecord"] = field(default_factory=list)


def exchange_of(opened: "OpenCase") -> Exchange:
    """The case's consents, referrals and disclosures; one query."""
    found = Exchange()
    rows = records_of(opened, ("consent", "referral_out", "referral_in", "disclosure"))
    for one in reversed(rows):
        kind = one.record.kind
        place = {"consent": found.consents, "disclosure": found.disclosures}
        place.get(kind, found.referrals).append(one)
    return found


def consents_in_force(
    opened: "OpenCase", on: date, *, recipient: str = "", purposes: Collection[str] = ()
) -> list["OpenRecord"]:
    """The consents on which something may be sent that day, to that recipient, for that."""
    return [
        one
        for one in records_of(opened, ["consent"])
        if holds_on(one, on)
        and (not recipient or one.content.recipient == recipient)
        and (not purposes or one.content.purpose in purposes)
    ]


def holds_on(one: "OpenRecord", on: date) -> bool:
    """Whether something may be sent on the consent that day."""
    return is_in_force(one.content, one.record.state, given_on=one.record.on, on=on)


def consent_for(
    opened: "OpenCase",
    consent: str,
    *,
    recipient: str,
    name: str,
    purposes: Collection[str],
    on: date,
) -> "OpenRecord":
    """The case's consent, which covers that. Raises NotVisible, NoConsent."""
    one = record_of(opened, id_of(consent), "consent")
    check_covers(
        one.content,
        one.record.state,
        given_on=one.record.on,
        recipient=recipient,
        name=name,
        purposes=purposes,
        on=on,
    )
    return one


def check_may_go(
    opened: "OpenCase", referral: Referral, on: date, *, record: UUID
) -> "OpenRecord | None":
    """Pass a referral that its consent, or its disclosure, lets go that day.

    record: id of the referral. Gives the disclosure that it goes on, if it is one.
    Raises NoConsent, NotVisible for another case's consent.
    """
    return _check_goes(referral, on, record, _bases(opened))


def bases_for(
    opened: "OpenCase", referral: Referral, on: date, *, record: UUID
) -> list["OpenRecord"]:
    """The consents and disclosures on which the referral would go that day, the newest first."""
    bases = _bases(opened)
    return [one for one in reversed(bases.values()) if _would_go(referral, on, record, bases, one)]


def _bases(opened: "OpenCase") -> dict[str, "OpenRecord"]:
    rows = records_of(opened, ("consent", "disclosure"))
    return {str(one.record.pk): one for one in rows}


def _would_go(
    referral: Referral, on: date, record: UUID, bases: "Bases", one: "OpenRecord"
) -> bool:
    pk, is_consent = str(one.record.pk), one.record.kind == "consent"
    rests = replace(referral, consent=pk * is_consent, disclosure=pk * (not is_consent))
    try:
        _check_goes(rests, on, record, bases)
    except NoConsent:
        return False
    return True


def _check_goes(referral: Referral, on: date, record: UUID, bases: "Bases") -> "OpenRecord | None":
    check_basis(referral, consent=referral.consent, disclosure=referral.disclosure)
    if referral.consent:
        _check_consent(_base(bases, referral.consent, "consent"), referral, on)
    if not referral.disclosure:
        return None
    one = _base(bases, referral.disclosure, "disclosure")
    check_disclosed(
        one.content,
        one.record.state,
        recipient=referral.counterpart,
        name=referral.counterpart_name,
        referral=str(record),
    )
    if one.content.ground == CONSENT:
        # What rests on a consent ends with it, whatever was decided on it before.
        _check_consent(_base(bases, one.content.consent, "consent"), referral, on)
    return one


def _base(bases: "Bases", text: str, kind: str) -> "OpenRecord":
    found = bases.get(str(id_of(text)))
    if found is None or found.record.kind != kind:
        raise no_such_case()
    return found


def _check_consent(one: "OpenRecord", referral: Referral, on: date) -> None:
    check_covers(
        one.content,
        one.record.state,
        given_on=one.record.on,
        recipient=referral.counterpart,
        name=referral.counterpart_name,
        purposes={referral.purpose},
        on=on,
    )


def check_affiliation(opened: "OpenCase", recipient: str, on: date) -> None:
    """Pass everyone but Mika Hälsa, and her for whom we may work together (B33).

    Raises NotAffiliated.
    """
    check_mika_halsa(
        recipient,
        opened.content.municipality,
        affiliated=services.affiliated(on),
        provider=services.provider_code(),
    )


def pieces_of(opened: "OpenCase") -> list[Piece]:
    """What of the case may go in a letter, each to be chosen: notes only when drawn up."""
    records = records_of(opened, ("goal", "note"))
    written = [_piece(one) for one in records if one.record.state in ("current", FINAL)]
    return [*_about_person(opened), *written]


def id_of(text: str) -> UUID:
    """The id that the text is. Raises NotVisible for any other text."""
    try:
        return UUID(text)
    except ValueError:
        raise no_such_case() from None


def _about_person(opened: "OpenCase") -> list[Piece]:
    says = opened.content
    names = grounds_in(opened.case.unit)
    grounds = ", ".join(names[one] for one in says.grounds if one in names)
    birth = says.personal_number or (str(says.birth_year) if says.birth_year else "")
    found = (
        Piece("called", _("Vad personen kallas"), says.called),
        Piece("birth", _("Personnummer eller födelseår"), birth),
        Piece("number", _("Vårt ärendenummer"), says.number),
        Piece("safe", _("Så når ni personen"), _safe(opened)),
        Piece("language", _("Språk"), says.language),
        Piece("grounds", _("Varför personen har kontakt med oss"), grounds),
        Piece("wishes", _("Vad personen önskar"), says.wishes),
    )
    return [one for one in found if one.text]


def _safe(opened: "OpenCase") -> str:
    rules = rules_of(opened.content)
    if not (rules.safe or rules.forbidden or opened.content.safe_note):
        return ""
    ways = ", ".join(allowed_ways(rules).values())
    return f"{ways}. {opened.content.safe_note}".strip()


def _piece(one: "OpenRecord") -> Piece:
    row, says = one.record, one.content
    if row.kind == "goal":
        return Piece(f"goal:{row.pk}", _("Mål, med personens egna ord"), says.words)
    title = f"Anteckning {row.on}" + (f", {says.title}" if says.title else "")
    return Piece(f"note:{row.pk}", title, says.text)
