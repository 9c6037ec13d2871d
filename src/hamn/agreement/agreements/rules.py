"""The states of an agreement, the moves between them and the dates they give. Pure.

Source: agreement template 2021 §§ 6, 11; requirements F4-F6, Z8, Z12, Z14.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from hamn.core.dates import same_day_next_month
from hamn.core.errors import BadInput, Refusal, _

LONGEST_REASON = 300


class WrongState(Refusal):
    """The agreement's terms do not allow this move from where it stands."""

    code = "agreements.wrong_state"


class NotComplete(Refusal):
    """The agreement lacks something that its terms ask for before this move."""

    code = "agreements.not_complete"


class AlreadyAgreed(Refusal):
    """The municipality has a living agreement; a second one cannot be drafted beside it."""

    code = "agreements.already_agreed"


class Changed(Refusal):
    """Somebody else changed the agreement after the page with the form was opened."""

    code = "agreements.changed"


class Status(StrEnum):
    """Where an agreement stands."""

    DRAFT = "draft"
    SIGNED_BY_ONE = "signed_by_one"
    IN_FORCE = "in_force"
    UNDER_NOTICE = "under_notice"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


class Side(StrEnum):
    """Which of the two parties."""

    MUNICIPALITY = "municipality"
    PROVIDER = "provider"


class SigningMethod(StrEnum):
    """How a party signed (Z21)."""

    PAPER = "paper"
    DIGITAL = "digital"


NAMES: dict[Status, str] = {
    Status.DRAFT: _("utkast"),
    Status.SIGNED_BY_ONE: _("undertecknat av en part"),
    Status.IN_FORCE: _("gäller"),
    Status.UNDER_NOTICE: _("uppsagt"),
    Status.ENDED: _("upphört"),
    Status.WITHDRAWN: _("återkallat utkast"),
}
SIDE_NAMES: dict[Side, str] = {
    Side.MUNICIPALITY: _("kommunen"),
    Side.PROVIDER: _("anordnaren"),
}
METHOD_NAMES: dict[SigningMethod, str] = {
    SigningMethod.PAPER: _("på papper"),
    SigningMethod.DIGITAL: _("digitalt"),
}
MOVES: dict[Status, set[Status]] = {
    Status.DRAFT: {Status.SIGNED_BY_ONE, Status.WITHDRAWN},
    Status.SIGNED_BY_ONE: {Status.IN_FORCE, Status.WITHDRAWN},
    Status.IN_FORCE: {Status.UNDER_NOTICE},
    Status.UNDER_NOTICE: {Status.ENDED},
    Status.ENDED: set(),
    Status.WITHDRAWN: set(),
}
LIVING = frozenset(MOVES) - {Status.ENDED, Status.WITHDRAWN}
UNSIGNED = frozenset({Status.DRAFT, Status.SIGNED_BY_ONE})
# What a person can do with an agreement, and where each of them leads.
VERBS: dict[str, tuple[Status, ...]] = {
    "sign": (Status.SIGNED_BY_ONE, Status.IN_FORCE),
    "give_notice": (Status.UNDER_NOTICE,),
    "withdraw": (Status.WITHDRAWN,),
}


class NextStep(StrEnum):
    """What is to be done next with an agreement."""

    COMPLETE_TO_SIGN = "complete_to_sign"
    SIGN_FIRST = "sign_first"
    SIGN_SECOND = "sign_second"
    COMPLETE_TO_INVOICE = "complete_to_invoice"
    FIRST_INVOICE = "first_invoice"
    YEARLY = "yearly"
    AWAIT_LAST_DAY = "await_last_day"
    NOTHING = "nothing"


NEXT_STEPS: dict[NextStep, str] = {
    NextStep.COMPLETE_TO_SIGN: _(
        "Komplettera kommunens uppgifter. Avtalet kan inte undertecknas förrän de finns (§ 1)."
    ),
    NextStep.SIGN_FIRST: _("Anteckna underskriften när den första parten har undertecknat."),
    NextStep.SIGN_SECOND: _(
        "Anteckna den andra partens underskrift. Med den börjar avtalet gälla."
    ),
    NextStep.COMPLETE_TO_INVOICE: _(
        "Komplettera kommunens uppgifter. Utan dem kan ingen faktura utfärdas."
    ),
    NextStep.FIRST_INVOICE: _(
        "Se till att den första fakturan är skickad. Det görs i samband med undertecknandet (§ 6)."
    ),
    NextStep.YEARLY: _("Inget just nu. Avtalet faktureras i januari varje år."),
    NextStep.AWAIT_LAST_DAY: _("Inget just nu. Avtalet gäller till och med sista dagen."),
    NextStep.NOTHING: _("Inget. Vill kommunen vara med igen läggs ett nytt avtal upp."),
}


def check_move(present: Status, wanted: Status) -> None:
    """Pass only a move that the table has.

    Raises WrongState.
    """
    if wanted not in MOVES[present]:
        raise WrongState(
            _("Avtalets läge är ”{present}” och kan inte bli ”{wanted}”. Se avtalets läge först."),
            present=NAMES[present],
            wanted=NAMES[wanted],
        )


def next_step(
    status: Status, *, lacks_to_sign: bool, lacks_to_invoice: bool, is_first_year: bool
) -> NextStep:
    """What somebody should do now; what is lacking comes before everything else."""
    if status in UNSIGNED:
        if lacks_to_sign:
            return NextStep.COMPLETE_TO_SIGN
        return NextStep.SIGN_FIRST if status == Status.DRAFT else NextStep.SIGN_SECOND
    if status not in LIVING:
        return NextStep.NOTHING
    if lacks_to_invoice:
        return NextStep.COMPLETE_TO_INVOICE
    if status == Status.UNDER_NOTICE:
        return NextStep.AWAIT_LAST_DAY
    return NextStep.FIRST_INVOICE if is_first_year else NextStep.YEARLY


def check_seen(seen: str, present: str) -> None:
    """Pass only who has seen the thing as it stands; an empty `seen` comes from no page.

    Raises Changed.
    """
    if seen and seen != present:
        raise Changed(
            _("Uppgifterna har ändrats sedan du öppnade sidan. Läs dem igen och gör om ändringen.")
        )


def starts_on(signatures: list[date], agreed_start: date | None) -> date:
    """The later of the last signature and an agreed start (F4, Z12)."""
    return max([*signatures, agreed_start] if agreed_start else signatures)


def expected_start(signed: Iterable[date], agreed_start: date | None, today: date) -> date:
    """The first day that a draft can hold from: what is agreed or today, after who has signed."""
    return max([agreed_start or today, *signed])


def years_ahead(starts: date, ends: date | None, *, on: date) -> list[int]:
    """The year that is charged now or first, and the one after it; none after the last day."""
    first = max(on.year, starts.year)
    last = ends.year if ends else first + 1
    return [year for year in (first, first + 1) if year <= last]


def other_base_year(base_year: int, *, price_level_year: int, start_year: int) -> int:
    """The base year of the other reading of § 6: first agreement year, or price level year (Z8)."""
    if base_year == price_level_year:
        return max(start_year, price_level_year)
    return price_level_year


def notice_ends(received: date) -> date:
    """The last day: one month after receipt, same day next month, clamped to its end (F6, Z14)."""
    return same_day_next_month(received)


def check_signature(signed_on: date, *, valid_from: date, today: date) -> None:
    """Pass only a date on which the agreement can have been signed.

    Raises BadInput for a date ahead, or before the tariff that the agreement refers to.
    """
    if signed_on > today:
        raise BadInput(
            _(
                "Underskriften är daterad {day}, som inte har varit än. Skriv dagen då avtalet "
                "undertecknades; en senare start anges för sig."
            ),
            day=signed_on,
        )
    if signed_on < valid_from:
        raise BadInput(
            _(
                "Underskriften är daterad {day}, före taxan som gäller från {valid_from}. "
                "Rätta dagen."
            ),
            day=signed_on,
            valid_from=valid_from,
        )


def check_index_base(base_year: int, *, price_level_year: int, start_year: int | None) -> None:
    """Pass only a base year from the tariff's price level year to the agreement's first year (Z8).

    Raises BadInput.
    """
    last = start_year or 2100
    if not price_level_year <= base_year <= max(last, price_level_year):
        raise BadInput(
            _(
                "Basåret för index kan inte vara {year}. Det ska ligga från taxans prisnivå "
                "{price_level_year} till avtalets första år."
            ),
            year=base_year,
            price_level_year=price_level_year,
        )


def check_notice(received: date, *, signed: date, today: date) -> None:
    """Pass only a receipt date from the last signature to today; the start may still lie ahead.

    Raises BadInput.
    """
    if received > today:
        raise BadInput(
            _("Uppsägningen kan inte ha kommit {day}, som inte har varit än. Rätta dagen."),
            day=received,
        )
    if received < signed:
        raise BadInput(
            _("Uppsägningen är daterad {day}, innan avtalet undertecknades {signed}. Rätta dagen."),
            day=received,
            signed=signed,
        )


def check_reason(reason: str) -> None:
    """Pass only a reason that fits where it is kept; the trail keeps it for good.

    Raises BadInput.
    """
    if len(reason) > LONGEST_REASON:
        raise BadInput(_("Skälet är längre än {most} tecken. Korta det."), most=LONGEST_REASON)
