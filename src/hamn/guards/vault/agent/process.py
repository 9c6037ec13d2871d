"""The key agent as a process: closed to others' eyes, opened by credentials, ended by a signal."""

import ctypes
import logging
import os
import pwd
import resource
import signal
from collections.abc import Callable, Iterable
from pathlib import Path

from hamn.core.errors import BadInput, Refusal, _

from .keeper import Keeper
from .server import Agent

CREDENTIAL = "hamn-vault-"
# From <linux/prctl.h> and <sys/mman.h>.
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4
_MCL_CURRENT, _MCL_FUTURE = 1, 2

_log = logging.getLogger("hamn.vault")


def close_to_others() -> bool:
    """No core dumps, no reading by other processes of the user; whether memory also stays off disk.

    Without leave to lock memory (LimitMEMLOCK=infinity) keys may reach a swap: encrypt that.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    try:
        unlimited = resource.RLIM_INFINITY
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (unlimited, unlimited))
    except (ValueError, OSError):
        # With a limit, locking what is to come would make a passphrase's 64 MiB fail.
        return False
    return bool(libc.mlockall(_MCL_CURRENT | _MCL_FUTURE) == 0)


def end_with_parent() -> None:
    """End when who started this ends, however it ends; for the demonstration."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def user_ids(names: Iterable[str]) -> frozenset[int]:
    """The users' numbers. Raises BadInput for a name that this machine does not know."""
    found = set()
    for name in names:
        try:
            found.add(pwd.getpwnam(name).pw_uid)
        except KeyError:
            raise BadInput(_("Användaren {name} finns inte på datorn."), name=name) from None
    return frozenset(found)


def unseal_from_credentials(keeper: Keeper) -> list[str]:
    """Unseal what systemd gives passphrases for, the documented weaker choice; the units."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        return []
    found = ((unit, Path(folder) / f"{CREDENTIAL}{unit}") for unit in keeper.files.units())
    return [unit for unit, path in found if path.is_file() and _is_unsealed(keeper, unit, path)]


def run(agent: Agent, tell: Callable[[], object]) -> None:
    """Listen until SIGTERM or Ctrl-C. Raises BadInput when another agent has the folder."""
    agent.start()

    def stop(_number: int, _frame: object) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        tell()
        agent.serve()
    finally:
        agent.stop()


def _is_unsealed(keeper: Keeper, unit: str, path: Path) -> bool:
    try:
        keeper.unseal(unit, path.read_text(encoding="utf-8").rstrip("\r\n"))
    except (Refusal, OSError, UnicodeDecodeError):
        _log.error("the credential for %s does not unseal it", unit)
        return False
    return True
