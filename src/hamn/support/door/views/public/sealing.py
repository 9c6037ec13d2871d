"""What a form or a cookie carries and nobody else can read: sealed with the door's own secret.

The code to be goes with the form that is written, so that the same form sent twice makes the same
dialogue and nothing of the code is stored; while somebody reads, what opens the dialogue lies in
her cookie alone.
"""

import base64
import binascii
import os
import struct
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from ...rules.keys import expanded

_NONCE, _WHEN = 12, struct.Struct(">Q")
LONGEST = 4096


@sensitive_variables("plain")
def seal(purpose: str, plain: bytes, now: datetime) -> str:
    """The text as `unsealed` reads it, for the same purpose alone."""
    nonce = os.urandom(_NONCE)
    body = _WHEN.pack(int(now.timestamp())) + plain
    made = AESGCM(_key(purpose)).encrypt(nonce, body, purpose.encode())
    return base64.urlsafe_b64encode(nonce + made).decode()


@sensitive_variables("body")
def unsealed(purpose: str, text: str, now: datetime, lives: timedelta) -> bytes | None:
    """What was sealed; None for what is too old, or none of ours."""
    if not text or len(text) > LONGEST:
        return None
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii"))
        body = AESGCM(_key(purpose)).decrypt(raw[:_NONCE], raw[_NONCE:], purpose.encode())
    except (InvalidTag, ValueError, binascii.Error):
        return None
    (made,) = _WHEN.unpack_from(body)
    age = now.timestamp() - made
    return body[_WHEN.size :] if -60 <= age <= lives.total_seconds() else None


def token_of(text: str) -> bytes:
    """What tells one form from any other."""
    return sha256(text.encode(errors="replace")).digest()


def _key(purpose: str) -> bytes:
    return _derived(settings.SECRET_KEY, purpose)


@cache
def _derived(secret: str, purpose: str) -> bytes:
    return expanded(secret.encode(), f"sealing {purpose}")
