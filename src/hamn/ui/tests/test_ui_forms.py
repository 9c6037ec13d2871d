"""Forms: what people type is read kindly, told plainly, and can never become part of the page."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamn.ui.forms import Boxes, Choice, Day, File, HamnForm, Kronor, LongText, Radio, Text, Year

HOSTILE = "<script>alert(1)</script>\"'&{{x}}"


class Everything(HamnForm):
    """A field of each kind."""

    text = Text("Text", hint="Hjälp", required=False)
    langtext = LongText("Längre", required=False)
    belopp = Kronor("Belopp", required=False)
    ar = Year("År", required=False)
    dag = Day("Dag", required=False)
    lista = Choice("Lista", {"a": "A", "b": "B"}, required=False, empty="–")
    val = Radio("Val", {"a": "A", "b": "B"}, required=False)
    flera = Boxes("Flera", {"a": "A", "b": "B"}, required=False)
    fil = File("Fil", required=False)


class Demanding(HamnForm):
    """Fields that must be filled in."""

    text = Text("Diarienummer", longest=5)
    dag = Day("Datum")
    val = Radio("Sätt", {"a": "A"})
    belopp = Kronor("Belopp", most=100)


def cleaned(**sent: Any) -> dict[str, Any]:
    form = Everything(sent)
    assert form.is_valid(), form.errors
    return form.cleaned_data


def test_what_is_typed_never_becomes_markup() -> None:
    everything = Everything(dict.fromkeys(Everything.base_fields, HOSTILE) | {"dag_ar": HOSTILE})
    drawn = str(everything)
    assert "<script>" not in drawn
    assert "&lt;script&gt;" in drawn


def test_hostile_labels_hints_and_choices_are_escaped_too() -> None:
    class Hostile(HamnForm):
        text = Text(HOSTILE, hint=HOSTILE)
        val = Radio(HOSTILE, {"a": HOSTILE})
        lista = Choice(HOSTILE, {"a": HOSTILE})

    assert "<script>" not in str(Hostile())


@pytest.mark.parametrize("text", ["76 499", "76\u00a0499 kr", "76499", " 76499 "])
def test_an_amount_may_be_written_with_spaces_and_its_unit(text: str) -> None:
    assert cleaned(belopp=text)["belopp"] == 76_499


@pytest.mark.parametrize("text", ["-5", "0", "1,5", "1e3", "sju", "٣", "9" * 40, "0x10"])
def test_an_amount_that_is_none_is_refused_in_one_sentence(text: str) -> None:
    form = Everything({"belopp": text})
    assert not form.is_valid()
    assert form.errors["belopp"][0].startswith("Belopp: skriv")


@pytest.mark.parametrize(
    "sent",
    [
        {"dag_ar": "2026", "dag_manad": "1", "dag_dag": "5"},
        {"dag_ar": "2026", "dag_manad": "01", "dag_dag": "05"},
        {"dag_ar": "2026-01-05"},
        {"dag": "2026-01-05"},
    ],
)
def test_a_date_may_be_typed_in_parts_or_pasted_whole(sent: dict[str, str]) -> None:
    assert cleaned(**sent)["dag"] == date(2026, 1, 5)


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)))
def test_a_date_comes_back_as_it_was_shown(day: date) -> None:
    parts = Everything.base_fields["dag"].widget.decompress(day)
    sent = {
        f"dag_{name}": str(part) for name, part in zip(("ar", "manad", "dag"), parts, strict=True)
    }
    assert cleaned(**sent)["dag"] == day


@pytest.mark.parametrize(
    "parts", [("2026", "2", "30"), ("26", "1", "5"), ("2026", "", ""), ("x", "y", "z")]
)
def test_a_date_that_is_none_is_refused_with_an_example(parts: tuple[str, str, str]) -> None:
    form = Everything(dict(zip(("dag_ar", "dag_manad", "dag_dag"), parts, strict=True)))
    assert not form.is_valid()
    assert "2024-06-01" in form.errors["dag"][0]


def test_each_empty_field_is_told_by_its_name_and_linked_to() -> None:
    form = Demanding({})
    assert not form.is_valid()
    assert [(one["text"], one["href"]) for one in form.summary] == [
        ("Diarienummer: fyll i fältet.", "#id_text"),
        ("Datum: fyll i fältet.", "#id_dag-ar"),
        ("Sätt: välj något.", "#id_val"),
        ("Belopp: fyll i fältet.", "#id_belopp"),
    ]
    drawn = str(form)
    for one in form.summary:
        assert f'id="{one["href"][1:]}"' in drawn


def test_an_overlong_text_is_refused_and_kept_in_its_box() -> None:
    form = Demanding({"text": "för långt"})
    assert form.errors["text"] == ["Diarienummer: texten är för lång."]
    assert 'value="för långt"' in str(form)


def test_a_choice_outside_the_list_is_refused() -> None:
    assert Everything({"lista": "c"}).errors["lista"] == ["Lista: välj något i listan."]


@given(st.dictionaries(st.sampled_from(sorted(Everything.base_fields)), st.text(max_size=300)))
def test_no_text_at_all_makes_a_form_fail_to_draw(sent: dict[str, str]) -> None:
    form = Everything(sent)
    form.is_valid()
    assert "<form" not in str(form)
