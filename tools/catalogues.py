"""The catalogues: collect every marked sentence, report what lacks a translation, compile.

Usage: tools/catalogues.py collect|compile. English has all of Hamn's sentences; the door's further
languages have those that the public meets (tools/public_words.py). Sentences are found in the
syntax tree, so that no Debian package is needed; `_`, `gettext` and `marked` mark them.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT: Path = Path(__file__).parent.parent / "src" / "hamn"
LOCALE: Path = ROOT / "site" / "locale"
ENGLISH: Path = LOCALE / "en" / "LC_MESSAGES" / "django.po"
MARKS = {"_", "gettext", "gettext_lazy", "marked"}
# In a template: a tag's or a literal's first text.
IN_TEMPLATE = re.compile(r"(?:\{%\s*(?:translate|say)\s+|\b_\()([\"'])(.+?)\1")


def sentences(root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """Every marked sentence of code and templates with its place, in file order."""
    for path in sorted(root.rglob("templates/**/*.html")):
        text = path.read_text(encoding="utf-8")
        for found in IN_TEMPLATE.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            yield found[2], f"{path.relative_to(root)}:{line}"
    for path in sorted(root.rglob("*.py")):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in MARKS and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value, f"{path.relative_to(root)}:{node.lineno}"


def collect() -> int:
    """Bring the catalogue up to date with the code; returns how many translations are missing."""
    old = (
        {entry.msgid: entry.msgstr for entry in polib.pofile(str(ENGLISH))}
        if ENGLISH.exists()
        else {}
    )
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Language": "en"}
    for sentence in sorted({sentence for sentence, _place in sentences()}):
        catalogue.append(polib.POEntry(msgid=sentence, msgstr=old.get(sentence, "")))
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(ENGLISH))
    return len(catalogue.untranslated_entries())


def compile_all() -> None:
    """Write the compiled form of each catalogue beside it."""
    for path in ROOT.rglob("locale/*/LC_MESSAGES/*.po"):
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


if __name__ == "__main__":
    if sys.argv[1:] == ["collect"]:
        print(f"{collect()} sentences without a translation")
        sys.path.insert(0, str(ROOT.parent.parent))
        from tools.public_words import collect_public

        for language, lacking in collect_public().items():
            print(f"{lacking} sentences without a translation: {language}")
    else:
        compile_all()
