"""The desk's pages for the public texts."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from hamn.guards.access.queries import by_email
from hamn.support.door.models import LanguageApproval, PageText
from hamn.support.door.queries import texts as queries

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ALL = "/desk/texter/"
MIKA = "/desk/texter/sv/service:mika/"
TYPED = {
    "title": "Mika",
    "body": "## Hej\n[Skriv](/kontakt/)",
    "review_by_ar": "2027",
    "review_by_manad": "5",
    "review_by_dag": "1",
    "seen": "",
}


@pytest.fixture
def officer(desk: Any) -> Any:
    return desk(by_email("information_officer@test.example"))


def seen_at(client: Any, address: str) -> str:
    return str(client.get(address).context["form"]["seen"].value() or "")


def test_the_officer_sees_languages_with_their_reader_and_why_they_are_there(officer: Any) -> None:
    text = officer.get(ALL).content.decode()
    assert "Exempelbyrån (påhittad), 15 januari 2025" in text
    assert "från höger till vänster" in text
    assert "Ingen text väntar på att läsas igenom." in text


def test_a_text_whose_day_has_come_is_on_the_list(officer: Any) -> None:
    PageText.objects.filter(page="tracks", language="ro").update(review_by="2026-01-01")
    assert reverse("door:show_text", args=["ro", "tracks"]) in officer.get(ALL).content.decode()
    assert "ska läsas igenom" in officer.get("/desk/texter/ro/").content.decode()


def republished(page: str, body: str, days: int) -> None:
    """The Swedish page published once more, that many days after."""
    old = PageText.objects.get(page=page, language="sv", state="published")
    PageText.objects.filter(pk=old.pk).update(state="withdrawn")
    old.pk, old.number, old.body = None, old.number + 1, body
    old.published_at += timedelta(days=days)
    old.save(force_insert=True)


def test_a_translation_is_marked_when_the_swedish_has_changed_since(officer: Any) -> None:
    told = "Svenskan är ändrad efter översättningen"
    address = "/desk/texter/ro/tracks/"
    assert told not in officer.get("/desk/texter/ro/").content.decode()
    swedish = PageText.objects.get(page="tracks", language="sv", state="published")
    rows = PageText.objects.filter(page="tracks", language="ro", state="published")
    rows.update(published_at=swedish.published_at + timedelta(days=1))
    republished("tracks", swedish.body, 2)
    assert told not in officer.get(address).content.decode()
    republished("tracks", "Ändrad svenska", 3)
    for page in (address, "/desk/texter/ro/"):
        assert officer.get(page).content.decode().count(told) == 1
    assert told not in officer.get("/desk/texter/sv/").content.decode()
    assert told not in officer.get("/desk/texter/ro/answers/").content.decode()
    by = by_email("information_officer@test.example")
    older = {
        one.language.code: one.older for one in queries.languages(by, today=timezone.localdate())
    }
    assert (older["ro"], older["sv"]) == (1, 0)
    rows.update(published_at=swedish.published_at + timedelta(days=9))
    assert told not in officer.get(address).content.decode()


def test_a_draft_is_shown_as_the_public_would_see_it_before_it_is_saved(officer: Any) -> None:
    address = MIKA + "skriv/"
    assert officer.get(address).context["form"].initial["title"] == "Mikamottagningen"
    shown = officer.post(address, TYPED).content.decode()
    assert "<h2>Hej</h2>" in shown and "Spara utkastet" in shown
    assert not PageText.objects.filter(state="draft").exists()
    saved = officer.post(address, {**TYPED, "steg": "bekrafta"})
    assert saved.headers["Location"] == MIKA
    text = officer.get(MIKA).content.decode()
    assert "Utkast, så som det skulle visas" in text and "<h2>Hej</h2>" in text


def test_what_was_typed_comes_back_when_it_is_to_be_mended(officer: Any) -> None:
    again = officer.post(MIKA + "skriv/", {**TYPED, "steg": "andra"}).content.decode()
    assert "## Hej" in again


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"body": ""},
        {"body": "[x](https://example.org/)"},
        {"body": "a" * 20_001},
        {"title": "a" * 121},
        {"review_by_ar": "2020"},
        {"review_by_dag": "32"},
        {"body": "dolt\u202etecken"},
    ],
)
def test_what_cannot_be_shown_is_an_error_that_keeps_what_was_typed(
    changes: dict[str, str], officer: Any
) -> None:
    for step in ({}, {"steg": "bekrafta"}):
        answer = officer.post(MIKA + "skriv/", {**TYPED, **changes, **step})
        if step or "review_by_ar" not in changes:
            assert answer.status_code == 422
            assert "Det finns ett problem" in answer.content.decode()
    assert not PageText.objects.filter(state="draft").exists()


def test_a_draft_is_published_from_its_page_and_the_old_one_stays_as_a_version(
    officer: Any,
) -> None:
    officer.post(MIKA + "skriv/", {**TYPED, "steg": "bekrafta"})
    address = MIKA + "publicera/"
    assert officer.post(address, {"seen": "wrong"}).status_code == 422
    assert officer.post(address, {"seen": seen_at(officer, address)}).status_code == 302
    text = queries.text_of("service:mika", "sv")
    assert text is not None and text.title == "Mika"
    old = officer.get(MIKA + "version/1/").content.decode()
    assert "Mikamottagningen är till för dig" in old
    assert officer.get(MIKA + "version/9/").status_code == 404


def test_a_page_is_withdrawn_but_never_one_that_is_needed(officer: Any) -> None:
    assert officer.post("/desk/texter/th/service:kast/avpublicera/").status_code == 302
    assert queries.text_of("service:kast", "th") is None
    refused = officer.post("/desk/texter/th/tracks/avpublicera/")
    assert refused.status_code == 422 and "måste alltid finnas" in refused.content.decode()


def test_a_language_is_approved_beside_the_interfaces_words(officer: Any) -> None:
    assert officer.post("/desk/texter/es/dolj/").status_code == 302
    assert "es" not in queries.published_languages()
    address = "/desk/texter/es/godkann/"
    text = officer.get(address).content.decode()
    assert "Jag är anhörig" in text and 'lang="es"' in text and '<html lang="sv"' in text
    typed = {
        "reviewer": "Auktoriserad translator (påhittad)",
        "approved_on_ar": "2026",
        "approved_on_manad": "1",
        "approved_on_dag": "2",
        "seen": seen_at(officer, address),
    }
    assert officer.post(address, {**typed, "seen": ""}).status_code == 422
    assert officer.post(address, {**typed, "reviewer": ""}).status_code == 422
    assert officer.post(address, typed).status_code == 302
    assert "es" in queries.published_languages()


def test_words_that_have_changed_since_are_told(officer: Any) -> None:
    LanguageApproval.objects.filter(language="ar").update(catalogue="another")
    assert "måste läsas igen" in officer.get(ALL).content.decode()
    assert "har ändrats sedan" in officer.get("/desk/texter/ar/").content.decode()


@pytest.mark.parametrize(
    "address", ["/desk/texter/xx/", "/desk/texter/sv/none/", "/desk/texter/sv/none/skriv/"]
)
def test_a_text_that_is_none_is_not_found(address: str, officer: Any) -> None:
    assert officer.get(address).status_code == 404


def test_a_head_reads_the_texts_and_changes_none(cast: Any, desk: Any) -> None:
    client = desk(cast.mika_head)
    text = client.get(MIKA).content.decode()
    assert "Mikamottagningen är till för dig" in text and "/skriv/" not in text
    assert client.get(MIKA + "skriv/").status_code in (403, 404)


@pytest.mark.parametrize("name", ["administrator", "controller", "reader", "stranger"])
def test_others_meet_no_texts_at_all(name: str, cast: Any, desk: Any) -> None:
    client = desk(getattr(cast, name))
    for address in (ALL, MIKA, MIKA + "skriv/", "/desk/texter/es/godkann/"):
        assert client.get(address).status_code == 404, address


def test_the_officer_meets_no_dialogue(officer: Any) -> None:
    assert officer.get("/desk/inkorg/").status_code in (403, 404)
