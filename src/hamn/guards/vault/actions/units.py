"""Units' keys are made, unsealed and locked, and passphrases given and taken back."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.views.decorators.debug import sensitive_variables

from hamn.core.errors import BadInput, _
from hamn.guards.access import permits
from hamn.guards.access.rules import units
from hamn.guards.audit import actions as audit

from .. import rules
from ..agent import client, wire
from ..events import Event
from ..models import UnitKey

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@sensitive_variables("passphrase")
@transaction.atomic
def new_unit(
    *, unit: str, name: str, passphrase: str, is_key_lost: bool = False, by: "Person"
) -> UnitKey:
    """A key for a unit that has none, opened by the passphrase.

    name: whose passphrase it is. is_key_lost: the key file is lost for ever and so is everything
    sealed with it; the unit starts anew. A making that was cut short is gone on with.
    Raises AlreadyThere, BadInput for a short passphrase, AgentAway.
    """
    permits.require(by, "vault.new_unit", unit)
    if unit not in units():
        raise BadInput(_("Enheten {unit} finns inte. Välj en i listan."), unit=unit)
    last = UnitKey.objects.filter(unit=unit).aggregate(last=Max("version"))["last"] or 0
    if last and not is_key_lost:
        raise rules.AlreadyThere(
            _("Enheten {unit} har redan en nyckel. Byt den med: hamn vault rotate --unit {unit}"),
            unit=unit,
        )
    version, public = client.ask(
        "new_unit", unit=unit, version=last + 1, name=name, passphrase=passphrase, slow=True
    )
    raw = wire.raw(public)
    UnitKey.objects.filter(unit=unit, retired_at__isnull=True).delete()
    key = UnitKey.objects.create(
        unit=unit, version=version, public=raw, fingerprint=rules.fingerprint(raw)
    )
    audit.record(Event.UNIT_ADDED, by=by, on=key, unit=unit, fingerprint=key.fingerprint)
    return key


@sensitive_variables("passphrase")
def unseal(*, unit: str, passphrase: str, by: "Person") -> None:
    """The unit's boxes open from now on, until the agent stops or somebody locks.

    The trail tells of it or it is closed again: no transaction holds what the agent does.
    Raises WrongPassphrase after a wait that grows, NoKey, Unreadable for a broken key file.
    """
    permits.require(by, "vault.unseal", unit)
    client.ask("unseal", unit=unit, passphrase=passphrase, slow=True)
    try:
        with transaction.atomic():
            audit.record(Event.UNSEALED, by=by, unit=unit)
    except BaseException:
        client.ask("lock", unit=unit)
        raise


@transaction.atomic
def lock(*, unit: str, by: "Person") -> None:
    """Nothing of the unit opens until somebody unseals it again."""
    permits.require(by, "vault.lock", unit)
    audit.record(Event.LOCKED, by=by, unit=unit)
    client.ask("lock", unit=unit)


@sensitive_variables("passphrase", "new")
def add_passphrase(*, unit: str, passphrase: str, name: str, new: str, by: "Person") -> None:
    """One more passphrase opens the unit; who adds it proves one that it has.

    Raises WrongPassphrase, BadInput for a short one, AlreadyThere for a taken name.
    """
    permits.require(by, "vault.add_passphrase", unit)
    _prove(unit, passphrase)
    asked = {"unit": unit, "passphrase": passphrase, "name": name, "new": new}
    with transaction.atomic():
        audit.record(Event.PASSPHRASE_ADDED, by=by, unit=unit)
        client.ask("add_passphrase", **asked, slow=True)


@sensitive_variables("passphrase")
def remove_passphrase(*, unit: str, passphrase: str, name: str, by: "Person") -> None:
    """A passphrase opens the unit no more, not even with a copy of an older key file's key.

    Raises WrongPassphrase, BadInput for an unknown name or the last one.
    """
    permits.require(by, "vault.remove_passphrase", unit)
    _prove(unit, passphrase)
    asked = {"unit": unit, "passphrase": passphrase, "name": name}
    with transaction.atomic():
        audit.record(Event.PASSPHRASE_REMOVED, by=by, unit=unit)
        client.ask("remove_passphrase", **asked, slow=True)


@sensitive_variables("passphrase")
def _prove(unit: str, passphrase: str) -> None:
    """Raise WrongPassphrase, after its wait, while nobody waits for the end of the trail."""
    client.ask("prove", unit=unit, passphrase=passphrase, slow=True)
