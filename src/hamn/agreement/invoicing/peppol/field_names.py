"""What an official calls the place in an e-invoice that a rule points at, in Swedish.

A place is a path such as "/Invoice/cac:InvoiceLine[2]/cac:Item/cbc:Name" (`violation.path_of`).
"""

import re
from typing import Final

_STEP = re.compile(r"(?:\w+:)?(\w+)(?:\[(\d+)\])?")

_PARTIES: Final = {
    "AccountingSupplierParty": "säljarens",
    "AccountingCustomerParty": "köparens",
}

# The longer key wins: the number means one thing under PartyTaxScheme, another elsewhere.
_OF_A_PARTY: Final = {
    "AdditionalStreetName": "avdelning",
    "CityName": "postort",
    "CompanyID": "organisationsnummer",
    "Contact": "kontaktuppgifter",
    "Contact/Name": "kontaktperson",
    "Country": "land",
    "ElectronicMail": "e-postadress",
    "EndpointID": "Peppol-id",
    "IdentificationCode": "land",
    "PartyLegalEntity": "organisationsnummer",
    "PartyName": "namn",
    "PartyName/Name": "namn",
    "PartyTaxScheme": "momsnummer",
    "PartyTaxScheme/CompanyID": "momsnummer",
    "PostalAddress": "adress",
    "PostalZone": "postnummer",
    "RegistrationName": "namn",
    "StreetName": "gatuadress",
    "Telephone": "telefonnummer",
}

_OF_A_LINE: Final = {
    "ClassifiedTaxCategory": "momskategori",
    "ClassifiedTaxCategory/ID": "momskategori",
    "CreditNoteLine": "uppgifter",
    "CreditNoteLine/ID": "nummer",
    "CreditedQuantity": "antal",
    "InvoiceLine": "uppgifter",
    "InvoiceLine/ID": "nummer",
    "InvoicedQuantity": "antal",
    "Item": "text",
    "Item/Name": "text",
    "LineExtensionAmount": "belopp",
    "Percent": "momssats",
    "Price": "pris",
    "PriceAmount": "pris",
}

_OF_THE_DOCUMENT: Final = {
    "BillingReference": "fakturan som krediteras",
    "BuyerReference": "köparens referens",
    "ContractDocumentReference": "avtalets beteckning",
    "ContractDocumentReference/ID": "avtalets beteckning",
    "CreditNote": "kreditfakturan",
    "CreditNote/ID": "kreditfakturans nummer",
    "CreditNoteTypeCode": "kreditfakturans typkod",
    "CustomizationID": "formatbeteckningen",
    "DocumentCurrencyCode": "valutan",
    "DueDate": "förfallodagen",
    "EndDate": "fakturaperiodens slut",
    "FinancialInstitutionBranch": "betalningsuppgifterna",
    "FinancialInstitutionBranch/ID": "betalningsuppgifterna",
    "Invoice": "fakturan",
    "Invoice/ID": "fakturanumret",
    "InvoiceDocumentReference": "fakturan som krediteras",
    "InvoiceDocumentReference/ID": "numret på fakturan som krediteras",
    "InvoiceDocumentReference/IssueDate": "datumet på fakturan som krediteras",
    "InvoicePeriod": "fakturaperioden",
    "InvoiceTypeCode": "fakturans typkod",
    "IssueDate": "fakturadatumet",
    "LegalMonetaryTotal": "fakturans summor",
    "LineExtensionAmount": "summan av fakturaraderna",
    "Note": "anteckningen",
    "OrderReference": "ordernumret",
    "OrderReference/ID": "ordernumret",
    "PayableAmount": "beloppet att betala",
    "PayableRoundingAmount": "öresavrundningen",
    "PayeeFinancialAccount": "betalningsuppgifterna",
    "PayeeFinancialAccount/ID": "kontonumret",
    "PaymentDueDate": "förfallodagen",
    "PaymentID": "OCR-numret",
    "PaymentMeans": "betalningsuppgifterna",
    "PaymentMeansCode": "betalningssättet",
    "PaymentTerms": "betalningsvillkoren",
    "PaymentTerms/Note": "betalningsvillkoren",
    "Percent": "momssatsen",
    "PrepaidAmount": "det betalda beloppet",
    "ProfileID": "affärsprocessen",
    "StartDate": "fakturaperiodens start",
    "TaxAmount": "momsbeloppet",
    "TaxCategory": "momskategorin",
    "TaxCategory/ID": "momskategorin",
    "TaxExclusiveAmount": "summan utan moms",
    "TaxExemptionReason": "skälet till att moms inte tas ut",
    "TaxExemptionReasonCode": "skälet till att moms inte tas ut",
    "TaxInclusiveAmount": "summan med moms",
    "TaxSubtotal": "momsuppgiften",
    "TaxTotal": "momssumman",
    "TaxableAmount": "momsuppgiftens belopp",
}


def field_at(location: str) -> str:
    """The Swedish name of the field at a path; empty when there is no name for it."""
    steps: list[tuple[str, str]] = _STEP.findall(location) if location.startswith("/") else []
    for name, number in steps:
        if name in _PARTIES:
            return _named(steps, _OF_A_PARTY, f"{_PARTIES[name]} ") or f"{_PARTIES[name]} uppgifter"
        if name in ("InvoiceLine", "CreditNoteLine"):
            return _named(steps, _OF_A_LINE, f"fakturarad {number or '1'}, ")
    return _named(steps, _OF_THE_DOCUMENT, "")


def _named(steps: list[tuple[str, str]], names: dict[str, str], before: str) -> str:
    tail = [name for name, _number in steps[-2:]]
    found = names.get("/".join(tail)) or (names.get(tail[-1]) if tail else None)
    return f"{before}{found}" if found else ""
