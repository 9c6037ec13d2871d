"""Sessions in the database, sealed: neither who is signed in nor what she typed is read there."""

import base64
import json
import os
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.sessions.backends import db

NONCE = 12
PURPOSE = b"hamn.session"


class SessionStore(db.SessionStore):
    """Django's own, with sealed content."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        """The content as text that only this centre's secret opens."""
        nonce = os.urandom(NONCE)
        plain = json.dumps(session_dict, separators=(",", ":")).encode()
        return base64.b64encode(nonce + _cipher().encrypt(nonce, plain, PURPOSE)).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """The content; empty when it was sealed with another secret or changed."""
        try:
            sealed = base64.b64decode(session_data)
            plain = _cipher().decrypt(sealed[:NONCE], sealed[NONCE:], PURPOSE)
            content: dict[str, Any] = json.loads(plain)
        except (InvalidTag, ValueError):
            return {}
        return content


@cache
def _cipher() -> AESGCM:
    key = HKDF(hashes.SHA256(), length=32, salt=None, info=PURPOSE).derive(
        settings.SECRET_KEY.encode()
    )
    return AESGCM(key)
