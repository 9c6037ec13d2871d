"""The ways the vault says no. None of them carries a key, a passphrase or a sealed text."""

from hamn.core.errors import Refusal, _


class Locked(Refusal):
    """The unit's key is not unsealed, so nothing of the unit opens."""

    code = "vault.locked"

    def __init__(self, unit: str) -> None:
        super().__init__(
            _(
                "Valvet för {unit} är stängt, så inget förseglat kan läsas. Enhetens chef öppnar "
                "det på sidan Valvet eller med: hamn vault unseal --unit {unit}"
            ),
            unit=unit,
        )


class AgentAway(Refusal):
    """The key agent does not answer."""

    code = "vault.agent_away"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Valvet är stängt: nyckelagenten svarar inte. Be systemadministratören starta den "
                "(hamn vault agent); sedan öppnar en enhetschef valvet på sidan Valvet eller med: "
                "hamn vault unseal"
            )
        )


class Foreign(Refusal):
    """The process is not one that the key agent works for."""

    code = "vault.foreign"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nyckelagenten känner inte igen den här processen. Kör som samma användare och "
                "med samma centrum som agenten."
            )
        )


class Unreadable(Refusal):
    """The sealed text does not open: its key is gone, or it was moved or changed."""

    code = "vault.unreadable"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Uppgiften går inte att öppna: nyckeln är borta, eller så har uppgiften flyttats "
                "eller ändrats utanför Hamn. Säg till systemadministratören."
            )
        )


class WrongPassphrase(Refusal):
    """No passphrase of the unit is this one."""

    code = "vault.wrong_passphrase"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Lösenfrasen stämmer inte. Skriv den igen; efter flera fel tar svaret allt "
                "längre tid."
            )
        )


class NoKey(Refusal):
    """The unit has no key, or its key file is not there."""

    code = "vault.no_key"

    def __init__(self, unit: str) -> None:
        super().__init__(
            _(
                "Enheten {unit} har ingen nyckel i valvet. Lägg tillbaka nyckelfilen från sin "
                "förvaring, eller gör en för en ny enhet med: hamn vault new-unit --unit {unit}"
            ),
            unit=unit,
        )


class AlreadyThere(Refusal):
    """The unit, or the passphrase's name, is taken."""

    code = "vault.already_there"
