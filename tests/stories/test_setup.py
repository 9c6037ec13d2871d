"""Setting up a real centre: every wrong field is named, and nothing is mixed with the demo."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hamn.core.errors import BadInput
from hamn.site.centre_file import read_centre
from hamn.site.setup import EXAMPLE

TEXT = EXAMPLE.read_text(encoding="utf-8")
WRONG = {
    "total in words": ("total_kr = 4_000_000", 'total_kr = "fyra"', "total_kr"),
    "total as truth": ("total_kr = 4_000_000", "total_kr = true", "total_kr"),
    "index in words": ("index_percent = 2", 'index_percent = "x"', "index_percent"),
    "index too high": ("index_percent = 2", "index_percent = 200", "index_percent"),
    "day in words": (
        "valid_from = 2021-01-01\ncounties",
        'valid_from = "i dag"\ncounties',
        "valid_from",
    ),
    "counties as text": ('counties = ["01"]', 'counties = "01"', "counties"),
    "posts in words": ("mika = 2", 'mika = "två"', "mika"),
    "unknown role": ('"controller"]', '"chef"]', "chef"),
    "unquoted giro": ('bankgiro = ""  ', "bankgiro = 99999997  ", "bankgiro"),
    "unknown numbering": ('numbering = "own"', 'numbering = "ledgr"', "ledgr"),
    "unknown field": ('department = "Social', 'avdelning = 1\ndepartment = "Social', "avdelning"),
    "missing field": ("total_kr = 4_000_000", "", "total_kr"),
    "missing section": ("[tariff.posts]", "[tariff.poster]", "posts"),
    "no address": ('postal_street = ""', 'postal_street = ""', "postal_street"),
    "not TOML": ("[provider]", "[provider", "TOML"),
    "control character": ('name = "Stockholms stad"', 'name = "a\\u0000b"', "name"),
    "too long": ('vat_number = ""', f'vat_number = "{"x" * 15}"', "vat_number"),
}


@pytest.mark.parametrize(("old", "new", "named"), WRONG.values(), ids=WRONG)
def test_a_wrong_field_is_named_in_one_sentence(
    tmp_path: Path, old: str, new: str, named: str
) -> None:
    assert old in TEXT
    path = tmp_path / "centre.toml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInput, match=named):
        read_centre(path)


def filled() -> str:
    """The example with what a real centre must fill in."""
    return (
        TEXT.replace('postal_street = ""', 'postal_street = "Gatan 1"')
        .replace('postal_code = ""', 'postal_code = "10000"')
        .replace('bankgiro = ""  ', 'bankgiro = "9999-9997"  ')
    )


def test_setup_refuses_the_folder_of_the_demonstration(
    hamn: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "centre.toml"
    path.write_text(filled(), encoding="utf-8")
    answer = hamn("setup", "--from", path)
    assert (answer.status, answer.err.count("\n")) == (1, 1)
    assert "demonstrationen" in answer.err


def test_setup_again_adds_people_and_refuses_a_changed_tariff(
    hamn: Callable[..., Any], tmp_path: Path
) -> None:
    from hamn.agreement.invoicing.models import InvoicingProfile
    from hamn.guards.access.queries import by_email, roles_of

    InvoicingProfile.objects.update(is_example=False)
    path = tmp_path / "centre.toml"
    people = (
        '[[people]]\nemail = "ny@centrum.example"\ntitle = "Controller"\nroles = ["controller"]\n'
    )
    path.write_text(filled().replace("[provider] ", people + "\n[provider] ", 1), encoding="utf-8")
    answer = hamn("setup", "--from", path)
    assert answer.status == 0, answer.err
    assert roles_of(by_email("ny@centrum.example")) == {"controller"}
    path.write_text(filled().replace("4_000_000", "5_000_000"), encoding="utf-8")
    refused = hamn("setup", "--from", path)
    assert refused.status == 1
    assert "total_kr" in refused.err
