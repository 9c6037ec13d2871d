"""The demonstration's vault, which unseals itself: its passphrase lies in a file beside the keys.

Never so in a real centre, where a head's passphrase is stored nowhere.
"""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from hamn.guards.access.rules import units
from hamn.guards.vault import actions as vault
from hamn.guards.vault import queries as vaults
from hamn.guards.vault.agent.keeper import Keeper
from hamn.guards.vault.agent.keyfiles import KeyFiles
from hamn.guards.vault.agent.server import running

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

NAME = "Demonstrationen"


def passphrase() -> str:
    """The demonstration's passphrase, made at random the first time."""
    path = _folder() / "demo-passphrase"
    _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(24))
    return path.read_text(encoding="ascii")


def unseal_all(keeper: Keeper) -> None:
    """Every key file of the demonstration, unsealed."""
    for unit in keeper.files.units():
        keeper.unseal(unit, passphrase())


@contextmanager
def open_vault() -> Iterator[None]:
    """A key agent in this process while the demonstration is built, unless one runs already."""
    if vaults.has_agent():
        yield
        return
    keeper = Keeper(KeyFiles(_folder() / "keys"))
    unseal_all(keeper)
    with running(_folder(), keeper):
        yield


def make_keys(*, by: "Person") -> None:
    """A key for every unit that has none."""
    for unit in sorted(units()):
        if not vaults.has_key(unit):
            vault.new_unit(unit=unit, name=NAME, passphrase=passphrase(), by=by)


def take_away() -> None:
    """Remove the demonstration's keys, and nothing else."""
    if (_folder() / "demo-passphrase").exists():
        shutil.rmtree(_folder() / "keys", ignore_errors=True)
        (_folder() / "demo-passphrase").unlink()


def _folder() -> Path:
    return Path(settings.VAULT)
