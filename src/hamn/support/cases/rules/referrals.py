"""What referrals, consents and disclosures say, and what a referral needs before it goes. Pure.

Nobody tells a person's home municipality about her: it is a recipient only when she has consented
to it (B19). Mika Hälsa is another principal, reached like any other recipient (Z28).
Source: requirements B9, B19, B31-B33, Z28; OSL 10:1, 12:2-3, 26:1.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hamn.core.errors import BadInput, Refusal, _
from hamn.core.text import LONGEST_NOTE, clean_text
from hamn.support.services.rules import DECLINED, UNKNOWN

from .content import Counted

if TYPE_CHECKING:
    from .grounds import Disclosure

LONGEST_LINE = 200
LONGEST_CONSENT = timedelta(days=366)
MIKA_HALSA, SOCIAL_SERVICES = "mika_halsa", "social_services"
OTHER_UNIT, POLICE = "other_unit", "police"
# Who a referral or a disclosure goes to, or comes from: kinds, never a person's name.
RECIPIENTS: dict[str, str] = {
    "trauma_care": _("traumabehandling"),
    "psychiatry": _("psykiatri"),
    "health_care": _("sjukvård"),
    "addiction_care": _("beroendevård"),
    MIKA_HALSA: _("Mika Hälsa, Region Stockholm"),
    "city_district": _("stadsdelsförvaltning"),
    SOCIAL_SERVICES: _("socialtjänsten i en kommun"),
    "emergency_social_service": _("Socialjouren"),
    OTHER_UNIT: _("en annan enhet hos oss"),
    POLICE: _("polisen"),
    "prosecutor": _("åklagare"),
    "court": _("domstol"),
    "migration_agency": _("Migrationsverket"),
    "other_authority": _("annan myndighet"),
    "protected_housing": _("skyddat boende"),
    "lawyer": _("advokat eller målsägandebiträde"),
    "civil_society": _("förening eller annan civil aktör"),
    "other": _("någon annan"),
}
# Of these there is only one, or the kind says enough: no name is asked for.
NAMED_BY_KIND = frozenset({MIKA_HALSA, "emergency_social_service", POLICE, "migration_agency"})
# To these a referral goes on the person's own consent and nothing else (B19).
ON_CONSENT_ALONE = frozenset({SOCIAL_SERVICES})

LETTER, SPOKEN, HERSELF = "letter", "spoken", "herself"
REFERRAL_WAYS: dict[str, str] = {
    LETTER: _("vi skickar ett brev"),
    SPOKEN: _("vi berättar muntligt, till exempel per telefon"),
    HERSELF: _("personen tar själv kontakt, och vi lämnar inga uppgifter"),
}
REFERRAL_OUTCOMES: dict[str, str] = {
    "help_given": _("personen fick hjälp där"),
    "help_started": _("hjälpen har börjat"),
    "queue": _("personen står i kö"),
    "declined": _("mottagaren avböjde"),
    "person_declined": _("personen ville inte"),
    "no_answer": _("mottagaren svarade inte"),
    "unknown": _("det vet vi inte"),
}
TAKEN_BACK: dict[str, str] = {
    "not_needed": _("den behövs inte längre"),
    "person_changed_mind": _("personen har ändrat sig"),
    "mistake": _("den registrerades av misstag"),
}
MISTAKE = "mistake"

PURPOSES: dict[str, str] = {
    "referral": _("att få hjälp hos mottagaren"),
    "cooperation": _("att vi samarbetar med mottagaren om stödet"),
    "share": _("att en annan enhet hos oss får läsa ärendet"),
    "hand_over": _("att en annan enhet hos oss tar över ärendet"),
    "report": _("en anmälan eller ett mål, till exempel hos polisen"),
    "rights": _("att få ersättning, bidrag, bostad eller tillstånd"),
    "other": _("annat"),
}
BETWEEN_UNITS = frozenset({"share", "hand_over"})
TO_OTHERS: dict[str, str] = {
    code: name for code, name in PURPOSES.items() if code not in BETWEEN_UNITS
}
GIVEN_HOW: dict[str, str] = {
    "spoken": _("muntligt"),
    "written": _("skriftligt"),
    "interpreter": _("muntligt, genom tolk"),
}
GIVEN_BY: dict[str, str] = {
    "person": _("personen själv"),
    "guardian": _("vårdnadshavare"),
    "appointed_guardian": _("god man eller förordnad förmyndare"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the case that may go in a letter, or went. code: what it was made from."""

    code: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Referral:
    """A link to somebody else's help, out or in (länkning, remiss).

    counterpart: code of RECIPIENTS. consent, disclosure: id of the record that lets it go.
    letter: what went, word for word. told_back: what an incoming one was answered.
    """

    counterpart: str
    counterpart_name: str = ""
    text: str = ""
    wish: str = ""
    purpose: str = "referral"  # code of TO_OTHERS
    way: str = LETTER
    consent: str = ""
    disclosure: str = ""
    letter: tuple[Piece, ...] = ()
    sent_on: date | None = None
    answer: str = ""
    answered_on: date | None = None
    told_back: str = ""
    outcome: str = ""
    outcome_words: str = ""
    outcome_on: date | None = None
    taken_back: str = ""
    counted: tuple[Counted, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """To or from which kind of recipient, how and for what, as sentences to translate."""
        return _named(
            (self.counterpart, RECIPIENTS), (self.way, REFERRAL_WAYS), (self.purpose, PURPOSES)
        )

    @property
    def outcome_said(self) -> str:
        """What came of it, as a sentence to translate; empty while nothing has."""
        return REFERRAL_OUTCOMES.get(self.outcome, "")

    @property
    def taken_back_said(self) -> str:
        """Why it was taken back, as a sentence to translate."""
        return TAKEN_BACK.get(self.taken_back, "")


@dataclass(frozen=True, slots=True)
class Consent:
    """The person lifts the secrecy (samtycke, OSL 12:2) for a purpose, a recipient and a time.

    purpose: code of PURPOSES; recipient: code of RECIPIENTS.
    """

    purpose: str
    recipient: str
    covers: str = ""
    until: date | None = None
    how: str = ""  # code of GIVEN_HOW
    revoked_on: date | None = None
    recipient_name: str = ""
    purpose_words: str = ""
    given_by: str = "person"
    is_read_aloud: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """To which kind of recipient and for what, as sentences to translate."""
        return _named((self.recipient, RECIPIENTS), (self.purpose, PURPOSES))

    @property
    def given(self) -> tuple[str, ...]:
        """How it was given and by whom, as sentences to translate."""
        return _named((self.how, GIVEN_HOW), (self.given_by, GIVEN_BY))


class NoConsent(Refusal):
    """No consent in force covers what is about to leave."""

    code = "cases.no_consent"


class NotAffiliated(Refusal):
    """Mika Hälsa is worked with for residents of affiliated municipalities alone (B33)."""

    code = "cases.not_affiliated"


def checked_recipient(kind: str, name: str) -> str:
    """The recipient's name as it is kept.

    Raises BadInput for a kind that is not in the list, and where the kind alone says too little.
    """
    if kind not in RECIPIENTS:
        raise BadInput(_("{name}: välj något i listan."), name=_("Mottagare"))
    name = _line(name)
    if not name and kind not in NAMED_BY_KIND:
        raise BadInput(_("Skriv vilken mottagning, myndighet eller förening det gäller."))
    return name


def check_mika_halsa(
    recipient: str, municipality: str, *, affiliated: Collection[str], provider: str
) -> None:
    """Pass any other recipient, and a person who says that she lives where an agreement is.

    municipality: as she has stated it. Raises NotAffiliated with what to do.
    """
    if recipient != MIKA_HALSA or municipality == provider or municipality in affiliated:
        return
    if municipality in ("", UNKNOWN):
        raise NotAffiliated(
            _(
                "Mika Hälsa: vi samarbetar bara om den som bor i en kommun som har slutit avtal, "
                "och personens kommun är inte känd. Fråga om personen vill säga den; det räcker "
                "att hen säger det. Skriv den under Uppgifter. Personen kan alltid kontakta Mika "
                "Hälsa själv: välj då att personen tar kontakt."
            )
        )
    if municipality == DECLINED:
        raise NotAffiliated(
            _(
                "Mika Hälsa: vi samarbetar bara om den som bor i en kommun som har slutit avtal, "
                "och personen vill inte säga sin kommun. Fråga inte igen. Personen kan alltid "
                "kontakta Mika Hälsa själv: välj då att personen tar kontakt."
            )
        )
    raise NotAffiliated(
        _(
            "Mika Hälsa: vi samarbetar bara om den som bor i en kommun som har slutit avtal, och "
            "det har inte personens kommun den här dagen. Personen kan alltid kontakta Mika Hälsa "
            "själv: välj då att personen tar kontakt."
        )
    )


def checked_consent(consent: Consent, *, given_on: date, today: date) -> Consent:
    """The consent with texts that are safe to keep.

    Raises BadInput unless it says to whom, for what, what, until when, and how it was given.
    """
    _check_consent_codes(consent)
    name = checked_recipient(consent.recipient, consent.recipient_name)
    cleaned = replace(
        consent,
        recipient_name=name,
        covers=cleaned_words(consent.covers),
        purpose_words=_line(consent.purpose_words),
    )
    if not cleaned.covers:
        raise BadInput(_("Skriv vilka uppgifter samtycket omfattar."))
    if cleaned.purpose == "other" and not cleaned.purpose_words:
        raise BadInput(_("Skriv vad uppgifterna ska användas till."))
    if given_on > today:
        raise BadInput(_("Dagen {on} har inte varit än. Skriv den dag då det hände."), on=given_on)
    _check_until(cleaned.until, given_on, today)
    return cleaned


def is_in_force(consent: Consent, state: str, *, given_on: date, on: date) -> bool:
    """Whether something may be sent on the consent that day; its last day counts."""
    if state != "given" or consent.until is None:
        return False
    return given_on <= on <= consent.until


def check_code(name: str, code: str, names: Collection[str]) -> None:
    """Pass a code that the list has. name: the list's own. Raises BadInput."""
    if code not in names:
        raise BadInput(_("{name}: välj något i listan."), name=name)


def check_covers(
    consent: Consent,
    state: str,
    *,
    given_on: date,
    recipient: str,
    name: str,
    purposes: Collection[str],
    on: date,
) -> None:
    """Pass a consent that is in force that day for this recipient and one of these purposes.

    Raises NoConsent that says what is missing.
    """
    if state == "revoked":
        raise NoConsent(_("Samtycket är återkallat. Ingenting får skickas med stöd av det."))
    if not is_in_force(consent, state, given_on=given_on, on=on):
        raise NoConsent(
            _("Samtycket gäller inte den dagen. Fråga personen igen och anteckna ett nytt.")
        )
    if consent.purpose not in purposes:
        raise NoConsent(
            _("Samtycket gäller ett annat ändamål. Fråga personen och anteckna ett nytt.")
        )
    if consent.recipient != recipient or not _same(consent.recipient_name, name):
        raise NoConsent(
            _("Samtycket gäller en annan mottagare. Fråga personen och anteckna ett nytt.")
        )


def checked_referral(referral: Referral) -> Referral:
    """The referral with texts that are safe to keep. Raises BadInput."""
    check_code(_("Hur"), referral.way, REFERRAL_WAYS)
    check_code(_("Ändamål"), referral.purpose, TO_OTHERS)
    return replace(
        referral,
        counterpart_name=checked_recipient(referral.counterpart, referral.counterpart_name),
        text=cleaned_words(referral.text),
        wish=cleaned_words(referral.wish),
    )


def check_way(referral: Referral, chosen: Collection[str]) -> None:
    """Pass what may go in the way that was agreed on. Raises BadInput."""
    if referral.way == HERSELF and chosen:
        raise BadInput(_("Personen tar själv kontakt: då lämnar vi inga uppgifter. Välj bort dem."))
    if referral.way == LETTER and not (chosen or referral.text):
        raise BadInput(_("Brevet är tomt. Skriv något i remissen, eller välj vad som ska med."))


def check_basis(referral: Referral, *, consent: str, disclosure: str) -> None:
    """Pass a referral that one consent, or one decided disclosure, lets go.

    Raises NoConsent. Where the person goes herself nothing leaves, and nothing is needed.
    """
    if referral.way == HERSELF:
        return
    if bool(consent) == bool(disclosure):
        raise NoConsent(
            _(
                "Välj det samtycke, eller det beslut om utlämnande, som låter uppgifterna gå. "
                "Finns inget: fråga personen och anteckna samtycket först."
            )
        )
    if disclosure and referral.counterpart in ON_CONSENT_ALONE:
        raise NoConsent(
            _(
                "Till socialtjänsten i en kommun går en remiss bara med personens eget samtycke. "
                "Fråga personen och anteckna samtycket först."
            )
        )


def check_disclosed(
    disclosure: "Disclosure", state: str, *, recipient: str, name: str, referral: str
) -> None:
    """Pass a disclosure that is decided, to this recipient, and used for no other referral.

    referral: id of the one that would go on it. Raises NoConsent.
    """
    if state != "decided":
        raise NoConsent(_("Utlämnandet är inte beslutat. Vänta tills en andra person har prövat."))
    if disclosure.recipient != recipient or not _same(disclosure.recipient_name, name):
        raise NoConsent(_("Beslutet om utlämnande gäller en annan mottagare. Gör en ny prövning."))
    if disclosure.used_for not in ("", referral):
        raise NoConsent(
            _("Beslutet om utlämnande har redan använts, och gäller en gång. Gör en ny prövning.")
        )


def _check_consent_codes(consent: Consent) -> None:
    check_code(_("Ändamål"), consent.purpose, PURPOSES)
    check_code(_("Hur"), consent.how, GIVEN_HOW)
    check_code(_("Vem"), consent.given_by, GIVEN_BY)


def _check_until(until: date | None, given_on: date, today: date) -> None:
    if until is None:
        raise BadInput(_("Skriv till och med vilken dag samtycket gäller."))
    if until < max(given_on, today):
        raise BadInput(
            _("Samtycket skulle redan ha gått ut den {until}. Rätta dagen."), until=until
        )
    if until > given_on + LONGEST_CONSENT:
        raise BadInput(_("Ett samtycke gäller högst ett år. Fråga personen igen efter det."))


def _named(*pairs: tuple[str, Mapping[str, str]]) -> tuple[str, ...]:
    return tuple(names.get(code, code) for code, names in pairs)


def _same(one: str, other: str) -> bool:
    return _line(one).casefold() == _line(other).casefold()


def _line(text: str) -> str:
    return " ".join(clean_text(text, LONGEST_LINE).split())


def cleaned_words(text: str) -> str:
    """A text that is safe to keep. Raises BadInput."""
    return clean_text(text, LONGEST_NOTE).strip()
