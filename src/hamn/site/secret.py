"""The secrets of the faces: files of the home, never rows. Each face has its own, and no other."""

import os
import secrets
from pathlib import Path

NAME = "secret-key"  # the desk's: signs sessions and seals second factors
DOOR = "door-secret"  # the door's: seals its cookie and its forms
VARIABLES = {NAME: "HAMN_SECRET_KEY", DOOR: "HAMN_DOOR_SECRET"}


def secret_key(home: Path, name: str = NAME) -> str:
    """A face's secret; one that lives as long as the process where there is no centre yet."""
    given = os.environ.get(VARIABLES[name])
    if given:
        return given
    try:
        return (home / name).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return secrets.token_urlsafe(64)


def make_secret_key(home: Path, name: str = NAME) -> None:
    """Lay out the file, readable by its owner alone, unless it is there."""
    home.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(home / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(64) + "\n")


def is_there(home: Path, name: str = NAME) -> bool:
    """Whether the face has its secret: given to the process, or in the home."""
    return bool(os.environ.get(VARIABLES[name])) or (home / name).exists()
