"""The shape of the house: rooms' files, sizes of files and functions, names that hide nothing."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "hamn"
ROOMS = [
    SRC / "guards" / "access",
    SRC / "guards" / "audit",
    SRC / "register" / "organisations",
    SRC / "agreement" / "tariffs",
    SRC / "agreement" / "agreements",
    SRC / "agreement" / "invoicing",
]
USUAL = {
    *("__init__", "rules", "models", "permits", "events", "queries", "actions"),
    *("forms", "views", "urls", "tasks", "templates", "tests", "migrations", "data"),
}
# Files beyond the list, each with its reason in docs/adr/0005.
OWN = {
    "access": {"adapter"},
    "audit": {"immutable"},
    "organisations": {"scb"},
    "tariffs": {"reference"},
    "invoicing": {"document", "drafting", "paper", "peppol"},
}
HIDING = {"utils", "helpers", "services", "managers", "mixins", "signals", "common", "misc"}


def sources(*, tests: bool = False) -> list[Path]:
    """Every source file, migrations apart."""
    return [
        path
        for path in sorted(SRC.rglob("*.py"))
        if "migrations" not in path.parts and (tests or "tests" not in path.parts)
    ]


def functions() -> Iterator[tuple[str, int]]:
    """Name and length of every function, in lines without its docstring."""
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                told = ast.get_docstring(node, clean=False)
                yield f"{path.relative_to(SRC)}:{node.name}", lines - len((told or "").split("\n"))


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_has_no_file_outside_the_list(room: Path) -> None:
    present = {path.stem for path in room.iterdir() if path.stem != "__pycache__"}
    assert present <= USUAL | OWN.get(room.name, set())


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_rooms_door_plate_names_what_it_owns_and_its_source(room: Path) -> None:
    plate = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8"))) or ""
    assert "Owns " in plate
    assert "Source: " in plate


def test_no_file_has_a_name_that_hides_what_it_holds() -> None:
    assert not [path for path in sources(tests=True) if path.stem in HIDING]


def test_no_file_is_over_400_lines() -> None:
    sizes = {path: path.read_text(encoding="utf-8").count("\n") for path in sources(tests=True)}
    assert not {str(path): size for path, size in sizes.items() if size > 400}


def test_no_function_is_over_50_lines_and_the_median_is_at_most_8() -> None:
    lengths = dict(functions())
    assert not {name: length for name, length in lengths.items() if length > 50}
    assert statistics.median(lengths.values()) <= 8


def test_every_template_is_used() -> None:
    templates = [path for path in SRC.rglob("templates/**/*") if path.is_file()]
    text = "".join(path.read_text(encoding="utf-8") for path in [*sources(), *templates])
    assert templates
    assert not [path.name for path in templates if text.count(path.name) == 0 and not drawn(path)]


def drawn(template: Path) -> bool:
    """Whether a library asks for the template by a name that it makes itself."""
    # allauth: its pages, and the parts of a letter; the components' page: one example each.
    return template.parent.name in {"account", "mfa", "usersessions", "email", "components"}


def test_no_signal_is_connected_between_rooms() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sources())
    assert "django.dispatch" not in text
    assert "django.db.models.signals" not in text


def test_tables_and_diagrams_in_the_documentation_are_those_of_the_code() -> None:
    from tools import documents

    stale = [
        path.name
        for path, text in documents.made().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    assert not stale, "run .venv/bin/python -m tools.documents"


def test_nothing_names_a_registry_a_machine_or_the_shared_folder() -> None:
    # Put together here, so that this file does not name them itself.
    forbidden = ["/simple" + "/", "files.pythonhosted" + ".org", "registry.npmjs" + ".org"]
    forbidden += ["../" + "shared", "/work" + "/", "/root" + "/"]
    found = []
    for path in tracked():
        text = path.read_text(encoding="utf-8", errors="ignore")
        found += [f"{path.relative_to(ROOT)}: {word}" for word in forbidden if word in text]
    assert not found


def test_no_database_dump_key_or_swap_file_is_committed() -> None:
    ends = (".sqlite3", ".db", ".dump", ".sql", ".pem", ".key", ".swp", ".mo", ".pdf")
    assert not [path for path in tracked() if path.name.endswith(ends)]


def tracked() -> list[Path]:
    """The files of the project that are not left out by .gitignore."""
    import subprocess

    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).is_file()]
