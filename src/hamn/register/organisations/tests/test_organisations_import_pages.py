"""Files read in on screen: every fault by its row, nothing saved by halves, nothing left behind."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hamn.guards.audit.models import Entry
from hamn.register.organisations import actions
from hamn.register.organisations.models import Party, Population
from hamn.register.organisations.tests.organisations_pages import number, text_of, url

Desk = Callable[..., Any]
HEADER = "municipality_code,organisation_number,name,contact_title"
FIRST, SECOND = number("402148000"), number("402148100")


def send(desk: Desk, person: object, view: str, content: str | bytes, **more: str) -> Any:
    """The form with a file, as a browser sends it."""
    data = content if isinstance(content, bytes) else content.encode()
    file = SimpleUploadedFile("C:\\fakepath\\../../kommuner.csv", data, content_type="text/csv")
    return desk(person).post(url(view), {"file": file, **more})


def test_a_file_of_parties_is_saved_whole(desk: Desk, cast: SimpleNamespace) -> None:
    rows = f"{HEADER}\n1480,{FIRST},Göteborgs stad,Socialchef\n1481,{SECOND},Mölndals stad,\n"
    answer = send(desk, cast.steward, "import_parties", rows)
    assert answer.status_code == 302
    page = text_of(desk(cast.steward).get(url("show", "1480")))
    assert "Göteborgs stad" in page and "Socialchef" in page
    assert Party.objects.get(municipality="1481").name == "Mölndals stad"


def test_every_fault_is_listed_by_its_row_and_nothing_is_saved(
    desk: Desk, cast: SimpleNamespace
) -> None:
    before = (Party.objects.count(), Entry.objects.count())
    rows = f"{HEADER}\n1480,{FIRST},Göteborgs stad,\n9999,{SECOND},Ingen,\n1481,12,Mölndal,\n"
    answer = send(desk, cast.steward, "import_parties", rows)
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Filen kommuner.csv har 2 fel och ingenting har sparats." in page
    assert "Rad 3: Ingen kommun har koden 9999." in page
    assert "Rad 4: Organisationsnumret ”12” ska ha tio siffror" in page
    assert (Party.objects.count(), Entry.objects.count()) == before


FILES = {
    "empty": (b"", "är tom"),
    "blank": (b" \n ", "är tom"),
    "binary": (bytes(range(256)) * 20, "är inte text"),
    "utf-16": (HEADER.encode("utf-16"), "är inte text"),
    "wrong columns": (b"kod;namn\n0117;x\n", "saknar kolumnen"),
    "header alone": (HEADER.encode(), "har rubriker men inga rader"),
    "another's number": (
        f"{HEADER}\n1480,2120000142,x,".encode(),
        "är redan inlagt för Stockholms",
    ),
    "twice": (f"{HEADER}\n1480,{FIRST},x,\n1480,{SECOND},x,".encode(), "står redan på rad 2"),
}


@pytest.mark.parametrize(("content", "says"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_such_list_is_refused_with_a_sentence(
    desk: Desk, cast: SimpleNamespace, content: bytes, says: str
) -> None:
    answer = send(desk, cast.steward, "import_parties", content)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert not Party.objects.filter(municipality="1480").exists()


def test_a_file_too_large_is_refused_before_it_is_read(desk: Desk, cast: SimpleNamespace) -> None:
    answer = send(desk, cast.steward, "import_parties", b"x" * 5_000_001)
    assert answer.status_code == 422
    assert "Filen är större än 5 MB" in text_of(answer)


@pytest.mark.parametrize("view", ["import_parties", "import_population"])
def test_a_form_without_a_file_asks_for_one(desk: Desk, cast: SimpleNamespace, view: str) -> None:
    answer = desk(cast.steward).post(url(view), {"source": "fil"})
    assert answer.status_code == 422
    assert "CSV-fil" in text_of(answer)
    assert "Välj en fil." in text_of(answer) or "fyll i fältet" in text_of(answer)


def test_nothing_of_a_file_stays_on_the_disk(
    desk: Desk, cast: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    send(desk, cast.steward, "import_parties", f"{HEADER}\n1480,{FIRST},x,")
    send(desk, cast.steward, "import_parties", f"{HEADER}\n1480,12,x,")
    assert list(tmp_path.iterdir()) == []


def test_the_saved_list_is_offered_as_the_file_to_begin_with(
    desk: Desk, cast: SimpleNamespace
) -> None:
    answer = desk(cast.steward).get(url("import_parties"))
    saved = desk(cast.steward).get(answer.context["example_url"])
    assert saved.status_code == 200
    columns = [row[0][2] for row in answer.context["columns"].rows]
    assert set(actions.PARTY_COLUMNS) < set(columns)


def test_population_from_a_file_is_stored_with_the_file_as_its_source(
    desk: Desk, cast: SimpleNamespace
) -> None:
    content = "municipality_code,year,population\n0117,2025,49500\n"
    client = desk(cast.controller)
    answer = send(lambda _person: client, None, "import_population", content, source="fil")
    assert answer.status_code == 302
    assert Population.objects.get(municipality="0117", year=2025).source == "kommuner.csv"
    entry = Entry.objects.get(event="organisations.population_imported")
    assert "kommuner" not in entry.facts
    assert "Ny folkmängd för 2025, antal kommuner: 1." in text_of(client.get(url("list")))


def test_a_stored_figure_is_not_changed_on_screen_either(desk: Desk, cast: SimpleNamespace) -> None:
    content = "municipality_code,year,population\n0117,2024,1\n"
    answer = send(desk, cast.controller, "import_population", content, source="fil")
    assert answer.status_code == 422
    assert "är redan 49787 och skulle bli 1" in text_of(answer)
    assert Population.objects.get(municipality="0117", year=2024).inhabitants == 49787


SCB_BAD = {
    "no year": ({"source": "scb"}, "Ange året som folkmängden gäller"),
    "a year to come": ({"source": "scb", "year": "2099"}, "finns inte än"),
    "a year in words": ({"source": "scb", "year": "i fjol"}, "skriv ett heltal"),
    "a negative year": ({"source": "scb", "year": "-2024"}, "skriv minst 1968"),
    "from nowhere": ({"source": "gissning", "year": "2024"}, "välj något i listan"),
    "nothing": ({}, "välj något"),
    "no answer": ({"source": "scb", "year": "2024"}, "SCB:s tjänst svarade inte som väntat"),
}


@pytest.mark.parametrize(("form", "says"), SCB_BAD.values(), ids=SCB_BAD)
def test_what_cannot_be_fetched_is_refused_with_a_sentence(
    desk: Desk, cast: SimpleNamespace, settings: Any, form: dict[str, str], says: str
) -> None:
    settings.SCB_ADDRESS = "http://127.0.0.1:9/api/v2"  # where nobody answers
    before = Population.objects.count()
    answer = desk(cast.controller).post(url("import_population"), form)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert Population.objects.count() == before
