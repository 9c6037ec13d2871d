"""The language of a page: Swedish, or what the person has chosen on this browser."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

COOKIE = "hamn_language"


class Language:
    """Swedish first whatever the browser prefers; a choice is a cookie without a person in it."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer in the language, said in its header."""
        with translation.override(chosen(request)):
            response = self.answer(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "sv")
            return response


def chosen(request: HttpRequest) -> str:
    """The language code of the cookie, when Hamn has that language; else Swedish."""
    wanted = request.COOKIES.get(COOKIE, "")
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
