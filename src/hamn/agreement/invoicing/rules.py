"""What a municipality is charged for a year, or why not; numbers, dates and states. Pure.

Preview and issue both ask `plan`, so they cannot differ.
Source: agreement template 2021 § 6; requirements H6-H13, Z8-Z15.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from hamn.agreement.tariffs import rules as tariffs
from hamn.agreement.tariffs.rules import Basis, Fee, Step
from hamn.core.dates import swedish_date
from hamn.core.errors import BadInput, Refusal, _, in_words
from hamn.core.money import kronor

from .document import Kind

DAYS_TO_PAY = 30  # after receipt (§ 6, Z13)
LONGEST_REASON = 300
LONGEST_NUMBER = 30


class YearNotBegun(Refusal):
    """An invoice for a year that has not begun may be previewed, not issued."""

    code = "invoicing.year_not_begun"


class NotCreditable(Refusal):
    """There is nothing left to credit, or the document cannot be credited here."""

    code = "invoicing.not_creditable"


class NotDeliverable(Refusal):
    """The delivery's states do not allow this step."""

    code = "invoicing.not_deliverable"


class Stopped(Refusal):
    """The e-invoice breaks a rule, so the invoice is not issued; the violations are its facts."""

    code = "invoicing.stopped"


class Origin(StrEnum):
    """Who numbers and sends the invoice."""

    OWN = "own"
    LEDGER = "ledger"  # the provider's own ledger; Hamn hands over a basis
    ELSEWHERE = "elsewhere"  # before the centre took Hamn into use


class Outcome(StrEnum):
    """What a run does with one agreement or municipality."""

    TO_ISSUE = "to_issue"
    ISSUED = "issued"
    HELD = "held"
    STOPPED = "stopped"
    PROVIDER = "provider"
    NO_AGREEMENT = "no_agreement"
    NOT_IN_FORCE = "not_in_force"
    STARTS_LATER = "starts_later"
    ENDED = "ended"
    ALREADY_INVOICED = "already_invoiced"
    NOTHING_THIS_YEAR = "nothing_this_year"
    DECIDED_NOTHING = "decided_nothing"
    INCOMPLETE = "incomplete"


KIND_NAMES: dict[Kind, str] = {
    Kind.FIRST: _("första"),
    Kind.YEARLY: _("årlig"),
    Kind.CREDIT: _("kredit"),
}
OUTCOME_NAMES: dict[Outcome, str] = {
    Outcome.TO_ISSUE: _("utfärdas"),
    Outcome.ISSUED: _("utfärdad"),
    Outcome.HELD: _("hålls för beslut"),
    Outcome.STOPPED: _("stoppad"),
    Outcome.PROVIDER: _("anordnare"),
    Outcome.NO_AGREEMENT: _("inget avtal"),
    Outcome.NOT_IN_FORCE: _("inte i kraft"),
    Outcome.STARTS_LATER: _("börjar senare"),
    Outcome.ENDED: _("avslutat"),
    Outcome.ALREADY_INVOICED: _("redan fakturerad"),
    Outcome.NOTHING_THIS_YEAR: _("inget i år"),
    Outcome.DECIDED_NOTHING: _("beslut: ingen faktura"),
    Outcome.INCOMPLETE: _("uppgifter saknas"),
}
REASONS: dict[Outcome, str] = {
    Outcome.PROVIDER: _("Anordnaren bär sin egen del och fakturerar inte sig själv."),
    Outcome.NO_AGREEMENT: _("Kommunen har inget avtal."),
    Outcome.NOT_IN_FORCE: _("Avtalet är inte undertecknat av båda parter."),
    Outcome.STARTS_LATER: _("Avtalet börjar gälla {starts}."),
    Outcome.ENDED: _("Avtalet upphörde {ends}."),
    Outcome.ALREADY_INVOICED: _("Faktura {number} finns redan för {year}."),
    Outcome.NOTHING_THIS_YEAR: _(
        "Avtalet började gälla {starts}, i senare halvan av december: 0/12 för {year}."
    ),
    Outcome.DECIDED_NOTHING: _("Beslut är fattat att inte fakturera {year}."),
    Outcome.HELD: _(
        "Avtalet är uppsagt med sista dag {ends}. Hela året: {whole_year}. Till sista dagen: "
        "{until_end}. Besluta med ”hamn invoice decide”."
    ),
    Outcome.INCOMPLETE: _("{name} saknar: {fields}. Komplettera med ”hamn party import”."),
    Outcome.STOPPED: _("E-fakturan bryter mot {rules}. {text}"),
}


ELSEWHERE = _("Utfärdad innan centret började använda Hamn; uträkningen finns i det gamla systemet")


class Reading(StrEnum):
    """How § 6 is read for an agreement under notice when the year's run starts (H10, Z9)."""

    WHOLE_YEAR = "whole_year"  # the year has begun, and nothing is refunded
    UNTIL_END = "until_end"  # twelfths to the last day
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What decides a charge: the agreement, its tariff line, and what happened before."""

    agreement_id: int
    code: str
    name: str
    starts: date | None
    ends: date | None
    index_base_year: int
    index_percent: Decimal
    price_level_year: int
    basis: Basis
    charged: str | None  # the number or reference of the year's invoice, if there is one
    decision: Reading | None  # for an agreement under notice
    missing: Sequence[str]  # names of fields that an invoice needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is done for one agreement in a year: a fee to issue, or an outcome with its reason."""

    code: str
    name: str
    outcome: Outcome
    facts: Mapping[str, object]
    agreement_id: int | None = None
    kind: Kind | None = None
    fee: Fee | None = None
    period: tuple[date, date] | None = None
    other_reading: Fee | None = None  # the same with the other index base year (Z8)
    other_base_year: int | None = None

    @property
    def reason(self) -> str:
        """Why nothing is issued, in Swedish; `REASONS` holds the catalogue's key."""
        return in_words(REASONS.get(self.outcome, ""), self.facts)


def plan(terms: Terms, *, year: int) -> Plan:
    """What the agreement is charged for the calendar year, or why it is not (H6-H10).

    Whatever the answer, it is the same in preview and in issue.
    """
    outcome, facts = _hindrance(terms, year)
    if outcome is not None:
        return _nothing(terms, outcome, facts)
    assert terms.starts is not None  # no start is a hindrance
    if terms.ends is not None and terms.decision is None:
        return _held(terms, year)
    fee = _fee(terms, year, terms.decision, terms.index_base_year)
    # A decision for the time to the last day gives no twelfths where that is half of January.
    if terms.decision == Reading.NOTHING or fee.twelfths == 0:
        return _nothing(terms, Outcome.DECIDED_NOTHING, {"year": year})
    if terms.missing:
        facts = {"name": terms.name, "fields": list(terms.missing)}
        return _nothing(terms, Outcome.INCOMPLETE, facts)
    return Plan(
        code=terms.code,
        name=terms.name,
        outcome=Outcome.TO_ISSUE,
        facts={},
        agreement_id=terms.agreement_id,
        kind=Kind.FIRST if terms.starts.year == year else Kind.YEARLY,
        fee=fee,
        period=_period(terms, year),
        other_reading=_fee(terms, year, terms.decision, other_base_year(terms)),
        other_base_year=other_base_year(terms),
    )


def other_base_year(terms: Terms) -> int:
    """The base year of the other reading of § 6: first agreement year, or price level year (Z8)."""
    assert terms.starts is not None  # asked only of agreements in force
    if terms.index_base_year == terms.price_level_year:
        return max(terms.starts.year, terms.price_level_year)
    return terms.price_level_year


def elapsed_twelfths(last_day: date, *, year: int) -> int:
    """Months of the year up to an agreement's last day, 0-12, by the half-month rule mirrored."""
    if last_day.year > year:
        return 12
    after = last_day + timedelta(days=1)
    return 12 - (tariffs.remaining_twelfths(after) if after.year == year else 0)


def check_year_begun(year: int, *, today: date) -> None:
    """Pass only a year that has begun, for issuing.

    Raises YearNotBegun.
    """
    if year > today.year:
        raise YearNotBegun(
            _("Året {year} har inte börjat. Förhandsgranska med --dry-run och utfärda i januari."),
            year=year,
        )


def check_reason(reason: str) -> None:
    """Pass only a reason that says something and fits where it is kept.

    Raises BadInput.
    """
    if not reason.strip():
        raise BadInput(_("Ange skälet. Det står i spåret, och på en kreditfaktura."))
    if len(reason) > LONGEST_REASON:
        raise BadInput(_("Skälet är längre än {most} tecken. Korta det."), most=LONGEST_REASON)


def check_year(year: int) -> None:
    """Pass only a year that an agreement can be about.

    Raises BadInput.
    """
    if not 2018 <= year <= 2100:
        raise BadInput(_("Året {year} kan inte stämma. Skriv till exempel 2026."), year=year)


def due_on(*, issued_on: date, received_on: date | None) -> date:
    """The due date: 30 days after receipt; until it is known, after sending (H11, Z13)."""
    return (received_on or issued_on) + timedelta(days=DAYS_TO_PAY)


def series_name(prefix: str, issued_on: date) -> str:
    """The number series of a year of issue."""
    return f"{prefix}{issued_on.year}"


def number_in(series: str, place: int) -> str:
    """The invoice number at a place in its series, digits only: `202600001`."""
    return f"{series}{place:05d}"


def check_number(text: str, *, series_prefix: str | None) -> str:
    """A number that another system gave, when it cannot collide with Hamn's own series.

    series_prefix: of Hamn's numbers; None where Hamn numbers nothing.
    Raises BadInput when it is empty, too long, or has the form of Hamn's own.
    """
    if not 1 <= len(text) <= LONGEST_NUMBER:
        raise BadInput(_("Fakturanumret ”{number}” ska ha 1–30 tecken."), number=text)
    # The series of any year: a number of 2030 would stand in the way in 2030.
    if series_prefix is not None and re.fullmatch(rf"{series_prefix}20[0-9]{{7}}", text):
        raise BadInput(
            _(
                "Numret {number} har samma form som Hamns egna. Välj en annan början på "
                "nummerserien i centre.toml och läs in igen."
            ),
            number=text,
        )
    return text


class DeliveryState(StrEnum):
    """How far the document has come; apart from the document, which never changes."""

    SUBMITTED = "submitted"
    TRANSPORTED = "transported"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


DELIVERY_NAMES: dict[DeliveryState, str] = {
    DeliveryState.SUBMITTED: _("inlämnad"),
    DeliveryState.TRANSPORTED: _("överförd"),
    DeliveryState.ACCEPTED: _("godtagen"),
    DeliveryState.REJECTED: _("avvisad"),
}
DELIVERY_MOVES: dict[DeliveryState | None, set[DeliveryState]] = {
    None: {DeliveryState.SUBMITTED},
    DeliveryState.SUBMITTED: set(DeliveryState),
    DeliveryState.TRANSPORTED: {
        DeliveryState.SUBMITTED,
        DeliveryState.ACCEPTED,
        DeliveryState.REJECTED,
    },
    DeliveryState.ACCEPTED: {DeliveryState.SUBMITTED},
    DeliveryState.REJECTED: {DeliveryState.SUBMITTED, DeliveryState.ACCEPTED},
}


def check_delivery(present: DeliveryState | None, wanted: DeliveryState) -> None:
    """Pass only a step that the table has; submitting again is always a replay, never new.

    Raises NotDeliverable.
    """
    if wanted not in DELIVERY_MOVES[present]:
        raise NotDeliverable(
            _("Fakturan är {present} och kan inte bli {wanted}. Lämna in den först."),
            present=DELIVERY_NAMES[present] if present else _("inte inlämnad"),
            wanted=DELIVERY_NAMES[wanted],
        )


def _hindrance(terms: Terms, year: int) -> tuple[Outcome | None, Mapping[str, object]]:
    if terms.starts is None:
        return Outcome.NOT_IN_FORCE, {}
    if terms.starts.year > year:
        return Outcome.STARTS_LATER, {"starts": swedish_date(terms.starts)}
    if terms.ends is not None and terms.ends.year < year:
        return Outcome.ENDED, {"ends": swedish_date(terms.ends)}
    if terms.charged is not None:
        return Outcome.ALREADY_INVOICED, {"number": terms.charged, "year": year}
    if terms.starts.year == year and tariffs.remaining_twelfths(terms.starts) == 0:
        return Outcome.NOTHING_THIS_YEAR, {"starts": swedish_date(terms.starts), "year": year}
    return None, {}


def _held(terms: Terms, year: int) -> Plan:
    assert terms.ends is not None  # held because there is a last day
    whole = _fee(terms, year, Reading.WHOLE_YEAR, terms.index_base_year)
    until = _fee(terms, year, Reading.UNTIL_END, terms.index_base_year)
    facts = {
        "ends": swedish_date(terms.ends),
        "whole_year": kronor(whole.amount_kr),
        "until_end": f"{until.twelfths}/12 = {kronor(until.amount_kr)}",
    }
    return _nothing(terms, Outcome.HELD, facts)


def _nothing(terms: Terms, outcome: Outcome, facts: Mapping[str, object]) -> Plan:
    return Plan(
        code=terms.code,
        name=terms.name,
        outcome=outcome,
        facts=facts,
        agreement_id=terms.agreement_id,
    )


def _fee(terms: Terms, year: int, reading: Reading | None, base_year: int) -> Fee:
    assert terms.starts is not None  # asked only of agreements in force
    if reading != Reading.UNTIL_END:
        return tariffs.fee_for(
            terms.basis,
            index_percent=terms.index_percent,
            base_year=base_year,
            year=year,
            in_force=terms.starts,
        )
    assert terms.ends is not None  # this reading needs a last day
    paid_from = tariffs.remaining_twelfths(terms.starts) if terms.starts.year == year else 12
    twelfths = max(0, elapsed_twelfths(terms.ends, year=year) - (12 - paid_from))
    why = Step(
        "until_end",
        {"year": year, "last_day": swedish_date(terms.ends)},
        f"{twelfths}/12",
        tariffs.CLAUSE_6,
    )
    return tariffs.fee(
        terms.basis,
        index_percent=terms.index_percent,
        base_year=base_year,
        year=year,
        twelfths=twelfths,
        why=why,
    )


def _period(terms: Terms, year: int) -> tuple[date, date]:
    assert terms.starts is not None  # asked only of agreements in force
    last = date(year, 12, 31)
    if terms.decision == Reading.UNTIL_END and terms.ends is not None:
        last = min(last, terms.ends)
    return max(date(year, 1, 1), terms.starts), last
