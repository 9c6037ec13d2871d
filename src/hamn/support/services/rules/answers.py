"""Who is entitled to a service: five answers, the first that fits, with clause and words. Pure.

Advice to staff, never a decision about a person; residence is what she says, nothing is checked.
Source: agreement template 2021 §§ 3-4; SoL 3:1, 13:1, 19:1, 29:1, 29:4; requirements B1, B33-B35,
C1, Z4-Z6.
"""

from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hamn.core.errors import BadInput, Refusal, _

from .codes import DECLINED, UNKNOWN, AgeGroup


class Result(StrEnum):
    """The answer to whether a person is entitled."""

    ENTITLED = "entitled"
    NOT_AFFILIATED = "not_affiliated"
    UNKNOWN_SERVED = "unknown_served"
    ALWAYS_SERVED = "always_served"
    REFER_CHILD_COORDINATOR = "refer_child_coordinator"


RESULTS: dict[Result, str] = {
    Result.ENTITLED: _("har rätt till hjälpen"),
    Result.NOT_AFFILIATED: _("hänvisad vidare (kommunen saknar avtal)"),
    Result.UNKNOWN_SERVED: _("får hjälp utan att säga hemkommun"),
    Result.ALWAYS_SERVED: _("får alltid hjälp"),
    Result.REFER_CHILD_COORDINATOR: _("får hjälp, och koordinatorn för barn och unga kopplas in"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What decides whom a service is for.

    needs_affiliation: False for a coordinator, whose mission covers everyone (Z5).
    """

    code: str
    age_groups: Collection[str]
    needs_affiliation: bool
    valid_from: date
    valid_until: date | None = None
    refers_to: tuple[str, ...] = ()
    refers_children_to: str = ""

    def meets(self, age: AgeGroup) -> bool:
        """Whether the service is for people of that age; an unknown age is met."""
        return age is AgeGroup.UNKNOWN or age in self.age_groups


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer, the clause it rests on, what staff can say, and what staff do next.

    clause, say, steps: keys of the catalogue.
    """

    result: Result
    clause: str
    say: str
    steps: tuple[str, ...]


class NotTurnedAway(Refusal):
    """The person is to be helped here, so there is nobody to point elsewhere."""

    code = "services.not_turned_away"


SAY_ACUTE = _("Du får hjälp nu, var du än bor. Vi börjar med det som är akut.")
SAY_TRAFFICKING = _(
    "Du får hjälp, var du än bor. Vill du, tar vi hjälp av en regionkoordinator som kan mer om "
    "det du har varit med om."
)
SAY_CHILD = _(
    "Vi hjälper dig redan nu. Eftersom du är under 18 tar vi hjälp av dem som är till för barn "
    "och unga, så att du får det stöd du har rätt till."
)
SAY_COORDINATOR = _("Du får hjälp av oss, vilken kommun du än bor i. Det kostar ingenting.")
SAY_OTHER_AGE = _(
    "Du får hjälp av oss att komma rätt. Det finns någon som är till för just din ålder, och vi "
    "tar kontakt med dem tillsammans."
)
SAY_OWN = _(
    "Du är välkommen. Hjälpen är till för dig som bor i kommunen, och den kostar ingenting."
)
SAY_AFFILIATED = _(
    "Du är välkommen. Din kommun har avtal med oss, så hjälpen är till för dig och kostar "
    "ingenting."
)
SAY_UNKNOWN = _(
    "Du är välkommen. Du behöver inte säga var du bor eller vad du heter, och hjälpen kostar "
    "ingenting."
)
SAY_NOT_AFFILIATED = _(
    "Du blir hänvisad vidare (kommunen saknar avtal). Din kommuns socialtjänst ska hjälpa dig, "
    "och vi visar vägen dit eller till annat stöd. Vi berättar inte för kommunen att du hört av "
    "dig."
)
BEGIN = "begin"  # the step that opens the form for a turned-away event with what was asked
STEP_DANGER = _("Är någon i fara: ring 112. Utanför kontorstid: ta hjälp av socialjouren.")
STEP_CONSENT = _(
    "Fråga om personen vill ha kontakt med regionkoordinatorn. Allmänna råd kan du få utan "
    "samtycke; uppgifter om personen lämnar du bara med samtycke."
)
STEP_STAY = _("Släpp inte kontakten förrän någon annan har tagit över.")
STEP_REPORT = _(
    "Om ett barn kan fara illa ska du anmäla oro genast (SoL 19:1), också när barnet är anonymt."
)
STEP_COUNT = _("Säger personen sin hemkommun, skriv den: den räknas men avgör ingenting.")
STEP_NO_TEST = _("Ingen behovsprövning behövs innan ni börjar prata.")
STEP_DO_NOT_ASK = _("Fråga inte en gång till om hemkommunen. Personen kan berätta den senare.")
STEP_ASK_AGAIN = _(
    "Fråga en gång till: är det akut, är personen under 18, tvingas eller utnyttjas personen av "
    "någon? Då får personen hjälp här."
)
STEP_HOME = _(
    "Berätta vart personen kan vända sig. Kontakta aldrig hemkommunen utan att personen vill det."
)
STEP_REGISTER = _("Registrera hänvisningen, utan namn, så att behovet syns i uppföljningen.")


def entitlement(
    service: Terms,
    municipality: str,
    *,
    age: AgeGroup,
    is_acute: bool,
    is_trafficking_suspected: bool,
    on: date,
    affiliated: Container[str],
    provider: str,
) -> Answer:
    """Whether a person is entitled to the service on the date: the first answer that fits.

    municipality: the stated code, UNKNOWN or DECLINED. affiliated: the codes of the municipalities
    that are affiliated on that date. provider: the code of the provider's own municipality.
    Raises BadInput for a date on which the service is not offered.
    """
    check_offered(service, on)
    if is_acute or is_trafficking_suspected:
        return _always(age, is_acute=is_acute, is_trafficking_suspected=is_trafficking_suspected)
    if age is AgeGroup.CHILD and not service.meets(age):
        return Answer(
            Result.REFER_CHILD_COORDINATOR,
            _("avtalet § 3, SoL 3:1"),
            SAY_CHILD,
            (STEP_STAY, STEP_REPORT),
        )
    if not service.needs_affiliation:
        return _coordinator(service, age)
    return _by_residence(municipality, affiliated, provider)


def check_offered(service: Terms, on: date) -> None:
    """Raise BadInput for a date on which the service is not offered."""
    if on < service.valid_from:
        raise BadInput(
            _("Verksamheten finns från {day}. Välj det datumet eller ett senare."),
            day=service.valid_from,
        )
    if service.valid_until is not None and on > service.valid_until:
        raise BadInput(
            _("Verksamheten upphörde {day}. Välj ett tidigare datum, eller en annan verksamhet."),
            day=service.valid_until,
        )


def helped_by(
    answer: Answer,
    service: Terms,
    *,
    age: AgeGroup,
    is_trafficking_suspected: bool,
    catalogue: Iterable[Terms],
) -> list[str]:
    """The codes of the other services that can help, those for children first."""
    found = [service.refers_children_to] if age is AgeGroup.CHILD else []
    open_to_all = [one for one in catalogue if not one.needs_affiliation and one.meets(age)]
    for one in open_to_all:
        is_answer = answer.result is Result.NOT_AFFILIATED and one.code in service.refers_to
        if is_trafficking_suspected or is_answer or not service.meets(age):
            found.append(one.code)
    return [code for code in dict.fromkeys(found) if code not in ("", service.code)]


def check_turned_away(answer: Answer, age: AgeGroup) -> None:
    """Pass only who may be pointed elsewhere: an adult of a municipality that is not affiliated.

    Raises NotTurnedAway for everybody else, and while the age is not known (Z4).
    """
    if answer.result is not Result.NOT_AFFILIATED:
        raise NotTurnedAway(_WHY_NOT[answer.result])
    if age is AgeGroup.UNKNOWN:
        raise NotTurnedAway(
            _(
                "Den som kan vara under 18 hänvisas aldrig vidare. Fråga om personen har fyllt 18, "
                "annars ger ni hjälp här."
            )
        )


_WHY_NOT: dict[Result, str] = {
    Result.ALWAYS_SERVED: _(
        "Personen får alltid hjälp här: det är akut, misstänkt människohandel eller en "
        "koordinators uppdrag. Registrera ingen hänvisning."
    ),
    Result.REFER_CHILD_COORDINATOR: _(
        "Ett barn hänvisas aldrig bort. Hjälp barnet och koppla in koordinatorn för barn och unga."
    ),
    Result.ENTITLED: _(
        "Personens kommun är ansluten och ger rätt till hjälpen. Registrera ingen hänvisning."
    ),
    Result.UNKNOWN_SERVED: _(
        "Den som inte säger sin hemkommun får hjälp. Registrera ingen hänvisning."
    ),
}


def _always(age: AgeGroup, *, is_acute: bool, is_trafficking_suspected: bool) -> Answer:
    steps = [STEP_STAY]
    if is_acute:
        steps.insert(0, STEP_DANGER)
    if is_trafficking_suspected:
        steps.append(STEP_CONSENT)
    if age is AgeGroup.CHILD:
        steps.append(STEP_REPORT)
    clause = _("SoL 29:4") if is_acute else _("SoL 13:1, avtalet § 3")
    say = SAY_ACUTE if is_acute else SAY_TRAFFICKING
    return Answer(Result.ALWAYS_SERVED, clause, say, tuple(steps))


def _coordinator(service: Terms, age: AgeGroup) -> Answer:
    say = SAY_COORDINATOR if service.meets(age) else SAY_OTHER_AGE
    steps = (STEP_COUNT, STEP_REPORT) if age is AgeGroup.CHILD else (STEP_COUNT,)
    return Answer(Result.ALWAYS_SERVED, _("avtalet § 3"), say, steps)


def _by_residence(municipality: str, affiliated: Container[str], provider: str) -> Answer:
    if municipality in (UNKNOWN, DECLINED):
        return Answer(
            Result.UNKNOWN_SERVED, _("avtalet § 3"), SAY_UNKNOWN, (STEP_DO_NOT_ASK, STEP_NO_TEST)
        )
    if municipality == provider:
        return Answer(Result.ENTITLED, _("SoL 29:1"), SAY_OWN, (STEP_NO_TEST,))
    if municipality in affiliated:
        return Answer(Result.ENTITLED, _("avtalet § 4"), SAY_AFFILIATED, (STEP_NO_TEST,))
    steps = (STEP_ASK_AGAIN, STEP_HOME, STEP_REGISTER)
    return Answer(Result.NOT_AFFILIATED, _("avtalet § 4, SoL 29:1"), SAY_NOT_AFFILIATED, steps)
