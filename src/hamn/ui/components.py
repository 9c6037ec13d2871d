"""GOV.UK Frontend's components through their Jinja port; templates of our own stay Django's."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from jinja2 import ChainableUndefined, Environment, PackageLoader, PrefixLoader


def component(name: str, params: Mapping[str, Any]) -> SafeString:
    """The component's HTML; every text in `params` is escaped, `html` takes constants only.

    name: as GOV.UK Frontend calls it, `date-input`.
    """
    # Escaped by Jinja: autoescape is on in the environment below, and tested with hostile text.
    return mark_safe(str(_macro(name)(_plain(params))))  # noqa: S308


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """A tag's arguments as parameters: `label__text="Namn"` gives {"label": {"text": …}}."""
    whole: dict[str, Any] = {}
    for name, value in flat.items():
        *parents, last = name.split("__")
        inner = whole
        for parent in parents:
            inner = inner.setdefault(parent, {})
        inner[last] = value
    return whole


@cache
def _macro(name: str) -> Callable[[Mapping[str, Any]], object]:
    module: Any = (
        _environment().get_template(f"govuk_frontend_jinja/components/{name}/macro.html").module
    )
    macro: Callable[[Mapping[str, Any]], object] = getattr(
        module, "govuk" + name.title().replace("-", "")
    )
    return macro


@cache
def _environment() -> Environment:
    # A bare Environment does not escape: with autoescape left out, the macros would inject.
    return Environment(
        loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        autoescape=True,
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _plain(value: Any) -> Any:
    """Lazy translations as texts, since the macros look at their truth and join them."""
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
