"""What a municipality is charged for a year, or why not. Preview and issue both ask `plan`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from hamn.agreement.tariffs import rules as tariffs
from hamn.agreement.tariffs.rules import Basis, Fee, Step
from hamn.core.dates import swedish_date
from hamn.core.errors import _, in_words
from hamn.core.money import kronor

from ..document import Kind


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
    CREDITED = "credited"
    PAID_BEFORE = "paid_before"
    NOTHING_THIS_YEAR = "nothing_this_year"
    DECIDED_NOTHING = "decided_nothing"
    INCOMPLETE = "incomplete"


OUTCOME_NAMES: dict[Outcome, str] = {
    Outcome.TO_ISSUE: _("utfärdas"),
    Outcome.ISSUED: _("utfärdad"),
    Outcome.HELD: _("hålls för beslut"),
    Outcome.STOPPED: _("stoppad"),
    Outcome.PROVIDER: _("anordnare"),
    Outcome.NO_AGREEMENT: _("inget avtal"),
    Outcome.NOT_IN_FORCE: _("inte i kraft"),
    Outcome.STARTS_LATER: _("börjar senare"),
    Outcome.ENDED: _("upphört"),
    Outcome.ALREADY_INVOICED: _("redan fakturerad"),
    Outcome.CREDITED: _("krediterad"),
    Outcome.PAID_BEFORE: _("året redan betalt"),
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
    Outcome.CREDITED: _(
        "Faktura {number} för {year} är helt krediterad. Ska avgiften ändå betalas utfärdas den "
        "på nytt."
    ),
    Outcome.PAID_BEFORE: _(
        "Samma del av {year} är fakturerad med {number} under kommunens andra avtal. Samma månad "
        "betalas inte två gånger; inget återbetalas (§ 6)."
    ),
    Outcome.NOTHING_THIS_YEAR: _(
        "Avtalet började gälla {starts}, i senare halvan av december: 0/12 för {year}."
    ),
    Outcome.DECIDED_NOTHING: _("Beslut är fattat att inte fakturera {year}."),
    Outcome.HELD: _(
        "Avtalet är uppsagt med sista dag {ends}. Hela året: {whole_year}. Till sista dagen: "
        "{until_end}. Någon behöver besluta vad som ska faktureras."
    ),
    Outcome.INCOMPLETE: _("{name} saknar: {fields}. Komplettera kommunens uppgifter."),
    Outcome.STOPPED: _("E-fakturan bryter mot {rules}. {text}"),
}


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
    charged: str | None  # the number or reference of the year's newest invoice, if there is one
    is_credited: bool = False  # that invoice is credited whole
    # What the municipality is charged for under its other agreements: number, first and last day.
    paid_periods: Sequence[tuple[str, date, date]] = ()
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


def charged_period(
    starts: date, ends: date | None, reading: Reading | None, *, year: int
) -> tuple[date, date]:
    """The first and last day that a charge pays for; to the year's end unless decided otherwise."""
    last = date(year, 12, 31)
    if reading == Reading.UNTIL_END and ends is not None:
        last = min(last, ends)
    return max(date(year, 1, 1), starts), last


def plan(terms: Terms, *, year: int) -> Plan:
    """What the agreement is charged for the calendar year, or why it is not (H6-H10).

    Whatever the answer, it is the same in preview and in issue.
    """
    outcome, facts = _hindrance(terms, year)
    if outcome is not None:
        return _nothing(terms, outcome, facts)
    assert terms.starts is not None  # no start is a hindrance
    # A last day in a later year leaves this one whole, so there is nothing to decide.
    if terms.ends is not None and terms.ends.year == year and terms.decision is None:
        return _held(terms, year)
    fee = _fee(terms, year, terms.decision, terms.index_base_year)
    # A decision for the time to the last day gives no twelfths where that is half of January.
    if terms.decision == Reading.NOTHING or fee.twelfths == 0:
        return _nothing(terms, Outcome.DECIDED_NOTHING, {"year": year})
    period = _period(terms, year)
    for number, first, last in terms.paid_periods:
        if first <= period[1] and period[0] <= last:
            return _nothing(terms, Outcome.PAID_BEFORE, {"number": number, "year": year})
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
        period=period,
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


def _hindrance(terms: Terms, year: int) -> tuple[Outcome | None, Mapping[str, object]]:
    if terms.starts is None:
        return Outcome.NOT_IN_FORCE, {}
    if terms.starts.year > year:
        return Outcome.STARTS_LATER, {"starts": swedish_date(terms.starts)}
    if terms.ends is not None and (terms.ends.year < year or terms.ends < terms.starts):
        return Outcome.ENDED, {"ends": swedish_date(terms.ends)}
    if terms.charged is not None:
        outcome = Outcome.CREDITED if terms.is_credited else Outcome.ALREADY_INVOICED
        return outcome, {"number": terms.charged, "year": year}
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
    return charged_period(terms.starts, terms.ends, terms.decision, year=year)
