"""Kinds of fields, each with the errors that people meet told in one sentence.

Labels and choices are marked sentences; they are translated where the form is drawn.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import Enum
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from hamn.core.dates import parse_date
from hamn.core.errors import BadInput, _

from ..words import choices as in_words
from ..words import refusal_sentences, said

Named = Mapping[Any, str]
PART_NAMES = (("ar", _("År"), 4), ("manad", _("Månad"), 2), ("dag", _("Dag"), 2))


def _common(label: str, hint: str, required: bool, more: dict[str, Any]) -> dict[str, Any]:
    return {
        "label": gettext_lazy(label),
        "help_text": gettext_lazy(hint) if hint else "",
        "required": required,
        "label_suffix": "",
        **more,
    }


class Text(forms.CharField):
    """One line of text. width: how many characters the box is drawn for."""

    def __init__(
        self,
        label: str,
        *,
        hint: str = "",
        required: bool = True,
        longest: int = 200,
        width: int = 0,
        check: Callable[[str], object] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(max_length=longest, **_common(label, hint, required, more))
        self.width = width
        self.check = check

    def clean(self, value: Any) -> Any:
        """The text, or what `check` makes of it; its refusal is the field's error."""
        text = super().clean(value)
        if not text or self.check is None:
            return text
        try:
            return self.check(text)
        except BadInput as fault:
            raise ValidationError(refusal_sentences(fault)) from None


class LongText(Text):
    """Several lines, with a count of the characters that are left; `rows` of them are in sight."""

    widget = forms.Textarea

    def __init__(self, label: str, *, rows: int = 4, **more: Any) -> None:
        super().__init__(label, **more)
        self.rows = rows


class Email(Text):
    """An e-mail address."""

    widget = forms.EmailInput


class Number(forms.IntegerField):
    """A whole number; spaces between thousands are read too."""

    def __init__(
        self,
        label: str,
        *,
        hint: str = "",
        required: bool = True,
        least: int = 0,
        most: int = 2_000_000_000,
        width: int = 10,
        suffix: str = "",
        **more: Any,
    ) -> None:
        super().__init__(
            min_value=least,
            max_value=most,
            widget=forms.TextInput,
            **_common(label, hint, required, more),
        )
        self.width = width
        self.suffix = suffix

    def to_python(self, value: Any) -> int | None:
        """The number without its spaces; other scripts' digits are no numbers here."""
        text = "".join(str(value if value is not None else "").split()).removesuffix("kr")
        if text and not (text.isascii() and text.lstrip("-").isdecimal() and len(text) < 16):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(text)


class Kronor(Number):
    """Whole kronor."""

    def __init__(self, label: str, *, least: int = 1, **more: Any) -> None:
        super().__init__(label, least=least, suffix="kr", **more)


class Year(Number):
    """A calendar year."""

    def __init__(self, label: str, *, least: int = 2018, most: int = 2100, **more: Any) -> None:
        super().__init__(label, least=least, most=most, width=4, **more)


class DayWidget(forms.MultiWidget):
    """Year, month and day in boxes of their own; a whole date pasted into the first is read too."""

    def __init__(self) -> None:
        super().__init__({name: forms.TextInput() for name, _label, _width in PART_NAMES})

    def decompress(self, value: Any) -> list[Any]:
        """The parts of a date."""
        return [value.year, value.month, value.day] if isinstance(value, date) else ["", "", ""]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The parts as they were sent; a field sent whole (`2026-01-15`) counts too."""
        parts = super().value_from_datadict(data, files, name)
        whole = (parts[0] or data.get(name) or "").strip()
        if whole and not any(parts[1:]) and not whole.isdecimal():
            return [*whole.split("-"), "", ""][: max(3, whole.count("-") + 1)]
        return parts


class Day(forms.Field):
    """A date, in Swedish order."""

    widget = DayWidget

    def __init__(self, label: str, *, hint: str = "", required: bool = True, **more: Any) -> None:
        super().__init__(**_common(label, hint, required, more))

    def clean(self, value: Any) -> date | None:
        """The date, or None when it may be empty and is."""
        parts = [str(part or "").strip() for part in value or []]
        if not any(parts):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        try:
            return parse_date("-".join(_padded(parts)))
        except BadInput as fault:
            raise ValidationError(refusal_sentences(fault)) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the parts differ from the date that was shown."""
        return [str(part or "") for part in data or []] != DayWidget().decompress(initial)


class Choice(forms.ChoiceField):
    """One of several, in a list that unfolds. names: Swedish name by value, or made choices."""

    def __init__(
        self,
        label: str,
        names: Named | Callable[[], Iterable[tuple[str, str]]],
        *,
        hint: str = "",
        required: bool = True,
        empty: str = "",
        **more: Any,
    ) -> None:
        super().__init__(**_common(label, hint, required, more))
        self.choices = names if callable(names) else lambda: in_words(names, empty=said(empty))
        keys = () if callable(names) else names
        self.members = {str(key.value): key for key in keys if isinstance(key, Enum)}

    def clean(self, value: Any) -> Any:
        """What was chosen; of an enumeration's names the member, not its text."""
        text = super().clean(value)
        return self.members.get(text, text)


class Radio(Choice):
    """One of a few, all in sight. hints: an explanation by value."""

    widget = forms.RadioSelect

    def __init__(self, *arguments: Any, hints: Named | None = None, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.hints = {str(getattr(key, "value", key)): text for key, text in (hints or {}).items()}


class Boxes(forms.MultipleChoiceField):
    """Any of several."""

    widget = forms.CheckboxSelectMultiple

    def __init__(
        self,
        label: str,
        names: Named | Callable[[], Iterable[tuple[str, str]]],
        *,
        hint: str = "",
        required: bool = True,
        hints: Named | None = None,
        **more: Any,
    ) -> None:
        super().__init__(**_common(label, hint, required, more))
        self.choices = names if callable(names) else lambda: in_words(names)
        self.hints = {str(getattr(key, "value", key)): text for key, text in (hints or {}).items()}


class File(forms.FileField):
    """A file to read. most_bytes: larger ones are refused before they are read."""

    def __init__(
        self,
        label: str,
        *,
        hint: str = "",
        required: bool = True,
        most_bytes: int = 5_000_000,
        **more: Any,
    ) -> None:
        super().__init__(**_common(label, hint, required, more))
        self.most_bytes = most_bytes

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The uploaded file, when it is not too large."""
        file = super().clean(data, initial)
        if file and file.size > self.most_bytes:
            told = refusal_sentences(
                BadInput(
                    _("Filen är större än {most} MB. Dela upp den eller läs in den på servern."),
                    most=self.most_bytes // 1_000_000,
                )
            )
            raise ValidationError(told)
        return file


def _padded(parts: list[str]) -> list[str]:
    """`2026`, `1`, `5` as `2026`, `01`, `05`; anything else stays, and is refused."""
    return [
        part.zfill(2) if place and part.isdecimal() else part for place, part in enumerate(parts)
    ]
