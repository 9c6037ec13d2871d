"""The units' keys: `hamn vault agent|status|unseal|lock|rotate|new-unit|add-passphrase|…`.

No verb opens what is sealed. A passphrase is typed without echo or read from a pipe, never an
argument: arguments can be seen by others and stay in the shell's memory.
"""

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from hamn.core.errors import BadInput
from hamn.core.errors import _ as marked
from hamn.guards.vault import actions, queries
from hamn.guards.vault.agent import process
from hamn.guards.vault.agent.keeper import Keeper
from hamn.guards.vault.agent.keyfiles import KeyFiles
from hamn.guards.vault.agent.server import Agent
from hamn.papers.tables import Column

from . import arguments as given


def add_to(verbs: Any) -> None:
    """The verbs of the vault."""
    vault = verbs.add_parser("vault", help=_("enheternas nycklar: öppna, stäng, byt"))
    kinds = vault.add_subparsers(dest="subverb", metavar="VERB", required=True)
    agent = kinds.add_parser("agent", help=_("kör nyckelagenten, som håller nycklarna öppna"))
    agent.add_argument(
        "--peer", action="append", default=[], metavar="ANVÄNDARE", help=_("släpp in även denna")
    )
    agent.set_defaults(run=run_agent)
    status = kinds.add_parser("status", help=_("hur varje enhets nyckel står"))
    status.add_argument("--format", choices=["table", "json"], default="table")
    status.set_defaults(run=run_status)
    rotate = kinds.add_parser("rotate", help=_("byt en enhets nyckel och förstör den gamla"))
    rotate.add_argument("--unit", metavar="ENHET", help=_("annars alla vars nyckel måste bytas"))
    rotate.set_defaults(run=run_rotate)
    for name, run, told in (
        ("unseal", run_unseal, _("öppna en enhets nyckel med lösenfras")),
        ("lock", run_lock, _("stäng en enhets nyckel")),
        ("new-unit", run_new_unit, _("gör en nyckel för en enhet som saknar")),
        ("add-passphrase", run_add_passphrase, _("lägg till en lösenfras för en enhet")),
        ("remove-passphrase", run_remove_passphrase, _("ta bort en lösenfras för en enhet")),
    ):
        verb = kinds.add_parser(name, help=told)
        verb.add_argument("--unit", required=True, metavar="ENHET")
        if name not in {"unseal", "lock"}:
            verb.add_argument("--name", required=True, metavar="NAMN", help=_("vems lösenfras"))
        if name == "new-unit":
            verb.add_argument(
                "--key-is-lost", action="store_true", help=_("nyckelfilen är borta för alltid")
            )
        verb.set_defaults(run=run)


def run_agent(arguments: argparse.Namespace) -> None:
    """The key agent, until it is told to stop; units are unsealed afterwards, by their heads."""
    peers = process.user_ids(arguments.peer)
    is_locked = process.close_to_others()
    folder = Path(settings.VAULT)
    keeper = Keeper(KeyFiles(folder / "keys"))
    unsealed = process.unseal_from_credentials(keeper)
    if settings.DEMO:
        _unseal_demo(keeper)

    def tell() -> None:
        print(_("Nyckelagenten svarar i {folder}.").format(folder=folder), flush=True)
        if unsealed:
            print(_("Öppnade av systemet: {units}.").format(units=", ".join(unsealed)), flush=True)
        if not is_locked and not settings.DEMO:
            print(
                _("Minnet kan inte låsas, så nycklar kan nå växlingsytan. Kryptera den."),
                file=sys.stderr,
                flush=True,
            )

    process.run(Agent(folder, keeper, peers=peers), tell)


def run_status(arguments: argparse.Namespace) -> int:
    """Each unit's key; 1 when the agent is away or a public key is not the key file's."""
    found = queries.status_for(given.person(arguments))
    if arguments.format == "json":
        given.show_json({"agent": found.has_agent, "units": [one._asdict() for one in found.units]})
    else:
        _show(found)
    is_sound = found.has_agent and not queries.disagreeing(found.units)
    return int(not is_sound)


def run_unseal(arguments: argparse.Namespace) -> None:
    """The unit's sealed records can be read from now on."""
    by = given.proved(arguments)
    actions.unseal(unit=arguments.unit, passphrase=_typed(_("Lösenfras: ")), by=by)
    print(_("Valvet för {unit} är öppet.").format(unit=arguments.unit))


def run_lock(arguments: argparse.Namespace) -> None:
    """Nothing of the unit can be read until it is unsealed again."""
    actions.lock(unit=arguments.unit, by=given.proved(arguments))
    print(_("Valvet för {unit} är stängt.").format(unit=arguments.unit))


def run_new_unit(arguments: argparse.Namespace) -> None:
    """A key file and its public half in the database."""
    by = given.proved(arguments)
    key = actions.new_unit(
        unit=arguments.unit,
        name=arguments.name,
        passphrase=_chosen(),
        is_key_lost=arguments.key_is_lost,
        by=by,
    )
    print(
        _("{unit} har fått sin nyckel: {fingerprint}").format(
            unit=key.unit, fingerprint=key.fingerprint
        )
    )
    print(
        _("Säkerhetskopiera nyckelfilen nu, skild från databasen: {path}").format(
            path=Path(settings.VAULT) / "keys" / f"{key.unit}.json"
        )
    )


def run_add_passphrase(arguments: argparse.Namespace) -> None:
    """One more passphrase, let in by one that the unit has."""
    by = given.proved(arguments)
    actions.add_passphrase(
        unit=arguments.unit,
        passphrase=_typed(_("En lösenfras som enheten har: ")),
        name=arguments.name,
        new=_chosen(),
        by=by,
    )
    print(_("Lösenfrasen är tillagd. Säkerhetskopiera nyckelfilen igen."))


def run_remove_passphrase(arguments: argparse.Namespace) -> None:
    """One passphrase less."""
    by = given.proved(arguments)
    actions.remove_passphrase(
        unit=arguments.unit,
        passphrase=_typed(_("En lösenfras som enheten har: ")),
        name=arguments.name,
        by=by,
    )
    print(_("Lösenfrasen är borttagen. Säkerhetskopiera nyckelfilen igen och förstör äldre."))


def run_rotate(arguments: argparse.Namespace) -> int:
    """The unit's new key, or each that must be exchanged; 1 when something no key opened."""
    by = given.proved(arguments)
    due = [one.unit for one in queries.status_for(by).units if one.must_rotate]
    units = [arguments.unit] if arguments.unit else due
    if not units:
        print(_("Ingen nyckel behöver bytas."))
    lost = 0
    for unit in units:
        made = actions.rotate(unit, _progress if sys.stderr.isatty() else None, by=by)
        lost += made.lost
        print(
            _("{unit}: version {version}, {grants} nycklar omförseglade, {lost} gick inte.").format(
                unit=unit, version=made.version, grants=made.grants, lost=made.lost
            )
        )
    if units:
        print(
            _(
                "Säkerhetskopiera nyckelfilen nu; äldre kopior får finnas i högst {days} dagar."
            ).format(days=settings.KEY_BACKUP_DAYS)
        )
    return int(lost > 0)


def _unseal_demo(keeper: Keeper) -> None:
    from hamn.agreement.invoicing.queries import is_example
    from hamn.site.demo import keys

    if is_example():
        process.end_with_parent()
        keys.unseal_all(keeper)


def _show(found: queries.Status) -> None:
    if not found.has_agent:
        print(_("Nyckelagenten svarar inte. Starta den: hamn vault agent"))
    yes, no = _("ja"), _("nej")
    columns = [
        Column("unit", _("Enhet"), "text"),
        Column("version", _("Version"), "text"),
        Column("open", _("Öppet"), "text"),
        Column("agrees", _("Nyckeln stämmer"), "text"),
        Column("rotate", _("Måste bytas"), "text"),
        Column("names", _("Lösenfraser"), "text"),
        Column("fingerprint", _("Fingeravtryck"), "text"),
    ]
    rows = (
        {
            "unit": one.unit,
            "version": str(one.version or ""),
            "open": yes if one.is_unsealed else no,
            "agrees": _agrees(one),
            "rotate": yes if one.must_rotate else no,
            "names": ", ".join(one.names),
            "fingerprint": one.fingerprint,
        }
        for one in found.units
    )
    given.show(columns, rows, form="table")
    for one in found.units:
        if one.has_one_passphrase:
            print(
                _(
                    "{unit}: bara en lösenfras öppnar enheten. Låt ersättaren lägga till sin egen."
                ).format(unit=one.unit)
            )
        if one.must_rotate and not one.is_unsealed:
            print(_("{unit}: nyckeln byts när enheten är öppen.").format(unit=one.unit))


def _agrees(one: queries.UnitStatus) -> str:
    if one.has_file is None:
        return _("okänt")
    if not one.has_file:
        return _("filen saknas")
    return _("ja") if one.agrees else _("nej")


def _typed(prompt: str) -> str:
    """A passphrase, typed without echo; one line of what is piped in."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    line = sys.stdin.readline(4096)
    if not line.endswith("\n") and len(line) >= 4096:
        raise BadInput(marked("Lösenfrasen är för lång."))
    return line.rstrip("\r\n")


def _chosen() -> str:
    """A new passphrase; typed twice at a terminal, where a slip is not seen."""
    first = _typed(_("Ny lösenfras: "))
    if sys.stdin.isatty() and _typed(_("Samma en gång till: ")) != first:
        raise BadInput(marked("Lösenfraserna är inte lika. Skriv samma två gånger."))
    return first


def _progress(done: int, of: int) -> None:
    print(f"\r{done} / {of}", end="\n" if done >= of else "", file=sys.stderr, flush=True)
