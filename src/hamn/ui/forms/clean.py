"""Fields for texts about people: cleaned as they are read, given back whole when refused."""

from typing import Any

from django.core.exceptions import ValidationError

from hamn.core.errors import BadInput
from hamn.core.text import LONGEST_NOTE, HiddenCharacter, clean_text

from ..words import refusal_sentences
from .fields import LongText, Text


class CleanText(Text):
    """One line without characters that hide or turn the text; refused, it is shown without them."""

    def to_python(self, value: Any) -> str:
        """The text, cleaned. Raises ValidationError that tells which character stands where."""
        return super().to_python(_cleaned(value, self.max_length or LONGEST_NOTE)) or ""

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What the field shows of what was sent."""
        return _shown(super().bound_data(data, initial))


class CleanLongText(LongText):
    """Several lines, as long as a note may be, cleaned in the same way."""

    def __init__(self, label: str, *, longest: int = LONGEST_NOTE, **more: Any) -> None:
        super().__init__(label, longest=longest, **more)

    def to_python(self, value: Any) -> str:
        """The text, cleaned. Raises ValidationError that tells which character stands where."""
        return super().to_python(_cleaned(value, self.max_length or LONGEST_NOTE)) or ""

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What the field shows of what was sent."""
        return _shown(super().bound_data(data, initial))


def _cleaned(value: Any, longest: int) -> str:
    try:
        return clean_text(str(value or ""), longest)
    except BadInput as fault:
        raise ValidationError(refusal_sentences(fault)) from None


def _shown(text: Any) -> Any:
    """The text as it may be saved again: without what was refused, and nothing else changed."""
    try:
        clean_text(str(text or ""), LONGEST_NOTE)
    except HiddenCharacter as fault:
        return fault.without
    except BadInput:
        return text
    return text
