"""When it does not go as meant: a calm page in the person's language, and nothing half done."""

import logging
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from hamn.core.errors import BadInput, NotVisible, Refusal, _
from hamn.guards.access.permits import open_to_all
from hamn.site.door import errors, urls
from hamn.support.door.models import LanguageApproval

SECRET_WORD = "hemligt19121212"


class _Later(Refusal):
    code = "test.later"
    retry_after_s = 7


@open_to_all
def falls(request: HttpRequest) -> HttpResponse:
    raise KeyError(SECRET_WORD)


@open_to_all
def is_away(request: HttpRequest) -> HttpResponse:
    raise OperationalError(SECRET_WORD)


@open_to_all
def waits(request: HttpRequest) -> HttpResponse:
    raise _Later(_("Vänta en stund."))


@open_to_all
def refuses(request: HttpRequest) -> HttpResponse:
    raise BadInput(_("Skriv något."))


@open_to_all
def hides(request: HttpRequest) -> HttpResponse:
    raise NotVisible(_("Det finns inte."))


@open_to_all
def reads(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{sorted(request.POST.items())} {dict(request.FILES)}")


def not_opened(request: HttpRequest) -> HttpResponse:
    raise AssertionError("never called")


urlpatterns = [
    *urls.urlpatterns,
    path("faller/", falls),
    path("borta/", is_away),
    path("vanta/", waits),
    path("nej/", refuses),
    path("dolt/", hides),
    path("las/", reads),
    path("stangt/", not_opened),
]
handler400, handler403 = errors.bad_request, errors.forbidden
handler404, handler500 = errors.not_found, errors.server_error


@pytest.fixture
def trying(door: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A browser at the door with the pages above beside its own."""
    from hamn.site.door import settings as of_the_door

    monkeypatch.setattr(of_the_door, "ROOT_URLCONF", __name__)
    return door(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status", "told"),
    [
        ("/faller/", 500, "Det är inte ditt fel"),
        ("/borta/", 503, "Inget har sparats"),
        ("/vanta/", 503, "Vänta en stund."),
        ("/nej/", 422, "Skriv något."),
        ("/dolt/", 404, "Sidan finns inte"),
        ("/stangt/", 404, "Sidan finns inte"),
        ("/finns-inte/", 404, "Sidan finns inte"),
    ],
)
def test_a_fault_is_told_calmly_and_shows_nothing_of_what_happened(
    trying: Any, caplog: pytest.LogCaptureFixture, address: str, status: int, told: str
) -> None:
    caplog.set_level(logging.CRITICAL)
    answer = trying.get(address)
    text = answer.content.decode()
    assert answer.status_code == status
    assert told in text
    assert SECRET_WORD not in text and "Traceback" not in text
    assert "data-leave" in text  # the way out is on these pages too
    assert ("Retry-After" in answer.headers) == (status == 503)


def test_the_time_to_wait_is_the_refusals_own(trying: Any) -> None:
    assert trying.get("/vanta/").headers["Retry-After"] == "7"


def test_a_body_larger_than_any_form_is_not_read(trying: Any) -> None:
    answer = trying.post("/las/", {"text": "x" * 400_000})
    assert answer.status_code == 413
    assert "Dela upp texten" in answer.content.decode()
    # A hundred thousand signs are read, whatever they are written with.
    assert trying.post("/las/", {"text": "å" * 50_000}).status_code == 200


def test_a_length_that_is_no_number_is_no_fault(trying: Any) -> None:
    answer = trying.generic("POST", "/las/", "a=1", CONTENT_LENGTH="many")
    assert answer.status_code == 200


def test_a_file_that_nobody_asked_for_is_left_and_the_text_beside_it_is_read(trying: Any) -> None:
    file = SimpleUploadedFile("bild.png", b"\x89PNG" + b"\0" * 200_000)
    answer = trying.post("/las/", {"text": "hej", "bild": file})
    assert answer.status_code == 200
    assert answer.content.decode() == "[('text', 'hej')] {}"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_of_another_site_is_not_taken(trying: Any, site: str) -> None:
    answer = trying.post("/las/", {"text": "hej"}, headers={"sec-fetch-site": site})
    assert answer.status_code == 403
    assert "inget har sparats" in answer.content.decode()
    # Coming by a link is no harm.
    assert trying.get("/las/", headers={"sec-fetch-site": site}).status_code == 200


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_forms_are_taken(trying: Any, site: str) -> None:
    answer = trying.post("/las/", {"text": "hej"}, headers={"sec-fetch-site": site})
    assert answer.status_code == 200


@pytest.mark.parametrize("body", [b"\xff\xfe=\x00", b"--x\r\nbroken", b"%00=%ff", b"=" * 2000])
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "nonsense"]
)
def test_a_body_that_cannot_be_read_is_no_fault_of_ours(
    trying: Any, body: bytes, kind: str
) -> None:
    answer = trying.generic("POST", "/las/", body, content_type=kind)
    assert answer.status_code in {200, 400, 413}


def test_a_host_that_is_not_ours_gets_the_calm_page(trying: Any) -> None:
    answer = trying.get("/", headers={"host": "other.example"})
    assert answer.status_code == 400
    assert "går inte att läsa" in answer.content.decode()


def _missing(browser: Any, prefix: str) -> Any:
    return browser.get(f"{prefix}/finns-inte/")


def _too_long(browser: Any, prefix: str) -> Any:
    return browser.post(f"{prefix}/kontakt/1/", {"text": "x" * 420_000})


def _of_another_site(browser: Any, prefix: str) -> Any:
    cross = {"sec-fetch-site": "cross-site"}
    return browser.post(f"{prefix}/kontakt/1/", {"text": "hej"}, headers=cross)


@pytest.mark.parametrize(
    ("prefix", "language", "direction"),
    [("", "sv", "ltr"), ("/en", "en", "ltr"), ("/ar", "ar", "rtl"), ("/xx", "sv", "ltr")],
)
@pytest.mark.parametrize(
    ("ask", "status"), [(_missing, 404), (_too_long, 413), (_of_another_site, 403)]
)
def test_an_error_page_is_in_the_language_of_the_address(
    trying: Any, ask: Any, status: int, prefix: str, language: str, direction: str
) -> None:
    answer = ask(trying, prefix)
    text = answer.content.decode()
    own = "" if language == "sv" else prefix
    assert answer.status_code == status
    assert answer.headers["Content-Language"] == language
    assert f'<html lang="{language}" dir="{direction}"' in text
    assert f'href="{own}/"' in text and f'data-leave-address="{own}/lamna/"' in text
    assert ("Det är för mycket på en gång" in text) == (status == 413 and language == "sv")


@pytest.mark.parametrize("ask", [_too_long, _of_another_site])
def test_a_refusal_is_in_swedish_where_the_language_is_not_shown(trying: Any, ask: Any) -> None:
    LanguageApproval.objects.filter(language="th").delete()
    answer = ask(trying, "/th")
    assert answer.headers["Content-Language"] == "sv"
    assert '<html lang="sv"' in answer.content.decode()
