"""Staff from the centre's own file, and the demo's invented staff."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.core.errors import BadInput
from hamn.guards.access import actions as access
from hamn.guards.access import rules as access_rules
from hamn.guards.access.models import UnitMembership
from hamn.guards.access.queries import by_email, headed_units, member_units
from hamn.guards.access.rules import Role
from hamn.register.staff import queries
from hamn.register.staff.rules import Staffing
from hamn.site.centre_file import read_centre
from hamn.site.setup import EXAMPLE

pytestmark = pytest.mark.slow
TEXT = EXAMPLE.read_text(encoding="utf-8")
ON = date(2026, 2, 1)
# Line of the example, what somebody made of it, the field that is named.
WRONG = {
    "unknown field": ('short_name = "Mika"', 'kortnamn = "Mika"', "short_name|kortnamn"),
    "name as a number": ('name = "KAST"', "name = 4", "name"),
    "too long": ('short_name = "Mika"', f'short_name = "{"M" * 31}"', "short_name"),
    "day in words": ("starts_on = 2021-01-01", 'starts_on = "i dag"', "starts_on"),
    "no table": ("[units.kast]", '[units]\nkast = "KAST"\n[units.kast2]', "TOML|kast"),
}


@pytest.mark.parametrize(("old", "new", "named"), WRONG.values(), ids=WRONG)
def test_a_wrong_field_of_a_unit_is_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    assert old in TEXT
    path = tmp_path / "centre.toml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInput, match=named):
        read_centre(path)


def with_units(units: str) -> str:
    """The example, filled in, with these units instead of its own."""
    before, _units, rest = TEXT.partition("[units.")
    _own, tariff, after = rest.partition("[tariff] ")
    text = before + units + tariff + after
    text = text.replace('postal_street = ""', 'postal_street = "Gatan 1"')
    text = text.replace('postal_code = ""', 'postal_code = "10000"')
    return text.replace('bankgiro = ""  ', 'bankgiro = "9999-9997"  ')


def test_another_centre_has_its_own_units_without_code(
    hamn: Callable[..., Any], tmp_path: Path
) -> None:
    from hamn.agreement.invoicing.models import InvoicingProfile

    InvoicingProfile.objects.update(is_example=False)
    path = tmp_path / "centre.toml"
    unit = (
        '[units.fyren]\nname = "Mottagningen Fyren"\nshort_name = "Fyren"\n'
        'principal = "Exempelstads kommun"\nstarts_on = 2025-01-01\n'
    )
    path.write_text(with_units(unit), encoding="utf-8")
    answer = hamn("setup", "--from", path)
    assert answer.status == 0, answer.err
    assert access_rules.units()["fyren"] == "Mottagningen Fyren"
    path.write_text(with_units(unit + "ends_on = 2025-06-30\n"), encoding="utf-8")
    assert hamn("setup", "--from", path).status == 0
    assert "fyren" not in access_rules.units()
    path.write_text(with_units(unit.replace("fyren", "Fyr-en")), encoding="utf-8")
    refused = hamn("setup", "--from", path)
    assert (refused.status, refused.err.count("\n")) == (1, 1)
    assert "Fyr-en" in refused.err


@pytest.fixture
def demo_staff(cast: SimpleNamespace) -> SimpleNamespace:
    """The demo's staff in units that nobody else belongs to."""
    from hamn.site.demo import staff

    UnitMembership.objects.all().delete()
    access.add_person(
        email=staff.HEAD, title="Enhetschef", roles=[Role.HEAD_OF_UNIT], by=cast.first
    )
    staff.build_staff(cast.first)
    return cast


def test_the_demo_finances_five_posts_and_has_eight_and_a_half(
    demo_staff: SimpleNamespace,
) -> None:
    found = queries.staffing(demo_staff.first, ON)
    total = sum((one.staffing for one in found), start=Staffing())
    assert (total.financed, total.actual, total.management) == (500, 850, 100)
    without_coordinators = sum(one.staffing.actual for one in found[:2])
    assert without_coordinators == 650


def test_the_demos_head_heads_two_units_and_its_coordinators_cover_each_other(
    demo_staff: SimpleNamespace,
) -> None:
    assert headed_units(by_email("enhetschef@centrum.example")) == {"mika", "kast"}
    adult, child = "coordinator_adult", "coordinator_child"
    for email, own, other in (("vuxna", adult, child), ("barn", child, adult)):
        person = by_email(f"koordinator.{email}@centrum.example")
        assert headed_units(person) == {own}
        assert queries.covers(person, ON) == {other}
        assert member_units(person) == {own, other}
    assert [one.lacks for one in queries.overview(demo_staff.first, on=ON)] == [[], [], [], []]


def test_everyone_of_the_demos_staff_was_let_in_by_a_head(demo_staff: SimpleNamespace) -> None:
    rows = UnitMembership.objects.filter(ended_at__isnull=True)
    assert rows.count() == 12
    assert not rows.filter(granted_at__isnull=True).exists()
    assert not rows.filter(granted_by=demo_staff.first).exists()


def test_who_may_sign_in_to_the_demo_is_printed_and_nobody_else(
    demo_staff: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    from hamn.site.demo.shown import show_sign_ins

    show_sign_ins(8000)
    said = capsys.readouterr().out
    for name in ("mika", "mika2", "kast", "enhetschef", "koordinator.vuxna", "koordinator.barn"):
        assert f"{name}@centrum.example" in said
    assert "mika3@" not in said
    assert by_email("mika@centrum.example").is_demo
    assert not by_email("mika3@centrum.example").has_usable_password()
