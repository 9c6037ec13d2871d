"""What goals, actions, practical support and closures say, with whom and how it can end."""

from dataclasses import dataclass
from datetime import date, datetime

from hamn.core.errors import BadInput, _

from . import outcomes
from .content import Counted
from .safe_contact import WAYS
from .states import OPEN, CaseState, WrongState

# With whom practical support is given (B6, B8): kinds of counterparts, never a person's name.
COUNTERPARTS: dict[str, str] = {
    "social_services": _("socialtjänsten i kommunen"),
    "city_district": _("stadsdelsförvaltning"),
    "health_care": _("sjukvård"),
    "psychiatry": _("psykiatri"),
    "addiction_care": _("beroendevård"),
    "police": _("polisen"),
    "prosecutor": _("åklagare"),
    "court": _("domstol"),
    "lawyer": _("advokat eller målsägandebiträde"),
    "migration_agency": _("Migrationsverket"),
    "social_insurance": _("Försäkringskassan"),
    "employment_service": _("Arbetsförmedlingen"),
    "tax_agency": _("Skatteverket"),
    "enforcement_authority": _("Kronofogden"),
    "housing": _("bostad eller skyddat boende"),
    "bank": _("bank"),
    "school": _("skola eller utbildning"),
    "civil_society": _("förening eller annan civil aktör"),
    "other": _("någon annan"),
}
# Who does what is agreed on.
DOERS: dict[str, str] = {
    "person": _("personen själv"),
    "worker": _("den som är ansvarig i ärendet"),
    "together": _("personen och vi tillsammans"),
    "counterpart": _("en myndighet eller någon annan"),
}
# A case opened by mistake was never opened: its fact is taken back, and no end is counted.
NEVER_OPENED = "mistake"
CLOSURE_REASONS: dict[str, str] = {
    "goals_reached": _("målen är nådda"),
    "person_ended": _("personen ville avsluta"),
    "lost_contact": _("kontakten bröts"),
    "referred": _("hänvisad vidare"),
    "moved": _("flyttat"),
    "other_support": _("får stöd av någon annan"),
    "deceased": _("avliden"),
    NEVER_OPENED: _("ärendet öppnades av misstag"),
    "other": _("annat"),
}
CLOSURE_OUTCOMES: dict[str, str] = {
    "better": _("livssituationen är bättre"),
    "somewhat_better": _("livssituationen är något bättre"),
    "unchanged": _("livssituationen är oförändrad"),
    "worse": _("livssituationen är sämre"),
    "unknown": _("det vet vi inte"),
}
# A case closed by mistake was never closed: its fact is taken back.
NEVER_CLOSED = "closed_by_mistake"
REOPENING_REASONS: dict[str, str] = {
    "new_need": _("personen behöver stöd igen"),
    "came_back": _("personen har hört av sig"),
    "new_information": _("nya uppgifter har kommit"),
    NEVER_CLOSED: _("ärendet avslutades av misstag"),
}


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal in the person's own words (stödplan, SupportPlan)."""

    words: str
    came_of_it: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do towards a goal. who: code of DOERS.

    channel, at: of a planned contact with the person, which her rules for safe contact allow.
    """

    text: str
    who: str = ""
    came_of_it: str = ""
    channel: str = ""
    at: datetime | None = None

    @property
    def way(self) -> str:
        """How the person is to be reached, as a marked sentence."""
        return WAYS.get(self.channel, "")


@dataclass(frozen=True, slots=True)
class PracticalSupport:
    """Practical help (praktiskt stöd), with the authority it concerns (B6, B8).

    counterpart: code of COUNTERPARTS.
    """

    text: str
    counterpart: str
    counterpart_name: str = ""
    came_of_it: str = ""

    @property
    def with_whom(self) -> str:
        """The kind of counterpart as a marked sentence."""
        return COUNTERPARTS.get(self.counterpart, "")


@dataclass(frozen=True, slots=True)
class OutcomeFollowUp:
    """What has changed for the person (uppföljning); the measures of section I are counted."""

    measures: tuple[str, ...] = ()  # code of measure and of answer: "stopped_buying_sex=yes"
    words: str = ""
    counted: tuple[Counted, ...] = ()
    unit: str = ""  # in which it was done, where it is counted; the case may be another's now

    @property
    def answered(self) -> list[tuple[str, str]]:
        """Each question that was asked and its answer, as marked sentences."""
        return outcomes.in_words(self.measures)


@dataclass(frozen=True, slots=True)
class Closure:
    """Why and how a case ended, or was opened again."""

    reason: str
    outcome: str = ""
    words: str = ""
    referred_to: str = ""
    counted: tuple[Counted, ...] = ()
    uncounted: tuple[Counted, ...] = ()  # what was opened by mistake, until it is opened again

    @property
    def told(self) -> list[str]:
        """Why, how it went and where to, as marked sentences."""
        reasons = {**CLOSURE_REASONS, **REOPENING_REASONS}
        names = (
            reasons.get(self.reason, ""),
            COUNTERPARTS.get(self.referred_to, ""),
            CLOSURE_OUTCOMES.get(self.outcome, ""),
        )
        return [name for name in names if name]


def check_code(code: str, names: dict[str, str]) -> None:
    """Pass a code that the list has. Raises BadInput."""
    if code not in names:
        raise BadInput(_("”{code}” finns inte i listan. Läs om sidan och välj igen."), code=code)


def check_due(due_on: date, today: date) -> None:
    """Pass a day by which something can still be done. Raises BadInput for one that has passed."""
    if due_on < today:
        raise BadInput(_("Dagen {due_on} har redan varit. Välj i dag eller senare."), due_on=due_on)


def check_agreed(action: Action) -> Action:
    """Pass something agreed on that is no contact with the person; its day is only a day.

    Raises WrongState.
    """
    if action.at is not None:
        raise WrongState(
            _("Det är en planerad kontakt. Ändra den med tid och sätt, så att reglerna prövas.")
        )
    return action


def check_planned(action: Action, *, is_over: bool) -> None:
    """Pass a planned contact with the person that is still to come. Raises WrongState."""
    if action.at is None:
        raise WrongState(_("Det är ingen planerad kontakt. Ändra det som en vanlig aktivitet."))
    if is_over:
        raise WrongState(_("Kontakten är över. Planera en ny i stället."))


def check_not_planned_anew(content: object, to: str) -> None:
    """Pass all but a planned contact that is opened again: its rules may be others by now.

    Raises WrongState.
    """
    if to == "open" and isinstance(content, Action) and content.at is not None:
        raise WrongState(
            _("En kontakt som är över planeras på nytt, så att reglerna för säker kontakt prövas.")
        )


def check_referred(reason: str, referred_to: str) -> None:
    """Pass a closure that says where the person was referred, when she was. Raises BadInput."""
    if reason == "referred" and not referred_to:
        raise BadInput(_("Personen är hänvisad vidare: välj vart."))


def check_closed(state: CaseState) -> None:
    """Pass a case that can be opened again. Raises WrongState."""
    if state in OPEN:
        raise WrongState(_("Ärendet är inte avslutat, så det behöver inte öppnas igen."))


def check_in_follow_up(state: CaseState) -> None:
    """Pass a case that is in follow-up. Raises WrongState."""
    if state != CaseState.FOLLOW_UP:
        raise WrongState(_("Ärendet är inte under uppföljning. Läs om sidan."))
