"""Tags and filters of every page; built in, so that templates load nothing."""

from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from hamn.core import money

from .. import words
from ..components import component as drawn_component
from ..components import nested
from ..forms.drawing import drawn
from ..lists import Link, Listing, Tag
from ..once import token

register = template.Library()


@register.simple_tag
def component(name: str, **params: Any) -> SafeString:
    """A component of GOV.UK Frontend: `{% component "button" text=_("Spara") %}`."""
    return drawn_component(name, nested(params))


@register.simple_tag
def say(sentence: str, **facts: Any) -> str:
    """One of Hamn's sentences: `{% say "{count} fakturor" count=total %}`."""
    return words.said(sentence, **facts)


@register.filter
def said(sentence: str) -> str:
    """A sentence of a table of names, in the reader's language."""
    return words.said(sentence) if sentence else ""


@register.filter
def kr(amount: int | None) -> str:
    """`76 499 kr`; a dash for none."""
    return words.NONE if amount is None else money.kronor(amount)


@register.filter
def number(value: int | None) -> str:
    """`44 831`; a dash for none."""
    return words.NONE if value is None else money.grouped(value)


@register.filter
def day(value: date | None) -> SafeString | str:
    """`2026-01-15` for tables; a dash for none."""
    if not value:
        return words.NONE
    return format_html('<time datetime="{0}">{0}</time>', value.isoformat())


@register.filter
def long_day(value: date | None) -> str:
    """`15 januari 2026` for prose."""
    return words.long_date(value)


@register.filter
def moment(value: datetime | None) -> str:
    """`2026-01-15 09:04` in Swedish time."""
    return words.moment(value)


@register.filter
def field(bound: BoundField) -> SafeString:
    """A field of any form, as GOV.UK's component."""
    return drawn(bound)


@register.simple_tag
def tag(text: str, colour: str = "grey") -> SafeString:
    """A state as a coloured label."""
    return _tag(Tag(text, colour))


@register.simple_tag(takes_context=True)
def once(context: template.Context) -> SafeString:
    """The hidden field that lets a form be sent once (and CSRF's own beside it)."""
    request: HttpRequest = context["request"]
    csrf = context.get("csrf_token", "")
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="once" value="{}">',
        csrf,
        token(request.user.pk),
    )


@register.inclusion_tag("ui/listing.html")
def listing(page: Listing, empty: str = "", empty_hint: str = "") -> dict[str, Any]:
    """A list as a table that becomes cards on a phone, with sorting and neighbouring pages."""
    return {"page": page, "empty": empty, "empty_hint": empty_hint}


@register.simple_tag
def cell(kind: str, value: Any) -> SafeString | str:
    """A cell's value as its kind is written."""
    match value:
        case None | "":
            return words.NONE
        case Tag():
            return _tag(value)
        case Link():
            return format_html('<a class="govuk-link" href="{}">{}</a>', value.url, value.text)
        case list() | tuple():
            return format_html_join("; ", "{}", ((cell(kind, one),) for one in value))
    if kind in _SHOWN:
        return _SHOWN[kind](value)  # type: ignore[no-any-return]
    return str(value)


@register.inclusion_tag("ui/errors.html")
def errors(form: BaseForm) -> dict[str, Any]:
    """The summary of a form's errors, above everything else on the page."""
    return {"summary": getattr(form, "summary", None) or _summary(form)}


def _summary(form: BaseForm) -> list[dict[str, str]]:
    general = [{"text": str(text)} for text in form.non_field_errors()]
    return general + [
        {"text": str(one.errors[0]), "href": f"#{one.auto_id}"} for one in form if one.errors
    ]


def _tag(value: Tag) -> SafeString:
    return format_html(
        '<strong class="govuk-tag govuk-tag--{}">{}</strong>', value.colour, value.text
    )


_SHOWN: dict[str, Any] = {
    "kr": kr,
    "integer": number,
    "date": day,
    "moment": moment,
    "percent": lambda value: f"{value}".replace(".", ",") + money.NO_BREAK_SPACE + "%",
}
