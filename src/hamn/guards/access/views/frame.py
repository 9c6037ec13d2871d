"""How allauth's views become pages of ours: their texts, their status, and who may come."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy

from ..permits import View

FORM_PAGE = "ui/form_page.html"
# allauth shows this one by itself when somebody tries too often.
TOO_MANY_PAGE = "429.html"


def texts(**sentences: str) -> dict[str, Any]:
    """Marked sentences for a page's template, translated when it is drawn."""
    return {name: gettext_lazy(sentence) for name, sentence in sentences.items()}


def ours(view: Callable[..., HttpResponseBase]) -> View:
    """The view with our answers: 422 for a form that was refused, nothing kept in a cache."""

    @wraps(view)
    def answered(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        response = view(request, *arguments, **named)
        response.headers.setdefault("Cache-Control", "no-store")
        if request.method == "POST" and isinstance(response, TemplateResponse):
            shown = (response.context_data or {}).values()
            if any(isinstance(one, BaseForm) and one.errors for one in shown):
                response.status_code = 422
        return response

    return answered


def origin(request: HttpRequest) -> str:
    """The desk's own address, for links in letters: the configured one, else the one asked."""
    address = getattr(settings, "ADDRESS", "") or f"{request.scheme}://{request.get_host()}"
    return str(address).rstrip("/")
