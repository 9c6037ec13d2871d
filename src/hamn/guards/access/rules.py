"""Roles, who may change them, and how a person comes to belong to a unit.

What each role may do stands in the rooms' permits, never here.
Source: docs/adr/0014 (nobody raises herself).
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from hamn.core.errors import BadInput, Refusal, _

# Longer ones are refused before they reach the slow hash.
LONGEST_PASSWORD = 256
LONGEST_ADDRESS = 254
# What a link in an e-mail lives: an invitation, and a new password for one who has had one.
INVITATION_SECONDS = 3 * 24 * 3600
NEW_PASSWORD_SECONDS = 3600


class Role(StrEnum):
    """A duty that a person has at the centre; a person may have several."""

    SYSTEM_ADMINISTRATOR = "system_administrator"
    AGREEMENT_ADMINISTRATOR = "agreement_administrator"
    CONTROLLER = "controller"
    READER = "reader"
    HEAD_OF_UNIT = "head_of_unit"
    CASEWORKER = "caseworker"
    INFORMATION_OFFICER = "information_officer"


NAMES: dict[Role, str] = {
    Role.SYSTEM_ADMINISTRATOR: _("systemadministratör"),
    Role.AGREEMENT_ADMINISTRATOR: _("avtalshandläggare"),
    Role.CONTROLLER: _("controller"),
    Role.READER: _("läsare"),
    Role.HEAD_OF_UNIT: _("enhetschef"),
    Role.CASEWORKER: _("handläggare"),
    Role.INFORMATION_OFFICER: _("informationsansvarig"),
}

# What a role is there for, in one sentence; docs/roles.md is made from these.
DESCRIPTIONS: dict[Role, str] = {
    Role.SYSTEM_ADMINISTRATOR: _(
        "Sköter systemet: bjuder in personer, ger roller, tar bort den som slutat, håller ordning "
        "på enheternas nycklar och granskar spåret. Ser inga ärenden."
    ),
    Role.AGREEMENT_ADMINISTRATOR: _(
        "Sköter avtalen: lägger upp kommuner, skriver avtal, registrerar underskrifter och "
        "uppsägningar."
    ),
    Role.CONTROLLER: _(
        "Sköter pengarna: fastställer taxor, fakturerar, följer betalningar och granskar spåret."
    ),
    Role.READER: _(
        "Läser avtal, taxor, fakturor, kommuner och publicerade siffror men ändrar ingenting."
    ),
    Role.HEAD_OF_UNIT: _(
        "Leder en enhet: beslutar vilka som hör till den, öppnar valvet, granskar vem som har läst "
        "ärenden, godkänner gallring och fakturering, och läser avtal och taxor."
    ),
    Role.CASEWORKER: _(
        "Möter människor: för ärenden i de enheter som hon hör till, och ser inga andra."
    ),
    Role.INFORMATION_OFFICER: _(
        "Sköter den publika webbplatsens texter på alla språk: skriver, förhandsgranskar, "
        "publicerar och ser till att de läses om. Ser inga ärenden och inga dialoger."
    ),
}


class ResetReason(StrEnum):
    """Why a person's second factor was taken away."""

    LOST = "lost"
    REPLACED = "replaced"
    MISUSED = "misused"


RESET_REASONS: dict[ResetReason, str] = {
    ResetReason.LOST: _("Telefonen eller nyckeln är borta eller trasig"),
    ResetReason.REPLACED: _("Telefonen eller nyckeln är utbytt"),
    ResetReason.MISUSED: _("Någon annan kan ha använt kontot"),
}


class Standing(StrEnum):
    """How far a person's membership of a unit has come."""

    PROPOSED = "proposed"
    GRANTED = "granted"
    SUSPENDED = "suspended"
    ENDED = "ended"


STANDING_NAMES: dict[Standing, str] = {
    Standing.PROPOSED: _("väntar på beslut"),
    Standing.GRANTED: _("hör till enheten"),
    Standing.SUSPENDED: _("vilar tills enhetschefen beslutar igen"),
    Standing.ENDED: _("avslutad"),
}

Names = Callable[[], Mapping[str, str]]


class _Units(NamedTuple):
    """Where units come from."""

    active: Names
    every: Names
    is_kept: Callable[[str], bool]


_unit_source: list[_Units] = []


def register_units(
    active: Names, *, every: Names | None = None, is_kept: Callable[[str], bool] = lambda _: False
) -> None:
    """Tell access where units come from: a room above knows them, here their codes are opaque.

    active: those that have not ended. every: those that have, too. is_kept: whether something is
    sealed to the unit, so that somebody must be able to read it also when the unit has ended.
    """
    _unit_source[:] = [_Units(active, every or active, is_kept)]


def units() -> Mapping[str, str]:
    """The units that have not ended, Swedish name by code."""
    return {code: name for source in _unit_source for code, name in source.active().items()}


def every_unit() -> Mapping[str, str]:
    """The units that the centre has or has had, name by code: what is sealed outlives a unit."""
    return {code: name for source in _unit_source for code, name in source.every().items()}


def units_to_read() -> Mapping[str, str]:
    """The units in which somebody must be able to read: all but those ended and emptied."""
    active = units()
    return {
        code: name
        for source in _unit_source
        for code, name in source.every().items()
        if code in active or source.is_kept(code)
    }


class OwnAccount(Refusal):
    """What another must do to an account, its owner tried to do herself."""

    code = "access.own_account"


class LastAdministrator(Refusal):
    """Nobody would be left who can give roles."""

    code = "access.last_administrator"


class RolesChanged(Refusal):
    """Someone else changed the roles after the page was opened."""

    code = "access.roles_changed"


class WrongStanding(Refusal):
    """The person or the membership is not in the state that the act needs."""

    code = "access.wrong_standing"


class LastInUnit(Refusal):
    """Nobody would be left who can read what a unit has sealed."""

    code = "access.last_in_unit"


class LastHead(Refusal):
    """Nobody would be left who can decide who belongs to a unit."""

    code = "access.last_head"


class NoMail(Refusal):
    """The centre has no post office, so no link can be sent."""

    code = "access.no_mail"


class DemoOnly(Refusal):
    """A sign-in that everyone knows was asked for outside the demonstration."""

    code = "access.demo_only"


class LastSecondFactor(Refusal):
    """The person would be left with her password alone."""

    code = "access.last_second_factor"


def check_not_herself(by_pk: int | None, person_pk: int) -> None:
    """Raise OwnAccount when the person would act on her own account."""
    if by_pk == person_pk:
        raise OwnAccount(
            _("Du kan inte göra detta med ditt eget konto. Be en annan systemadministratör.")
        )


def check_not_own_membership(by_pk: int | None, person_pk: int) -> None:
    """Raise OwnAccount when a head would decide about herself."""
    if by_pk == person_pk:
        raise OwnAccount(
            _("Du kan inte besluta om ditt eget medlemskap. Be en annan chef att besluta.")
        )


def check_seen(held: Collection[Role], seen: Collection[Role]) -> None:
    """Raise RolesChanged unless the roles are those that the page showed."""
    if set(held) != set(seen):
        raise RolesChanged(
            _(
                "Någon annan har ändrat rollerna sedan du öppnade sidan. Nu är de: {roles}. "
                "Öppna sidan på nytt och kontrollera innan du ändrar."
            ),
            roles=[NAMES[role] for role in sorted(held)] or _("inga"),
        )


def check_some_role(roles: Collection[Role]) -> None:
    """Raise BadInput for a person who would have nothing to see."""
    if not roles:
        raise BadInput(_("Välj minst en roll. Utan roll finns det ingenting att se."))


def check_administrator_left(others: Collection[int]) -> None:
    """Raise LastAdministrator when no other system administrator is active.

    others: the active system administrators but the one who would lose the role.
    """
    if not others:
        raise LastAdministrator(
            _(
                "Detta är den enda systemadministratören. Ge först en annan person den rollen, "
                "så att någon kan sköta systemet."
            )
        )


def check_somebody_reads(title: str, unread: Collection[str]) -> None:
    """Raise LastInUnit when units, by name, would be left without anybody who can read them."""
    if unread:
        raise LastInUnit(
            _(
                "{title} är den enda som kan läsa ärendena i {units}. Ge först en annan "
                "handläggare del i enheten, eller ordna en ersättare som tackar ja."
            ),
            title=title,
            units=", ".join(sorted(unread)),
        )


def check_left_on(on: date, today: date) -> None:
    """Raise BadInput for a day that has not come: leaving takes effect at once."""
    if on > today:
        raise BadInput(
            _(
                "Sista dagen {day} har inte kommit än. Hamn stänger kontot genast, så "
                "registrera den först när personen har slutat."
            ),
            day=on,
        )


def standing(*, granted: bool, suspended: bool, ended: bool) -> Standing:
    """How far a membership has come, by which of its moments have been."""
    if ended:
        return Standing.ENDED
    if suspended:
        return Standing.SUSPENDED
    return Standing.GRANTED if granted else Standing.PROPOSED


def check_waits(state: Standing) -> None:
    """Raise WrongStanding unless the membership waits for a head's decision."""
    if state not in {Standing.PROPOSED, Standing.SUSPENDED}:
        raise WrongStanding(
            _("Medlemskapet väntar inte på något beslut: {state}. Läs om sidan."),
            state=STANDING_NAMES[state],
        )


def check_may_accept(*, has_head: bool, heads_elsewhere: bool) -> None:
    """Raise WrongStanding when somebody else can decide about the proposed head.

    A head accepts for herself only where nobody else of the centre heads a unit: as its first, or
    as its only one. has_head: the unit has another. heads_elsewhere: another unit has another.
    """
    if has_head:
        raise WrongStanding(
            _("Enheten har redan en chef, och det är hon eller han som beslutar. Be om beslutet.")
        )
    if heads_elsewhere:
        raise WrongStanding(
            _("En annan enhets chef beslutar om vem som blir chef här. Be om beslutet.")
        )


def check_head_left(title: str, *, is_left: bool) -> None:
    """Raise LastHead when nobody of the centre would head a unit any more."""
    if not is_left:
        raise LastHead(
            _(
                "{title} är centrumets enda enhetschef, och bara en chef kan låta en annan bli "
                "chef. Låt först en person till bli chef för en enhet."
            ),
            title=title,
        )
