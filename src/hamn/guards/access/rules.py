"""Roles, who may change them, and how a person comes to belong to a unit.

What each role may do stands in the rooms' permits, never here.
Source: design.md, Walls; security.md, A4 (nobody raises herself); docs/adr/0014.
"""

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum

from hamn.core.errors import BadInput, Refusal, _

# Longer ones are refused before they reach the slow hash (security.md, A11).
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


NAMES: dict[Role, str] = {
    Role.SYSTEM_ADMINISTRATOR: _("systemadministratör"),
    Role.AGREEMENT_ADMINISTRATOR: _("avtalshandläggare"),
    Role.CONTROLLER: _("controller"),
    Role.READER: _("läsare"),
    Role.HEAD_OF_UNIT: _("enhetschef"),
}

# What a role is there for, in one sentence; docs/roles.md is made from these.
DESCRIPTIONS: dict[Role, str] = {
    Role.SYSTEM_ADMINISTRATOR: _(
        "Sköter systemet: bjuder in personer, ger roller, tar bort den som slutat och granskar "
        "spåret."
    ),
    Role.AGREEMENT_ADMINISTRATOR: _(
        "Sköter avtalen: lägger upp kommuner, skriver avtal, registrerar underskrifter och "
        "uppsägningar."
    ),
    Role.CONTROLLER: _(
        "Sköter pengarna: fastställer taxor, fakturerar, följer betalningar och granskar spåret."
    ),
    Role.READER: _("Läser avtal, taxor och kommuner men ändrar ingenting."),
    Role.HEAD_OF_UNIT: _(
        "Leder en enhet: läser avtal och taxor och beslutar vilka som hör till den egna enheten."
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

_UNITS: dict[str, str] = {}


def register_units(units: Mapping[str, str]) -> None:
    """Add units, code by Swedish name; the rooms above know them, here they are opaque."""
    _UNITS.update(units)


def units() -> Mapping[str, str]:
    """All units, code by Swedish name."""
    return dict(_UNITS)


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


def check_may_accept(*, has_head: bool, had_head: bool, heads_elsewhere: bool) -> None:
    """Raise WrongStanding when somebody else can decide about the proposed head.

    A head accepts for herself only where there is nobody before her: in a unit that never had a
    head, or where no unit of the centre has one any more.
    """
    if has_head:
        raise WrongStanding(
            _("Enheten har redan en chef, och det är hon eller han som beslutar. Be om beslutet.")
        )
    if had_head and heads_elsewhere:
        raise WrongStanding(
            _("Enheten har haft en chef. Då beslutar en annan enhets chef. Be om beslutet.")
        )
