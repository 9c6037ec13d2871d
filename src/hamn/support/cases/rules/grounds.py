"""The legal grounds on which something may leave a unit, as a code list; each says what it demands.

There is no general clause among them (generalklausulen, OSL 10:27 does not reach 26:1-6). The list
is data: a ground is added here, with its provision, what must be written, and who may receive.
Where `is_to_confirm` is set the controller's lawyer has still to confirm the wording.
Source: docs/law.md section 2 (OSL rows) and section 4 rule 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from hamn.core.errors import BadInput, Refusal, _
from hamn.core.text import LONGEST_NOTE, clean_text

from .referrals import (
    MIKA_HALSA,
    POLICE,
    RECIPIENTS,
    SOCIAL_SERVICES,
    checked_recipient,
)

CONSENT, CONTACT_DETAILS = "consent", "contact_details"
# What a ground may demand beside recipient and what is given: field of Disclosure to question.
QUESTIONS: dict[str, str] = {
    "consent": _("Samtycke"),
    "need": _("Varför är det nödvändigt för vår egen verksamhet?"),
    "assessment": _("Bedömning: hur är villkoren uppfyllda?"),
    "balancing": _("Avvägning: varför väger intresset av sekretess inte tyngre?"),
    "statute": _("Vilken lag och paragraf säger att uppgiften ska lämnas?"),
    "threshold": _("Vilket brott misstänks, och vad är det lindrigaste straffet för det?"),
}
_POLICE = frozenset({POLICE})
_LAW = frozenset({POLICE, "prosecutor"})
_AUTHORITIES = frozenset(
    {
        *("city_district", SOCIAL_SERVICES, "emergency_social_service", POLICE, "prosecutor"),
        *("court", "migration_agency", "other_authority", "psychiatry", "health_care"),
        *("addiction_care", "trauma_care", MIKA_HALSA),
    }
)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Something left the unit: to whom, what, on which ground (sekretessprövning, OSL 26:1).

    ground: code of GROUNDS, or of SHARE_GROUNDS between units. consent: id of the consent's record.
    asked_by, approved_by: who asked for it and the second person who decided.
    """

    recipient: str
    ground: str
    what: str
    assessment: str = ""
    consent: str = ""
    statute: str = ""
    balancing: str = ""
    asked_by: int | None = None
    approved_by: int | None = None
    approved_on: date | None = None
    recipient_name: str = ""
    need: str = ""
    threshold: str = ""
    asked_on: date | None = None
    words: str = ""  # of who decided
    act: str = ""  # share or hand_over, where it was that
    used_for: str = ""  # id of the referral that went on it: a decision is used once

    @property
    def recipient_said(self) -> str:
        """The kind of recipient, as a sentence to translate."""
        return RECIPIENTS.get(self.recipient, self.recipient)

    @property
    def ground_said(self) -> str:
        """The ground's name, as a sentence to translate."""
        found = GROUNDS.get(self.ground)
        return found.name if found else SHARE_GROUNDS.get(self.ground, self.ground)

    @property
    def provision(self) -> str:
        """Where the ground stands, as a sentence to translate; empty between our own units."""
        found = GROUNDS.get(self.ground)
        return found.provision if found else ""

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """Question and answer of everything that the ground demanded."""
        return [
            (question, getattr(self, name))
            for name, question in QUESTIONS.items()
            if name != CONSENT and getattr(self, name)
        ]


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground for giving out: provision, what the law asks for, and what must be written.

    demands: names of QUESTIONS. recipients: empty for any. needs_second: a second person decides
    before anything leaves; not where the person herself has said yes, nor where waiting harms.
    """

    code: str
    name: str
    provision: str
    condition: str
    demands: tuple[str, ...]
    recipients: frozenset[str] = frozenset()
    needs_second: bool = True
    is_to_confirm: bool = False


_ALL = (
    Ground(
        CONSENT,
        _("samtycke"),
        _("10 kap. 1 § och 12 kap. 2 § offentlighets- och sekretesslagen"),
        _("Personen har sagt ja till mottagaren, ändamålet och tiden."),
        ("consent",),
        needs_second=False,
    ),
    Ground(
        "no_harm",
        _("det står klart att ingen lider men"),
        _("26 kap. 1 § offentlighets- och sekretesslagen"),
        _("Det står klart att varken personen eller någon närstående lider men."),
        ("assessment",),
    ),
    Ground(
        "own_work",
        _("nödvändigt för vår egen verksamhet"),
        _("10 kap. 2 § offentlighets- och sekretesslagen"),
        _("Vi kan inte utföra vår egen uppgift utan att lämna uppgiften. Tillämpas restriktivt."),
        ("need",),
    ),
    Ground(
        "prevent_crime",
        _("förebygga eller utreda brott eller felaktiga utbetalningar"),
        _("10 kap. 15 a § offentlighets- och sekretesslagen"),
        _("Myndigheten behöver uppgiften, och intresset av sekretess väger inte tyngre."),
        ("assessment", "balancing"),
        _AUTHORITIES,
    ),
    Ground(
        "young_at_risk",
        _("ung person riskerar att begå brott"),
        _("10 kap. 18 a § offentlighets- och sekretesslagen"),
        _(
            "Det finns risk för att den unga kommer att begå brott, uppgiften kan antas bidra till "
            "att förhindra det, och det är inte olämpligt att lämna den."
        ),
        ("assessment",),
        _POLICE,
        is_to_confirm=True,
    ),
    Ground(
        "prevent_terrorism",
        _("förebygga terroristbrott"),
        _("10 kap. 18 b § offentlighets- och sekretesslagen"),
        _(
            "Det finns risk för att personen kommer att begå terroristbrott, uppgiften kan antas "
            "bidra till att förhindra det, och det är inte olämpligt att lämna den."
        ),
        ("assessment",),
        _POLICE,
        is_to_confirm=True,
    ),
    Ground(
        "violence_against_close",
        _("risk för allvarligt våld mot en närstående"),
        _("10 kap. 18 c § offentlighets- och sekretesslagen"),
        _(
            "Det finns risk för ett allvarligt brott mot en närstående, uppgiften kan antas bidra "
            "till att förhindra det, och det är inte olämpligt att lämna den."
        ),
        ("assessment",),
        _POLICE,
        is_to_confirm=True,
    ),
    Ground(
        "police_help_at_once",
        _("polisen behöver genast hjälpa någon under 18 år"),
        _("10 kap. 20 § offentlighets- och sekretesslagen"),
        _("Någon under 18 år är i allvarlig och omedelbar fara, och polisen behöver uppgiften."),
        ("assessment",),
        _POLICE,
        needs_second=False,
        is_to_confirm=True,
    ),
    Ground(
        "crime_against_child",
        _("misstanke om brott mot ett barn"),
        _("10 kap. 21 § offentlighets- och sekretesslagen"),
        _("Någon under 18 år misstänks ha utsatts för ett brott som paragrafen räknar upp."),
        ("assessment", "threshold"),
        _LAW,
        is_to_confirm=True,
    ),
    Ground(
        "drugs_to_minor",
        _("misstanke om att någon under 18 år har fått narkotika"),
        _("10 kap. 22 § offentlighets- och sekretesslagen"),
        _("Någon misstänks ha gett eller sålt narkotika till någon under 18 år."),
        ("assessment", "threshold"),
        _LAW,
        is_to_confirm=True,
    ),
    Ground(
        "suspected_terrorism",
        _("misstanke om terroristbrott"),
        _("10 kap. 22 a § offentlighets- och sekretesslagen"),
        _("Någon misstänks för ett brott som paragrafen räknar upp."),
        ("assessment", "threshold"),
        _LAW,
        is_to_confirm=True,
    ),
    Ground(
        "committed_crime",
        _("misstanke om ett begånget allvarligt brott"),
        _("10 kap. 23 § offentlighets- och sekretesslagen"),
        _(
            "Brottet är så allvarligt som paragrafen kräver, med minst ett års fängelse i skalan. "
            "Rör det någon som själv är utsatt: väg in vad hen vill."
        ),
        ("assessment", "threshold"),
        _LAW,
        is_to_confirm=True,
    ),
    Ground(
        "duty_by_statute",
        _("en lag eller förordning kräver att uppgiften lämnas"),
        _("10 kap. 28 § offentlighets- och sekretesslagen"),
        _("En bestämmelse säger uttryckligen att just den här uppgiften ska lämnas."),
        ("statute", "assessment"),
        _AUTHORITIES,
    ),
    Ground(
        "child_report",
        _("orosanmälan för ett barn"),
        _("19 kap. 1 § socialtjänstlagen och 10 kap. 28 § offentlighets- och sekretesslagen"),
        _(
            "Ett barn far illa eller misstänks fara illa. Själva anmälan skrivs under Barn och "
            "anhöriga; här antecknas det som lämnas utöver den."
        ),
        ("assessment",),
        frozenset({SOCIAL_SERVICES, "city_district", "emergency_social_service"}),
        needs_second=False,
    ),
    Ground(
        CONTACT_DETAILS,
        _("brottsbekämpningen begär kontaktuppgifter"),
        _("4 § lagen (2025:170)"),
        _("Bara kontaktuppgifter, och bara de som finns lagrade: det som inte finns kan inte ges."),
        ("assessment",),
        _LAW,
        is_to_confirm=True,
    ),
)
GROUNDS: dict[str, Ground] = {one.code: one for one in _ALL}
# Between units of the board a share or a handing over needs one of these.
SHARE_GROUNDS: dict[str, str] = {
    CONSENT: _("personen samtycker"),
    "need_to_know": _("den andra enheten behöver uppgifterna i sitt eget arbete"),
}
NEED_TO_KNOW = "need_to_know"
_SHORTEST_REASON = 10


class NothingStored(Refusal):
    """What is asked for is not stored, so it cannot be given."""

    code = "cases.nothing_stored"


class SecondPersonNeeded(Refusal):
    """The one who asked cannot be the one who decides."""

    code = "cases.second_person"


def ground_of(code: str) -> Ground:
    """The ground. Raises BadInput for what is not in the list."""
    found = GROUNDS.get(code)
    if found is None:
        raise BadInput(_("Utan laglig grund lämnas inget ut. Välj en grund i listan."))
    return found


def at(place: int) -> Ground | None:
    """The ground at that place of the list, from 1; None beyond it."""
    return _ALL[place - 1] if 1 <= place <= len(_ALL) else None


def place_of(code: str) -> int:
    """The ground's place in the list, from 1."""
    return 1 + [one.code for one in _ALL].index(code)


def checked_disclosure(disclosure: Disclosure, *, has_details: bool) -> Disclosure:
    """The disclosure with texts that are safe to keep; it says all that its ground demands.

    has_details: whether contact details are stored. Raises BadInput, NothingStored.
    """
    ground = ground_of(disclosure.ground)
    disclosure = _cleaned(disclosure)
    if ground.recipients and disclosure.recipient not in ground.recipients:
        raise BadInput(
            _("På den grunden lämnas uppgifter bara till: {names}. Välj en annan grund."),
            names=[RECIPIENTS[one] for one in RECIPIENTS if one in ground.recipients],
        )
    if not disclosure.what:
        raise BadInput(_("Skriv vilka uppgifter som lämnas ut."))
    for name in ground.demands:
        if not getattr(disclosure, name):
            raise BadInput(_("Grunden kräver ett svar: {question}"), question=QUESTIONS[name])
    if ground.code == CONTACT_DETAILS and not has_details:
        raise NothingStored(
            _(
                "Inga kontaktuppgifter finns lagrade i ärendet, så inga kan lämnas. Svara det, och "
                "anteckna att frågan kom."
            )
        )
    return disclosure


def check_second(*, asked_by: int | None, by: int) -> None:
    """Pass another person than the one who asked. Raises SecondPersonNeeded."""
    if asked_by == by:
        raise SecondPersonNeeded(
            _("Du har själv begärt utlämnandet. En annan i ärendet eller enhetens chef prövar det.")
        )


def recipients_of(ground: Ground) -> Mapping[str, str]:
    """Who may receive on the ground, name by code."""
    return {
        code: name
        for code, name in RECIPIENTS.items()
        if not ground.recipients or code in ground.recipients
    }


def _cleaned(disclosure: Disclosure) -> Disclosure:
    texts: dict[str, Any] = {
        name: clean_text(getattr(disclosure, name), LONGEST_NOTE).strip()
        for name in ("what", *QUESTIONS)
    }
    name = checked_recipient(disclosure.recipient, disclosure.recipient_name)
    return replace(disclosure, recipient_name=name, **texts)


def check_share_ground(code: str, *, consent: str, reason: str) -> None:
    """Pass a consent, or a need to know that is stated. Raises BadInput."""
    if code not in SHARE_GROUNDS:
        raise BadInput(_("Välj på vilken grund den andra enheten får uppgifterna."))
    if code == CONSENT and not consent:
        raise BadInput(_("Välj det samtycke som gäller den andra enheten, eller anteckna ett."))
    if code == NEED_TO_KNOW and len(reason.strip()) < _SHORTEST_REASON:
        raise BadInput(
            _("Skriv varför den andra enheten behöver uppgifterna, så att någon kan pröva det.")
        )
