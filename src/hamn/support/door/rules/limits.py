"""How much the door takes in within an hour, of each act: from one source, and in all. Pure.

A single sender's flood must not drown the unit's inbox; yet nobody is tracked, and nobody can shut
the door on somebody else: reading with a code has no limit, only fair turns (hashing.py). With one,
whoever sends wrong codes would lock out everybody behind the same address, a shelter or a telephone
company, for an hour.
Source: docs/adr/0025; issue 5 (abuse control without tracking).
"""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import NamedTuple

from hamn.core.errors import BadInput, Refusal, _

HOUR_S = 3600


class Limit(NamedTuple):
    """The most of one act in an hour, in one process. 0: no limit."""

    per_source: int
    in_all: int


# A shelter or a school shares one address: what one source may do is far more than one person does.
LIMITS: dict[str, Limit] = {
    "open": Limit(30, 3600),
    "write": Limit(120, 7200),
    "read": Limit(0, 0),
    "book": Limit(60, 3600),
    "consult": Limit(30, 1200),
}
_INNER = tuple(
    ip_network(network)
    for network in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
        *("169.254.0.0/16", "::1/128", "fc00::/7", "fe80::/10"),
    )
)


class TooMany(Refusal):
    """So much has come in this hour that no more is taken; what was written stays on the page.

    retry_after_s: seconds until it is worth another try, for the answer's Retry-After.
    """

    code = "door.too_many"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(
            _(
                "Just nu kommer det in mer än vi hinner ta emot. Ditt meddelande är inte skickat. "
                "Försök igen om {minutes} min, eller ring oss."
            ),
            minutes=max(1, -(-retry_after_s // 60)),
        )
        self.retry_after_s = retry_after_s


def limit_of(act: str, given: Mapping[str, object]) -> Limit:
    """The act's limit: the shipped one, where the centre's own file does not say another.

    given: `[door.limits]` of the file, as `open_per_source = 30` and `open_in_all = 3600`.
    Raises BadInput for what is no whole number.
    """
    shipped = LIMITS[act]
    return Limit(
        _whole(given, f"{act}_per_source", shipped.per_source),
        _whole(given, f"{act}_in_all", shipped.in_all),
    )


def check_limits(given: object) -> None:
    """Pass limits that can be counted by. Raises BadInput for a name that is none, or no number."""
    if not isinstance(given, Mapping):
        raise BadInput(_("[door.limits] ska vara ett avsnitt i centre.toml."))
    names = [f"{act}_{part}" for act in LIMITS for part in Limit._fields]
    for name in given:
        if name not in names:
            raise BadInput(
                _("[door.limits] har ingen gräns som heter {name}. Skriv någon av: {names}."),
                name=name,
                names=", ".join(names),
            )
    for act in LIMITS:
        limit_of(act, given)


def network_of(address: str) -> str:
    """What is counted as one source: an address, of IPv6 its network of 56 bits, which is what one
    subscriber is given; empty for what is no visitor's own.

    Behind a proxy that tells no address everybody seems to come from the machine itself, or from
    the proxy's place in an inner network: they are not counted as one, or the first few would shut
    the door on all the others.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if any(found in inner for inner in _INNER):
        return ""
    if isinstance(found, IPv6Address):
        return str(IPv6Address(int(found) >> 72 << 72))
    return str(found)


def _whole(given: Mapping[str, object], name: str, shipped: int) -> int:
    value = given.get(name, shipped)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadInput(
            _("Gränsen {name} i [door.limits] ska vara ett heltal, 0 för ingen gräns."), name=name
        )
    return value
