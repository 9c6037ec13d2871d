"""The shape of the house: rooms' files, sizes of files and functions, names that hide nothing."""

import ast
import re
import statistics
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "hamn"
ROOMS = [
    SRC / "guards" / "access",
    SRC / "guards" / "audit",
    SRC / "guards" / "vault",
    SRC / "guards" / "disposal",
    SRC / "register" / "organisations",
    SRC / "register" / "staff",
    SRC / "agreement" / "tariffs",
    SRC / "agreement" / "agreements",
    SRC / "agreement" / "invoicing",
    SRC / "support" / "services",
    SRC / "support" / "cases",
    SRC / "support" / "door",
    SRC / "insight" / "followup",
    SRC / "insight" / "consultations",
]
USUAL = {
    *("__init__", "rules", "models", "permits", "events", "queries", "actions"),
    *("forms", "views", "urls", "tasks", "templates", "tests", "migrations", "data"),
}
PRIVATE = ("models", "forms", "views", "urls")
# Files beyond the list, each with its reason in docs/adr/0005.
OWN = {
    "access": {"adapter", "facts"},
    "audit": {"immutable", "unordered"},
    "vault": {"agent", "boxes"},
    "organisations": {"scb"},
    "tariffs": {"reference"},
    "door": {"locale"},
    "invoicing": {"document", "drafting", "paper", "peppol"},
}
# Beside the house: what tries, measures and makes it.
BESIDE = ("tests", "bench", "tools")
HIDING = {"utils", "helpers", "services", "managers", "mixins", "signals", "common", "misc"}
# The one folder of such a name: what the centre offers people is called services (glossary).
NAMED_BY_THE_DOMAIN = {
    SRC / "support" / "services",
    SRC / "support" / "services" / "templates" / "services",
}


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


def test_every_room_stands_in_the_list() -> None:
    stored = {path.parent for path in SRC.rglob("models*") if path.stem == "models"}
    assert stored == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_rooms_models_forms_and_views_are_imported_by_nobody_else(room: Path) -> None:
    """The contracts are held by import-linter, in `tools/lint`; here, that none is forgotten."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    name = ".".join(("hamn", *room.relative_to(SRC).parts))
    inside = {f"{name}.{part}" for part in PRIVATE if list(room.glob(f"{part}*"))}
    assert any(
        set(one.get("protected_modules", ())) == inside and one["allowed_importers"] == [name]
        for one in project["tool"]["importlinter"]["contracts"]
    )


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
    folders = {path for path in SRC.rglob("*") if path.is_dir() and path.name in HIDING}
    assert not [path for path in sources(tests=True) if path.stem in HIDING]
    assert folders <= NAMED_BY_THE_DOMAIN


def test_no_file_is_over_400_lines() -> None:
    beside = [path for name in BESIDE for path in sorted((ROOT / name).rglob("*.py"))]
    paths = [*sources(tests=True), *beside, ROOT / "conftest.py"]
    sizes = {path: path.read_text(encoding="utf-8").count("\n") for path in paths}
    assert not {str(path): size for path, size in sizes.items() if size > 400}


def test_no_function_is_over_50_lines_and_the_median_is_at_most_8() -> None:
    lengths = dict(functions())
    assert not {name: length for name, length in lengths.items() if length > 50}
    assert statistics.median(lengths.values()) <= 8


def test_every_template_is_used() -> None:
    templates = [path for path in SRC.rglob("templates/**/*") if path.is_file()]
    text = "".join(path.read_text(encoding="utf-8") for path in [*sources(), *templates])
    text = text.replace('" / "', "/")
    assert templates
    assert not [
        asked_as(path) for path in templates if not (is_asked_for(path, text) or drawn(path))
    ]


def asked_as(template: Path) -> str:
    """The name by which a page asks for a template: its room and its file."""
    parts = template.parts
    return "/".join(parts[parts.index("templates") + 1 :])


def is_asked_for(template: Path, text: str) -> bool:
    """Whether a page asks for the template by its whole name, or a paper by its path."""
    return re.search(rf"[\"'](templates/)?{re.escape(asked_as(template))}[\"']", text) is not None


def drawn(template: Path) -> bool:
    """Whether a library asks for the template by a name that it makes itself."""
    # allauth: its pages, and the parts of a letter; the components' page: one example each;
    # a case's timeline: one for each kind of record.
    drawn_by_name = {"account", "mfa", "usersessions", "email", "components", "entries"}
    return template.parent.name in drawn_by_name


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
