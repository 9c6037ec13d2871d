"""The commands of the README, as a controller and an administrator use them."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.guards.audit.models import Entry
from hamn.site.cli.arguments import today

Command = Callable[..., Any]


@pytest.fixture
def osteraker(in_force: Callable[..., Any], cast: SimpleNamespace) -> Any:
    """Österåker in force from 1 June 2024 with its own base year (H14)."""
    return in_force("0117", date(2024, 5, 30), start=date(2024, 6, 1), base=2024)


def rows_of(answer: Any) -> dict[str, dict[str, str]]:
    """A CSV answer by municipality code."""
    return {row["municipality_code"]: row for row in csv.DictReader(io.StringIO(answer.out))}


def test_allocate_gives_the_annex_row_for_row(hamn: Command) -> None:
    answer = hamn("allocate", "stockholm-county-2018.csv", "--total", "4000000", "--format", "csv")
    assert answer.out.splitlines()[0] == "municipality_code,name,population,share_percent,cost_sek"
    from hamn.agreement.tariffs.reference import ANNEX_2018

    with ANNEX_2018.open(encoding="utf-8") as stream:
        annex = {row["municipality_code"]: row for row in csv.DictReader(stream)}
    found = rows_of(answer)
    assert {code: row["cost_sek"] for code, row in found.items()} == {
        code: row["cost_sek"] for code, row in annex.items()
    }
    assert {code: row["share_percent"] for code, row in found.items()} == {
        code: row["share_percent"] for code, row in annex.items()
    }


def test_allocate_adds_gotland_at_the_annex_rate_or_redistributes(hamn: Command) -> None:
    words = ["allocate", "stockholm-county-2018.csv", "--total", "4000000", "--add", "0980:59249"]
    added = rows_of(hamn(*words, "--format", "csv"))
    shared = rows_of(hamn(*words, "--redistribute", "--format", "csv"))
    assert (added["0980"]["cost_sek"], added["0117"]["cost_sek"]) == ("101102", "76499")
    assert (shared["0980"]["cost_sek"], shared["0117"]["cost_sek"]) == ("98610", "74614")


def test_what_if_shows_what_stockholm_bears_beside_today(hamn: Command) -> None:
    answer = hamn(
        *("what-if", "--total", "4500000", "--with-gotland", "--signed", "0117,0980"),
        *("--format", "json"),
    )
    data = json.loads(answer.out)
    assert data["today"]["provider_bears_sek"] == 4_000_000 - 76_499 - 101_102
    assert data["what_if"]["invoiced_sek"] == 86_062 + 113_740
    assert {row["municipality_code"] for row in data["rows"]} >= {"0117", "0180", "0980"}


def test_what_if_writes_a_workbook(hamn: Command, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    answer = hamn("what-if", "--format", "xlsx", "--out", tmp_path / "w.xlsx")
    assert answer.status == 0, answer.err
    sheet = load_workbook(tmp_path / "w.xlsx").active
    assert sheet is not None
    assert [cell.value for cell in sheet[4]][:2] == ["0117", "Österåker"]


def test_the_administrators_new_municipality_pays_seven_twelfths(
    hamn: Command, tmp_path: Path
) -> None:
    assert hamn("agreement", "draft", "0117", "--index-base", "2024").status == 0
    said = hamn(
        *("agreement", "sign", "0117", "--on", "2024-05-30", "--start", "2024-06-01"),
        *("--invoice", "--out", tmp_path / "out"),
    )
    assert said.status == 0, said.err
    assert "44\u00a0624\u00a0kr (7/12)" in said.out
    names = sorted(path.suffix for path in (tmp_path / "out").iterdir())
    assert names == [".csv", ".pdf", ".xml"]


def test_the_year_is_previewed_issued_explained_and_credited(
    hamn: Command, osteraker: Any, tmp_path: Path
) -> None:
    preview = rows_of(hamn("invoice-run", "2025", "--dry-run", "--format", "csv"))
    assert (preview["0117"]["amount_kr"], preview["0117"]["other_amount_kr"]) == ("78029", "82805")
    issued = hamn("invoice-run", "2025", "--out", tmp_path)
    assert issued.status == 0, issued.err
    [xml] = tmp_path.glob("*.xml")
    assert hamn("validate-einvoice", xml).status == 0
    told = json.loads(hamn("explain", xml.stem, "--format", "json").out)
    assert told["amount_sek"] == 78_029
    assert [step["code"] for step in told["steps"]] == [
        *("population", "share", "annex_amount", "index", "whole_year", "amount")
    ]
    assert hamn("invoice", "received", xml.stem, "--on", today().isoformat()).status == 0
    credit = hamn("credit", xml.stem, "--reason", "Fel referens", "--out", tmp_path)
    assert credit.status == 0, credit.err
    assert hamn("credit", xml.stem, "--reason", "igen").status == 1
    again = hamn("invoice", "reissue", xml.stem, "--out", tmp_path)
    assert again.status == 0, again.err
    assert hamn("validate-einvoice", *tmp_path.glob("*.xml")).status == 0
    hamn("trail", "export")
    verdict = hamn("trail", "verify")
    assert verdict.status == 0
    assert verdict.out.startswith("Kedjan är hel")


def test_a_basis_has_account_counterparty_and_period(
    hamn: Command, osteraker: Any, tmp_path: Path
) -> None:
    assert hamn("invoice-run", "2026", "--basis", "--out", tmp_path).status == 0
    with (tmp_path / "basis-2026.csv").open(encoding="utf-8") as stream:
        [row] = csv.DictReader(stream)
    assert (row["account"], row["counterparty"], row["amount_kr"]) == (
        "3110",
        "4020117026",
        "79590",
    )
    back = tmp_path / "back.csv"
    day = today().isoformat()
    back.write_text(f"reference,number,issued_on\n{row['reference']},F-77,{day}\n")
    assert hamn("invoice", "import", back).status == 0
    assert "79\u00a0590" in hamn("explain", "F-77").out


def test_an_invalid_e_invoice_gives_status_1_and_the_rule(
    hamn: Command, osteraker: Any, tmp_path: Path
) -> None:
    hamn("invoice-run", "2026", "--out", tmp_path)
    [xml] = tmp_path.glob("*.xml")
    broken = tmp_path / "broken.xml"
    broken.write_bytes(xml.read_bytes().replace(b">4020117026<", b">402011-7026<"))
    answer = hamn("validate-einvoice", broken)
    assert answer.status == 1
    assert "PEPPOL-COMMON-R049" in answer.out


def test_a_refusal_stays_in_the_trail_and_bad_input_does_not(hamn: Command, osteraker: Any) -> None:
    before = Entry.objects.count()
    assert hamn("agreement", "sign", "0117", "--on", "2024-05-30").status == 1
    refused = Entry.objects.order_by("place").last()
    assert refused is not None
    assert (refused.event, Entry.objects.count()) == ("access.refused", before + 1)
    assert json.loads(refused.facts) == {
        "attempt": "agreement sign",
        "code": "agreements.wrong_state",
    }
    assert hamn("agreement", "notice", "0117", "--received", "2099-01-01").status == 1
    assert Entry.objects.count() == before + 1


def test_a_reader_is_refused_and_told_so(hamn: Command, osteraker: Any) -> None:
    answer = hamn("--as", "reader@test.example", "invoice-run", "2026")
    assert answer.status == 1
    assert "invoicing.issue" in answer.err
    hidden = hamn("--as", "stranger@test.example", "explain", "202600001")
    assert hidden.err == (
        "hamn: Det finns inget att visa för dig här. Kontrollera vad du skrev och vem du är.\n"
    )


def test_a_credit_to_an_impossible_folder_is_refused_before_anything_is_issued(
    hamn: Command, osteraker: Any, tmp_path: Path
) -> None:
    hamn("invoice-run", "2026", "--out", tmp_path / "a")
    [xml] = (tmp_path / "a").glob("*.xml")
    (tmp_path / "fil").write_text("x")
    before = Entry.objects.count()
    answer = hamn("credit", xml.stem, "--reason", "fel", "--out", tmp_path / "fil")
    assert (answer.status, Entry.objects.count()) == (1, before)


def test_a_run_for_one_municipality_delivers_only_its_files(
    hamn: Command, osteraker: Any, in_force: Callable[..., Any], tmp_path: Path
) -> None:
    in_force("0114", date(2021, 2, 10))
    hamn("invoice-run", "2026", "--out", tmp_path / "all")
    hamn("invoice-run", "2026", "--only", "0117", "--out", tmp_path / "one")
    assert len(list((tmp_path / "all").glob("*.pdf"))) == 2
    assert len(list((tmp_path / "one").glob("*.pdf"))) == 1


def test_a_second_run_keeps_numbers_and_amounts_in_its_summary(
    hamn: Command, osteraker: Any, tmp_path: Path
) -> None:
    hamn("invoice-run", "2026", "--out", tmp_path)
    hamn("invoice-run", "2026", "--out", tmp_path)
    with (tmp_path / "summary.csv").open(encoding="utf-8") as stream:
        row = {one["municipality_code"]: one for one in csv.DictReader(stream)}["0117"]
    assert (row["outcome"], row["amount_kr"]) == ("already_invoiced", "79590")
    assert row["number"].startswith("20")


def test_a_workbook_without_a_name_is_refused_before_anything_is_issued(
    hamn: Command, osteraker: Any
) -> None:
    assert hamn("invoice-run", "2026", "--format", "xlsx").status == 1
    assert rows_of(hamn("invoice", "list", "2026", "--format", "csv")) == {}


def test_a_year_that_nobody_billed_is_named(hamn: Command, osteraker: Any, tmp_path: Path) -> None:
    said = hamn("invoice-run", "2026", "--out", tmp_path).out
    assert "hamn invoice-run 2024 --only 0117" in said
    assert "hamn invoice-run 2025 --only 0117" in said


def test_the_language_and_the_person_may_stand_after_the_verb(hamn: Command) -> None:
    answer = hamn("explain", "X-1", "--language", "en", "--as", "reader@test.example")
    assert answer.err.startswith("hamn: No invoice")


def test_a_missing_file_of_heads_is_no_sound_trail(hamn: Command, osteraker: Any) -> None:
    assert hamn("trail", "verify").status == 1
    assert hamn("trail", "export").status == 0
    assert hamn("trail", "verify").status == 0


def test_a_refusal_of_nobody_is_not_put_on_somebody(hamn: Command) -> None:
    assert hamn("--as", "no@test.example", "explain", "1").status == 1
    refused = Entry.objects.order_by("place").last()
    assert refused is not None
    assert (refused.event, refused.by) == ("access.refused", "system")


REFUSED = {
    "unknown code": (["fee", "9999", "--signed", "2024-06-01", "--year", "2024"], "9999"),
    "not a date": (["agreement", "draft", "0117", "--start", "2024-02-30"], "2024-02-30"),
    "year not begun": (["invoice-run", "2099"], "2099 har inte börjat"),
    "unknown invoice": (["explain", "X-1"], "X-1"),
    "unknown person": (["--as", "no@test.example", "explain", "1"], "no@test.example"),
    "total in words": (["allocate", "stockholm-county-2018.csv", "--total", "fyra"], "fyra"),
    "missing file": (["party", "import", "saknas.csv"], "saknas.csv"),
    "missing e-invoice": (["validate-einvoice", "saknas.xml"], "saknas.xml"),
    "workbook on screen": (["what-if", "--format", "xlsx"], "--out"),
    "own agreement": (["agreement", "draft", "0180"], "anordnare"),
    "population of a year without figures": (["what-if", "--population-year", "1999"], "1999"),
    "addition without population": (
        ["allocate", "stockholm-county-2018.csv", "--total", "1", "--add", "0980"],
        "KOD:FOLKMÄNGD",
    ),
}


@pytest.mark.parametrize(("words", "said"), REFUSED.values(), ids=REFUSED)
def test_bad_input_gets_one_sentence_status_1_and_stores_nothing(
    hamn: Command, words: list[str], said: str
) -> None:
    answer = hamn(*words)
    assert answer.status == 1
    assert said in answer.err
    assert answer.err.count("\n") == 1
    assert "Traceback" not in answer.err
    assert answer.out == ""


FILES = {
    "empty": b"",
    "blank": b"  \n ",
    "binary": bytes(range(256)) * 20,
    "utf-16": "municipality_code,name,population".encode("utf-16"),
    "wrong columns": b"kod;namn\n0117;x\n",
    "header only": b"municipality_code,name,population\n",
    "zero": b"municipality_code,name,population\n0117,x,0\n",
    "negative": b"municipality_code,name,population\n0117,x,-5\n",
    "words": b"municipality_code,name,population\n0117,x,many\n",
    "thousands separator": b'municipality_code,name,population\n0117,x,"44,831"\n',
    "duplicate": b"municipality_code,name,population\n0117,x,1\n0117,y,2\n",
    "unknown": b"municipality_code,name,population\n9999,x,1\n",
}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_a_bad_file_is_refused_in_swedish_with_its_rows(
    hamn: Command, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "fil.csv"
    path.write_bytes(content)
    answer = hamn("allocate", path, "--total", "1000")
    assert answer.status == 1
    assert answer.err.startswith("hamn: Filen fil.csv")
    assert "Traceback" not in answer.err


@pytest.mark.slow
def test_a_file_of_50_megabytes_is_refused_at_once(hamn: Command, tmp_path: Path) -> None:
    path = tmp_path / "stor.csv"
    path.write_bytes(b"municipality_code,name,population\n" + b"0117,x,1\n" * 5_600_000)
    answer = hamn("allocate", path, "--total", "1000")
    assert (answer.status, answer.err.count("\n")) == (1, 1)


def test_a_byte_order_mark_and_spaced_thousands_are_fine(hamn: Command, tmp_path: Path) -> None:
    path = tmp_path / "fil.csv"
    path.write_text(
        "\ufeffmunicipality_code;name;population_2018\n0117;Österåker;44\u00a0831\n0115;V;1 000\n",
        encoding="utf-8",
    )
    rows = rows_of(hamn("allocate", path, "--total", "1000", "--format", "csv"))
    assert rows["0117"]["population"] == "44831"


def test_english_speaks_english(hamn: Command) -> None:
    answer = hamn(*["--language", "en", "fee", "9999", "--signed", "2024-06-01", "--year", "2024"])
    assert "municipality" in answer.err
    assert not set("åäö") & set(answer.err)


def test_wrong_usage_gives_status_2_in_swedish(hamn: Command) -> None:
    answer = hamn("fee")
    assert answer.status == 2
    assert "användning" in answer.err.lower()
