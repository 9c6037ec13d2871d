"""What the answer to a request says on paper; in Swedish, as it was assessed and decided."""

from datetime import date
from typing import TYPE_CHECKING

from hamn.guards.access.queries import titles
from hamn.papers.casework.data_extract import DataExtract, Field, Processing, Section
from hamn.papers.casework.disclosure import Disclosure
from hamn.papers.casework.disclosure import Outcome as Decision
from hamn.papers.casework.page import Marking, Recipient, Signer, Withheld
from hamn.register.organisations.queries import provider

from ..rules.requests import PROVISIONS, LeftOut, RequestContent, told_left_out, withholds
from .child_papers import office_of
from .extracts import ABOUT_PERSON

if TYPE_CHECKING:
    from hamn.papers.casework.page import Office

    from .requests import OpenRequest

_APPEAL = (
    "Du kan överklaga beslutet att inte lämna ut uppgifter hos förvaltningsrätten (7 kap. 2 § "
    "lagen 2018:218). Skriv vilket beslut du överklagar och hur du vill att det ska ändras. "
    "Skicka överklagandet till {office}. Det ska ha kommit in inom tre veckor från den dag då du "
    "fick del av beslutet."
)
_UNKNOWN = "Den som har varit i kontakt med oss"
_NO_RECIPIENT = "Ingen, enligt de uppgifter som lämnas här."
_NOBODY = "Den som har frågat; inget ärende finns"


def reference_of(one: "OpenRequest") -> str:
    """A number to say aloud; random, so that it tells no volume."""
    return f"BEG-{str(one.row.pk)[:8].upper()}"


def extract_paper(one: "OpenRequest", *, today: date) -> DataExtract:
    """The extract: what was given word for word, what was not with its provision, and by whom."""
    says, office = one.content, office_of(one.row.unit)
    sections = [
        Section(
            title=piece.title,
            fields=tuple(Field(label=told.label, value=told.value) for told in piece.told),
        )
        for piece in says.given
    ]
    person = _person(one)
    return DataExtract(
        office=office,
        person=person,
        receiver=_receiver(says, person),
        asked_on=one.row.received_on,
        made_on=says.assessed_on or today,
        reference=reference_of(one),
        processing=_processing(says),
        sections=(*sections, _decision(one, office)),
        withheld=tuple(_withheld(left) for left in told_left_out(says.withheld)),
        marking=Marking(authority=office.authority, marked_on=one.row.decided_on or today),
    )


def decision_paper(one: "OpenRequest") -> Disclosure:
    """The decision on a request for documents."""
    says, office = one.content, office_of(one.row.unit)
    decided_on = one.row.decided_on or one.row.received_on
    signer = Signer(name=_decided_by(one), role="Beslutsfattare", unit=office.unit)
    return Disclosure(
        office=office,
        receiver=_receiver(says, says.asked_by),
        asked_by=says.asked_by,
        asked_on=one.row.received_on,
        request=says.asked,
        outcome=Decision(says.outcome),
        assessment=says.assessment,
        withheld=tuple(_withheld(left) for left in says.withheld),
        conditions=says.conditions,
        decided_on=decided_on,
        decided_by=signer,
        reference=reference_of(one),
        court="kammarrätten",
        marking=Marking(authority=office.authority, marked_on=decided_on),
    )


def _decision(one: "OpenRequest", office: "Office") -> Section:
    told = [
        Field(label="Beslutat av", value=_decided_by(one)),
        Field(label="Beslutat", value=str(one.row.decided_on)),
    ]
    if one.content.assessment:
        told.append(Field(label="Bedömning", value=one.content.assessment))
    if withholds(one.content):
        where = office.authority or office.unit
        told.append(Field(label="Så överklagar du", value=_APPEAL.format(office=where)))
    return Section(title="Beslut om utdraget", fields=tuple(told))


def _person(one: "OpenRequest") -> str:
    """Whom the extract is about: the name that stands in it, when that is given."""
    if one.row.case_id is None:
        return _NOBODY
    is_told = any(piece.code == ABOUT_PERSON for piece in one.content.given)
    return (one.content.called if is_told else "") or _UNKNOWN


def _decided_by(one: "OpenRequest") -> str:
    person = f"access.person:{one.row.decided_by_id}"
    return titles([person]).get(person, "")


def _receiver(says: RequestContent, name: str) -> Recipient | None:
    """Where the answer goes, when it is to be sent at all."""
    return Recipient(name=name, address=(says.answer_to,)) if says.answer_to else None


def _withheld(left: LeftOut) -> Withheld:
    provision = PROVISIONS[left.provision]
    return Withheld(what=left.what, provision=provision.text, why=provision.why)


def _processing(says: RequestContent) -> Processing:
    return Processing(
        controller=provider().name,
        purpose="Ge råd, stöd och hjälp enligt socialtjänstlagen (2025:400).",
        legal_ground=(
            "Uppgift av allmänt intresse: artikel 6.1 e och 9.2 h i dataskyddsförordningen, "
            "lagen (2001:454) om behandling av personuppgifter inom socialtjänsten."
        ),
        categories="Det som står i det här utdraget, och det som inte lämnas ut enligt nedan.",
        source=f"Du själv. Väg hit: {says.source}." if says.source else "Du själv.",
        recipients=says.recipients or _NO_RECIPIENT,
        kept_until=(
            "Fem år efter den sista anteckningen, och borta senast den 31 december året efter "
            "(16 kap. 1 § socialtjänstlagen), om inte ett undantag gäller."
        ),
    )
