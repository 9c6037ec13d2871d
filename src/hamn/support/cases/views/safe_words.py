"""A person's rules for safe contact in words, for the top of every page of her case."""

from django.utils.translation import gettext as _

from hamn.core.errors import _ as marked
from hamn.ui.words import said

from ..rules.content import CaseContent
from ..rules.safe_contact import DAYS, WAYS


def safe_words(content: CaseContent) -> list[tuple[str, str]]:
    """Each rule as a label and a text; nothing where all is open."""
    hours = ""
    if content.safe_from is not None and content.safe_until is not None:
        hours = said(marked("{since}–{until}"), since=content.safe_from, until=content.safe_until)
    rules = [
        (_("Bara så här"), ", ".join(said(WAYS[code]) for code in content.safe_channels)),
        (_("Aldrig så här"), ", ".join(said(WAYS[code]) for code in content.forbidden_channels)),
        (_("Bara på"), ", ".join(said(DAYS[str(day)]) for day in content.safe_days)),
        (_("Bara klockan"), hours),
        (_("Säg det så här"), content.safe_note),
    ]
    return [(label, text) for label, text in rules if text]


def safe_text(content: CaseContent) -> str:
    """The same as one text, to stand above a form that reaches out to the person."""
    return "\n".join(f"{label}: {text}" for label, text in safe_words(content))
