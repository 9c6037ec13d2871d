"""Agreements that began elsewhere come from a CSV, all or none."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from hamn.agreement.agreements import actions, queries
from hamn.agreement.agreements.models import Agreement
from hamn.agreement.agreements.tests import agreements_factories as do
from hamn.core.errors import FaultsInFile, NotVisible, PermissionDenied
from hamn.guards.audit.models import Entry

HEADER = (
    "municipality_code,signed_on,starts_on,index_base_year,reference,notice_received_on,notice_by"
)
Import = Callable[..., list[Agreement]]


@pytest.fixture
def load(cast: SimpleNamespace, tmp_path: Path) -> Import:
    def run(*rows: str, by: object = None) -> list[Agreement]:
        path = tmp_path / "avtal.csv"
        path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
        return actions.import_agreements(path=path, today=do.TODAY, by=by or cast.steward)

    return run


def test_an_agreement_that_began_elsewhere_goes_on_here(
    load: Import, cast: SimpleNamespace
) -> None:
    plain, full, leaving, ended = load(
        "0114,2021-02-10,,,,,",
        "117,2024-05-21,2024-06-01,2024,DNR 1,,",
        "0115,2021-03-04,,,,2026-02-20,provider",
        "0120,2021-03-22,,,,2023-01-31,",
    )
    assert (plain.status, plain.starts_on, plain.index_base_year) == (
        "in_force",
        date(2021, 2, 10),
        2021,
    )
    assert (full.starts_on, full.index_base_year, full.reference) == (
        date(2024, 6, 1),
        2024,
        "DNR 1",
    )
    assert (leaving.status, leaving.notice_by, leaving.ends_on) == (
        "under_notice",
        "provider",
        date(2026, 3, 20),
    )
    assert (ended.status, ended.notice_by, ended.ends_on) == (
        "ended",
        "municipality",
        date(2023, 2, 28),
    )
    for row in Agreement.objects.all():
        assert row.began_elsewhere and row.tariff.frozen_at is not None
        assert row.signatures.count() == 2
    assert Entry.objects.filter(event="agreements.imported").count() == 4
    assert queries.affiliated_codes(cast.reader, do.TODAY) == {"0114", "0117", "0115"}


def test_every_fault_is_listed_with_its_row_and_nothing_is_stored(
    load: Import, cast: SimpleNamespace
) -> None:
    do.draft(cast.steward, "0126")
    before = (Agreement.objects.count(), Entry.objects.count())
    with pytest.raises(FaultsInFile) as refused:
        load(
            "0114,2021-02-10,,,,,",
            "9999,2021-02-10,,,,,",
            "0305,2021-02-10,,,,,",
            "0180,2021-02-10,,,,,",
            "0126,2021-02-10,,,,,",
            "0117,2024-02-30,,,,,",
            "0117,,,,,,",
            "0117,2026-03-02,,,,,",
            "0117,2020-12-31,,,,,",
            "0117,2024-06-01,i morgon,,,,",
            "0117,2024-06-01,,2025,,,",
            "0117,2024-06-01,,tjugo,,,",
            "0117,2024-06-01,,,,2024-05-01,",
            "0117,2024-06-01,,,,2026-04-01,",
            "0117,2024-06-01,,,,2024-07-01,länet",
            f"0117,2024-06-01,,,{'x' * 41},,",
        )
    told = [str(fault).partition(": ") for fault in refused.value.faults]
    assert [place for place, _colon, _says in told] == [f"Rad {n}" for n in range(3, 18)]
    expected = [
        "Ingen kommun har koden 9999",
        "Håbo (0305) har inga partsuppgifter ännu",
        "Stockholms stad är anordnare",
        "Huddinge kommun har redan ett avtal (utkast)",
        "”2024-02-30” är inget datum",
        "”” är inget datum",
        "Underskriften är daterad 2026-03-02, som inte har varit än",
        "Underskriften är daterad 2020-12-31, före taxan",
        "”i morgon” är inget datum",
        "Basåret för index kan inte vara 2025",
        "Basåret ”tjugo” är inget helt tal",
        "Uppsägningen är daterad 2024-05-01, innan avtalet undertecknades",
        "Uppsägningen kan inte ha kommit 2026-04-01",
        "Uppsägande part ”länet” är okänt. Skriv något av: municipality, provider",
        "Diarienumret är längre än 40 tecken",
    ]
    assert [says[: len(e)] for (_p, _c, says), e in zip(told, expected, strict=True)] == expected
    assert (Agreement.objects.count(), Entry.objects.count()) == before


def test_the_same_municipality_twice_is_refused(load: Import) -> None:
    with pytest.raises(FaultsInFile) as refused:
        load("0117,2024-06-01,,,,,", "117,2024-06-02,,,,,")
    assert str(refused.value.faults[0]).startswith("Rad 3: Kommunkoden 0117 står redan på rad 2")


def test_loading_the_same_file_again_is_refused(load: Import) -> None:
    load("0117,2024-06-01,,,,,")
    with pytest.raises(FaultsInFile) as refused:
        load("0117,2024-06-01,,,,,")
    assert "har redan ett avtal (gäller)" in str(refused.value.faults[0])


def test_an_ended_agreement_is_not_taken_over_twice_either(load: Import) -> None:
    load("0117,2022-06-01,,,,2023-01-31,")
    with pytest.raises(FaultsInFile) as refused:
        load("0117,2022-06-01,,,,2023-01-31,")
    assert "men det förra gäller till och med 2023-02-28" in str(refused.value.faults[0])


def test_an_older_agreement_may_be_taken_over_after_a_newer_one(load: Import) -> None:
    load("0117,2024-06-01,,,,2025-01-31,")
    [older] = load("0117,2022-06-01,,,,2023-01-31,")
    assert older.ends_on == date(2023, 2, 28)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("controller", PermissionDenied),
        ("reader", PermissionDenied),
        ("administrator", NotVisible),
        ("stranger", NotVisible),
    ],
)
def test_only_the_steward_takes_over_agreements(
    load: Import, cast: SimpleNamespace, who: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        load("0117,2024-06-01,,,,,", by=getattr(cast, who))
    assert not Agreement.objects.exists()
