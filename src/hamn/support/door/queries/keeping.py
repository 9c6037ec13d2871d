"""Which dialogues' time has come, what stands against it, and what a person is told beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.formats import date_format

from hamn.core.errors import NotVisible, _
from hamn.guards.access import permits
from hamn.guards.access.queries import headed_units
from hamn.support.cases.queries import requests
from hamn.ui.words import said

from ..models import Booking, Dialogue, ExpiryRule, Message, Reach, StillNeeded
from ..rules.keeping import LEGAL_REASONS, SOON, Standing, Stop, goes_on, stop_of
from ..rules.words import State
from .inbox import dialogues_for, reading_units

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

Rules = Mapping[str, ExpiryRule]
# All that the public process may read of a rule (hamn.site.door.reach).
RULE_READ_BY_ALL = (
    *("id", "unit", "days", "channel_days", "person_may_erase", "valid_from", "valid_until"),
)


@dataclass(frozen=True, slots=True)
class Going:
    """A dialogue on the week's list. stop: why it stays; None when it goes on the day."""

    dialogue: Dialogue
    goes_on: date
    stop: Stop | None
    kept: StillNeeded | None


class Line(NamedTuple):
    """A sentence with its facts, said in the reader's language where it is shown."""

    sentence: str
    facts: Mapping[str, Any] = {}

    def __str__(self) -> str:
        facts = {name: _in_words(fact) for name, fact in self.facts.items()}
        return said(self.sentence, **facts)


@dataclass(frozen=True, slots=True)
class Told:
    """What a person is told before she asks that her content be erased, and after.

    may_ask: a decision lets her; is_asked: she has, and it is done within minutes; is_stopped: the
    law keeps it for now, and it is done once the law does not. goes, remains: what, if she asks.
    why_not: why she may not ask, or why nothing is done yet.
    """

    may_ask: bool
    is_asked: bool
    is_stopped: bool
    goes: tuple[Line, ...]
    remains: tuple[Line, ...]
    why_not: tuple[Line, ...]


def rules_in_force(on: date, *, read_by_all: bool = False) -> dict[str, ExpiryRule]:
    """By unit, the rule on the day: the newest of those that are in force.

    read_by_all: only the columns that the public process may read.
    """
    rows = ExpiryRule.objects.filter(valid_from__lte=on).order_by("pk")
    rows = rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on))
    return {row.unit: row for row in (rows.only(*RULE_READ_BY_ALL) if read_by_all else rows)}


def rules_for(viewer: "Person") -> QuerySet[ExpiryRule]:
    """All the rules that her units have had, the newest first."""
    rows = ExpiryRule.objects.filter(unit__in=reading_units(viewer))
    return rows.select_related("registered_by").order_by("-pk")


def rule_for(by: "Person", rule_id: int, *, lock: bool = False) -> ExpiryRule:
    """A rule of a unit that she heads. Raises NotVisible for any other."""
    rows = ExpiryRule.objects.filter(unit__in=headed_units(by))
    row = (rows.select_for_update() if lock else rows).filter(pk=rule_id).first()
    if row is None:
        raise NotVisible(_("Regeln finns inte. Gå tillbaka till listan över regler."))
    return row


def expiring(rules: Rules, on: date) -> QuerySet[Dialogue]:
    """The dialogues whose content is past its days by their unit's rule, stopped or not."""
    return Dialogue.objects.filter(_has_content(), _past(rules, on, "days"))


def asked_for(rules: Rules) -> QuerySet[Dialogue]:
    """The dialogues whose content the person wants erased, where the decision lets her."""
    units = [unit for unit, rule in rules.items() if rule.person_may_erase]
    return Dialogue.objects.filter(erase_asked_at__isnull=False, unit__in=units)


def revoked(rules: Rules) -> QuerySet[Reach]:
    """What a person no longer wants to be reached by, in the units with a rule."""
    rows = Reach.objects.filter(Q(removed_at__isnull=False) | Q(done_at__isnull=False))
    return rows.filter(dialogue__unit__in=list(rules))


def emptied(rules: Rules, on: date) -> QuerySet[Dialogue]:
    """The channels that nobody has used since their content was erased, past their own days."""
    return Dialogue.objects.filter(_past(rules, on, "channel_days")).exclude(_has_content())


def free(rows: QuerySet[Dialogue], on: date, now: datetime, *, is_asked: bool) -> Any:
    """Those of the dialogues that nothing stands against erasing: `stop_of`, as the database reads
    it.
    """
    kept = StillNeeded.objects.filter(dialogue=OuterRef("pk"), until__gte=on)
    if is_asked:
        kept = kept.filter(reason__in=LEGAL_REASONS)
    left = rows.filter(case__isnull=True).exclude(Exists(kept))
    left = left.exclude(unit__in=requests.units_with_undecided())
    if is_asked:
        return left
    left = left.exclude(Exists(_ahead(now)))
    return left.exclude(waits_since__isnull=False, state=State.OPEN)


def coming(viewer: "Person", today: date) -> QuerySet[Dialogue]:
    """The dialogues of her units whose time comes within the week, or has come but is stopped.

    Those of a case are left out: they wait for the case's own time, not for anybody here.
    """
    rules = coming_rules(viewer, today)
    rows = dialogues_for(viewer).filter(_has_content(), case__isnull=True)
    rows = rows.filter(_past(rules, today + SOON, "days"))
    return rows.select_related("assigned_to")


def coming_rules(viewer: "Person", today: date) -> dict[str, ExpiryRule]:
    """By unit of hers, the rule of the week that comes: today's, or one that begins within it."""
    units = reading_units(viewer)
    found = rules_in_force(today) | rules_in_force(today + SOON)
    return {unit: rule for unit, rule in found.items() if unit in units}


def going(viewer: "Person", dialogues: list[Dialogue], today: date, now: datetime) -> list[Going]:
    """Each of the dialogues with its day and what stops it, in four queries however many."""
    rules, requested = coming_rules(viewer, today), requests.units_with_undecided()
    ids = [one.pk for one in dialogues]
    rows = StillNeeded.objects.filter(dialogue__in=ids, until__gte=today).select_related("by")
    kept = {row.dialogue_id: row for row in rows.order_by("until")}
    legally = set(rows.filter(reason__in=LEGAL_REASONS).values_list("dialogue", flat=True))
    ahead = _ahead(now, dialogue__in=ids).values_list("dialogue", flat=True)
    booked = set(ahead)
    shown = []
    for one in dialogues:
        facts = Standing(
            has_case=one.case_id is not None,
            is_kept=one.pk in kept,
            is_legally_kept=one.pk in legally,
            is_requested=one.unit in requested,
            has_booking_ahead=one.pk in booked,
            waits=one.waits_since is not None and one.state == State.OPEN,
        )
        rule = rules[one.unit]
        day = max(goes_on(one.active_on, rule.days), rule.valid_from, today)
        shown.append(Going(one, day, stop_of(facts, is_asked=False), kept.get(one.pk)))
    return shown


def expiring_count(by: "Person", unit: str, days: int, on: date) -> int:
    """How many dialogues of the unit such a rule would find on the day. Raises NotVisible."""
    permits.require(by, "door.set_expiry", unit)
    rows = Dialogue.objects.filter(_has_content(), unit=unit)
    return rows.filter(active_on__lte=_days_before(on, days)).count()


def told_person(dialogue: Dialogue, today: date, *, ends: bool = False) -> Told:
    """What goes and what remains if the person asks that her content be erased, and why.

    ends: she is about to end the dialogue as well, so that her code does not remain.
    Reads of the rule what the public process may. Whether a case, a report or a request keeps
    just this dialogue that process cannot know: the worker process notes that it is kept, and
    whoever holds the code reads no more of why (docs/adr/0025).
    """
    rule = rules_in_force(today, read_by_all=True).get(dialogue.unit)
    may_ask = rule is not None and rule.person_may_erase
    is_stopped = dialogue.erase_stopped_on is not None
    return Told(
        may_ask=may_ask,
        is_asked=dialogue.erase_asked_at is not None,
        is_stopped=is_stopped,
        goes=_GOES if may_ask else (),
        remains=_remains(dialogue, rule, today, ends=ends) if rule and may_ask else (),
        why_not=_why_not(dialogue, rule, today) if is_stopped or not may_ask else (),
    )


_GOES = (
    Line(_("Allt som du och vi har skrivit i dialogen, och namnet om du har gett något.")),
    Line(_("Hur du vill bli nådd, om du har sagt det.")),
)
_REMAINS = (
    Line(_("Att det har funnits en dialog, hos vilken enhet, på vilket språk och vilka dagar.")),
    Line(_("En rad i statistiken. Den säger inte vem du är och går inte att koppla till dig.")),
    Line(_("En logg över vad personalen har gjort. Den säger när, men inte vad som stod.")),
    Line(_("Kopior som redan är sparade. Enheten kan inte läsa dem när dess nyckel har bytts ut.")),
    Line(
        _(
            "Det som vi enligt lag måste behålla: det som hör till ett ärende eller en "
            "orosanmälan, och handlingar som någon har begärt att få. I så fall säger vi det här."
        )
    ),
)


def _remains(dialogue: Dialogue, rule: ExpiryRule, today: date, *, ends: bool) -> tuple[Line, ...]:
    if ends:
        booked = _("En bokad tid. Avboka den först, om du inte vill ha den.")
        return (*_REMAINS, Line(booked))
    last = goes_on(max(dialogue.active_on, today), rule.channel_days)
    channel = Line(
        _("Din kod. Du kan skriva igen. Om ingen skriver slutar den att fungera den {day}."),
        {"day": last},
    )
    return (channel, *_REMAINS, Line(_("En bokad tid, tills du avbokar den.")))


def _why_not(dialogue: Dialogue, rule: ExpiryRule | None, today: date) -> tuple[Line, ...]:
    document = Line(_("Det du skickar till oss blir en allmän handling."))
    if rule is None:
        return (
            document,
            Line(_("Vi får inte radera den utan ett beslut, och det finns inget än.")),
        )
    if rule.person_may_erase:
        kept = _("Just den här måste vi enligt lag behålla tills vidare. Fråga oss om varför.")
        return (document, Line(kept))
    day = max(goes_on(dialogue.active_on, rule.days), today)
    by_rule = Line(
        _(
            "Enligt vårt beslut raderas innehållet {days} dagar efter att någon senast skrev, "
            "tidigast den {day}."
        ),
        {"days": rule.days, "day": day},
    )
    return (document, by_rule)


def _in_words(fact: Any) -> Any:
    return date_format(fact) if isinstance(fact, date) else fact


def _has_content() -> Q:
    """There may be something to erase: never erased, or somebody was there since or that day."""
    return (
        Q(erased_on__isnull=True)
        | Q(active_on__gte=F("erased_on"))
        | Q(Exists(Message.objects.filter(dialogue=OuterRef("pk"))))
        | Q(Exists(Reach.objects.filter(dialogue=OuterRef("pk"))))
    )


def _past(rules: Rules, on: date, name: str) -> Q:
    """The units' own days are over; of no unit when there is no rule."""
    found = Q(pk__in=[])
    for unit, rule in rules.items():
        found |= Q(unit=unit, active_on__lte=_days_before(on, getattr(rule, name)))
    return found


def _days_before(on: date, days: int) -> date:
    """The day so many days before; the first there is when it would be earlier."""
    return date.fromordinal(max(1, on.toordinal() - days))


def _ahead(now: datetime, **more: Any) -> QuerySet[Booking]:
    """Times that are booked and to come; of the row at hand when none is named."""
    whose = more or {"dialogue": OuterRef("pk")}
    return Booking.objects.filter(cancelled_at__isnull=True, slot__starts_at__gte=now, **whose)
