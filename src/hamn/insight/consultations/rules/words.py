"""What a consultation is and where it stands, as codes with their names; who takes which topic.

Pure. Source: requirements C2, C6, B13, B21, B25; glossary (konsultation, handledning).
"""

from collections.abc import Collection, Mapping
from enum import StrEnum

from hamn.core.errors import BadInput, Refusal, _

LONGEST_LINE = 120
LONGEST_TEXT = 10_000
MOST_MINUTES = 600


class Kind(StrEnum):
    """What is asked for."""

    ADVICE = "advice"
    SUPERVISION = "supervision"


class Origin(StrEnum):
    """How it came to be a row."""

    WEB = "web"
    STAFF = "staff"


class State(StrEnum):
    """Where a consultation stands."""

    WAITING = "waiting"
    TAKEN = "taken"
    ANSWERED = "answered"
    REFERRED = "referred"


class Urgency(StrEnum):
    """How soon an answer is needed."""

    TODAY = "today"
    SOON = "soon"
    LATER = "later"


class Topic(StrEnum):
    """What it is about; always about a kind of situation, never about a person."""

    SEX_FOR_COMPENSATION = "sex_for_compensation"
    SELF_HARM = "self_harm_by_sex"
    BUYERS = "buyers"
    TRAFFICKING = "trafficking"
    CHILDREN = "children"
    METHOD = "method"
    OTHER = "other"


KINDS: dict[str, str] = {
    Kind.ADVICE: _("konsultation, råd i en fråga"),
    Kind.SUPERVISION: _("handledning"),
}
STATES: dict[str, str] = {
    State.WAITING: _("väntar på svar"),
    State.TAKEN: _("någon svarar"),
    State.ANSWERED: _("besvarad"),
    State.REFERRED: _("hänvisad vidare (kommunen saknar avtal)"),
}
OPEN = frozenset({State.WAITING, State.TAKEN})
MOVES: dict[State, frozenset[State]] = {
    State.WAITING: frozenset({State.TAKEN, State.ANSWERED, State.REFERRED}),
    State.TAKEN: frozenset({State.WAITING, State.TAKEN, State.ANSWERED, State.REFERRED}),
    State.ANSWERED: frozenset(),
    State.REFERRED: frozenset(),
}
URGENCIES: dict[str, str] = {
    Urgency.TODAY: _("i dag eller nästa arbetsdag"),
    Urgency.SOON: _("inom några dagar"),
    Urgency.LATER: _("det är inte bråttom"),
}
# How it was given; the form on the web is how it was asked for.
WAYS: dict[str, str] = {
    "phone": _("telefon"),
    "video": _("video eller digitalt"),
    "visit": _("besök"),
    "email": _("e-post"),
}
TOPICS: dict[str, str] = {
    Topic.SEX_FOR_COMPENSATION: _("vuxna med erfarenhet av sex mot ersättning"),
    Topic.SELF_HARM: _("vuxna som skadar sig med sex"),
    Topic.BUYERS: _("vuxna som köper sex, eller har förlorat kontrollen över porr eller sex"),
    Topic.TRAFFICKING: _("misstanke om människohandel eller människoexploatering, vuxna"),
    Topic.CHILDREN: _("barn och unga under 18 år"),
    Topic.METHOD: _("arbetssätt och bemötande"),
    Topic.OTHER: _("något annat"),
}
PROFESSIONS: dict[str, str] = {
    "social_services": _("socialtjänst"),
    "school": _("skola, elevhälsa eller fritid"),
    "health_care": _("hälso- och sjukvård eller psykiatri"),
    "police": _("polis eller åklagare"),
    "probation": _("kriminalvård"),
    "authority": _("annan myndighet"),
    "shelter": _("skyddat boende"),
    "civil_society": _("förening eller annan civil aktör"),
    "other": _("annat"),
}
# A municipality is its code; a region, an authority or an association has none.
NO_MUNICIPALITY = "none"
# The first centre's; another says its own in `[door.topics]`.
ROUTES: dict[str, str] = {
    Topic.SEX_FOR_COMPENSATION: "mika",
    Topic.SELF_HARM: "mika",
    Topic.BUYERS: "kast",
    Topic.TRAFFICKING: "coordinator_adult",
    Topic.CHILDREN: "coordinator_child",
    Topic.METHOD: "mika",
    Topic.OTHER: "mika",
}


class WrongState(Refusal):
    """The consultation does not stand where this can be done."""

    code = "consultations.wrong_state"


class Changed(Refusal):
    """Somebody else has written in the consultation since the page was opened."""

    code = "consultations.changed"

    def __init__(self) -> None:
        super().__init__(
            _("Konsultationen har ändrats sedan du öppnade sidan. Läs den igen och gör om.")
        )


def check_move(now: State | str, to: State) -> None:
    """Pass a move that the table has. Raises WrongState."""
    if to not in MOVES[State(now)]:
        raise WrongState(_("Konsultationen är redan avslutad. Öppna den för att se svaret."))


def check_version(seen: str, version: int) -> None:
    """Pass who has seen what stands now. Raises Changed."""
    if seen != str(version):
        raise Changed


def routed(topic: str, *, offered: Collection[str], given: Mapping[str, str]) -> str:
    """The code of the service that takes the topic; the first that is offered where none is named.

    offered: the services' codes in the centre's order. given: `[door.topics]` of the centre.
    Raises BadInput for a centre without services.
    """
    if not offered:
        raise BadInput(_("Verksamheten tar inte emot frågor just nu. Försök igen senare."))
    wanted = given.get(topic) or ROUTES.get(topic, "")
    return wanted if wanted in offered else next(iter(offered))
