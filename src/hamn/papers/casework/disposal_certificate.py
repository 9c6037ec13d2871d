"""A certificate that files have been destroyed (gallringsintyg); it says nothing about whose.

Source: SoL (2025:400) 16 kap. 1-2 §§; docs/adr/0021.
"""

from dataclasses import dataclass
from datetime import date, datetime

from hamn.core.dates import swedish_date
from hamn.papers.casework.page import (
    Office,
    Page,
    Part,
    facts,
    heading,
    listing,
    moment,
    printed,
    prose,
)

_DONE = (
    "Akternas nycklar, innehåll, sökord och bilagor är förstörda. Enhetens nyckel är utbytt: "
    "kvarvarande akter har låsts om till den nya, och den gamla är förstörd. Det som kan finnas "
    "kvar i äldre säkerhetskopior går därför inte att läsa.\n\n"
    "Statistik utan uppgift om person finns kvar. Intyget innehåller inga uppgifter ur akterna."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCount:
    """How many files went by one rule, and where the rule stands."""

    rule: str
    source: str
    destroyed: int
    kept: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalCertificate:
    """What was destroyed, when, on whose word; counts only.

    kept: files on the list that a hold or an exception kept. backups_until: the day when the last
    copy of the old key that a backup may hold is past its longest age.
    """

    office: Office
    number: str
    listed_on: date
    listed_by: str
    approved_on: date
    approved_by: str
    done_at: datetime
    done_by: str
    counts: tuple[RuleCount, ...]
    old_key_version: int
    new_key_version: int
    attachments: int = 0
    backups_until: date | None = None


def disposal_certificate_pdf(certificate: DisposalCertificate) -> bytes:
    """The certificate to archive."""
    page = Page(
        heading="Gallringsintyg",
        title=f"Gallringsintyg {certificate.number}",
        office=certificate.office,
    )
    parts = [
        facts(
            ("Intyg", certificate.number),
            ("Enhet", certificate.office.unit),
            ("Listan gjord", f"{swedish_date(certificate.listed_on)}, {certificate.listed_by}"),
            ("Godkänd av", f"{certificate.approved_by}, {swedish_date(certificate.approved_on)}"),
            ("Utförd", f"{moment(certificate.done_at)}, {certificate.done_by}"),
        ),
        *_counts(certificate),
        heading("Nycklar"),
        facts(
            ("Förstörd nyckel", f"version {certificate.old_key_version}"),
            ("Ny nyckel", f"version {certificate.new_key_version}"),
            ("Säkerhetskopior av nyckeln", _backups(certificate.backups_until)),
        ),
        prose(_DONE),
    ]
    return printed(page, parts, dated=certificate.done_at.date())


def _counts(certificate: DisposalCertificate) -> list[Part]:
    rows = [(one.rule, one.source, str(one.destroyed), str(one.kept)) for one in certificate.counts]
    total = (
        "Summa",
        "",
        *(
            str(sum(n))
            for n in (
                [one.destroyed for one in certificate.counts],
                [one.kept for one in certificate.counts],
            )
        ),
    )
    columns = [("Regel", 5), ("Var den står", 4), ("Gallrade akter", 3), ("Undantagna", 3)]
    return [
        heading("Antal"),
        listing(columns, [*rows, total], numbers=(2, 3)),
        facts(("Gallrade bilagor", str(certificate.attachments))),
    ]


def _backups(until: date | None) -> str:
    return f"har alla passerat sin längsta ålder den {swedish_date(until)}" if until else ""
