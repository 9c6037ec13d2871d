"""A field as GOV.UK's component, whatever form it belongs to; also those of allauth."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ..components import component
from ..words import said
from .fields import PART_NAMES, Day

Params = dict[str, Any]


def drawn(field: BoundField) -> SafeString:
    """The field with its label, hint and error."""
    widget = field.field.widget
    if widget.is_hidden:
        return mark_safe(str(field))  # noqa: S308 Django's own widget, which escapes
    for kind, draw in _KINDS:
        if isinstance(widget, kind):
            return draw(field)
    return _input(field)


def first_id(field: BoundField) -> str:
    """The id of the field's first control, where the error summary's link lands."""
    base = field.auto_id or field.html_name
    return f"{base}-{PART_NAMES[0][0]}" if isinstance(field.field, Day) else str(base)


def _base(field: BoundField) -> Params:
    params: Params = {"name": field.html_name, "id": field.auto_id or field.html_name}
    label = str(field.label)
    if not field.field.required and not getattr(field.form, "is_filter", False):
        label = _("{label} (frivilligt)").format(label=label)
    params["label"] = {"text": label}
    if field.help_text:
        params["hint"] = {"text": str(field.help_text)}
    if field.errors:
        # One error at a time is what a person can mend.
        params["errorMessage"] = {"text": str(field.errors[0]), "visuallyHiddenText": _("Fel")}
    return params


def _fieldset(field: BoundField) -> Params:
    params = _base(field)
    legend = params.pop("label")["text"]
    return {
        **params,
        "idPrefix": params["id"],
        "fieldset": {"legend": {"text": legend, "classes": "govuk-fieldset__legend--s"}},
    }


def _input(field: BoundField) -> SafeString:
    widget = field.field.widget
    params = {**_base(field), "value": _shown(field), "type": getattr(widget, "input_type", "text")}
    attributes = dict(widget.attrs)
    for name in ("autocomplete", "inputmode"):
        if name in attributes:
            params[name] = attributes[name]
    if isinstance(field.field, forms.IntegerField):
        params.update(inputmode="numeric", type="text")
    width = getattr(field.field, "width", 0)
    if width:
        params["classes"] = f"govuk-input--width-{_nearest(width)}"
    if suffix := getattr(field.field, "suffix", ""):
        params["suffix"] = {"text": suffix}
    return component("input", params)


def _password(field: BoundField) -> SafeString:
    autocomplete = field.field.widget.attrs.get("autocomplete", "current-password")
    return component(
        "password-input",
        {
            **_base(field),
            "autocomplete": autocomplete,
            "showPasswordText": _("Visa"),
            "hidePasswordText": _("Dölj"),
            "showPasswordAriaLabelText": _("Visa lösenordet"),
            "hidePasswordAriaLabelText": _("Dölj lösenordet"),
            "passwordShownAnnouncementText": _("Lösenordet syns"),
            "passwordHiddenAnnouncementText": _("Lösenordet är dolt"),
        },
    )


def _textarea(field: BoundField) -> SafeString:
    longest = getattr(field.field, "max_length", None) or 1000
    return component(
        "character-count",
        {
            **_base(field),
            "value": _shown(field),
            "rows": getattr(field.field, "rows", 4),
            "maxlength": longest,
            "textareaDescriptionText": _("Högst %{count} tecken"),
            "charactersUnderLimitText": {
                "one": _("Ett tecken kvar"),
                "other": _("%{count} tecken kvar"),
            },
            "charactersAtLimitText": _("Inga tecken kvar"),
            "charactersOverLimitText": {
                "one": _("Ett tecken för mycket"),
                "other": _("%{count} tecken för mycket"),
            },
        },
    )


def _select(field: BoundField) -> SafeString:
    items = [
        {"value": str(value), "text": str(text), "selected": str(value) == str(field.value() or "")}
        for value, text in _options(field)
    ]
    return component("select", {**_base(field), "items": items})


def _radios(field: BoundField) -> SafeString:
    params = {**_fieldset(field), "items": _items(field), "value": str(field.value() or "")}
    return component("radios", params)


def _checkboxes(field: BoundField) -> SafeString:
    values = [str(value) for value in field.value() or []]
    return component("checkboxes", {**_fieldset(field), "items": _items(field), "values": values})


def _checkbox(field: BoundField) -> SafeString:
    params = _base(field)
    item = {"value": "on", "text": str(field.label), "checked": bool(field.value())}
    return component(
        "checkboxes",
        {
            "name": params["name"],
            "idPrefix": params["id"],
            "items": [{**item, "hint": params.get("hint")}],
            "errorMessage": params.get("errorMessage"),
        },
    )


def _date(field: BoundField) -> SafeString:
    params = _fieldset(field)
    value = field.value()
    parts = value if isinstance(value, list) else field.field.widget.decompress(value)
    wrong = " govuk-input--error" if field.errors else ""
    params["items"] = [
        {
            "name": f"{field.html_name}_{name}",
            "id": f"{params['id']}-{name}",
            "label": said(label),
            "value": str(part if part is not None else ""),
            "classes": f"govuk-input--width-{width}{wrong}",
        }
        for (name, label, width), part in zip(PART_NAMES, parts, strict=True)
    ]
    return component("date-input", params)


def _file(field: BoundField) -> SafeString:
    # The browser's own: the dressed one reads its button's name without the label it shows.
    return component("file-upload", _base(field))


def _options(field: BoundField) -> list[tuple[Any, Any]]:
    choices = getattr(field.field, "choices", [])
    return list(choices() if callable(choices) else choices)


def _items(field: BoundField) -> list[Params]:
    hints = getattr(field.field, "hints", {})
    return [
        {
            "value": str(value),
            "text": str(text),
            "hint": {"text": said(hints[str(value)])} if str(value) in hints else None,
        }
        for value, text in _options(field)
    ]


def _shown(field: BoundField) -> str:
    value = field.value()
    return "" if value is None else str(value)


def _nearest(width: int) -> int:
    """The widths that the style sheet has."""
    return min(one for one in (2, 3, 4, 5, 10, 20, 30) if one >= min(width, 30))


_KINDS: list[tuple[type[forms.Widget], Callable[[BoundField], SafeString]]] = [
    (forms.MultiWidget, _date),
    (forms.PasswordInput, _password),
    (forms.Textarea, _textarea),
    (forms.CheckboxSelectMultiple, _checkboxes),
    (forms.RadioSelect, _radios),
    (forms.Select, _select),
    (forms.CheckboxInput, _checkbox),
    (forms.FileInput, _file),
]
