"""Requests: what was asked, what is given and what is not, and by when. Pure.

A person's request for her own data (GDPR art. 15) is answered within a month; one for documents
(TF 2 kap.) at once. Whatever is not given has a provision; there is no other reason to choose.
Source: OSL 6:3, 6:7, 12 kap., 26:1, 26:5; TF 2:15; lag (2018:218) 5:2, 7:2.
"""

import calendar
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from hamn.core.errors import BadInput, Refusal, _
from hamn.core.text import LONGEST_NOTE, clean_text

from .extracts import Told
from .states import WrongState

LONGEST_LINE = 200
OWN_DATA, DOCUMENTS = "own_data", "documents"
REQUEST_KINDS: dict[str, str] = {
    OWN_DATA: _("egna uppgifter (registerutdrag)"),
    DOCUMENTS: _("handlingar"),
}
RECEIVED, ASSESSED, DECIDED, WITHDRAWN = "received", "assessed", "decided", "withdrawn"
REQUEST_STATES: dict[str, str] = {
    RECEIVED: _("ska prövas"),
    ASSESSED: _("prövad, väntar på beslut"),
    DECIDED: _("beslutad"),
    WITHDRAWN: _("återtagen"),
}
REQUEST_MOVES: dict[str, frozenset[str]] = {
    RECEIVED: frozenset({ASSESSED, WITHDRAWN}),
    ASSESSED: frozenset({ASSESSED, DECIDED, WITHDRAWN}),
    DECIDED: frozenset(),
    WITHDRAWN: frozenset(),
}
WAITING = frozenset(state for state, moves in REQUEST_MOVES.items() if moves)
ASKED_AS: dict[str, str] = {
    "person": _("personen själv"),
    "guardian": _("vårdnadshavare"),
    "agent": _("ombud med fullmakt"),
}
# The pieces that nobody may choose away silently: what is not given needs one of these.
GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Provision:
    """A provision on which something is withheld. text: as it stands in the decision.

    says_only: what the answer calls a piece so withheld, where its own title with its day would
    tell the very thing that the provision protects; empty where the title may be told.
    """

    code: str
    name: str
    text: str
    why: str
    says_only: str = ""


_ANOTHERS, _SOMETHING = "Uppgift om någon annan", "Uppgift"
_PROVISIONS = (
    Provision(
        "other_person",
        _("26 kap. 1 § OSL: rör någon annan"),
        "26 kap. 1 § offentlighets- och sekretesslagen (2009:400)",
        "Uppgiften rör någon annan, och det står inte klart att den kan lämnas utan att den "
        "personen eller någon närstående lider men.",
        says_only=_ANOTHERS,
    ),
    Provision(
        "reporter",
        _("26 kap. 5 § OSL: vem som har anmält"),
        "26 kap. 5 § offentlighets- och sekretesslagen (2009:400)",
        "Uppgiften visar vem som har gjort en anmälan, och det kan finnas risk för våld eller "
        "annat allvarligt men.",
        says_only=_SOMETHING,
    ),
    Provision(
        "threatened",
        _("21 kap. 3 § OSL: var en hotad person finns"),
        "21 kap. 3 § offentlighets- och sekretesslagen (2009:400)",
        "Uppgiften leder till var någon som kan vara hotad finns eller hur hen nås.",
        says_only=_SOMETHING,
    ),
    Provision(
        "private",
        _("21 kap. 1 § OSL: någon annans hälsa eller sexualliv"),
        "21 kap. 1 § offentlighets- och sekretesslagen (2009:400)",
        "Uppgiften rör någon annans hälsa eller sexualliv, och den personen eller någon "
        "närstående kan lida betydande men.",
        says_only=_ANOTHERS,
    ),
    Provision(
        "minor",
        _("12 kap. 3 § OSL: barnet kan lida betydande men"),
        "12 kap. 3 § offentlighets- och sekretesslagen (2009:400)",
        "Uppgiften rör ett barn som kan lida betydande men om vårdnadshavaren får den.",
        says_only=_SOMETHING,
    ),
    Provision(
        "investigation",
        _("18 kap. 1 § OSL: förundersökning"),
        "18 kap. 1 § offentlighets- och sekretesslagen (2009:400)",
        "Uppgiften hör till en förundersökning som kan skadas.",
        says_only=_SOMETHING,
    ),
    Provision(
        "draft",
        _("5 kap. 2 § lagen (2018:218): utkast eller minnesanteckning"),
        "5 kap. 2 § lagen (2018:218) med kompletterande bestämmelser till EU:s "
        "dataskyddsförordning",
        "Texten är löpande text som inte har fått sin slutliga form.",
    ),
)
PROVISIONS: dict[str, Provision] = {one.code: one for one in _PROVISIONS}


class Outcome(StrEnum):
    """What became of a request."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"


OUTCOMES: dict[str, str] = {
    Outcome.GRANTED: _("allt lämnas ut"),
    Outcome.PARTLY: _("en del lämnas ut"),
    Outcome.REFUSED: _("inget lämnas ut"),
}


@dataclass(frozen=True, slots=True)
class GivenPiece:
    """A part of the case as it was given, word for word."""

    code: str
    title: str
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is not given, and the code of the provision that says so.

    what: as the answer tells it. title: the piece's own, for those who assess and decide.
    """

    what: str
    provision: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class RequestContent:
    """A request, its assessment and decision.

    asked_by: empty when she has not said who she is. recipients: to whom the data have gone.
    """

    asked: str = ""
    asked_by: str = ""
    asked_as: str = "person"
    answer_to: str = ""
    identified: str = ""
    assessment: str = ""
    given: tuple[GivenPiece, ...] = ()
    withheld: tuple[LeftOut, ...] = ()
    conditions: str = ""
    outcome: str = ""
    recipients: str = ""
    source: str = ""
    number: str = ""  # of the case
    called: str = ""
    assessed_by: int | None = None
    assessed_on: date | None = None


class Incomplete(Refusal):
    """The case holds other pieces than those that were assessed."""

    code = "cases.request.changed"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Ärendet har ändrats medan du prövade, så att något skulle ha blivit över. Sidan "
                "visar nu allt som finns; det du valde står kvar. Gå igenom det nya och spara."
            )
        )


def due_on(kind: str, received_on: date) -> date:
    """The day by which the answer is to be given: a month, or for documents the day after.

    Source: GDPR art. 12.3; TF 2:15 ("skyndsamt").
    """
    if kind == DOCUMENTS:
        return received_on + timedelta(days=1)
    year, month = divmod(received_on.year * 12 + received_on.month, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(received_on.day, last))


def checked_request(
    says: RequestContent, kind: str, *, received_on: date, today: date, is_protected: bool
) -> RequestContent:
    """The request with texts that are safe to keep.

    Raises BadInput: no such day, nothing asked for, not said how she was recognised, an address.
    """
    if received_on > today:
        raise BadInput(
            _("Dagen {on} har inte varit än. Skriv den dag då begäran kom in."), on=received_on
        )
    if says.asked_as not in ASKED_AS:
        raise BadInput(_("{name}: välj något i listan."), name=_("Vem som ber"))
    cleaned = replace(
        says,
        asked=_words(says.asked),
        asked_by=_line(says.asked_by),
        answer_to=_line(says.answer_to),
        identified=_line(says.identified),
    )
    if kind == DOCUMENTS and not cleaned.asked:
        raise BadInput(_("Skriv vilka handlingar det gäller."))
    if kind == OWN_DATA and not cleaned.identified:
        raise BadInput(
            _("Skriv hur du vet att det är rätt person, till exempel att ni känner varandra.")
        )
    if is_protected and cleaned.answer_to:
        raise BadInput(
            _("Personen har skyddade personuppgifter: ingen adress skrivs. Lämna svaret i handen.")
        )
    return cleaned


def judged(
    pieces: Mapping[str, str], verdicts: Mapping[str, str]
) -> tuple[list[str], tuple[LeftOut, ...]]:
    """The codes of what is given, and what is not. pieces: title by code, all there are.

    verdicts: by code `given`, or the code of a provision. Raises Incomplete unless they are about
    exactly these pieces, BadInput for what is no verdict.
    """
    if set(verdicts) != set(pieces):
        raise Incomplete
    if not set(verdicts.values()) <= {GIVEN, *PROVISIONS}:
        raise BadInput(_("Det som inte lämnas ut behöver en bestämmelse. Välj i listan."))
    given = [code for code in pieces if verdicts[code] == GIVEN]
    left = tuple(_left_out(pieces[c], verdicts[c]) for c in pieces if verdicts[c] != GIVEN)
    return given, left


def told_left_out(withheld: Collection[LeftOut]) -> list[LeftOut]:
    """What the answer says is not given: alike things once, so that not even their number shows."""
    return list({(left.what, left.provision): left for left in withheld}.values())


def outcome_of(given: Collection[object], withheld: Collection[object]) -> Outcome:
    """What an extract amounts to; a case with nothing to tell is told whole."""
    if not withheld:
        return Outcome.GRANTED
    return Outcome.PARTLY if given else Outcome.REFUSED


def assessed_documents(
    says: RequestContent,
    *,
    outcome: str,
    assessment: str,
    what: str,
    provisions: Collection[str],
    conditions: str,
) -> RequestContent:
    """A request for documents with its assessment (sekretessprövning).

    what: what is not given, in words. Raises BadInput unless all that it needs is said.
    """
    if outcome not in OUTCOMES:
        raise BadInput(_("{name}: välj något i listan."), name=_("Beslut"))
    assessment, what = _words(assessment), _words(what)
    if not assessment:
        raise BadInput(_("Skriv bedömningen: vilken sekretess och vilken risk för men som finns."))
    is_whole = outcome == Outcome.GRANTED
    if not is_whole and not (what and provisions):
        raise BadInput(_("Skriv vad som inte lämnas ut, och välj bestämmelsen för det."))
    if is_whole and (what or provisions):
        raise BadInput(_("Allt lämnas ut: ta bort det som inte skulle lämnas, eller ändra beslut."))
    if not set(provisions) <= set(PROVISIONS):
        raise BadInput(_("Det som inte lämnas ut behöver en bestämmelse. Välj i listan."))
    return replace(
        says,
        outcome=outcome,
        assessment=assessment,
        conditions=_words(conditions),
        withheld=tuple(LeftOut(what, one) for one in provisions),
    )


def withholds(says: RequestContent) -> bool:
    """Whether the decision goes against who asked, in the least; then a head decides."""
    return says.outcome != Outcome.GRANTED or bool(says.conditions)


def check_waits(state: str) -> None:
    """Pass a request that is not decided or withdrawn. Raises WrongState."""
    if state not in WAITING:
        raise WrongState(
            _("Begäran är {state} och kan inte ändras. Kommer mer in registrerar du en ny."),
            state=REQUEST_STATES[state],
        )


def check_assessed(state: str) -> None:
    """Pass a request that can be decided. Raises WrongState."""
    check_waits(state)
    if DECIDED not in REQUEST_MOVES[state]:
        raise WrongState(_("Begäran är inte prövad än. Pröva den innan den beslutas."))


def _left_out(title: str, provision: str) -> LeftOut:
    return LeftOut(PROVISIONS[provision].says_only or title, provision, title)


def _line(text: str) -> str:
    return " ".join(clean_text(text, LONGEST_LINE).split())


def _words(text: str) -> str:
    return clean_text(text, LONGEST_NOTE).strip()
