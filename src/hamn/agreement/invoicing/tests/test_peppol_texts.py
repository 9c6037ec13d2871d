"""That every rule is told in plain Swedish and points at a field that an official knows."""

import re

import pytest
from mockeinvoice.rules.published import LAYERS

from hamn.agreement.invoicing.peppol import rule_texts
from hamn.agreement.invoicing.peppol.field_names import field_at
from hamn.agreement.invoicing.peppol.validate import validate
from hamn.agreement.invoicing.tests.peppol_edits import INVOICE

PUBLISHED = [*LAYERS["en16931"], *LAYERS["peppol"]]


def test_every_published_rule_has_swedish_of_its_own() -> None:
    assert [rule for rule in PUBLISHED if not rule_texts.has_own_text(rule)] == []


@pytest.mark.parametrize("location", ["", "/Invoice", "/Invoice/cac:InvoiceLine[2]/cbc:ID"])
def test_every_sentence_is_whole(location: str) -> None:
    for rule in PUBLISHED:
        told = rule_texts.told(rule, location=location, text_en="Own words.")
        assert re.fullmatch(r"[A-ZÅÄÖ][^{}|]*\.", told.text), (rule, told.text)
        assert "  " not in told.text


def test_a_rule_from_tomorrow_is_told_with_its_own_words() -> None:
    told = rule_texts.told("NEW-R-1", location="/Invoice/cbc:DueDate", text_en="Be late.")
    assert "NEW-R-1" in told.text
    assert "förfallodagen" in told.text
    assert told.text.endswith("Regelns egen text: Be late.")


def test_braces_in_a_rules_own_words_are_only_text() -> None:
    assert "{x}" in rule_texts.told("NEW-R-1", location="", text_en="{x}").text


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("BR-O-02", "Ta bort både säljarens och köparens momsnummer."),
        ("BR-AE-05", "AE (omvänd betalningsskyldighet)"),
        ("PEPPOL-COMMON-R056-2", "fel skrivet för sitt schema"),
        ("GR-R-001-1", "Grekland"),
    ],
)
def test_the_nearest_row_is_the_one_that_is_told(rule: str, words: str) -> None:
    assert words in rule_texts.told(rule, location="", text_en="x").text


@pytest.mark.parametrize(
    ("location", "field"),
    [
        ("/Invoice/cac:AccountingCustomerParty/cac:Party/cbc:EndpointID", "köparens Peppol-id"),
        ("/Invoice/cac:AccountingSupplierParty/cac:Party", "säljarens uppgifter"),
        ("/Invoice/cac:InvoiceLine[3]/cac:Item/cbc:Name", "fakturarad 3, text"),
        ("/Invoice/cbc:ID", "fakturanumret"),
        ("/Invoice/cac:PaymentMeans[2]/cbc:PaymentID", "OCR-numret"),
        ("/Invoice/cac:Delivery", ""),
        ("BT-106", ""),
        ("", ""),
    ],
)
def test_a_place_has_a_name_that_an_official_knows(location: str, field: str) -> None:
    assert field_at(location) == field


def test_a_schema_fault_names_line_element_and_field() -> None:
    (found,) = validate(INVOICE.replace(b">2025-02-14<", b">snart<"))
    assert found.location == "/Invoice/cbc:DueDate"
    assert found.field == "förfallodagen"
    assert "rad 2" in found.text
    assert "DueDate" in found.text_en
