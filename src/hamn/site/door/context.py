"""What the frame around every public page needs to know."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from hamn.support.door.rules import emergency

from . import languages


@dataclass(frozen=True, slots=True)
class InLanguage:
    """The page that is read, in a language."""

    code: str
    name: str
    url: str
    direction: str
    is_here: bool


def frame(request: HttpRequest) -> dict[str, Any]:
    """Language, languages and way out; needs neither database nor person, for error pages too."""
    here = getattr(request, "LANGUAGE_CODE", languages.DEFAULT)
    published = getattr(request, "published", [languages.DEFAULT])
    return {
        "language": here,
        "direction": _direction(here),
        "languages": [
            InLanguage(
                code, name, languages.beside(request.path, code), _direction(code), code == here
            )
            for code, name in settings.LANGUAGES
            if code in published
        ],
        "home_url": languages.beside("/", here),
        "leave_url": languages.beside("/lamna/", here),
        "tracks_url": languages.beside("/dolj-spar/", here),
        "accessibility_url": languages.beside("/tillganglighet/", here),
        "exit_url": settings.EXIT,
        "emergency_lines": emergency.lines(settings.DOOR),
        "emergency_lines_child": emergency.lines(settings.DOOR, is_child=True),
        "is_demo": settings.DEMO,
    }


def _direction(code: str) -> str:
    return "rtl" if code in languages.RIGHT_TO_LEFT else "ltr"
