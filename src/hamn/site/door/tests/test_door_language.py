"""Languages of the door: by the address, when a native reader has approved them, else not there."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.site.door import languages
from hamn.support.door.models import LanguageApproval

CODES = ("en", "es", "ro", "th", "ar")


@pytest.fixture
def approved(cast: SimpleNamespace) -> Any:
    """A function that approves languages, and withdraws all others."""

    def approve(*codes: str) -> None:
        LanguageApproval.objects.all().delete()
        for code in codes:
            LanguageApproval.objects.create(
                language=code,
                reviewer="Exempelbyrån",
                approved_on=date(2026, 1, 1),
                catalogue="",
                registered_by=cast.first,
            )

    return approve


@pytest.mark.parametrize("code", CODES)
def test_a_language_is_there_once_it_is_approved(door: Any, approved: Any, code: str) -> None:
    approved()
    missing = door().get(f"/{code}/lamna/")
    assert missing.status_code == 404
    assert missing.headers["Content-Language"] == "sv"
    assert "Sidan finns inte" in missing.content.decode()
    approved(code)
    there = door().get(f"/{code}/finns-inte/")
    assert there.headers["Content-Language"] == code
    assert f'<html lang="{code}"' in there.content.decode()
    assert door().post(f"/{code}/lamna/").status_code == 200


def test_arabic_is_written_from_the_right_and_the_others_from_the_left(
    door: Any, approved: Any
) -> None:
    approved(*CODES)
    for code in CODES:
        text = door().get(f"/{code}/finns-inte/").content.decode()
        direction = "rtl" if code == "ar" else "ltr"
        assert f'<html lang="{code}" dir="{direction}"' in text


def test_every_page_leads_to_itself_in_the_other_languages(door: Any, approved: Any) -> None:
    approved("en", "ar")
    text = door().get("/en/finns-inte/").content.decode()
    assert '<a lang="sv" dir="ltr" hreflang="sv" href="/finns-inte/"' in text
    assert '<a lang="ar" dir="rtl" hreflang="ar" href="/ar/finns-inte/"' in text
    assert 'hreflang="en" href="/en/finns-inte/" aria-current="true"' in text
    assert 'hreflang="th"' not in text
    approved()
    assert "hreflang" not in door().get("/finns-inte/").content.decode()


def test_what_the_browser_prefers_changes_nothing(door: Any, approved: Any) -> None:
    approved("en")
    answer = door().get("/finns-inte/", headers={"accept-language": "en"})
    assert answer.headers["Content-Language"] == "sv"


@pytest.mark.parametrize(
    ("path", "code", "found"),
    [
        ("/", "en", "/en/"),
        ("/kontakt/", "ar", "/ar/kontakt/"),
        ("/en/kontakt/", "sv", "/kontakt/"),
        ("/en/", "sv", "/"),
        ("/en/", "th", "/th/"),
        ("/enkelt/", "en", "/en/enkelt/"),
    ],
)
def test_the_same_page_in_another_language(path: str, code: str, found: str) -> None:
    assert languages.beside(path, code) == found


@pytest.mark.parametrize(
    "path", ["/en//evil.example/", "/en/\\evil.example/", "/en/\\/evil.example/"]
)
def test_no_link_to_another_language_leads_to_another_site(path: str) -> None:
    assert languages.beside(path, "sv") == "/evil.example/"
    assert languages.beside(path, "en") == "/en/evil.example/"
