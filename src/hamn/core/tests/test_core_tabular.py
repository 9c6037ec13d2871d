"""Files as spreadsheets make them are read whole; a wrong one is refused whole, fault by row."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamn.core import tabular
from hamn.core.errors import BadInput, FaultsInFile

HEADER = "municipality_code,name,population\n"
ROW = "0117,Österåker,44831\n"
CELLS = {"municipality_code": "0117", "name": "Österåker", "population": "44831"}
REQUIRED = ("municipality_code", "population")


@pytest.fixture
def file(tmp_path: Path):
    def make(content: str | bytes, name: str = "kommuner.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


def rows(path: Path):
    return tabular.rows_of(path, required=REQUIRED)


@pytest.mark.parametrize(
    "content",
    [
        HEADER + ROW,
        "\ufeff" + HEADER + ROW,
        (HEADER + ROW).encode("cp1252"),
        (HEADER + ROW).replace("\n", "\r\n"),
        (HEADER + ROW).replace(",", ";"),
        (HEADER + ROW).replace(",", " , "),
        (HEADER + ROW).rstrip(),
        '"municipality_code","name","population"\n"0117","Österåker","44831"\n',
        HEADER.replace("\n", ",,\n") + ROW.replace("\n", ",,\n"),
        HEADER + ROW.replace("\n", ",,,\n"),
        HEADER + ROW + "\n,,\n",
    ],
    ids=[
        "UTF-8",
        "byte order mark",
        "Windows-1252",
        "Windows line ends",
        "semicolons",
        "spaces round the cells",
        "no line end at the end",
        "quoted",
        "unnamed columns at the end",
        "empty cells after the last column",
        "blank rows at the end",
    ],
)
def test_a_file_is_read_the_same_however_it_was_saved(file, content: str | bytes) -> None:
    [(number, row)] = rows(file(content))
    assert number == 2
    assert {name: row[name] for name in CELLS} == CELLS


def test_a_semicolon_file_may_have_commas_in_its_cells(file) -> None:
    [(_number, row)] = rows(file("municipality_code;name;population\n0117;Åker, Öster;44831\n"))
    assert row["name"] == "Åker, Öster"


def test_a_short_row_lacks_its_last_cells_only(file) -> None:
    [(_number, row)] = rows(file(HEADER + "0117\n"))
    assert row == {"municipality_code": "0117", "name": "", "population": ""}


def test_rows_are_counted_as_a_spreadsheet_does_through_blank_rows_and_line_breaks(file) -> None:
    content = HEADER + '0114,"Upplands\nVäsby",45543\n\n0117,Österåker,44831\n'
    assert [(number, row["name"]) for number, row in rows(file(content))] == [
        (2, "Upplands\nVäsby"),
        (4, "Österåker"),
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "är tom. Välj en fil med rader."),
        (b"  \r\n\t\n", "är tom"),
        ("\ufeff", "är tom"),
        ("\ufeff \n", "är tom"),
        ((HEADER + ROW).encode("utf-16"), "är inte text. Spara kalkylarket som CSV (UTF-8)"),
        (b"PK\x03\x04\x14\x00\x06\x00", "är inte text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "är inte text"),
        (bytes(range(1, 256)), "är inte text"),
        ("code,name,population\n" + ROW, "saknar kolumnen municipality_code."),
        ("kod\tnamn\tfolkmängd\n", "saknar kolumnen municipality_code, population."),
        ("0117,Österåker,44831\n", "Kolumnerna ska heta municipality_code, population"),
        ("municipality_code,population,population\n", "har kolumnen population två gånger"),
        (HEADER, "har rubriker men inga rader"),
        (HEADER + ",,\n\n", "har rubriker men inga rader"),
        (HEADER + "0117,Österåker," + "9" * 200_000 + "\n", "kan inte läsas som CSV"),
        ((HEADER + ROW).replace("\n", "\r"), "kan inte läsas som CSV"),
    ],
    ids=[
        "nothing",
        "only blanks",
        "only a byte order mark",
        "a byte order mark and blanks",
        "UTF-16",
        "a workbook",
        "a picture",
        "bytes without a zero",
        "a wrong column",
        "tabs",
        "no header",
        "a column twice",
        "only a header",
        "a header and blank rows",
        "a cell of 200 kB",
        "line ends of an old Mac",
    ],
)
def test_a_file_that_cannot_be_right_is_refused_by_name(
    file, content: str | bytes, says: str
) -> None:
    with pytest.raises(BadInput) as refused:
        rows(file(content))
    assert says in str(refused.value) and "kommuner.csv" in str(refused.value)


def test_a_file_of_50_mb_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "stor.csv"
    with path.open("wb") as stream:
        stream.truncate(50 * 1024 * 1024)
    with pytest.raises(BadInput, match=r"stor\.csv är större än 20 MB"):
        tabular.read_text(path)


@pytest.mark.parametrize("name", ["borta.csv", "."], ids=["missing", "a folder"])
def test_a_file_that_is_not_there_is_told_so(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match=r"finns inte\. Kontrollera namn och mapp"):
        tabular.read_text(tmp_path / name)


def test_a_thousands_comma_without_quotes_is_refused_and_never_read_as_its_first_part(
    file,
) -> None:
    with pytest.raises(FaultsInFile) as refused:
        rows(file(HEADER + ROW + "0114,Upplands Väsby,45,543\n0115,Vallentuna,33,432\n"))
    assert [str(fault)[:42] for fault in refused.value.faults] == [
        "Rad 3: Raden har 4 celler men rubrikraden ",
        "Rad 4: Raden har 4 celler men rubrikraden ",
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("44831", 44831),
        ("44 831", 44831),
        ("44\u00a0831", 44831),
        ("44\u202f831", 44831),
        ("2 344 124", 2344124),
        ("0", 0),
        ("00117", 117),
    ],
)
def test_spaces_between_thousands_are_fine(text: str, number: int) -> None:
    assert tabular.whole_number(text, what="Folkmängden") == number


@pytest.mark.parametrize(
    "text",
    [
        *["", " ", "-1", "+5", "\u22125", "44,831", "44.831", "44831.0", "4e4", "många", "½"],
        *["٤٤٨٣١", "４４８３１", "²", "0x10", "44'831", "9" * 19, "9" * 5000],
    ],
)
def test_what_is_no_whole_number_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        tabular.whole_number(text, what="Folkmängden")
    assert str(refused.value).startswith("Folkmängden ”")
    assert "är inget helt tal. Skriv bara siffror, till exempel 44831." in str(refused.value)
    assert len(str(refused.value)) < 150


@given(st.integers(0, 10**17), st.sampled_from([" ", "\u00a0", "\u202f", "\u2009", ""]))
def test_a_number_grouped_by_spaces_is_read_as_itself(number: int, space: str) -> None:
    text = f"{number:,}".replace(",", space)
    assert tabular.whole_number(text, what="Talet") == number


def test_one_of_reads_a_known_word_in_any_case() -> None:
    assert tabular.one_of(" Provider ", ["municipality", "provider"], what="Part") == "provider"


def test_an_unknown_word_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadInput, match=r"Part ”länet” är okänt\. Skriv något av: municip"):
        tabular.one_of("länet", ["municipality", "provider"], what="Part")


def test_every_refused_row_is_listed_with_its_number(file) -> None:
    content = HEADER + "a,x,ett\nb,x,2\n\nc,x,-3\nd,x,4\n"
    with pytest.raises(FaultsInFile) as refused:
        tabular.read_all(
            file(content),
            required=REQUIRED,
            read=lambda row: tabular.whole_number(row["population"], what="Folkmängden"),
        )
    assert [str(fault)[:26] for fault in refused.value.faults] == [
        "Rad 2: Folkmängden ”ett” ä",
        "Rad 5: Folkmängden ”-3” är",
    ]


def test_two_hundred_faults_are_all_listed(file) -> None:
    with pytest.raises(FaultsInFile) as refused:
        tabular.read_all(
            file(HEADER + "x,y,z\n" * 200),
            required=REQUIRED,
            read=lambda row: tabular.whole_number(row["population"], what="Folkmängden"),
        )
    assert len(refused.value.faults) == refused.value.facts["count"] == 200


def test_a_fault_met_only_when_storing_is_listed_with_its_row(file) -> None:
    def store(row: str) -> None:
        if row == "b":
            raise BadInput("Finns redan.")

    with pytest.raises(FaultsInFile) as refused:
        tabular.store_all(file(HEADER), [(2, "a"), (3, "b")], store)
    assert [str(fault) for fault in refused.value.faults] == ["Rad 3: Finns redan."]


def test_a_repeated_key_is_told_both_its_rows(file) -> None:
    with pytest.raises(FaultsInFile) as refused:
        tabular.refuse_repeats(
            file(HEADER), [(2, "0117"), (3, "0114"), (9, "0117")], what="Kommunkoden"
        )
    assert [str(fault) for fault in refused.value.faults] == [
        "Rad 9: Kommunkoden 0117 står redan på rad 2. Ta bort den ena raden."
    ]


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("code,population", "population"),
        ("code,population_2018_12_31", "population_2018_12_31"),
        ("code,population_2018,population", "population_2018"),
        ("code,folkmangd", "population"),
    ],
)
def test_a_column_may_carry_its_date_in_its_name(file, header: str, found: str) -> None:
    assert tabular.column_like(file(f"{header}\n0117\n"), "population") == found


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00\r")), min_size=3),
        min_size=1,
        max_size=5,
    )
)
def test_any_cells_are_read_back_as_written_or_refused_in_words(cells: list[list[str]]) -> None:
    import tempfile

    stream = io.StringIO()
    csv.writer(stream).writerows([["a", "b", "c"], *cells])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rader.csv"
        path.write_text(stream.getvalue(), encoding="utf-8", newline="")
        try:
            read = tabular.rows_of(path, required=("a",))
        except BadInput:
            return
    kept = [row for row in cells if any(cell.strip() for cell in row)]
    assert [list(row.values()) for _n, row in read] == [
        [cell.strip() for cell in row[:3]] for row in kept
    ]
