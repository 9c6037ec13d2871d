"""A centre's services as data: read from a file, each field of its kind. Pure.

A text is written in Swedish, or as a pair of Swedish and English.
Source: agreement template 2021 § 3; requirements B1-B37, Z4-Z6, Z30.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from hamn.core.errors import BadInput, _
from hamn.core.identifiers import phone

from .codes import AGE_GROUPS, CHANNELS, FORMS, AgeGroup
from .regimes import Regime

Named = list[dict[str, str]]  # code, sv, en: a list, since a database's JSON keeps no order
LONGEST_NAME, LONGEST_TEXT = 120, 1000
# What the head of the unit decides, on the page, once the service stands in the catalogue.
HEADS_FIELDS = ("regime", "decision_reference", "decision_on", "phone", "hours", "hours_en")


def read_catalogue(tables: Mapping[str, Any], shipped: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The services of the tables in their order, as the columns of their rows.

    tables: by code; what one leaves out is as in the shipped service of that code.
    Raises BadInput for a field that is missing, unknown or of another kind, and for a service
    that refers to one that is not there.
    """
    rows = [
        {**_read(code, {**shipped.get(code, {}), **_table(code, table)}), "position": position}
        for position, (code, table) in enumerate(tables.items())
    ]
    for row in rows:
        _check_references(row, tables)
    return rows


def name_in(named: Named, code: str, language: str) -> str:
    """The name of one of a list's codes in the language; the code itself when it has none."""
    for one in named:
        if one["code"] == code:
            return in_language(one["sv"], one["en"], language)
    return code


def in_language(swedish: str, english: str, language: str) -> str:
    """The Swedish text for who reads Swedish; for everyone else the English, where there is one."""
    return swedish if language == "sv" or not english else english


def _table(code: str, table: Any) -> Mapping[str, Any]:
    if not isinstance(table, Mapping):
        raise _wrong(code, "", table)
    return table


def _read(code: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    if not _is_code(code):
        raise _wrong(code, "", code)
    fields = {**_LEFT_OUT, "unit": code, **fields}
    for name in fields:
        if name not in _KINDS:
            raise BadInput(
                _("Avsnittet [{section}] i centre.toml har ett okänt fält, {field}. Ta bort det."),
                section=f"services.{code}",
                field=name,
            )
    row: dict[str, Any] = {"code": code}
    for name, read in _KINDS.items():
        if name not in fields:
            raise BadInput(
                _("Avsnittet [{section}] i centre.toml saknar fältet {field}. Lägg till det."),
                section=f"services.{code}",
                field=name,
            )
        try:
            row |= read(name, fields[name])
        except (TypeError, ValueError, AttributeError):
            raise _wrong(code, name, fields[name]) from None
    return row


def _check_references(row: dict[str, Any], tables: Mapping[str, Any]) -> None:
    """What the file itself refers to is in it; a shipped reference to what is left out goes."""
    stated = tables[row["code"]]
    for name in ("refers_to", "refers_children_to"):
        codes = row[name] if name == "refers_to" else [row[name]]
        gone = [code for code in codes if code and code not in tables]
        if gone and name in stated:
            raise _wrong(row["code"], name, gone[0])
        if gone:
            row[name] = [one for one in codes if one in tables] if name == "refers_to" else ""


def _is_code(value: Any) -> bool:
    is_plain = isinstance(value, str) and value.isascii() and value.replace("_", "a").isalnum()
    return is_plain and value == value.lower() and 0 < len(value) <= 40


def _text(longest: int) -> Callable[[str, Any], dict[str, Any]]:
    def read(name: str, value: Any) -> dict[str, Any]:
        swedish, english = _pair(value, longest)
        return {name: swedish, f"{name}_en": english}

    return read


def _pair(value: Any, longest: int) -> tuple[str, str]:
    pair = [value, ""] if isinstance(value, str) else list(value)
    swedish, english = pair
    for text in pair:
        if not (isinstance(text, str) and text.isprintable() and len(text) <= longest):
            raise ValueError(text)
    return swedish.strip(), english.strip()


def _named(name: str, value: Any) -> dict[str, Any]:
    found = []
    for code, text in value.items():
        swedish, english = _pair(text, LONGEST_NAME)
        if not (_is_code(code) and swedish):
            raise ValueError(code)
        found.append({"code": code, "sv": swedish, "en": english})
    return {name: found}


def _some_of(known: Collection[str]) -> Callable[[str, Any], dict[str, Any]]:
    def read(name: str, value: Any) -> dict[str, Any]:
        if not (isinstance(value, list) and value and set(value) <= set(known)):
            raise ValueError(value)
        return {name: list(dict.fromkeys(value))}

    return read


def _codes(name: str, value: Any) -> dict[str, Any]:
    if not (isinstance(value, list) and all(_is_code(code) for code in value)):
        raise ValueError(value)
    return {name: value}


def _code(name: str, value: Any) -> dict[str, Any]:
    if value and not _is_code(value):
        raise ValueError(value)
    return {name: value}


def _of(kind: type) -> Callable[[str, Any], dict[str, Any]]:
    def read(name: str, value: Any) -> dict[str, Any]:
        if type(value) is not kind:
            raise TypeError(value)
        return {name: value}

    return read


def _day_or_none(name: str, value: Any) -> dict[str, Any]:
    return {name: None} if value is None else _of(date)(name, value)


def _regime(name: str, value: Any) -> dict[str, Any]:
    return {name: Regime(value)}


def _phone(name: str, value: Any) -> dict[str, Any]:
    return {name: phone(value)}


_LEFT_OUT: dict[str, Any] = {
    "refers_to": [],
    "refers_children_to": "",
    "regime": Regime.ADVICE_EXEMPT.value,
    "decision_reference": "",
    "decision_on": None,
    "phone": "",
    "hours": "",
    "valid_until": None,
}
_AGES = [code for code in AGE_GROUPS if code != AgeGroup.UNKNOWN]
_KINDS: dict[str, Callable[[str, Any], dict[str, Any]]] = {
    "unit": _code,
    "name": _text(LONGEST_NAME),
    "description": _text(LONGEST_TEXT),
    "target_groups": _named,
    "grounds": _named,
    "age_groups": _some_of(_AGES),
    "channels": _some_of(CHANNELS),
    "forms": _some_of(FORMS),
    "needs_affiliation": _of(bool),
    "refers_to": _codes,
    "refers_children_to": _code,
    "regime": _regime,
    "decision_reference": lambda name, value: {name: _pair(value, 60)[0]},
    "decision_on": _day_or_none,
    "phone": _phone,
    "hours": _text(LONGEST_NAME),
    "valid_from": _of(date),
    "valid_until": _day_or_none,
}


def _wrong(code: str, field: str, value: Any) -> BadInput:
    return BadInput(
        _("Fältet {field} i [{section}] kan inte vara ”{value}”. Jämför med exemplet."),
        field=field,
        section=f"services.{code}"[:60],
        value=str(value)[:60],
    )
