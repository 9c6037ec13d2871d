"""A form is acted upon once: its token is taken when it is sent, and given back when it failed.

The token also names whose form it was, so that what was typed when a session had expired is kept
for that person and nobody else.
"""

import secrets

from django.core import signing
from django.core.cache import cache

FIELD = "once"
LIVES = 24 * 3600
_signer = signing.TimestampSigner(salt="hamn.once")


def token(person_id: int | None) -> str:
    """A new token for a form shown to the person; nobody is 0."""
    return _signer.sign(f"{secrets.token_urlsafe(12)}.{person_id or 0}")


def person_of(text: str) -> int | None:
    """Whose form the token came with; None when it is not ours, too old, or nobody's."""
    try:
        plain = _signer.unsign(text, max_age=LIVES)
    except signing.BadSignature:
        return None
    return int(plain.rpartition(".")[2]) or None


def take(text: str) -> bool:
    """Whether this is the first time the form is sent.

    Only a signed-in person's token is remembered: others cost room that an attacker could fill, and
    a form without one is answered as if it came for the first time.
    """
    return person_of(text) is None or bool(cache.add(_key(text), 1, LIVES))


def was_taken(text: str) -> bool:
    """Whether the form has been sent and not given back."""
    return person_of(text) is not None and cache.get(_key(text)) is not None


def give_back(text: str) -> None:
    """The form was refused: it may be sent again."""
    cache.delete(_key(text))


def _key(text: str) -> str:
    return f"once:{text[:16]}"
