"""What the tests of the register's pages share: addresses, forms as they are sent."""

from typing import Any

from django.urls import reverse
from stdnum import luhn

from hamn.register.organisations import queries
from hamn.register.organisations.models import ContactPerson, Party


def url(name: str, *arguments: object) -> str:
    return reverse(f"organisations:{name}", args=list(arguments))


def number(body: str) -> str:
    """An invented organisation number with a valid check digit."""
    return body + luhn.calc_check_digit(body)


def party_form(code: str = "0117", **changed: str) -> dict[str, str]:
    """The form of a party as the page sends it, with what somebody changed."""
    party = Party.objects.filter(municipality=code).first()
    fields = dict.fromkeys(queries.PARTY_FIELDS, "")
    if party is not None:
        fields = {name: str(getattr(party, name)) for name in queries.PARTY_FIELDS}
        fields["is_example_number"] = "on" if party.is_example_number else ""
    return {**fields, "seen": queries.party_version(party), **changed}


def contact_form(contact: ContactPerson | None = None, **changed: str) -> dict[str, str]:
    """The form of a contact person as the page sends it."""
    fields = {"role": "avtal", "title": "Förvaltningschef", "valid_from": "2026-01-15"}
    seen = queries.contact_version(contact) if contact else ""
    return {**fields, "seen": seen, **changed}


def text_of(answer: Any) -> str:
    """The page's text, without its markup."""
    import html
    import re

    body = re.sub(r"(?s)<head>.*?</head>|<script.*?</script>", "", answer.content.decode())
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())
