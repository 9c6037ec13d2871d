"""What children, reports of concern and links between cases say, and what they must. Pure.

Source: SoL 3:1-4, 18:6-7, 19:1, 19:6, 29:1, 29:4; requirements B15, Z6.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from hamn.core.errors import BadInput, Refusal, _
from hamn.core.text import LONGEST_NOTE, clean_text
from hamn.support.services.rules import AgeGroup, age_group_of_birth_year

from .content import CaseContent, Counted
from .safe_contact import HERE

LONGEST_LINE = 200
FEEDBACK_WITHIN = timedelta(days=7)  # SoL 19:6: whoever reported may ask what came of it
SENT_HOW: dict[str, str] = {
    "handed_over": _("lämnad i handen"),
    "courier": _("med bud"),
    "letter": _("med post"),
    "secure_message": _("med säkert meddelande"),
    "phone_then_paper": _("per telefon, och sedan på papper"),
}


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the person, with needs of her own (SoL 18:6-7).

    own_case: id of the case that the coordinator opened for her, and on which ground.
    """

    called: str = ""
    birth_year: int | None = None
    needs: str = ""
    own_view: str = ""
    lives_with: str = ""
    guardian: str = ""
    informed: str = ""  # what she has been told, and how (SoL 3:3)
    own_case: str = ""
    handed_ground: str = ""
    handed_on: date | None = None
    counted: tuple[Counted, ...] = ()


@dataclass(frozen=True, slots=True)
class ChildWelfareReport:
    """A report of concern for a child (orosanmälan, SoL 19:1), made at once and handed over.

    about: id of the child's record, or empty for the client herself and for any other child.
    """

    municipality: str
    concern: str
    unit: str = ""  # whose people made it: also one that the case is only shared with
    known: str = ""
    about: str = ""
    is_client: bool = False
    child: str = ""
    child_birth_year: int | None = None
    child_address: str = ""
    whereabouts: str = ""
    guardians: str = ""
    is_acute: bool = False
    protection: str = ""
    is_child_told: bool | None = None
    child_told: str = ""
    is_guardian_told: bool | None = None
    guardian_told: str = ""
    wants_feedback: bool = True
    made_at: datetime | None = None
    receiver: str = ""
    sent_on: date | None = None
    sent_how: str = ""
    receipt: str = ""
    feedback: str = ""
    why_not: str = ""  # why it was not needed after all
    counted: tuple[Counted, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseLink:
    """The other's case in a couple, or the person somebody is a relative of; files stay apart."""

    other: str  # id of the other case
    form: str  # couple; relative: of the other's person; has_relative: the other way round
    words: str = ""


LINKS: dict[str, str] = {
    "couple": _("ett par: den andras ärende"),
    "relative": _("personen är anhörig till den i det andra ärendet"),
    "has_relative": _("den i det andra ärendet är anhörig till personen"),
}
# A report is written in Swedish, whatever language its writer reads.
_GROUNDS = "Barnet har sökt kontakt med oss. Det gäller: {grounds}."
_NEEDS = "Vad barnet behöver: {words}"
_OWN_VIEW = "Barnet säger själv: {words}"
_OTHER_WAY = {"couple": "couple", "relative": "has_relative", "has_relative": "relative"}


class NotLinkable(Refusal):
    """The two cases cannot be linked."""

    code = "cases.not_linkable"


def checked_child(child: Child, *, today: date) -> Child:
    """The child with texts that are safe to keep.

    Raises BadInput when nothing is said of her, and for a year of birth that makes her no child.
    """
    cleaned = replace(
        child,
        called=_line(child.called),
        lives_with=_line(child.lives_with),
        guardian=_line(child.guardian),
        needs=_words(child.needs),
        own_view=_words(child.own_view),
        informed=_words(child.informed),
    )
    if not (cleaned.called or cleaned.needs or cleaned.own_view or cleaned.birth_year):
        raise BadInput(_("Skriv något om barnet: vad det kallas, dess ålder eller dess behov."))
    check_child_year(cleaned.birth_year, today=today)
    return cleaned


def check_child_year(birth_year: int | None, *, today: date) -> None:
    """Pass no year, or one of someone who may be under 18. Raises BadInput."""
    if birth_year is not None and age_group_of_birth_year(birth_year, on=today) != AgeGroup.CHILD:
        raise BadInput(
            _("Den som är född {year} är inte under 18 år. Rätta födelseåret."), year=birth_year
        )


def begun(
    case: CaseContent,
    child: Child | None,
    *,
    about: str,
    grounds: Collection[str],
    nearest: str,
) -> ChildWelfareReport:
    """A report as far as the case knows it: of the client who is a child, or of a child of hers.

    about: id of the child's record. grounds: the case's, in words. nearest: the municipality where
    the person is met, when none was stated.
    """
    municipality = case.municipality if case.municipality.isdigit() else nearest
    is_client = child is None and case.age_group == AgeGroup.CHILD
    told = [_GROUNDS.format(grounds=", ".join(grounds))] if is_client and grounds else []
    if child is None:
        return ChildWelfareReport(
            municipality=municipality,
            concern="",
            known="\n".join(told),
            is_client=is_client,
            child=case.called if is_client else "",
            child_birth_year=case.birth_year if is_client else None,
        )
    told += [_NEEDS.format(words=child.needs)] if child.needs else []
    told += [_OWN_VIEW.format(words=child.own_view)] if child.own_view else []
    return ChildWelfareReport(
        municipality=municipality,
        concern="",
        known="\n".join(told),
        about=about,
        child=child.called,
        child_birth_year=child.birth_year,
        whereabouts=child.lives_with,
        guardians=child.guardian,
    )


def checked_report(
    report: ChildWelfareReport,
    *,
    case: CaseContent,
    municipalities: Collection[str],
    today: date,
) -> ChildWelfareReport:
    """The report with texts that are safe to keep.

    Raises BadInput without a concern or a municipality, and for an address that is protected.
    """
    if report.municipality not in municipalities:
        raise BadInput(_("Välj den kommun där barnet bor eller vistas."))
    check_child_year(report.child_birth_year, today=today)
    if case.is_protected and report.child_address.strip():
        raise BadInput(
            _("Personen har skyddade personuppgifter: ingen adress skrivs. Ta bort adressen.")
        )
    cleaned = replace(
        report,
        child=_line(report.child),
        child_address=_words(report.child_address),
        whereabouts="" if case.is_protected else _words(report.whereabouts),
        guardians=_words(report.guardians),
        concern=_words(report.concern),
        known=_words(report.known),
        protection=_words(report.protection),
        child_told=_words(report.child_told),
        guardian_told=_words(report.guardian_told),
    )
    if not cleaned.concern:
        raise BadInput(_("Skriv vad du är orolig för. Det räcker att du misstänker det."))
    return cleaned


def sent(
    report: ChildWelfareReport,
    *,
    on: date,
    how: str,
    receiver: str,
    receipt: str,
    today: date,
) -> ChildWelfareReport:
    """The report as sent. Raises BadInput for a day that has not been, or before it was made."""
    if how not in SENT_HOW:
        raise BadInput(_("{name}: välj något i listan."), name=_("Hur"))
    if on > today:
        raise BadInput(_("Dagen {on} har inte varit än. Skriv den dag då det hände."), on=on)
    if report.made_at is not None and on < report.made_at.astimezone(HERE).date():
        raise BadInput(_("Anmälan gjordes efter den {on}. Skriv den dag då den lämnades."), on=on)
    receiver = _line(receiver)
    if not receiver:
        raise BadInput(_("Skriv vem som tog emot anmälan, till exempel mottagningsenheten."))
    return replace(report, sent_on=on, sent_how=how, receiver=receiver, receipt=_line(receipt))


def feedback_by(report: ChildWelfareReport) -> date | None:
    """The day by which the board tells what came of it, when that was asked for (SoL 19:6)."""
    if not (report.wants_feedback and report.sent_on):
        return None
    return report.sent_on + FEEDBACK_WITHIN


def answered(report: ChildWelfareReport, feedback: str) -> ChildWelfareReport:
    """The report with what the board answered. Raises BadInput without a word of it."""
    words = _words(feedback)
    if not words:
        raise BadInput(_("Skriv vad nämnden svarade, eller att den inte har svarat."))
    return replace(report, feedback=words)


def not_needed(report: ChildWelfareReport, why: str) -> ChildWelfareReport:
    """The report that nobody sends, and why. Raises BadInput without a reason."""
    words = _words(why)
    if not words:
        raise BadInput(
            _("Skriv varför anmälan inte ska skickas, till exempel vem som redan gjort.")
        )
    return replace(report, why_not=words)


def check_links(links: Collection[CaseLink], *, own: str, other: str, form: str) -> None:
    """Pass a new link between two cases. Raises NotLinkable."""
    if form not in LINKS:
        raise BadInput(_("{name}: välj något i listan."), name=_("Koppling"))
    if own == other:
        raise NotLinkable(_("Ärendet kan inte kopplas till sig självt. Kontrollera numret."))
    if any(one.other == other for one in links):
        raise NotLinkable(_("De två ärendena är redan kopplade. Ta bort den kopplingen först."))


def seen_from_other(link: CaseLink, *, own: str) -> CaseLink:
    """The same link as it stands in the other case."""
    return CaseLink(other=own, form=_OTHER_WAY[link.form])


def _line(text: str) -> str:
    return " ".join(clean_text(text, LONGEST_LINE).split())


def _words(text: str) -> str:
    return clean_text(text, LONGEST_NOTE).strip()
