"""A unit's private keys in its key file, under the passphrases that open them.

Each passphrase makes, by Argon2id, a key pair of its own; the file's key is sealed to each of their
public halves. So a new file key is made at every writing without anyone's passphrase, and who has
been taken off the list opens no later file, whatever old copy she has kept.
"""

import base64
import binascii
import json
import os
import unicodedata
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hamn.core.errors import BadInput, _

from .pairs import SEED_BYTES, fingerprint, new_pair, open_key, pair_of, seal_key
from .refusals import AlreadyThere, Unreadable, WrongPassphrase

FORMAT = 1
SHORTEST_PASSPHRASE, LONGEST_PASSPHRASE = 12, 256
LONGEST_NAME = 100
_SALT, _NONCE, KEY_BYTES = 16, 12, 32


class Cost(NamedTuple):
    """What one try of a passphrase costs, by Argon2id: passes, memory in KiB, lanes."""

    passes: int = 4
    memory_kib: int = 65_536
    lanes: int = 1


# Above these a changed file would only tie up the machine.
_MOST = Cost(passes=64, memory_kib=2_097_152, lanes=16)


class Opener(NamedTuple):
    """A passphrase as the file knows it: who has it, how it is stretched, its public half."""

    name: str
    salt: bytes
    cost: Cost
    public: bytes


class Secret(NamedTuple):
    """One version of a unit's keys: the seed of its pair, and the key of its blind index."""

    seed: bytes
    search: bytes

    def __repr__(self) -> str:
        return "<Secret>"


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """A unit's keys, unsealed: lives in the key agent's memory alone."""

    unit: str
    openers: tuple[Opener, ...]
    secrets: dict[int, Secret]

    def __repr__(self) -> str:
        return f"<Keyring {self.unit}>"

    @property
    def newest(self) -> int:
        """The version that new keys are sealed to."""
        return max(self.secrets)

    def with_version(self, version: int) -> "Keyring":
        """The keyring with new, random keys of that version."""
        seed, _pair = new_pair()
        made = Secret(seed, os.urandom(KEY_BYTES))
        return replace(self, secrets={**self.secrets, version: made})

    def without_before(self, version: int) -> "Keyring":
        """The keyring without all keys of earlier versions."""
        kept = {one: secret for one, secret in self.secrets.items() if one >= version}
        return replace(self, secrets=kept)

    def with_passphrase(self, name: str, passphrase: str, cost: Cost) -> "Keyring":
        """The keyring that one more passphrase opens. Raises BadInput, AlreadyThere."""
        opener = _new_opener(name, passphrase, cost)
        if opener.name in {one.name for one in self.openers}:
            raise AlreadyThere(
                _("Det finns redan en lösenfras med namnet {name}. Välj ett annat."), name=name
            )
        return replace(self, openers=(*self.openers, opener))

    def without_passphrase(self, name: str) -> "Keyring":
        """The keyring that this passphrase no longer opens. Raises BadInput for the last one."""
        kept = tuple(one for one in self.openers if one.name != name)
        if len(kept) == len(self.openers):
            raise BadInput(
                _("Ingen lösenfras heter {name}. Se namnen med: hamn vault status"), name=name
            )
        if not kept:
            raise BadInput(_("Det är den enda lösenfrasen. Lägg till en annan först."))
        return replace(self, openers=kept)


class Header(NamedTuple):
    """What a key file says without any passphrase."""

    unit: str
    names: tuple[str, ...]
    fingerprints: dict[int, str]


def check_new_passphrase(passphrase: str) -> None:
    """Raise BadInput unless the passphrase can be used: long enough, and not endless."""
    if not SHORTEST_PASSPHRASE <= len(_typed(passphrase)) <= LONGEST_PASSPHRASE:
        raise BadInput(
            _(
                "Lösenfrasen måste ha minst {least} och högst {most} tecken. Flera ord efter "
                "varandra är lätta att minnas och svåra att gissa."
            ),
            least=SHORTEST_PASSPHRASE,
            most=LONGEST_PASSPHRASE,
        )


def new_keyring(unit: str, version: int, name: str, passphrase: str, cost: Cost) -> Keyring:
    """Random keys of that version, opened by the one passphrase. Raises BadInput."""
    return Keyring(unit, (_new_opener(name, passphrase, cost),), {}).with_version(version)


def sealed_keyring(keyring: Keyring) -> bytes:
    """The key file, under a new file key each time."""
    file_key = os.urandom(KEY_BYTES)
    header = {
        "format": FORMAT,
        "unit": keyring.unit,
        "passphrases": [_opener_fields(one) for one in keyring.openers],
        "public": {
            str(version): _text(pair_of(secret.seed).public)
            for version, secret in sorted(keyring.secrets.items())
        },
    }
    secrets = {str(v): _text(one.seed + one.search) for v, one in keyring.secrets.items()}
    nonce = os.urandom(_NONCE)
    body = AESGCM(file_key).encrypt(nonce, json.dumps(secrets).encode(), _canonical(header))
    locks = [
        _text(seal_key(one.public, file_key, to=_lock(keyring.unit, one.name)))
        for one in keyring.openers
    ]
    whole = {**header, "locks": locks, "sealed": _text(nonce + body)}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def read_header(file: bytes) -> Header:
    """What the file says about itself; not yet proven. Raises Unreadable for a broken file."""
    fields = _fields(file)
    try:
        prints = {int(v): fingerprint(_bytes(one)) for v, one in fields["public"].items()}
        names = tuple(str(one["name"]) for one in fields["passphrases"])
        return Header(str(fields["unit"]), names, prints)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Unreadable from None


def unsealed(file: bytes, unit: str, passphrase: str) -> Keyring:
    """The unit's keys. Raises WrongPassphrase; Unreadable when the file is broken, was changed,
    or is another unit's.
    """
    if len(passphrase) > LONGEST_PASSPHRASE:
        raise WrongPassphrase
    fields = _fields(file)
    try:
        openers = [_opener(one) for one in fields["passphrases"]]
        locks = [_bytes(one) for one in fields["locks"]]
        sealed = _bytes(fields["sealed"])
        header = {name: fields[name] for name in ("format", "unit", "passphrases", "public")}
    except (KeyError, TypeError, ValueError):
        raise Unreadable from None
    if header["unit"] != unit or len(locks) != len(openers):
        raise Unreadable
    file_key = _file_key(unit, openers, locks, passphrase)
    return Keyring(unit, tuple(openers), _secrets(file_key, sealed, header))


def _file_key(unit: str, openers: list[Opener], locks: list[bytes], passphrase: str) -> bytes:
    for opener, lock in zip(openers, locks, strict=True):
        pair = pair_of(_stretched(passphrase, opener.salt, opener.cost))
        if pair.public == opener.public:
            return open_key(pair.private, lock, to=_lock(unit, opener.name))
    raise WrongPassphrase


def _secrets(file_key: bytes, sealed: bytes, header: dict[str, Any]) -> dict[int, Secret]:
    try:
        body = AESGCM(file_key).decrypt(sealed[:_NONCE], sealed[_NONCE:], _canonical(header))
    except (InvalidTag, ValueError):
        raise Unreadable from None
    raw = {int(version): _bytes(one) for version, one in json.loads(body).items()}
    return {version: Secret(one[:SEED_BYTES], one[SEED_BYTES:]) for version, one in raw.items()}


def _new_opener(name: str, passphrase: str, cost: Cost) -> Opener:
    check_new_passphrase(passphrase)
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise BadInput(
            _("Skriv vem lösenfrasen tillhör, med högst {count} tecken."), count=LONGEST_NAME
        )
    salt = os.urandom(_SALT)
    return Opener(name, salt, cost, pair_of(_stretched(passphrase, salt, cost)).public)


def _stretched(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    return hash_secret_raw(
        _typed(passphrase).encode(errors="replace"),
        salt,
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=SEED_BYTES,
        type=Type.ID,
    )


def _typed(passphrase: str) -> str:
    """The same on every keyboard: å is one sign, however it was typed."""
    return unicodedata.normalize("NFC", passphrase)


def _opener_fields(opener: Opener) -> dict[str, Any]:
    return {
        "name": opener.name,
        "argon2id": [*opener.cost, _text(opener.salt)],
        "public": _text(opener.public),
    }


def _opener(fields: dict[str, Any]) -> Opener:
    *cost, salt = fields["argon2id"]
    given = Cost(*(int(number) for number in cost))
    if any(not 0 < one <= most for one, most in zip(given, _MOST, strict=True)):
        raise Unreadable
    return Opener(str(fields["name"]), _bytes(salt), given, _bytes(fields["public"]))


def _fields(file: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(file)
    except (ValueError, RecursionError):
        raise Unreadable from None
    if not isinstance(fields, dict) or fields.get("format") != FORMAT:
        raise Unreadable
    return fields


def _lock(unit: str, name: str) -> str:
    return f"hamn vault file key {FORMAT}:{unit}:{name}"


def _canonical(header: dict[str, Any]) -> bytes:
    return json.dumps(header, sort_keys=True, separators=(",", ":")).encode()


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError):
        raise Unreadable from None
