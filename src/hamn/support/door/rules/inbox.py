"""Rules of the inbox: what may be written in which state, and what a handing over rests on. Pure.

Source: docs/law.md sections 1 and 4; OSL 8:1-2, 10:1-2, 26:1.
"""

from datetime import date

from hamn.core.errors import BadInput, Refusal, _

from .words import STATES, State, Visibility

LONGEST_ANSWER = 20_000
LONGEST_REASON = 1000
SHORTEST_REASON = 10
# The parts of the inbox, in the order in which they should be seen to.
PARTS: dict[str, str] = {
    "waiting": _("Väntar på svar"),
    "overdue": _("Svaret är försenat"),
    "calls": _("Vill bli uppringda"),
    "unassigned": _("Utan ansvarig"),
    "mine": _("Mina"),
    "open": _("Alla öppna"),
    "closed": _("Avslutade och spärrade"),
}
CONSENT, NEED = "consent", "need_to_know"
GROUNDS: dict[str, str] = {
    CONSENT: _("personen samtycker"),
    NEED: _("den andra enheten behöver uppgifterna i sitt eget arbete"),
}
BLOCKS: dict[str, str] = {
    "threats": _("hot eller trakasserier"),
    "unwanted": _("reklam eller skräp"),
    "flood": _("meddelanden i mängd"),
}
# What each visibility is called where staff choose it, and what the button then says.
WRITE: dict[str, str] = {
    Visibility.PERSON: _("Svara personen"),
    Visibility.UNIT: _("Skriv till enheten"),
    Visibility.OWN: _("Skriv en egen anteckning"),
}
BUTTONS: dict[str, str] = {
    Visibility.PERSON: _("Skicka till personen"),
    Visibility.UNIT: _("Spara för enheten"),
    Visibility.OWN: _("Spara för dig själv"),
}
SEEN_BY: dict[str, str] = {
    Visibility.PERSON: _("Personen läser det, och alla i enheten."),
    Visibility.UNIT: _("Alla i enheten läser det. Personen ser det inte i dialogen."),
    Visibility.OWN: _("Bara du läser det. Varken personen eller kollegor ser det."),
}
# Told after an act of who did not see all that the person had written.
MORE = _("Svaret är skickat. Personen skrev något mer medan du skrev: läs det också.")
MORE_THAN_THE_CALL = _(
    "Det är antecknat. Personen har skrivit något mer och väntar på svar: läs det också."
)
# Why the dialogue's case stands against it.
PROTECTED = _(
    "Personen har skyddade personuppgifter. Det nummer som personen lämnade raderas inom några "
    "minuter."
)
NOT_ONLINE = _(
    "Personens ärende säger nej till meddelanden på nätet, så svaret skickas inte. Gäller det inte "
    "längre: ändra säker kontakt i ärendet först."
)
# The part of an address that names a visibility.
WAYS: dict[str, Visibility] = {
    "svar": Visibility.PERSON,
    "enheten": Visibility.UNIT,
    "egen": Visibility.OWN,
}


class NotOpen(Refusal):
    """The dialogue is ended or blocked, so nothing reaches the person."""

    code = "door.not_open"


class NotHanded(Refusal):
    """The dialogue cannot be handed to that unit now."""

    code = "door.not_handed"


class Taken(Refusal):
    """The act was done already, or by somebody else."""

    code = "door.taken"


def check_writable(state: str, visibility: str) -> None:
    """Pass what may be written in that state: to the person only while it is open. Raises NotOpen.

    A blocked dialogue still takes the unit's own notes, an ended one nothing.
    """
    if state == State.OPEN or (state == State.BLOCKED and visibility != Visibility.PERSON):
        return
    raise NotOpen(
        _("Dialogen är {state}, så personen nås inte av något svar. Ingenting är sparat."),
        state=STATES[state],
    )


def check_open(state: str) -> None:
    """Pass an open dialogue. Raises NotOpen."""
    if state != State.OPEN:
        raise NotOpen(_("Dialogen är {state}. Läs om sidan."), state=STATES[state])


def check_ground(ground: str, reason: str) -> None:
    """Pass the person's consent, or a need that is stated. Raises BadInput."""
    if ground not in GROUNDS:
        raise BadInput(_("Välj på vilken grund den andra enheten får dialogen."))
    if ground == NEED and len(reason.strip()) < SHORTEST_REASON:
        raise BadInput(
            _("Skriv varför den andra enheten behöver uppgifterna, så att någon kan pröva det.")
        )


def is_overdue(answer_by: date | None, today: date) -> bool:
    """Whether the day that the receipt named has passed without an answer."""
    return answer_by is not None and answer_by < today
