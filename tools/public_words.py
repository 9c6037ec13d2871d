"""The sentences that the public may meet at the door: found by following what its pages use.

From the door's addresses and its frame, by imports, templates and inclusions; and what staff's acts
tell a person in her own language. What is only told to
staff, and the desk's words, are left out; so are the pages for professionals, which are in Swedish
and English alone (docs/adr/0024).
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib

from tools.catalogues import ROOT, sentences

SRC = ROOT.parent
DOOR = ROOT / "support" / "door"
FACE = ROOT / "site" / "door"
CATALOGUES = DOOR / "locale"
LANGUAGES = ("es", "ro", "th", "ar")
# Where the public face's words may stand.
WITHIN = (
    *("support/door", "site/door", "support/cases/rules/safe_contact.py", "ui/forms"),
    *("core/text.py", "core/dates.py", "core/identifiers.py"),
)
# Followed no further: the trail's sentences, and what only staff and administrators are told.
TO_STAFF = {
    *("support/door/events.py", "support/door/permits.py", "support/door/queries/inbox.py"),
    *("support/door/queries/texts.py", "support/door/rules/texts.py"),
    *("support/door/rules/languages.py", "site/door/role.py", "site/door/ready.py"),
}
# Of a file with much else in it, the one function that the face calls.
CALLED = {"core/identifiers.py": "phone"}
SHARED = {ROOT / "ui" / "templates" / "ui" / "errors.html"}
INCLUDED = re.compile(r"(?:extends|include) [\"']([^\"']+)[\"']")


def public_sentences() -> dict[str, str]:
    """Each sentence of the public face with a place where it stands."""
    files = {str(path.relative_to(ROOT)) for path in public_files()}
    return {
        said: place
        for said, place in sentences()
        if place.rpartition(":")[0] in files and _is_called(place)
    }


def public_files() -> set[Path]:
    """Every source file and template that a public page may speak from."""
    frame = [path for path in FACE.rglob("*.py") if _is_public(path)]
    # Some are asked for by a name that a view puts together.
    templates = [*FACE.rglob("templates/**/*.html"), *DOOR.rglob("templates/door/public/**/*.html")]
    starts = [DOOR / "urls" / "public.py", DOOR / "rules" / "told.py"]
    waiting = [*starts, *SHARED, *frame, *templates]
    found: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            used = _included(path) if path.suffix == ".html" else _used(path)
            waiting += [one for one in used if _is_public(one)]
    return found


def collect_public() -> dict[str, int]:
    """Bring the door's catalogues up to date; how many translations each lacks."""
    return {language: _collect(language) for language in LANGUAGES}


def _collect(language: str) -> int:
    path = CATALOGUES / language / "LC_MESSAGES" / "django.po"
    old = {one.msgid: one.msgstr for one in polib.pofile(str(path))} if path.exists() else {}
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Language": language}
    for sentence in sorted(public_sentences()):
        catalogue.append(polib.POEntry(msgid=sentence, msgstr=old.get(sentence, "")))
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    return len(catalogue.untranslated_entries())


def _is_public(path: Path) -> bool:
    place = path.relative_to(ROOT).as_posix()
    hidden = {"tests", "models", "migrations"} & set(path.parts)
    return place.startswith(WITHIN) and place not in TO_STAFF and not hidden


def _is_called(place: str) -> bool:
    """Whether the sentence stands where the face comes: anywhere, or in the function it calls."""
    name, _colon, line = place.rpartition(":")
    if name not in CALLED:
        return True
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
    return any(
        node.lineno <= int(line) <= (node.end_lineno or 0)
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name == CALLED[name]
    )


def _used(path: Path) -> Iterator[Path]:
    """The modules that a module imports, and the templates that it names."""
    package = path.relative_to(SRC).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = (*above, *(node.module or "").split(".")) if node.module else above
            for name in node.names:
                found = _module((*base, name.name)) or _module(base)
                yield from [found] if found else []
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            named = node.value.endswith(".html")
            yield from ROOT.rglob(f"templates/{node.value}") if named else ()


def _included(path: Path) -> Iterator[Path]:
    for name in INCLUDED.findall(path.read_text(encoding="utf-8")):
        yield from ROOT.rglob(f"templates/{name}")


def _module(parts: tuple[str, ...]) -> Path | None:
    """The file of a module of ours; None for any other."""
    if parts[:1] != ("hamn",):
        return None
    path = SRC.joinpath(*parts)
    found = (path.with_suffix(".py"), path / "__init__.py")
    return next((one for one in found if one.exists()), None)
