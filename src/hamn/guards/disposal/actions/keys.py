"""The keys that could open what is destroyed: known beforehand, and exchanged afterwards.

An older backup of the database holds the destroyed boxes and their grants. They die with the
private keys of every unit that has had a grant, not with the rows.
"""

from collections.abc import Callable, Collection
from uuid import UUID

from django.conf import settings

from hamn.core.errors import Refusal, _
from hamn.guards.vault import actions as vault
from hamn.guards.vault import queries as vaults
from hamn.guards.vault import rules as vault_rules


class KeysDisagree(Refusal):
    """The key file of a unit is not the one that the database seals to."""

    code = "disposal.keys_disagree"


def refuse_sealed(units: Collection[str]) -> None:
    """Pass when every unit's key can be exchanged now; nothing is destroyed otherwise.

    Raises AgentAway, Locked, NoKey, KeysDisagree.
    """
    status = vaults.status()
    if not status.has_agent:
        raise vault_rules.AgentAway
    found = {one.unit: one for one in status.units}
    for unit in sorted(units):
        one = found.get(unit)
        if one is None or one.version is None or not one.has_file:
            raise vault_rules.NoKey(unit)
        if not one.is_unsealed:
            raise vault_rules.Locked(unit)
        if not one.agrees:
            raise KeysDisagree(
                _(
                    "Nyckelfilen för {unit} är inte den som databasen förseglar till. Ingenting "
                    "gallras förrän rätt nyckelfil är tillbaka."
                ),
                unit=unit,
            )


def granted(box_ids: Collection[UUID]) -> frozenset[str]:
    """The units that can open some of the boxes."""
    return vaults.granted_units(box_ids) if box_ids else frozenset()


def newest(units: Collection[str]) -> dict[str, int]:
    """The newest version of each unit's key: what it could open dies with it and its elders."""
    versions = {one.unit: one.version or 0 for one in vaults.status().units}
    return {unit: versions[unit] for unit in sorted(units)}


def exchange(unit: str, told: Callable[[], object]) -> int:
    """The unit's new key in place of all earlier ones, which are destroyed; its version.

    Done again, it only makes another one. Raises Locked, NoKey, AgentAway.
    """
    return vault.rotate(unit, lambda _done, _of: told()).version


def backup_days() -> int:
    """How long a backup of the key files is kept at the most."""
    return int(settings.KEY_BACKUP_DAYS)
