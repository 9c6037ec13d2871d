"""Settings of one centre's installation, from its home folder and two environment variables.

HAMN_HOME: the folder with `centre.toml`, the embedded database and what is written; by default
`hamn-data` in the folder where the command is given.
HAMN_DATABASE: a PostgreSQL address, when the embedded SQLite is not used; also `[system] database`
in `centre.toml`. Each face adds its own settings and its own secret to these.
"""

import os
import sys
import tomllib
from pathlib import Path
from typing import Any

HAMN_HOME = Path(os.environ.get("HAMN_HOME", "hamn-data")).resolve()
CENTRE_FILE = HAMN_HOME / "centre.toml"
# Set by `hamn demo` alone: plain HTTP on this machine, prepared second factors shown.
DEMO = os.environ.get("HAMN_DEMO") == "1"


def _centre() -> dict[str, Any]:
    # The demo was set up from the file that comes with Hamn, and has none of its own.
    of_demo = DEMO and not CENTRE_FILE.exists()
    path = Path(__file__).parent / "demo" / "centre.toml" if of_demo else CENTRE_FILE
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        sys.exit(f"hamn: {path}: {fault}. Rätta filen och kör igen.")


def _section(name: str) -> dict[str, Any]:
    found = _CENTRE.get(name, {})
    return found if isinstance(found, dict) else {}


_CENTRE = _centre()
SYSTEM = _section("system")
# When the units read what comes by the door, and how situations are routed: `[door]`.
DOOR = _section("door")
# Where leaving it in a hurry leads to: an everyday page that says nothing of who was here.
EXIT: str = SYSTEM.get("door_exit", "https://www.smhi.se/")


def sqlite(patience_s: int = 20) -> dict[str, Any]:
    """Django's settings of the embedded database. patience_s: how long who writes waits."""
    # IMMEDIATE removes "database is locked"; FULL keeps what was acknowledged after a power cut.
    pragmas = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
        f"PRAGMA busy_timeout={1000 * patience_s}; "
        "PRAGMA journal_size_limit=27103364; PRAGMA cache_size=-2000; "
        # REPLACE then fires the triggers that refuse DELETE.
        "PRAGMA recursive_triggers=ON;"
    )
    return {
        "ENGINE": "hamn.site.sqlite",
        "NAME": HAMN_HOME / "hamn.sqlite3",
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "timeout": patience_s,
            "transaction_mode": "IMMEDIATE",
            "init_command": pragmas,
        },
    }


def postgresql(address: str) -> dict[str, Any]:
    """Django's settings of a PostgreSQL that is named by an address."""
    from psycopg.conninfo import conninfo_to_dict  # not loaded where SQLite is used

    parts: dict[str, Any] = conninfo_to_dict(address)
    names = {
        "NAME": "dbname",
        "USER": "user",
        "PASSWORD": "password",
        "HOST": "host",
        "PORT": "port",
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{key: str(parts.pop(part, "")) for key, part in names.items()},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # A server that does not answer at all is told of while somebody still waits for the page.
        "OPTIONS": {"connect_timeout": "5", **parts},
    }


DATABASE = os.environ.get("HAMN_DATABASE") or SYSTEM.get("database", "")
DATABASES = {"default": postgresql(DATABASE) if DATABASE else sqlite()}

# Where the ends of the trail are kept; best on storage that this machine can only add to.
TRAIL_HEADS = Path(SYSTEM.get("trail_heads", HAMN_HOME / "trail-heads.jsonl"))
# Where the key agent listens and keeps the units' key files; never in a backup with the database.
VAULT = Path(os.environ.get("HAMN_VAULT") or SYSTEM.get("vault", HAMN_HOME / "vault"))
# No backup of the key files is kept longer; a disposal's certificate says what that leads to.
KEY_BACKUP_DAYS = int(SYSTEM.get("key_backup_days", 30))
# A folder with the official Peppol rules, which Hamn may not redistribute (finance section 2.2).
PEPPOL_RULES = SYSTEM.get("peppol_rules") or None
# Statistics Sweden's PxWeb API; another address for a mirror or a test.
SCB_ADDRESS = os.environ.get("HAMN_SCB") or "https://statistikdatabasen.scb.se/api/v2"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "hamn.ui",
    "hamn.guards.access",
    "hamn.guards.audit",
    "hamn.guards.vault",
    "hamn.guards.disposal",
    "hamn.register.organisations",
    "hamn.register.staff",
    "hamn.agreement.tariffs",
    "hamn.agreement.agreements",
    "hamn.agreement.invoicing",
    "hamn.support.services",
    "hamn.support.cases",
    "hamn.support.door",
    "hamn.insight.followup",
    "hamn.insight.consultations",
    "hamn.site",
    "hamn.site.door",
    "django_tasks",
    "django_tasks_db",
]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
AUTH_USER_MODEL = "access.Person"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DEBUG = False
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"
LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", "Svenska"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
USE_I18N = True
