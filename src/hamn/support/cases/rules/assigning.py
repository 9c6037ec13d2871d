"""Who works with a case: what may be chosen, and what a handover demands."""

from collections.abc import Collection
from datetime import datetime, timedelta

from hamn.core.errors import BadInput, Refusal, _

from .access import BREAK_GLASS

REMIND_AFTER = timedelta(days=3)


class NotAssigned(Refusal):
    """The case cannot go to that person, or not in this way."""

    code = "cases.not_assigned"


class AssignedMeanwhile(Refusal):
    """Somebody has changed who works with the case since the page was opened."""

    code = "cases.assigned.changed"


class StillResponsible(Refusal):
    """A worker with open cases goes nowhere before they are handed over."""

    code = "cases.still_responsible"


def seen_people(responsible: int | None, deputy: int | None) -> str:
    """What a page showed of who works with a case, to see whether it still holds."""
    return f"{responsible or ''}-{deputy or ''}"


def check_seen_people(seen: str, responsible: int | None, deputy: int | None) -> None:
    """Pass when nobody has changed it meanwhile. Raises AssignedMeanwhile."""
    if seen != seen_people(responsible, deputy):
        raise AssignedMeanwhile(
            _(
                "Någon annan har ändrat ansvarig eller ersättare sedan du öppnade sidan. Se vad "
                "som gäller nu och spara igen om det fortfarande behövs."
            )
        )


def check_candidate(person: int | None, candidates: Collection[int]) -> None:
    """Pass nobody, and those who work in the unit now. Raises NotAssigned for others."""
    if person is not None and person not in candidates:
        raise NotAssigned(
            _(
                "Personen arbetar inte i enheten, eller får inte föra ärenden. Välj någon av dem "
                "som står i listan."
            )
        )


def check_works_in(why: str) -> None:
    """Pass who works in the case. Raises NotAssigned for one who broke the glass: she lets none in.

    why: the code of the way by which the case opens to her.
    """
    if why == BREAK_GLASS:
        raise NotAssigned(
            _(
                "Du har nödöppnat ärendet och kan inte ändra vilka som arbetar i det. Fråga den "
                "som är ansvarig, eller enhetens chef."
            )
        )


def check_two_people(responsible: int | None, deputy: int | None) -> None:
    """Pass two different people. Raises BadInput for one who would be her own deputy."""
    if responsible is not None and responsible == deputy:
        raise BadInput(_("Ansvarig och ersättare ska vara olika personer. Välj två."))


def is_late(proposed_at: datetime, now: datetime) -> bool:
    """Whether an answer to a handover is asked for again."""
    return now - proposed_at >= REMIND_AFTER


def still_responsible(
    title: str, *, cases: int, contacts: int, reports: int, is_told: bool
) -> StillResponsible:
    """The refusal for one who would leave something behind.

    reports: those of concern that she has written and not sent. is_told: whether whoever asks may
    know how many there are; to others it says nothing of it.
    """
    if not is_told:
        return StillResponsible(
            _(
                "{title} har sådant hos sig som först ska lämnas över, av personen själv eller "
                "av enhetens chef, under Min dag."
            ),
            title=title,
        )
    if reports:
        return StillResponsible(
            _("{title} har {count} orosanmälningar som inte är skickade: skicka dem först."),
            title=title,
            count=reports,
        )
    if not cases:
        return StillResponsible(
            _(
                "{title} har {count} kontakter utan ärende: lämna över dem först, under Min dag, "
                "Lämna över ärenden."
            ),
            title=title,
            count=contacts,
        )
    return StillResponsible(
        _(
            "{title} har {count} ärenden, öppna och avslutade: lämna över dem först, under Min "
            "dag, Lämna över ärenden."
        ),
        title=title,
        count=cases,
    )
