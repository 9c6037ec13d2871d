"""Every sentence exists in both languages: Swedish in the code, English in the catalogue."""

import argparse
import ast
import inspect
import re
from collections import Counter
from string import Formatter

import polib
import pytest
from tools import catalogues

ARGPARSE = catalogues.LOCALE / "sv" / "LC_MESSAGES" / "argparse.po"
# Names with å, ä or ö that an English sentence may hold.
PROPER_NAMES = ("Österåker",)
# None of these is also a Swedish word.
ENGLISH_WORDS = {
    *("the", "this", "of", "to", "from", "and", "with", "you", "your", "was", "been", "cannot"),
    *("must", "should", "missing", "wrong", "file", "year", "fee", "tariff", "trail", "amount"),
    *("agreement", "agreements", "invoice", "invoices", "credited", "municipality", "notice"),
    *("draft", "provider", "basis"),
}
# What is English in both languages: commands, options, files, variables, fields and facts.
UNTRANSLATED = re.compile(
    r"hamn [a-z-]+( (draft|sign|notice|withdraw|show|list|import|decide))?"
    r"|--[a-z-]+|[a-z][\w-]*\.(csv|toml|xlsx)|\w+_\w+|\{\w+\}"
)
C_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sr]")


@pytest.fixture(scope="module")
def marked() -> dict[str, str]:
    """Each sentence that the code marks, with a place where it stands."""
    return dict(catalogues.sentences())


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(catalogues.ENGLISH))}


@pytest.fixture(scope="module")
def argparse_in_swedish() -> polib.POFile:
    return polib.pofile(str(ARGPARSE))


def test_every_sentence_of_the_code_has_an_english_translation(
    marked: dict[str, str], english: dict[str, str]
) -> None:
    lacking = {s: place for s, place in marked.items() if not english.get(s, "").strip()}
    assert not lacking, "run tools/catalogues.py collect, and translate"


def test_the_catalogue_holds_no_sentence_that_the_code_has_dropped(
    marked: dict[str, str], english: dict[str, str]
) -> None:
    assert sorted(english.keys() - marked.keys()) == []


def test_a_translation_keeps_every_placeholder_and_nothing_else(english: dict[str, str]) -> None:
    changed = {s: e for s, e in english.items() if e and placeholders(s) != placeholders(e)}
    assert not changed


def test_a_translation_keeps_commands_options_and_files_as_they_are(
    english: dict[str, str],
) -> None:
    changed = {s: e for s, e in english.items() if e and untouched(s) != untouched(e)}
    assert not changed


def test_a_translation_begins_and_ends_as_the_sentence_does(english: dict[str, str]) -> None:
    changed = {s: e for s, e in english.items() if e and edges(s) != edges(e)}
    assert not changed


def test_quotation_marks_are_swedish_in_swedish_and_english_in_english(
    english: dict[str, str],
) -> None:
    swedish_wrong = [s for s in english if not re.fullmatch("(””)*", quotation_marks(s))]
    english_wrong = [e for e in english.values() if not re.fullmatch("(“”)*", quotation_marks(e))]
    assert (swedish_wrong, english_wrong) == ([], [])


def test_no_two_sentences_differ_only_by_blanks(marked: dict[str, str]) -> None:
    seen = Counter(" ".join(sentence.split()) for sentence in marked)
    assert [sentence for sentence, count in seen.items() if count > 1] == []


def test_no_english_sentence_holds_a_swedish_letter(english: dict[str, str]) -> None:
    wrong = {s: e for s, e in english.items() if re.search("[åäöÅÄÖ]", without_names(e))}
    assert not wrong


def test_the_sentences_of_the_code_are_swedish(marked: dict[str, str]) -> None:
    wrong = {sentence: place for sentence, place in marked.items() if english_words_in(sentence)}
    assert not wrong


def test_a_sentence_in_english_would_be_found_among_the_swedish_ones() -> None:
    assert english_words_in("The invoice cannot be credited.")
    assert not english_words_in("Utfärda den med: hamn invoice-run {year} --only {code}")
    assert not english_words_in("Läs in dem med ”hamn party import FIL.csv”.")


def test_argparse_speaks_swedish_in_all_it_says(argparse_in_swedish: polib.POFile) -> None:
    singular, plural = said_by_argparse()
    assert "the following arguments are required: %s" in singular
    assert singular - {e.msgid for e in argparse_in_swedish if e.msgstr} == set()
    both_forms = {
        (e.msgid, e.msgid_plural)
        for e in argparse_in_swedish
        if set(e.msgstr_plural) == {0, 1} and all(e.msgstr_plural.values())
    }
    assert plural - both_forms == set()


def test_argparse_in_swedish_keeps_every_placeholder(argparse_in_swedish: polib.POFile) -> None:
    for entry in argparse_in_swedish:
        for told in [entry.msgstr] if entry.msgstr else entry.msgstr_plural.values():
            assert Counter(C_PLACEHOLDER.findall(told)) == Counter(
                C_PLACEHOLDER.findall(entry.msgid)
            ), entry.msgid
            assert told.count("%") == entry.msgid.count("%"), entry.msgid
            assert told.endswith("\n") == entry.msgid.endswith("\n"), entry.msgid


def test_argparse_in_swedish_says_how_it_is_written(argparse_in_swedish: polib.POFile) -> None:
    head = argparse_in_swedish.metadata
    assert head["Content-Type"] == "text/plain; charset=UTF-8"
    assert head["Language"] == "sv"
    assert head["Plural-Forms"] == "nplurals=2; plural=(n != 1);"


def placeholders(sentence: str) -> Counter[str]:
    return Counter(
        f"{name}!{conversion}:{form}"
        for _text, name, form, conversion in Formatter().parse(sentence)
        if name is not None
    )


def untouched(sentence: str) -> Counter[str]:
    return Counter(found[0] for found in UNTRANSLATED.finditer(sentence))


def edges(sentence: str) -> tuple[str, ...]:
    """The blanks around the sentence, and the full stop, colon or question mark that ends it."""
    found = re.fullmatch(r"(\s*).*?([.:?]?)(\s*)", sentence, re.DOTALL)
    assert found
    return found.groups()


def quotation_marks(sentence: str) -> str:
    return "".join(re.findall('[“”"]', sentence))


def without_names(sentence: str) -> str:
    return re.sub("|".join(PROPER_NAMES), "", sentence)


def english_words_in(sentence: str) -> set[str]:
    return ENGLISH_WORDS & set(re.findall(r"\w+", UNTRANSLATED.sub(" ", sentence).lower()))


def said_by_argparse() -> tuple[set[str], set[tuple[str, str]]]:
    """What this Python's argparse passes to `_` and to `ngettext`."""
    singular: set[str] = set()
    plural: set[tuple[str, str]] = set()
    for node in ast.walk(ast.parse(inspect.getsource(argparse))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id == "_":
                singular |= texts_in(node.args[0])
            elif node.func.id == "ngettext":
                one, many = (ast.literal_eval(argument) for argument in node.args[:2])
                plural.add((one, many))
    return singular, plural


def texts_in(argument: ast.expr) -> set[str]:
    """The text, or for `kwargs.pop("title", "subcommands")` the one it falls back on."""
    if isinstance(argument, ast.Call):
        argument = argument.args[-1]
    value = ast.literal_eval(argument)
    return {value} if value else set()
