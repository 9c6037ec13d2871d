"""Population comes from a CSV; a stored figure never changes and none is ever a silent zero."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from hamn.core.errors import BadInput, FaultsInFile, NotVisible, PermissionDenied
from hamn.guards.audit.models import Entry
from hamn.register.organisations import actions, queries
from hamn.register.organisations.models import Population

HEADER = "municipality_code,year,population"
Import = Callable[..., dict[int, int]]


@pytest.fixture
def load(cast: SimpleNamespace, tmp_path: Path) -> Import:
    def run(*rows: str, header: str = HEADER, by: object = None) -> dict[int, int]:
        path = tmp_path / "folk.csv"
        path.write_text("\n".join([header, *rows]), encoding="utf-8")
        return actions.import_population(path=path, by=by or cast.controller)

    return run


def test_new_figures_are_stored_with_the_file_as_their_source(
    load: Import, cast: SimpleNamespace
) -> None:
    assert load("0117,2025,49 500", "114,2025,50\u00a0000", "0117,2017,43000") == {2017: 1, 2025: 2}
    figures = queries.populations(cast.reader, year=2025, codes=["0114", "0117"])
    assert figures == {"0114": 50_000, "0117": 49_500}
    assert Population.objects.get(municipality="0117", year=2025).source == "folk.csv"


def test_a_column_named_after_its_date_counts(load: Import) -> None:
    header = "municipality_code,year,population_12_31"
    assert load("0117,2025,49500", header=header) == {2025: 1}


def test_a_figure_that_is_there_already_is_not_new(load: Import) -> None:
    assert load("0117,2018,44831", "0117,2025,49500") == {2018: 0, 2025: 1}
    assert load("0117,2025,49500") == {2025: 0}
    assert Population.objects.filter(municipality="0117").count() == 8


def test_a_changed_figure_is_refused_and_nothing_is_stored(load: Import) -> None:
    before = (Population.objects.count(), Entry.objects.count())
    with pytest.raises(BadInput) as refused:
        load("0114,2025,50000", "0117,2018,44832", "0115,2017,1")
    assert str(refused.value).startswith(
        "Folkmängden 2018 för 0117 är redan 44831 och skulle bli 44832. Inget har ändrats."
    )
    assert (Population.objects.count(), Entry.objects.count()) == before


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("0117,2025,0", "Folkmängden är noll"),
        ("0117,2025,-5", "Folkmängden ”-5” är inget helt tal"),
        ("0117,2025,många", "Folkmängden ”många” är inget helt tal"),
        ('0117,2025,"44,831"', "Folkmängden ”44,831” är inget helt tal"),
        ("0117,2025,44.831", "Folkmängden ”44.831” är inget helt tal"),
        ("0117,2025,44,831", "Raden har 4 celler men rubrikraden har 3"),
        ("0117,2025,", "Folkmängden ”” är inget helt tal"),
        ("0117,2025", "Folkmängden ”” är inget helt tal"),
        ("0117,2025,20000001", "är större än hela landets"),
        ("0117,2025,99999999999999999999", "är inget helt tal"),
        ("0117,1967,5", "Året 1967 kan inte stämma"),
        ("0117,20255,5", "Året 20255 kan inte stämma"),
        ("0117,i år,5", "Året ”i år” är inget helt tal"),
        ("9999,2025,5", "Ingen kommun har koden 9999"),
        (",2025,5", "Kommunkoden ”” ska ha fyra siffror"),
    ],
)
def test_a_row_that_cannot_be_right_is_refused_with_its_number(
    load: Import, row: str, says: str
) -> None:
    with pytest.raises(FaultsInFile) as refused:
        load("0114,2025,50000", row)
    [fault] = refused.value.faults
    assert str(fault).startswith("Rad 3: ") and says in str(fault)
    assert not Population.objects.filter(year=2025).exists()


def test_the_same_municipality_and_year_twice_is_refused(load: Import) -> None:
    with pytest.raises(FaultsInFile) as refused:
        load("0117,2025,49500", "117,2025,49500", "0117,2026,49500")
    assert [str(fault)[:52] for fault in refused.value.faults] == [
        "Rad 3: Kommun och år 0117 2025 står redan på rad 2. "
    ]


def test_a_file_without_population_is_told_the_columns(load: Import) -> None:
    with pytest.raises(BadInput, match="saknar kolumnen population"):
        load("0117,2025,5", header="municipality_code,year,folk")


def test_each_year_leaves_an_entry_with_the_kind_of_its_source(
    load: Import, cast: SimpleNamespace
) -> None:
    load("0117,2025,49500", "0117,2017,43000")
    entries = Entry.objects.filter(event="organisations.population_imported").order_by("place")
    assert [json.loads(entry.facts) for entry in entries] == [
        {"year": 2017, "figures": 1, "source": "file"},
        {"year": 2025, "figures": 1, "source": "file"},
    ]
    assert {entry.by for entry in entries} == {f"access.person:{cast.controller.pk}"}


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("reader", PermissionDenied),
        ("administrator", PermissionDenied),
        ("stranger", NotVisible),
    ],
)
def test_who_may_not_import_population_stores_none(
    load: Import, cast: SimpleNamespace, who: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        load("0117,2025,49500", by=getattr(cast, who))
    assert not Population.objects.filter(year=2025).exists()


def test_the_command_tells_how_many_figures_are_new(
    hamn: Callable[..., SimpleNamespace], tmp_path: Path
) -> None:
    path = tmp_path / "folk.csv"
    path.write_text(f"{HEADER}\n0117,2025,49500\n", encoding="utf-8")
    answer = hamn("import-population", path)
    assert (answer.status, answer.err) == (0, "")
    assert "2025: ny folkmängd för 1 kommuner." in answer.out
