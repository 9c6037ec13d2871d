"""Texts in the reader's language, and figures and dates as Swedish readers write them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from hamn.core.dates import swedish_date
from hamn.core.errors import FaultsInFile, Refusal, in_words

NONE = "–"


def said(sentence: str, **facts: Any) -> str:
    """One of Hamn's sentences with its facts, in the language that is active."""
    return in_words(sentence, facts, _translated)


def refusal_sentences(refusal: Refusal) -> list[str]:
    """A refusal in the language that is active; for a file also each of its faults."""
    parts = [refusal, *refusal.faults] if isinstance(refusal, FaultsInFile) else [refusal]
    return [in_words(part.sentence, part.facts, _translated) for part in parts]


def long_date(day: date | None) -> str:
    """A date as prose writes it, `1 juni 2024`; a dash for none."""
    return swedish_date(day) if day else NONE


def moment(at: datetime | None) -> str:
    """A moment in Swedish time, to the minute: `2026-01-15 09:04`; a dash for none."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else NONE


def choices(names: Mapping[Any, str], *, empty: str = "") -> list[tuple[str, str]]:
    """A table of names as a field's choices, in the language that is active.

    empty: the choice of none, already in the reader's language; left out when empty.
    """
    first = [("", empty)] if empty else []
    return [*first, *((str(getattr(key, "value", key)), said(name)) for key, name in names.items())]


def _translated(text: str) -> str:
    # gettext("") gives the catalogue's header.
    return gettext(text) if text else text
