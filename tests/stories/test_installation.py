"""An installation in order: the deployment check, each fault by its id, and the units."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tools.centres import OF_TESTS

from hamn.site import checks

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Path:
    """A home in which nothing is wrong."""
    settings.HAMN_HOME = tmp_path
    settings.CENTRE_FILE = tmp_path / "centre.toml"
    settings.PEPPOL_RULES = None
    settings.SYSTEM = {"address": "https://hamn.kommunen.example", "mail": {"host": "post"}}
    settings.DOOR = {"emergency_service_phone": "08-465 004 99"}
    tmp_path.chmod(0o700)
    for name in ("centre.toml", "secret-key"):
        (tmp_path / name).write_text("x")
        (tmp_path / name).chmod(0o600)
    return tmp_path


def ids() -> list[str]:
    return [str(fault.id) for fault in checks.check_centre(None)]


def test_a_home_in_order_has_no_faults(home: Path) -> None:
    assert ids() == []


def test_each_fault_of_an_installation_has_its_own_id(home: Path, settings: Any) -> None:
    right = dict(settings.SYSTEM)
    settings.SYSTEM = right | {"address": ""}
    assert ids() == ["hamn.E001"]
    settings.SYSTEM = right | {"address": "http://hamn.kommunen.example"}
    assert ids() == ["hamn.E002"]
    settings.SYSTEM = right | {"mail": {}}
    assert ids() == ["hamn.I003"]
    settings.SYSTEM = right | {"metrics_token": "kort"}
    assert ids() == ["hamn.W008"]
    settings.SYSTEM = right
    (home / "secret-key").chmod(0o640)
    assert ids() == ["hamn.E005"]
    (home / "secret-key").unlink()
    assert ids() == ["hamn.E004"]
    (home / "secret-key").touch(0o600)
    home.chmod(0o755)
    assert ids() == ["hamn.E009"]
    home.chmod(0o700)
    settings.PEPPOL_RULES = str(home)
    assert ids() == ["hamn.E007"]
    (home / "PEPPOL-EN16931-UBL.xslt").touch()
    assert ids() == []


def test_a_centre_file_with_a_password_must_be_its_owners_alone(home: Path, settings: Any) -> None:
    (home / "centre.toml").chmod(0o644)
    assert ids() == []
    settings.SYSTEM = settings.SYSTEM | {"mail": {"host": "post", "password": "x"}}
    assert ids() == ["hamn.E005"]


@pytest.mark.parametrize("door", [{}, {"emergency_service_phone": " "}])
def test_a_door_that_would_not_name_the_social_emergency_service_is_warned_of(
    door: dict[str, str], home: Path, settings: Any
) -> None:
    settings.DOOR = door
    assert ids() == ["hamn.I014"]


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    """The environment of a production-like home, and a key in it."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "centre.toml").write_text(
        '[system]\naddress = "https://hamn.kommunen.example"\n'
        f'metrics_token = "{"t" * 32}"\n'
        '[system.mail]\nhost = "post.kommunen.example"\nfrom = "hamn@kommunen.example"\n'
        '[door]\nemergency_service_phone = "08-465 004 99"\n'
    )
    for name in ("centre.toml",):
        (home / name).chmod(0o600)
    from hamn.site.secret import make_secret_key

    make_secret_key(home)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("HAMN_") and name not in OF_TESTS
    }
    return {**kept, "HAMN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "hamn.site.desk.settings"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ["-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        ["-m", "hamn.site.cli.main", "check"],
    ],
    ids=["Django's own", "hamn check"],
)
def test_the_deployment_check_is_clean_in_production(
    production: dict[str, str], words: list[str]
) -> None:
    done = subprocess.run(
        [sys.executable, *words], env=production, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_the_check_names_what_must_be_mended(production: dict[str, str]) -> None:
    (Path(production["HAMN_HOME"]) / "centre.toml").write_text("[system]\n")
    done = subprocess.run(
        [sys.executable, "-m", "hamn.site.cli.main", "check"],
        env=production,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert {"hamn.E001", "hamn.I003"} <= set(re.findall(r"hamn\.[EIW]\d+", done.stderr))
    assert "Traceback" not in done.stderr


UNITS = sorted((ROOT / "deploy").glob("hamn-*"))


def test_every_unit_runs_a_verb_that_exists_as_its_own_user_and_hardened() -> None:
    from hamn.site.cli.main import parser

    services = [unit for unit in UNITS if unit.suffix == ".service"]
    assert {unit.stem for unit in services} == {
        *("hamn-desk", "hamn-door", "hamn-worker", "hamn-backup", "hamn-vault")
    }
    for unit in services:
        text = unit.read_text(encoding="utf-8")
        [command] = re.findall(r"^ExecStart=/opt/hamn/\.venv/bin/hamn (.*)$", text, re.M)
        assert parser().parse_args(command.split()).run
        # The keys are another user's, so that the desk reads no key file.
        user = "hamn-vault" if unit.stem == "hamn-vault" else "hamn"
        for line in (f"User={user}", "NoNewPrivileges=yes", "ProtectSystem=strict", "UMask=0077"):
            assert f"\n{line}\n" in text


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_understands_every_unit(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/opt/hamn/.venv/bin/hamn", "/bin/true")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *[str(tmp_path / unit.name) for unit in UNITS]],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
