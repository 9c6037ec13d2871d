"""Second factors' secrets at rest: AES-256-GCM, bound to the person they belong to.

A dump of the database then opens no account, and a secret moved to another's row does not open.
The key comes from the centre's secret key, which is a file and never in the database.
"""

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

from hamn.core.errors import BadInput, _

VERSION = "v1"
_NONCE = 12


def seal(text: str, *, owner: int) -> str:
    """The text as only `unseal` with the same owner and the same secret key reads it."""
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(_key(settings.SECRET_KEY)).encrypt(nonce, text.encode(), _bound_to(owner))
    return f"{VERSION}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def unseal(sealed: str, *, owner: int) -> str:
    """The text that was sealed for the owner, under the secret key or an earlier one.

    Raises BadInput when it was sealed for another, under a lost key, or changed.
    """
    version, _dot, packed = sealed.partition(".")
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            raw = base64.urlsafe_b64decode(packed)
            plain = AESGCM(_key(secret)).decrypt(raw[:_NONCE], raw[_NONCE:], _bound_to(owner))
        except (InvalidTag, binascii.Error, ValueError):
            continue
        if version == VERSION:
            return plain.decode()
    raise BadInput(
        _(
            "Din andra faktor går inte att läsa. Be systemadministratören återställa den, så "
            "lägger du till en ny."
        )
    )


def _key(secret: str | bytes) -> bytes:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"hamn access second factor v1")
    return made.derive(force_bytes(secret))


def _bound_to(owner: int) -> bytes:
    return f"mfa.authenticator:data:{owner}:{VERSION}".encode()
