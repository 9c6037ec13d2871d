"""That each layer of `validate` is needed, and holds against strangers and its own failures."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import mockeinvoice
import pytest
from lxml.etree import _Element, fromstring, tostring

from hamn.agreement.invoicing.document import DocumentLine
from hamn.agreement.invoicing.peppol import own_rules, peppol_rules, reading, schema, schematron
from hamn.agreement.invoicing.peppol.validate import Violation, is_sendable, validate
from hamn.agreement.invoicing.peppol.violation import MOST_PLACES
from hamn.agreement.invoicing.peppol.write import to_xml
from hamn.agreement.invoicing.tests.peppol_documents import invoice
from hamn.agreement.invoicing.tests.peppol_edits import (
    BUYER,
    CREDIT,
    INVOICE,
    LINE_TAX,
    SELLER,
    Change,
    changed,
    rules,
    setting,
    twice,
    without,
)
from hamn.core.errors import BadInput

LAYERS_BY_NAME: dict[str, Callable[[_Element], list[Violation]]] = {
    "schema": schema.check,
    "EN 16931": schematron.en16931,
    "Peppol": lambda root: peppol_rules.check(tostring(root, encoding="UTF-8")),
    "own": own_rules.check,
}


@pytest.mark.parametrize(
    ("layer", "xml", "change"),
    [
        ("schema", CREDIT, setting("cac:PaymentMeans/cbc:PaymentDueDate", "i februari")),
        ("EN 16931", INVOICE, setting(LINE_TAX + "cac:TaxScheme/cbc:ID", "GST")),
        ("Peppol", INVOICE, without(BUYER + "cbc:EndpointID")),
        ("own", INVOICE, setting("cac:PaymentMeans/cbc:PaymentID", "2025000115")),
    ],
)
def test_a_fault_is_seen_by_one_layer_alone(layer: str, xml: bytes, change: Change) -> None:
    root = fromstring(changed(xml, change))
    sees = {name for name, check in LAYERS_BY_NAME.items() if not is_sendable(check(root))}
    assert sees == {layer}
    assert not is_sendable(validate(changed(xml, change)))


# -- files from strangers --------------------------------------------------------

LAUGHS = b"".join(
    b'<!ENTITY l%d "%s">' % (level, b"&l%d;" % (level - 1) * 10) for level in range(1, 12)
)
HEAD = b'<?xml version="1.0" encoding="UTF-8"?>'
BODY = INVOICE.partition(b"?>")[2]

HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "HAMN-XML"),
    "spaces": (b"  \n", "HAMN-XML"),
    "binary": (bytes(range(256)) * 64, "HAMN-ENCODING"),
    "zeros": (b"\0" * 1000, "HAMN-XML"),
    "truncated": (INVOICE[:2000], "HAMN-XML"),
    "truncated within a letter": (INVOICE[: INVOICE.index("ö".encode()) + 1], "HAMN-ENCODING"),
    "42 MB": (INVOICE + b" " * 42_000_000, "HAMN-SIZE"),
    "UTF-16": (INVOICE.decode().replace("UTF-8", "UTF-16").encode("utf-16"), "HAMN-ENCODING"),
    "UTF-16 without mark": (b"<\0a\0/\0>\0", "HAMN-XML"),
    "Latin 1": (INVOICE.decode().replace("UTF-8", "ISO-8859-1").encode("latin-1"), "HAMN-ENCODING"),
    "declared Latin 1": (b"<?xml version='1.0' encoding='ISO-8859-1'?><a/>", "HAMN-ENCODING"),
    "billion laughs": (
        HEAD
        + b'<!DOCTYPE Invoice [<!ENTITY l0 "ha">'
        + LAUGHS
        + b"]>"
        + BODY.replace(b"BJ-4711", b"&l11;"),
        "HAMN-XML",
    ),
    "laughs in an attribute": (
        HEAD + b'<!DOCTYPE Invoice [<!ENTITY l0 "ha">' + LAUGHS + b']><Invoice a="&l11;"/>',
        "HAMN-XML",
    ),
    "external entity": (
        HEAD
        + b'<!DOCTYPE Invoice [<!ENTITY x SYSTEM "file:///secret.txt">]>'
        + BODY.replace(b"BJ-4711", b"&x;"),
        "HAMN-DTD",
    ),
    "external DTD": (
        HEAD + b'<!DOCTYPE Invoice SYSTEM "http://stad.example/a.dtd">' + BODY,
        "HAMN-DTD",
    ),
    "undeclared entity": (INVOICE.replace(b"BJ-4711", b"&x;"), "HAMN-XML"),
    "bottomless": (b"<a>" * 100_000, "HAMN-XML"),
    "two roots": (INVOICE + BODY.strip(), "HAMN-XML"),
    "web page": (b"<html><body>Hej</body></html>", "HAMN-KIND"),
    "another UBL document": (INVOICE.replace(b"Invoice-2", b"Order-2"), "HAMN-KIND"),
    "bare root": (
        b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>',
        "HAMN-SPECIFICATION",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_a_violation_and_never_an_exception(name: str) -> None:
    xml, rule = HOSTILE[name]
    assert [violation.rule_id for violation in validate(xml)] == [rule]


def test_a_byte_order_mark_and_comments_do_no_harm() -> None:
    noted = INVOICE.replace(b"<cbc:ID>", b"<!-- x --><?y z?><cbc:ID>", 1)
    assert validate(b"\xef\xbb\xbf" + noted) == []


def test_an_odd_prefix_in_a_faulty_file_is_still_only_a_violation() -> None:
    xml = INVOICE.replace(b"<cbc:DueDate>", b'<q:x xmlns:q="urn:q"/><cbc:DueDate>')
    assert rules(validate(xml)) == {"HAMN-XSD"}


def test_the_same_fault_on_many_lines_is_told_a_limited_number_of_times() -> None:
    lines = tuple(DocumentLine(position=n, text="", amount_kr=1) for n in range(1, 101))
    found = [one for one in validate(to_xml(invoice(lines=lines))) if one.rule_id == "BR-25"]
    assert len(found) == MOST_PLACES


def test_a_rule_that_cannot_be_computed_is_fatal_and_tells_the_log_nothing(
    capfd: pytest.CaptureFixture[str],
) -> None:
    found = validate(changed(INVOICE, twice(SELLER + "cac:PartyLegalEntity")))
    assert "HAMN-RULES" in rules(found)
    assert "Stockholms" not in "".join(capfd.readouterr())


def test_a_judge_that_falls_over_has_not_said_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(_xml: bytes) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(mockeinvoice, "validate", fall)
    assert rules(validate(INVOICE)) == {"HAMN-RULES"}


def test_many_threads_get_the_same_answers() -> None:
    cases = [INVOICE, CREDIT, changed(INVOICE, without("cbc:DueDate")), b"<a"] * 5
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(validate, cases))
    assert answers == [validate(case) for case in cases[:4]] * 5


# -- the operator's rule files ---------------------------------------------------

RULES = """<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
  xmlns:svrl="http://purl.oclc.org/dsdl/svrl"><xsl:template match="/">
  <svrl:schematron-output><svrl:fired-rule context="/"/>{finding}</svrl:schematron-output>
</xsl:template></xsl:stylesheet>"""
FINDING = """<svrl:failed-assert id="{id}" flag="{flag}"
  location="/*:Invoice[namespace-uri()='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'][1]">
  <svrl:text>[{id}]-Too late.</svrl:text></svrl:failed-assert>"""


def put(folder: Path, finding: str = "", name: str = schematron.PEPPOL_FILE) -> None:
    (folder / name).write_text(RULES.format(finding=finding), encoding="utf-8")


def test_official_rules_take_the_place_of_the_python_ones(tmp_path: Path) -> None:
    put(tmp_path)
    seen_by_python_only = changed(INVOICE, without(BUYER + "cbc:EndpointID"))
    assert validate(seen_by_python_only, rules_folder=tmp_path) == []
    put(tmp_path, FINDING.format(id="SE-R-008", flag="warning"))
    (found,) = validate(INVOICE, rules_folder=tmp_path)
    assert (found.rule_id, found.is_fatal, found.location) == ("SE-R-008", True, "/Invoice")
    assert found.text_en == "Too late."


def test_en16931_and_our_own_rules_stay_beside_official_ones(tmp_path: Path) -> None:
    put(tmp_path)
    wrong = setting("cac:LegalMonetaryTotal/cbc:PayableAmount", "1.00")
    found = validate(changed(INVOICE, wrong, without("cbc:DueDate")), rules_folder=tmp_path)
    assert rules(found) == {"BR-CO-16", "HAMN-DUE-DATE"}


def test_the_folders_own_en16931_file_is_used(tmp_path: Path) -> None:
    put(tmp_path)
    put(tmp_path, FINDING.format(id="BR-99", flag="fatal"), "CEN-EN16931-UBL.xslt")
    assert rules(validate(INVOICE, rules_folder=tmp_path)) == {"BR-99"}


def test_a_missing_rule_file_is_refused_and_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=schematron.PEPPOL_FILE):
        validate(INVOICE, rules_folder=tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "not a rule",
        RULES.format(finding="<xsl:value-of select='('/>"),
        RULES.format(finding="").replace("svrl:fired-rule", "svrl:ns"),
        '<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"/>',
    ],
)
def test_a_rule_file_that_judges_nothing_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / schematron.PEPPOL_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match="Hämta filen på nytt"):
        validate(INVOICE, rules_folder=tmp_path)


def test_rules_that_reach_for_the_network_are_stopped(tmp_path: Path) -> None:
    put(tmp_path, "<xsl:copy-of select=\"doc('http://stad.example/a.xml')\"/>")
    assert rules(validate(INVOICE, rules_folder=tmp_path)) == {"HAMN-RULES"}


def test_reading_gives_the_root_of_a_sound_document() -> None:
    root = reading.read(INVOICE)
    assert not isinstance(root, Violation)
    assert root.tag in reading.ROOTS
