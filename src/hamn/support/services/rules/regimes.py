"""What a service may leave undocumented, and the board decision that it rests on. Pure.

Source: SoL 14:3-5, 11:5; requirements Z7, Z30; docs/law.md section 1.
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from hamn.core.errors import BadInput, Refusal, _

from .codes import ContactKind


class Regime(StrEnum):
    """A service's documentation regime (dokumentationsregim)."""

    ADVICE_EXEMPT = "advice_exempt"
    IDENTITY_EXEMPT = "identity_exempt"
    FULL = "full"


REGIMES: dict[Regime, str] = {
    Regime.ADVICE_EXEMPT: _("rådgivning utan personliga förhållanden (SoL 14:4)"),
    Regime.IDENTITY_EXEMPT: _("insatser utan identitet efter nämndens beslut (SoL 14:5)"),
    Regime.FULL: _("full dokumentation (SoL 14:3)"),
}
REGIMES_TOLD: dict[Regime, str] = {
    Regime.ADVICE_EXEMPT: _(
        "Rådgivande samtal får vara anonyma. Andra insatser dokumenteras med namn."
    ),
    Regime.IDENTITY_EXEMPT: _(
        "Alla insatser som ges utan behovsprövning får vara anonyma. Kräver nämndens beslut."
    ),
    Regime.FULL: _(
        "Insatser dokumenteras med namn. Ett rådgivande samtal får ändå alltid vara anonymt."
    ),
}


class Documented(NamedTuple):
    """How a service documents, and the day of the board's decision where it rests on one."""

    regime: Regime | str
    decided_on: date | None = None


class IdentityNeeded(Refusal):
    """The service has no board decision that lets this kind of contact stay without identity."""

    code = "services.identity_needed"


def check_regime(regime: Regime, *, reference: str, decided_on: date | None) -> None:
    """Pass only a regime that the law carries: identity-free interventions need a decision.

    Raises BadInput when the decision lacks number or date, or is half told.
    """
    if regime is Regime.IDENTITY_EXEMPT and not (reference and decided_on):
        raise BadInput(
            _(
                "Insatser utan identitet kräver nämndens beslut (SoL 14:5). Ange beslutets "
                "diarienummer och datum, eller välj en annan regim."
            )
        )
    if bool(reference) != (decided_on is not None):
        raise BadInput(_("Ange både diarienummer och datum för nämndens beslut, eller inget."))


def check_decided(decided_on: date | None, *, today: date) -> None:
    """Raise BadInput for a decision that is not taken yet."""
    if decided_on is not None and decided_on > today:
        raise BadInput(
            _("Beslutets datum {day} har inte varit än. Ange det när beslutet är fattat."),
            day=decided_on,
        )


def may_be_identity_free(service: Documented, kind: ContactKind | str, *, on: date) -> bool:
    """Whether what was given on the day may be recorded without identity (Z30).

    Counselling always may; an intervention from the day of the board's decision.
    """
    if kind == ContactKind.COUNSELLING:
        return True
    is_exempt = service.regime == Regime.IDENTITY_EXEMPT
    return is_exempt and service.decided_on is not None and service.decided_on <= on


def check_identity_free(service: Documented, kind: ContactKind | str, *, on: date) -> None:
    """Raise IdentityNeeded for what must not be recorded without identity."""
    if not may_be_identity_free(service, kind, on=on):
        raise IdentityNeeded(
            _(
                "Verksamheten har inget nämndbeslut som tillät den här insatsen utan identitet den "
                "dagen (SoL 14:5). Skriv den som rådgivande samtal om den var det, eller be chefen "
                "föra in beslutet på sidan Verksamheter."
            )
        )
