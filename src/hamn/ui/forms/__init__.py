"""Forms in one line of template: fields drawn by GOV.UK's components, errors in plain Swedish."""

from .base import ConfirmForm, HamnForm, SeenForm, kept_nowhere
from .clean import CleanLongText, CleanText
from .drawing import drawn
from .fields import (
    Boxes,
    Choice,
    Day,
    Email,
    File,
    Kronor,
    LongText,
    Number,
    Radio,
    Text,
    Year,
)

__all__ = [
    "Boxes",
    "Choice",
    "CleanLongText",
    "CleanText",
    "ConfirmForm",
    "Day",
    "Email",
    "File",
    "HamnForm",
    "Kronor",
    "LongText",
    "Number",
    "Radio",
    "SeenForm",
    "Text",
    "Year",
    "drawn",
    "kept_nowhere",
]
