"""The secret that signs sessions and seals second factors: a file of the home, not a row."""

import os
import secrets
from pathlib import Path

NAME = "secret-key"


def secret_key(home: Path) -> str:
    """The centre's secret; one that lives as long as the process where there is no centre yet."""
    given = os.environ.get("HAMN_SECRET_KEY")
    if given:
        return given
    try:
        return (home / NAME).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return secrets.token_urlsafe(64)


def make_secret_key(home: Path) -> None:
    """Lay out the file, readable by its owner alone, unless it is there."""
    home.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(home / NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(64) + "\n")
