"""Two people at once: the second sees what the first saved, and decides knowingly."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from hamn.ui.forms import HamnForm
from hamn.ui.words import NONE

from ..rules import Changed


def has_changed(request: HttpRequest) -> bool:
    """Whether the form that was sent has met somebody else's change."""
    return isinstance(getattr(request, "refusal", None), Changed)


def renew(form: HamnForm, seen: str) -> None:
    """Let the form that is shown again stand on what is stored now."""
    form.data = form.data.copy()  # type: ignore[attr-defined]
    form.data["seen"] = seen  # type: ignore[index]


def meanwhile(form: HamnForm, stored: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields in which the typed and the stored differ, as rows of a summary."""
    typed = form.cleaned_data
    return [
        {"key": {"text": str(field.label)}, "value": {"text": str(stored[field.name] or NONE)}}
        for field in form.visible_fields()
        if field.name in stored and not _is_same(typed.get(field.name), stored[field.name])
    ]


def _is_same(typed: Any, stored: Any) -> bool:
    return str(typed or "").replace("-", "") == str(stored or "").replace("-", "")
