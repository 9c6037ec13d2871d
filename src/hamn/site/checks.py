"""What must be right before the desk is shown to others: Django's checks with ids of our own.

Run by `hamn check` and by `check --deploy`. An error stops; a warning must be understood.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError
from django.utils.translation import gettext as _

from hamn.guards.vault import queries as vaults
from hamn.site.secret import DOOR
from hamn.site.secret import NAME as SECRET

SHORTEST_TOKEN = 24
OTHERS = stat.S_IRWXG | stat.S_IRWXO


@register(Tags.security, deploy=True)
def check_centre(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001
    **options: Any,  # noqa: ARG001
) -> list[CheckMessage]:
    """Every fault of this installation."""
    return [*_address(), *_mail(), *_secrets(), *_folders(), *_token(), *_door()]


def _address() -> Iterator[CheckMessage]:
    given = settings.SYSTEM.get("address", "")
    if not given:
        yield Error(
            _("[system] i centre.toml saknar address, så bara den här datorn får svar."),
            hint=_("Skriv adressen som exemplet visar: https://hamn.kommunen.example"),
            id="hamn.E001",
        )
    elif not given.startswith("https://"):
        yield Error(
            _("address i centre.toml börjar inte med https://."),
            hint=_("Inloggning och sidor får bara gå över en krypterad förbindelse."),
            id="hamn.E002",
        )


def _mail() -> Iterator[CheckMessage]:
    if not settings.SYSTEM.get("mail"):
        # Not a hindrance: hamn person link lets people in without a letter.
        yield checks.Info(
            _("[system.mail] saknas i centre.toml, så ingen kan bjudas in."),
            hint=_("Fyll i avsnittet så som exemplet i dokumentationen för drift visar."),
            id="hamn.I003",
        )


def _secrets() -> Iterator[CheckMessage]:
    key = settings.HAMN_HOME / SECRET
    if not key.exists() and not os.environ.get("HAMN_SECRET_KEY"):
        yield Error(
            _("Filen {path} saknas.").format(path=key),
            hint=_("Lägg tillbaka den från sin förvaring, eller kör ”hamn setup” som gör en ny."),
            id="hamn.E004",
        )
    for path in (key, settings.HAMN_HOME / DOOR, settings.CENTRE_FILE):
        if path.exists() and path.stat().st_mode & OTHERS and _is_secret(path):
            yield Error(
                _("Filen {path} kan läsas av andra än sin ägare.").format(path=path),
                hint=f"chmod 600 {path}",
                id="hamn.E005",
            )


def _is_secret(path: Path) -> bool:
    """Whether the file holds what must stay unknown: the key does, centre.toml may."""
    passwords = (
        settings.SYSTEM.get("mail", {}).get("password"),
        settings.SYSTEM.get("metrics_token"),
        settings.DATABASES["default"].get("PASSWORD"),
    )
    return path.name in {SECRET, DOOR} or any(passwords)


def _folders() -> Iterator[CheckMessage]:
    if not os.access(settings.HAMN_HOME, os.W_OK):
        yield Error(
            _("Det går inte att skriva i {path}.").format(path=settings.HAMN_HOME),
            hint=_("Mappen ska tillhöra den användare som kör Hamn."),
            id="hamn.E006",
        )
    if settings.HAMN_HOME.stat().st_mode & stat.S_IRWXO:
        yield Error(
            _("Mappen {path} med databasen är öppen för alla på datorn.").format(
                path=settings.HAMN_HOME
            ),
            hint=f"chmod 700 {settings.HAMN_HOME}",
            id="hamn.E009",
        )
    rules = settings.PEPPOL_RULES
    if rules and not (Path(rules) / "PEPPOL-EN16931-UBL.xslt").is_file():
        yield Error(
            _("Mappen {path} saknar PEPPOL-EN16931-UBL.xslt.").format(path=rules),
            hint=_("Lägg dit OpenPeppols filer, eller ta bort raden peppol_rules i centre.toml."),
            id="hamn.E007",
        )


def _door() -> Iterator[CheckMessage]:
    if not str(settings.DOOR.get("emergency_service_phone", "")).strip():
        yield checks.Info(
            _("[door] i centre.toml saknar emergency_service_phone, så Socialjouren visas inte."),
            hint=_(
                "Skriv kommunens nummer till socialjouren. Det står bland dem att ringa vid fara."
            ),
            id="hamn.I014",
        )


@register(Tags.security, deploy=True)
def check_keys(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001
    **options: Any,  # noqa: ARG001
) -> list[CheckMessage]:
    """Every fault of the units' keys; that they are closed to comparison is none by itself."""
    return [*_open_key_files(), *_keys()]


def _keys() -> Iterator[CheckMessage]:
    try:
        found = vaults.status()
    except DatabaseError:
        return  # no centre yet: nothing to compare
    if not found.has_agent and any(one.version for one in found.units):
        yield checks.Info(
            _("Nyckelagenten svarar inte, så enheternas nycklar har inte jämförts."),
            hint=_("Starta den och kör igen: hamn vault agent"),
            id="hamn.I011",
        )
    if not found.has_agent:
        return
    for unit in vaults.disagreeing(found.units):
        yield Error(
            _("Nyckeln för {unit} i databasen är inte nyckelfilens.").format(unit=unit),
            hint=_("Registrera ingenting innan du vet varför. Se: hamn vault status"),
            id="hamn.E010",
        )
    for one in found.units:
        if one.must_rotate:
            yield checks.Warning(
                _("Nyckeln för {unit} måste bytas.").format(unit=one.unit),
                hint=f"hamn vault rotate --unit {one.unit}",
                id="hamn.W012",
            )


def _open_key_files() -> Iterator[CheckMessage]:
    folder = Path(settings.VAULT) / "keys"
    try:
        files = sorted(folder.iterdir())
    except OSError:
        return  # not there, or as it should be: the agent's alone
    for path in files:
        if path.stat().st_mode & OTHERS:
            yield Error(
                _("Filen {path} kan läsas av andra än sin ägare.").format(path=path),
                hint=f"chmod 600 {path}",
                id="hamn.E013",
            )


def _token() -> Iterator[CheckMessage]:
    token = settings.SYSTEM.get("metrics_token")
    if token and len(str(token)) < SHORTEST_TOKEN:
        yield checks.Warning(
            _("metrics_token i centre.toml är kortare än {count} tecken.").format(
                count=SHORTEST_TOKEN
            ),
            hint='python3 -c "import secrets; print(secrets.token_urlsafe(32))"',
            id="hamn.W008",
        )
