"""What programs, spreadsheets and terminals get from the one writer of exports."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from hamn.papers.tables import (
    FORMULA,
    LONGEST_WORKBOOK_CELL,
    Column,
    TooLongForWorkbook,
    to_csv,
    to_json,
    to_text,
    to_xlsx,
)

COLUMNS = [
    Column("municipality_code", "Kod"),
    Column("name", "Kommun"),
    Column("population", "Folkmängd", "integer"),
    Column("share_percent", "Andel %", "percent"),
    Column("cost_sek", "Kostnad kr", "kr"),
    Column("decided_on", "Beslut", "date"),
]
ROWS = [
    {
        "municipality_code": "0180",
        "name": "Stockholm",
        "population": 962154,
        "share_percent": Decimal("41.05"),
        "cost_sek": 1641814,
        "decided_on": date(2024, 3, 1),
        "internal": "visas inte",
    },
    {
        "municipality_code": "0117",
        "name": "Österåker",
        "population": 44831,
        "share_percent": Fraction(4483100, 2344124),
        "cost_sek": 76499,
        "decided_on": None,
    },
]
NAME = [Column("name", "Namn")]
INJECTIONS = [
    "=1+1",
    "+46 8 508 00 000",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    '=HYPERLINK("https://evil.example")',
    "＝1+1",
]


def as_csv(columns: list[Column], rows: object) -> str:
    stream = io.StringIO(newline="")
    to_csv(columns, rows, stream)  # type: ignore[arg-type]
    return stream.getvalue()


def as_sheet(columns: list[Column], rows: object, title: str = "Avgifter"):
    out = io.BytesIO()
    to_xlsx(columns, rows, out, title)  # type: ignore[arg-type]
    return load_workbook(io.BytesIO(out.getvalue())).active


def test_csv_has_machine_keys_plain_numbers_and_line_feeds() -> None:
    assert as_csv(COLUMNS, ROWS) == (
        "municipality_code,name,population,share_percent,cost_sek,decided_on\n"
        "0180,Stockholm,962154,41.05,1641814,2024-03-01\n"
        "0117,Österåker,44831,1.91,76499,\n"
    )


def test_csv_of_no_rows_is_its_header() -> None:
    assert as_csv(NAME, []) == "name\n"


def test_csv_writes_truth_values_and_large_decimals_without_exponents() -> None:
    columns = [Column("a", "A"), Column("b", "B")]
    assert as_csv(columns, [{"a": True, "b": Decimal("1E+7")}]) == "a,b\ntrue,10000000\n"


@pytest.mark.parametrize("text", INJECTIONS)
def test_a_formula_in_csv_is_text_after_an_apostrophe(text: str) -> None:
    cells = list(csv.reader(io.StringIO(as_csv(NAME, [{"name": text}]), newline="")))
    assert cells == [["name"], ["'" + text]]


@pytest.mark.parametrize("text", INJECTIONS)
def test_a_formula_in_a_workbook_is_a_string(text: str) -> None:
    cell = as_sheet(NAME, [{"name": text}])["A2"]
    assert cell.data_type == "s"
    assert cell.value.replace("\r\n", "\n").replace("\r", "\n") == text.replace("\r", "\n")
    assert cell.quotePrefix


def test_negative_numbers_are_left_alone() -> None:
    row = {"cost_sek": -500}
    columns = [Column("cost_sek", "Kostnad", "kr")]
    assert as_csv(columns, [row]) == "cost_sek\n-500\n"
    assert as_sheet(columns, [row])["A2"].value == -500


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5))
def test_every_text_comes_back_from_csv(texts: list[str]) -> None:
    written = as_csv(NAME, ({"name": text} for text in texts))
    read = [row["name"] for row in csv.DictReader(io.StringIO(written, newline=""))]
    assert read == [f"'{text}" if FORMULA.match(text) else text for text in texts]


@given(st.text(max_size=80), st.integers(min_value=1, max_value=60))
def test_a_terminal_table_loses_nothing_and_keeps_to_its_lines(text: str, width: int) -> None:
    table = to_text([Column("n", "N", "integer"), *NAME], [{"n": 1, "name": text}], width=width)
    rows = table.split("\n")[2:]
    shown = "".join(sign if sign.isprintable() else "" for sign in text)
    kept = "".join(rows).replace("\N{REPLACEMENT CHARACTER}", "").replace(" ", "")
    expected = "1" + shown.replace("\N{REPLACEMENT CHARACTER}", "").replace(" ", "")
    assert "".join(kept.split()) == "".join(expected.split())


def test_rows_are_asked_for_one_at_a_time() -> None:
    stream = io.StringIO()

    def rows() -> Iterator[dict[str, str]]:
        yield {"name": "första"}
        assert "första" in stream.getvalue()
        yield {"name": "andra"}

    to_csv(NAME, rows(), stream)
    to_json(NAME, rows(), stream)


def test_json_keeps_types_and_swedish_letters() -> None:
    stream = io.StringIO()
    to_json(COLUMNS, iter(ROWS), stream)
    first, second = json.loads(stream.getvalue())
    assert first["share_percent"] == 41.05
    assert first["decided_on"] == "2024-03-01"
    assert "internal" not in first
    assert second["share_percent"] == 1.91
    assert second["decided_on"] is None
    assert "Österåker" in stream.getvalue()


def test_json_of_no_rows_is_an_empty_list() -> None:
    stream = io.StringIO()
    to_json(NAME, [], stream)
    assert json.loads(stream.getvalue()) == []


def test_a_workbook_holds_numbers_and_dates_not_texts() -> None:
    sheet = as_sheet(COLUMNS, iter(ROWS))
    assert [cell.value for cell in sheet[1]] == [column.title for column in COLUMNS]
    code, _name, population, share, cost, decided = sheet[2]
    assert (code.value, code.data_type) == ("0180", "s")
    assert (population.value, population.number_format) == (962154, "#,##0")
    assert (share.value, cost.value) == (41.05, 1641814)
    assert decided.value == datetime(2024, 3, 1)  # noqa: DTZ001
    assert sheet["D3"].value == 1.91
    assert sheet["F3"].value is None


def test_a_workbook_may_have_more_columns_than_the_alphabet_has_letters() -> None:
    columns = [Column(f"c{n}", f"Kolumn {n}", "integer") for n in range(60)]
    sheet = as_sheet(columns, [{f"c{n}": n for n in range(60)}])
    assert sheet.cell(row=2, column=60).value == 59


def test_a_workbook_survives_control_characters_and_forbidden_titles() -> None:
    sheet = as_sheet(
        NAME, [{"name": "a\x00b\x1bc"}], title="Avgift: 2024/2025 [alla] i länet och Gotland"
    )
    assert sheet["A2"].value == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"
    assert len(sheet.title) <= 31


def test_a_workbook_shows_moments_with_their_time_zone() -> None:
    moment = datetime(2024, 3, 1, 12, 0, tzinfo=UTC)
    assert as_sheet(NAME, [{"name": moment}])["A2"].value == "2024-03-01T12:00:00+00:00"


def test_a_text_too_long_for_a_workbook_is_refused_not_cut() -> None:
    with pytest.raises(TooLongForWorkbook, match="Namn"):
        as_sheet(NAME, [{"name": "x" * (LONGEST_WORKBOOK_CELL + 1)}])


def test_a_terminal_table_aligns_swedish_letters_and_numbers() -> None:
    assert to_text(COLUMNS[1:5], ROWS).replace("\N{NO-BREAK SPACE}", " ") == (
        "Kommun     Folkmängd  Andel %  Kostnad kr\n"
        "─────────  ─────────  ───────  ──────────\n"
        "Stockholm    962 154    41,05   1 641 814\n"
        "Österåker     44 831     1,91      76 499"
    )


def test_wide_and_combining_characters_take_the_room_they_take() -> None:
    columns = [*NAME, Column("n", "N", "integer")]
    lines = to_text(columns, [{"name": "中文", "n": 1}, {"name": "e\u0301abc", "n": 2}]).split("\n")
    assert lines[2] == "中文  1"
    assert lines[3] == "e\u0301abc  2"


def test_escape_sequences_do_not_reach_the_terminal() -> None:
    assert "\x1b" not in to_text(NAME, [{"name": "\x1b[31mröd\nrad"}])
    assert len(to_text(NAME, [{"name": "a\nb"}]).split("\n")) == 3


def test_a_fraction_in_a_column_of_whole_numbers_is_not_rounded_away() -> None:
    assert to_text([Column("n", "N", "integer")], [{"n": Decimal("1.5")}]).endswith("1,50")


def test_a_long_last_column_is_wrapped_under_itself() -> None:
    columns = [Column("n", "N", "integer"), Column("why", "Varför inte")]
    lines = to_text(columns, [{"n": 1, "why": "ordet " * 10}], width=30).split("\n")
    assert len(lines) == 5
    assert all(len(line) <= 30 for line in lines)
    assert lines[3].startswith("   ordet")


def test_a_table_of_no_rows_is_its_titles() -> None:
    assert to_text(NAME, []) == "Namn\n────"


@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@x", "|calc", "%0A=1", "＝1"])
@pytest.mark.parametrize("before", ["", " ", "\ufeff", "\x00", "\x0b", "\u00a0", "\u200b", " \t"])
def test_no_blank_mark_or_control_character_hides_a_formula(before: str, sign: str) -> None:
    stream = io.StringIO(newline="")
    to_csv([Column("x", "X")], [{"x": before + sign}], stream)
    (row,) = list(csv.reader(io.StringIO(stream.getvalue(), newline="")))[1:]
    assert row[0].startswith("'")


@pytest.mark.parametrize("text", ["Österåker", "2026-01-15", "a=b", "100 %", "12-14", " text"])
def test_an_ordinary_text_is_written_as_it_is(text: str) -> None:
    stream = io.StringIO(newline="")
    to_csv([Column("x", "X")], [{"x": text}], stream)
    assert f"\n{text}\n" in stream.getvalue()
