"""Every field that a case can say, as the person reads it in her extract (registerutdrag). Pure.

What is here is printed; what is left out stands in LEFT_OUT with its reason, and a test knows that
every field of every content is in one of the two. Words are Swedish: it is a Swedish paper.
Source: GDPR (2016/679) art. 15; OSL (2009:400) 12 kap.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import Any

from hamn.core.dates import swedish_date
from hamn.support.services.rules import (
    AGE_GROUPS,
    CHANNELS,
    CONTACT_KINDS,
    FORMS,
    RESIDENCE_CLASSES,
    RESULTS,
    SOURCES,
)

from . import (
    access,
    children,
    contacts,
    content,
    details,
    files,
    grounds,
    mail,
    notes,
    plans,
    referrals,
    shares,
)
from .content import IDENTITY_LEVELS
from .outcomes import in_words
from .safe_contact import WAYS

Names = Mapping[Any, str]
# Looked up by the caller, who knows the centre: names of codes by these words.
PERSON, UNIT, MUNICIPALITY, SERVICE, GROUND = "person", "unit", "municipality", "service", "ground"
_DAYS = dict(enumerate(("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")))
_FACTS = "nyckel till avidentifierad statistik, som inte säger något om personen"
_OTHER = "ett annat ärendes nyckel; kopplingen tas upp för sig"
_ROW = "nyckel till något som tas upp för sig"


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that is recorded, in words."""

    label: str
    value: str


Label = str | tuple[str, Names | str]
_CLOSURE_REASONS = {**plans.CLOSURE_REASONS, **plans.REOPENING_REASONS}
_PLACE: dict[str, Label] = {
    "grounds": ("Gäller", GROUND),
    "municipality": ("Hemkommun som du har sagt", MUNICIPALITY),
    "residence": ("Slags hemkommun", RESIDENCE_CLASSES),
    "age_group": ("Åldersgrupp", AGE_GROUPS),
    "source": ("Väg hit", SOURCES),
    "form": ("Form", FORMS),
}

LABELS: dict[type, dict[str, Label]] = {
    content.CaseContent: {
        "number": "Ärendenummer",
        "called": "Namn som du vill kallas",
        "identity_level": ("Hur du är känd här", IDENTITY_LEVELS),
        "personal_number": "Personnummer",
        "named_on": "Namngiven sedan",
        **_PLACE,
        "birth_year": "Födelseår",
        "language": "Språk",
        "wishes": "Dina önskemål",
        "safe_channels": ("Så får vi nå dig", WAYS),
        "forbidden_channels": ("Så får vi inte nå dig", WAYS),
        "safe_from": "Tidigast klockan",
        "safe_until": "Senast klockan",
        "safe_days": ("Dagar då vi får nå dig", _DAYS),
        "safe_note": "Mer om säker kontakt",
        "is_protected": "Skyddade personuppgifter",
        "informed_of_right_on": "Fick veta om rätten att ansöka",
        "reported_on": "Oro för dig anmäldes",
        "closure_reason": ("Varför kontakten avslutades", _CLOSURE_REASONS),
        "closure_outcome": ("Hur det gick", plans.CLOSURE_OUTCOMES),
    },
    content.ContactContent: {
        "channel": ("Hur", CHANNELS),
        "kind": ("Vad", CONTACT_KINDS),
        "minutes": "Minuter",
        **_PLACE,
        "is_acute": "Akut",
        "is_trafficking": "Misstänkt människohandel",
        "service": ("Verksamhet", SERVICE),
        "entitlement": ("Svar om rätt till stöd", RESULTS),
        "called": "Ville kallas",
        "text": "Anteckning",
        "text_by": ("Lydelsen skriven av", PERSON),
        "text_at": "Lydelsen skriven",
        "earlier": "Tidigare lydelser",
        "additions": "Tillägg",
        "counterpart": "Följde med till",
        "spoke": ("Vem som talade med dig", PERSON),
        "is_informed": "Fick veta om rätten att ansöka",
        "subject": "Ämne",
        "left_out": "Bilagor som inte togs emot",
        "answer_offer": ("Svar erbjudet", mail.OFFERS),
        "answered_on": "Besvarad",
        "handed_to": ("Lämnad till", UNIT),
        "handed_from": ("Lämnad av", UNIT),
        "handed_ground": ("Lämnad med stöd av", contacts.HANDING_GROUNDS),
        "handed_words": "Varför den lämnades",
    },
    notes.Note: {
        "title": "Rubrik",
        "text": "Anteckning",
        "by": ("Lydelsen skriven av", PERSON),
        "at": "Lydelsen skriven",
        "earlier": "Tidigare lydelser",
    },
    notes.Wording: {"title": "Rubrik", "text": "Text", "by": ("Av", PERSON), "at": "Skriven"},
    notes.Addition: {"text": "Tillägg", "on": "Dag", "by": ("Av", PERSON), "at": "Skrivet"},
    notes.Objection: {"about": "Vad den gäller", "text": "Invändning"},
    notes.Identity: {
        "was": ("Tidigare", IDENTITY_LEVELS),
        "now": ("Därefter", IDENTITY_LEVELS),
        "on": "Dag",
    },
    plans.Goal: {"words": "Mål", "came_of_it": "Hur det gick"},
    plans.Action: {
        "text": "Vad som ska göras",
        "who": ("Vem", plans.DOERS),
        "came_of_it": "Hur det gick",
        "channel": ("Hur vi hörs", WAYS),
        "at": "Tid",
    },
    plans.PracticalSupport: {
        "text": "Praktiskt stöd",
        "counterpart": ("Med", plans.COUNTERPARTS),
        "counterpart_name": "Vilken",
        "came_of_it": "Hur det gick",
    },
    plans.OutcomeFollowUp: {
        "measures": "Svar",
        "words": "Med egna ord",
        "unit": ("Gjord av", UNIT),
    },
    plans.Closure: {
        "reason": ("Varför", _CLOSURE_REASONS),
        "outcome": ("Hur det gick", plans.CLOSURE_OUTCOMES),
        "words": "Med ord",
        "referred_to": ("Hänvisad till", plans.COUNTERPARTS),
    },
    referrals.Referral: {
        "counterpart": ("Mottagare eller avsändare", referrals.RECIPIENTS),
        "counterpart_name": "Vilken",
        "text": "Text",
        "wish": "Önskan",
        "purpose": ("Ändamål", referrals.PURPOSES),
        "way": ("Hur", referrals.REFERRAL_WAYS),
        "letter": "Detta stod i brevet",
        "sent_on": "Skickad",
        "answer": "Svar",
        "answered_on": "Svar kom",
        "told_back": "Vi svarade",
        "outcome": ("Hur det gick", referrals.REFERRAL_OUTCOMES),
        "outcome_words": "Hur det gick, med ord",
        "outcome_on": "Utfall antecknat",
        "taken_back": ("Återtagen för att", referrals.TAKEN_BACK),
    },
    referrals.Piece: {"title": "Rubrik", "text": "Text"},
    referrals.Consent: {
        "purpose": ("Ändamål", referrals.PURPOSES),
        "purpose_words": "Ändamål, med ord",
        "recipient": ("Mottagare", referrals.RECIPIENTS),
        "recipient_name": "Vilken",
        "covers": "Omfattar",
        "until": "Gäller till och med",
        "how": ("Lämnat", referrals.GIVEN_HOW),
        "given_by": ("Lämnat av", referrals.GIVEN_BY),
        "is_read_aloud": "Uppläst för dig",
        "revoked_on": "Återkallat",
    },
    grounds.Disclosure: {
        "recipient": ("Mottagare", referrals.RECIPIENTS),
        "recipient_name": "Vilken",
        "what": "Vad som lämnades",
        "ground": (
            "Stöd",
            {code: one.name for code, one in grounds.GROUNDS.items()} | grounds.SHARE_GROUNDS,
        ),
        "assessment": "Bedömning",
        "statute": "Bestämmelse",
        "balancing": "Avvägning",
        "need": "Varför det var nödvändigt",
        "threshold": "Misstänkt brott",
        "asked_by": ("Begärt av", PERSON),
        "asked_on": "Begärt",
        "approved_by": ("Prövat av", PERSON),
        "approved_on": "Prövat",
        "words": "Beslutet med ord",
        "act": ("Mellan enheter", referrals.PURPOSES),
    },
    children.Child: {
        "called": "Barnet kallas",
        "birth_year": "Barnets födelseår",
        "needs": "Barnets behov",
        "own_view": "Barnet säger själv",
        "lives_with": "Barnet bor hos",
        "guardian": "Vårdnadshavare",
        "informed": "Barnet har fått veta",
        "handed_ground": ("Lämnat till koordinator med stöd av", contacts.HANDING_GROUNDS),
        "handed_on": "Lämnat till koordinator",
    },
    children.ChildWelfareReport: {
        "unit": ("Gjord av", UNIT),
        "municipality": ("Nämnd i", MUNICIPALITY),
        "concern": "Oron",
        "known": "Vad som var känt",
        "is_client": "Gäller dig",
        "child": "Barnet",
        "child_birth_year": "Barnets födelseår",
        "child_address": "Barnets adress",
        "whereabouts": "Var barnet är",
        "guardians": "Vårdnadshavare",
        "is_acute": "Akut",
        "protection": "Skydd",
        "is_child_told": "Barnet har fått veta det",
        "child_told": "Vad barnet har fått veta",
        "is_guardian_told": "Vårdnadshavare har fått veta det",
        "guardian_told": "Vad vårdnadshavare har fått veta",
        "wants_feedback": "Återkoppling begärd",
        "made_at": "Gjord",
        "sent_on": "Lämnad",
        "sent_how": ("Hur", children.SENT_HOW),
        "feedback": "Nämndens svar",
        "why_not": "Varför den inte skickades",
        "receiver": "Mottagare",
        "receipt": "Kvittens",
    },
    children.CaseLink: {"form": ("Slag", children.LINKS), "words": "Med ord"},
    shares.ShareReason: {"reason": "Varför"},
    access.BrokenGlass: {
        "kind": ("Slag", access.REASONS),
        "reason": "Anledning",
        "comment": "Granskarens ord",
    },
    files.FileContent: {
        "name": "Filnamn",
        "media_type": "Filtyp",
        "size": "Storlek i byte",
        "hash": "Kontrollsumma (SHA-256)",
        "about": "Vad filen visar",
    },
    details.Details: {"phone": "Telefon", "email": "E-post", "address": "Adress"},
    mail.Sender: {
        "address": "Avsändarens adress",
        "name": "Avsändarens namn",
        "forwarded_by": "Vidarebefordrat av",
        "others": "Andra adresser i brevet",
    },
}
LEFT_OUT: dict[type, dict[str, str]] = {
    content.CaseContent: {"counted": _FACTS},
    content.ContactContent: {"joint_with": _OTHER, "counted": _FACTS},
    plans.OutcomeFollowUp: {"counted": _FACTS},
    plans.Closure: {"counted": _FACTS, "uncounted": _FACTS},
    referrals.Referral: {"consent": _ROW, "disclosure": _ROW, "counted": _FACTS},
    referrals.Piece: {"code": _ROW},
    grounds.Disclosure: {"consent": _ROW, "used_for": _ROW},
    children.Child: {"own_case": _OTHER, "counted": _FACTS},
    children.ChildWelfareReport: {"about": _ROW, "counted": _FACTS},
    children.CaseLink: {"other": _OTHER},
    shares.ShareReason: {"consent": _ROW},
    files.FileContent: {"original": _ROW, "working": _ROW, "working_size": _ROW},
}


def told_of(says: Any, names: Mapping[str, Names]) -> list[Told]:
    """Everything that the content says, in words; what is empty is not told.

    names: of people, units, municipalities, services and grounds, by their code.
    """
    return list(_told(says, names))


def _told(says: Any, names: Mapping[str, Names]) -> Iterator[Told]:
    left_out = LEFT_OUT.get(type(says), {})
    labels = LABELS.get(type(says), {})
    for one in fields(says):
        value = getattr(says, one.name)
        if one.name in left_out or value is None or value in ("", ()):
            continue
        # A field that nobody has named is told under its own name: never forgotten.
        label = labels.get(one.name, one.name)
        name, known = label if isinstance(label, tuple) else (label, {})
        found = names.get(known, {}) if isinstance(known, str) else known
        if isinstance(says, plans.OutcomeFollowUp) and one.name == "measures":
            yield from (Told(question, answer) for question, answer in in_words(value))
        else:
            yield Told(name, _words(value, found, lambda each: told_of(each, names)))


def _words(value: Any, found: Names, inside: Callable[[Any], list[Told]]) -> str:
    if isinstance(value, tuple | list):
        parts = [_words(one, found, inside) for one in value]
        return ("\n\n" if any(is_dataclass(one) for one in value) else ", ").join(parts)
    if is_dataclass(value):
        return "\n".join(f"{one.label}: {one.value}" for one in inside(value))
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return _plain_words(value, found)


def _plain_words(value: Any, found: Names) -> str:
    if isinstance(value, datetime):
        return f"{swedish_date(value.date())} klockan {value:%H.%M}"
    if isinstance(value, date):
        return swedish_date(value)
    return str(found.get(value, value))
