"""Invented papers of every kind; nobody and nothing in them exists."""

from collections.abc import Callable
from datetime import date, datetime

from hamn.papers.casework.case_copy import (
    CaseCopy,
    Decision,
    FinalNote,
    Goal,
    Meeting,
    Step,
    case_copy_pdf,
)
from hamn.papers.casework.child_report import Child, ChildReport, child_report_pdf
from hamn.papers.casework.data_extract import (
    DataExtract,
    Field,
    Processing,
    Section,
    data_extract_pdf,
)
from hamn.papers.casework.disclosure import Disclosure, Outcome, disclosure_pdf
from hamn.papers.casework.disposal_certificate import (
    DisposalCertificate,
    RuleCount,
    disposal_certificate_pdf,
)
from hamn.papers.casework.page import Marking, Office, Recipient, Signer, Withheld
from hamn.papers.casework.referral import ChosenText, Referral, referral_pdf

DAY = date(2026, 11, 20)
OFFICE = Office(
    unit="Mikamottagningen",
    authority="Exempelstads socialnämnd",
    address=("Påhittade gatan 1", "123 45 Exempelstad"),
    phone="08-465 004 00",
    email="mika@example.org",
)
RECIPIENT = Recipient(
    name="Socialnämnden i Exempelköping",
    address=("Barn och familj", "Box 0", "123 46 Exempelköping"),
)
MARKING = Marking(authority="Exempelstads socialnämnd, Mikamottagningen", marked_on=DAY)
SIGNER = Signer(name="Alva Påhitt", role="Socionom", unit="Mikamottagningen", phone="08-465 004 01")
WITHHELD = (
    Withheld(
        what="En anteckning den 3 mars 2026",
        provision="26 kap. 1 § OSL",
        why="Den handlar om en annan person, som kan lida men.",
    ),
)


def child_report(text: str = "Barnet har setts ensamt ute flera nätter.", **more: object) -> bytes:
    told: dict[str, object] = {
        "recipient": RECIPIENT,
        "reporter": SIGNER,
        "office": OFFICE,
        "marking": MARKING,
        "made_at": datetime(2026, 11, 20, 14, 5),  # noqa: DTZ001 - printed as it stands
        "children": (Child(name="Påhittad Ungson", birth="2015", whereabouts="Hos en granne"),),
        "known": text,
        "worry": "Vi är oroliga för att ingen vuxen tar hand om barnet.\n\nDet har pågått länge.",
        "needs_protection_now": True,
        "protection_note": "Barnet är ensamt hemma i natt.",
        "guardian_informed": False,
        "guardian_note": "Det kan göra barnets läge värre.",
        "child_informed": None,
        "reference": "ANM-2026-17",
    }
    return child_report_pdf(ChildReport(**{**told, **more}))  # type: ignore[arg-type]


def case_copy(text: str = "Vi pratade om hur veckan har varit.", **more: object) -> bytes:
    told: dict[str, object] = {
        "made_on": DAY,
        "called": "Blå",
        "contact": "Alva, 08-465 004 01",
        "goals": (
            Goal(
                own_words="Jag vill kunna sova en hel natt.",
                steps=(
                    Step(what="Boka tid hos vårdcentralen", who="Alva", due=date(2026, 12, 1)),
                    Step(what="Prova att gå en promenad varje dag", who="Jag", is_done=True),
                ),
            ),
        ),
        "meetings": (
            Meeting(on=date(2026, 11, 3), how="Samtal på mottagningen", who="Alva"),
            Meeting(on=date(2026, 11, 10), how="Telefon", who="Alva"),
        ),
        "notes": (
            FinalNote(
                on=date(2026, 11, 3),
                by="Alva",
                text=text,
                additions=("Tiden hos vårdcentralen blev den 1 december.",),
                objection="Jag sov faktiskt bra i måndags.",
            ),
        ),
        "decisions": (
            Decision(
                on=DAY, what="Du får följa med på samtal", by="Bo Chef", reasons="Du bad om det."
            ),
        ),
        "withheld": WITHHELD,
    }
    return case_copy_pdf(CaseCopy(**{**told, **more}))  # type: ignore[arg-type]


def extract(text: str = "Samtal om boende.", **more: object) -> DataExtract:
    told: dict[str, object] = {
        "office": OFFICE,
        "person": "Den som kallar sig Blå",
        "asked_on": date(2026, 11, 2),
        "made_on": DAY,
        "reference": "BEG-2026-4",
        "processing": Processing(
            controller="Exempelstads socialnämnd",
            purpose="Ge råd, stöd och hjälp enligt socialtjänstlagen.",
            legal_ground="Artikel 6.1 e och 9.2 h i dataskyddsförordningen; lagen (2001:454).",
            categories="Kontakter, anteckningar, plan, hälsa i den mån du har berättat.",
            source="Du själv.",
            recipients="Vårdcentralen i Exempelstad, med ditt samtycke den 3 november 2026.",
            kept_until="Fem år efter den sista anteckningen (16 kap. 1 § socialtjänstlagen).",
            data_protection_officer="dataskyddsombud@example.org",
        ),
        "sections": (
            Section(
                title="Kontakt den 3 november 2026",
                fields=(Field(label="Form", value="Besök"), Field(label="Anteckning", value=text)),
            ),
            Section(title="Plan", fields=(Field(label="Mål", value="Sova en hel natt"),)),
        ),
        "withheld": WITHHELD,
    }
    return DataExtract(**{**told, **more})  # type: ignore[arg-type]


def data_extract(text: str = "Samtal om boende.") -> bytes:
    return data_extract_pdf(extract(text))


def referral(text: str = "Har svårt att sova.", **more: object) -> bytes:
    told: dict[str, object] = {
        "office": OFFICE,
        "recipient": Recipient(name="Traumamottagningen i Exempelstad"),
        "marking": MARKING,
        "signer": SIGNER,
        "on": DAY,
        "person": "Blå",
        "purpose": "Bedömning av behov av traumabehandling",
        "ground": "Samtycke den 18 november 2026 (10 kap. 1 § OSL)",
        "texts": (ChosenText(title="Bakgrund", text=text),),
        "wish": "Kalla till ett första besök.",
        "safe_contact": "Bara genom oss. Ring inte och skicka inga brev hem.",
        "answer_by": date(2026, 12, 18),
    }
    return referral_pdf(Referral(**{**told, **more}))  # type: ignore[arg-type]


def disposal_certificate(text: str = "Huvudregel, fem år efter sista anteckning") -> bytes:
    return disposal_certificate_pdf(
        DisposalCertificate(
            office=OFFICE,
            number="GALL-2026-2",
            listed_on=date(2026, 11, 2),
            listed_by="Alva Påhitt",
            approved_on=date(2026, 11, 16),
            approved_by="Bo Chef",
            done_at=datetime(2026, 11, 20, 9, 30),  # noqa: DTZ001 - printed as it stands
            done_by="Cia Drift",
            counts=(
                RuleCount(rule=text, source="16 kap. 1 § SoL", destroyed=41),
                RuleCount(rule="Forskningsurval", source="16 kap. 4 § SoL", destroyed=0, kept=3),
            ),
            attachments=12,
            old_key_version=3,
            new_key_version=4,
            backups_until=date(2026, 12, 20),
        )
    )


def disclosure(text: str = "Det är inte klart att uppgifterna kan röjas.", **more: object) -> bytes:
    told: dict[str, object] = {
        "office": OFFICE,
        "receiver": Recipient(name="Dag Frågvis", address=("dag@example.org",)),
        "asked_by": "Dag Frågvis",
        "asked_on": date(2026, 11, 12),
        "request": "Alla anteckningar om besök i oktober.",
        "outcome": Outcome.PARTLY,
        "assessment": text,
        "withheld": WITHHELD,
        "decided_on": DAY,
        "decided_by": SIGNER,
        "reference": "DNR-2026-88",
        "court": "Kammarrätten i Exempelstad",
    }
    return disclosure_pdf(Disclosure(**{**told, **more}))  # type: ignore[arg-type]


PAPERS: dict[str, Callable[[str], bytes]] = {
    "child_report": child_report,
    "case_copy": case_copy,
    "data_extract": data_extract,
    "referral": referral,
    "disposal_certificate": disposal_certificate,
    "disclosure": disclosure,
}
