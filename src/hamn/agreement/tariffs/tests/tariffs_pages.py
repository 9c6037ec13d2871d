"""What the tests of the tariffs' pages share."""

import html
import re
from typing import Any

from django.urls import reverse


def url(name: str, *arguments: object) -> str:
    return reverse(name if ":" in name else f"tariffs:{name}", args=list(arguments))


def adopt_form(**changed: Any) -> dict[str, Any]:
    """The form of a new tariff as the page sends it: the annex's terms on the figures of 2024."""
    return {
        "name": "Taxa 2027",
        "total_kr": "4 500 000",
        "population_year": "2024",
        "counties": ["01"],
        "additions": "Gotland",
        "mika": "2",
        "kast": "1",
        "coordinator_adult": "1,5",
        "coordinator_child": "",
        "index_percent": "2,5",
        "price_level_year": "2027",
        "valid_from": "2027-01-01",
        **changed,
    }


def text_of(answer: Any) -> str:
    """The page's text, without its markup."""
    body = re.sub(r"(?s)<head>.*?</head>|<script.*?</script>", "", answer.content.decode())
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def rows_in(listing: Any) -> list[list[Any]]:
    """The values of a table's cells."""
    return [[getattr(value, "text", value) for _h, _k, value in row] for row in listing.rows]
