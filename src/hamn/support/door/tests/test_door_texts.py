"""The public texts: written, published, withdrawn; and the languages that are shown."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from hamn.core.errors import BadInput, NotVisible, PermissionDenied, Refusal
from hamn.core.text import HiddenCharacter, TooLong
from hamn.guards.access.queries import by_email
from hamn.guards.audit.models import Entry
from hamn.support.door.actions import texts as actions
from hamn.support.door.models import LanguageApproval, PageText
from hamn.support.door.queries import texts as queries
from hamn.support.door.rules.pages import PAGES

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
REVIEW = date(2027, 5, 1)


@pytest.fixture
def officer(db: None) -> Any:
    return by_email("information_officer@test.example")


def save(by: Any, **changes: Any) -> PageText:
    fields = {
        "page_code": "service:mika",
        "language": "sv",
        "title": "Mika",
        "body": "Ny text.",
        "review_by": REVIEW,
        "seen": "",
    } | changes
    return actions.save_draft(**fields, now=NOW, by=by)


def publish(by: Any, draft: PageText, **changes: Any) -> PageText:
    fields = {
        "page_code": draft.page,
        "language": draft.language,
        "seen": actions.seen_of(draft),
    } | changes
    return actions.publish(**fields, now=NOW, by=by)


def test_a_centre_begins_with_every_text_that_comes_with_hamn() -> None:
    assert set(queries.titles_in("sv")) == set(PAGES)
    text = queries.text_of("service:mika", "sv")
    assert text is not None and text.title == "Mikamottagningen"
    assert queries.published_languages() == ("sv", "en", "es", "ro", "th", "ar")


def test_a_draft_is_seen_by_nobody_until_it_is_published(officer: Any) -> None:
    draft = save(officer)
    assert (draft.number, draft.state, draft.writer) == (2, "draft", officer)
    before = queries.text_of("service:mika", "sv")
    assert before is not None and before.body != "Ny text."
    publish(officer, draft)
    assert queries.text_of("service:mika", "sv") == queries.Text("Mika", "Ny text.", NOW)
    old = PageText.objects.get(page="service:mika", language="sv", number=1)
    assert old.state == "withdrawn" and old.title == "Mikamottagningen"
    told = list(Entry.objects.order_by("-place").values_list("event", flat=True)[:2])
    assert told == ["door.text_published", "door.text_saved"]


def test_an_officer_writes_on_the_same_draft_until_it_is_published(officer: Any) -> None:
    draft = save(officer)
    again = save(officer, body="Bättre.", seen=actions.seen_of(draft))
    assert (again.pk, again.version, again.body) == (draft.pk, 2, "Bättre.")
    publish(officer, again)
    assert save(officer).number == 3


def test_two_officers_do_not_overwrite_each_other(officer: Any) -> None:
    first = save(officer)
    with pytest.raises(actions.Changed):
        save(officer, body="Av någon annan.")
    seen = actions.seen_of(first)
    save(officer, body="Ändrad.", seen=seen)
    with pytest.raises(actions.Changed):
        save(officer, body="För sent.", seen=seen)
    with pytest.raises(actions.Changed):
        publish(officer, first)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"body": "[x](https://example.org/)"}, BadInput),
        ({"body": "a" * 20_001}, TooLong),
        ({"body": "dold\u202etext"}, HiddenCharacter),
        ({"title": "nul\x00"}, HiddenCharacter),
        ({"review_by": date(2026, 11, 22)}, BadInput),
        ({"review_by": date(2040, 1, 1)}, BadInput),
        ({"page_code": "none"}, NotVisible),
        ({"language": "xx"}, NotVisible),
    ],
)
def test_a_text_that_cannot_be_shown_is_refused(
    changes: dict[str, Any], refusal: type[Refusal], officer: Any
) -> None:
    with pytest.raises(refusal):
        save(officer, **changes)
    assert not PageText.objects.filter(state="draft").exists()


def test_there_must_be_a_draft_to_publish(officer: Any) -> None:
    with pytest.raises(Refusal) as refused:
        actions.publish(page_code="start", language="sv", seen="", now=NOW, by=officer)
    assert refused.value.code == "door.no_draft"


def test_a_withdrawn_page_has_no_text_and_a_needed_one_is_never_withdrawn(officer: Any) -> None:
    actions.withdraw(page_code="service:kast", language="es", by=officer)
    assert queries.text_of("service:kast", "es") is None
    assert queries.text_of("service:kast", "en") is not None
    with pytest.raises(Refusal) as refused:
        actions.withdraw(page_code="service:kast", language="es", by=officer)
    assert refused.value.code == "door.not_published"
    for page in ("start", "answers", "tracks", "accessibility"):
        with pytest.raises(Refusal) as refused:
            actions.withdraw(page_code=page, language="sv", by=officer)
        assert refused.value.code == "door.page_is_needed"


@pytest.mark.parametrize("name", ["mika_worker", "administrator", "controller", "stranger"])
def test_only_the_information_officer_writes_and_decides(name: str, cast: Any) -> None:
    by = getattr(cast, name)
    acts = (
        lambda: save(by),
        lambda: actions.publish(page_code="start", language="sv", seen="", now=NOW, by=by),
        lambda: actions.withdraw(page_code="service:kast", language="sv", by=by),
        lambda: approve(by, "es"),
        lambda: actions.withdraw_language(language="es", now=NOW, by=by),
    )
    for act in acts:
        with pytest.raises((PermissionDenied, NotVisible)):
            act()


def test_an_officer_may_not_load_what_comes_with_hamn(officer: Any) -> None:
    with pytest.raises(PermissionDenied):
        actions.load_texts(now=NOW, by=officer)


def test_what_an_officer_wrote_survives_the_next_setup(officer: Any, cast: Any) -> None:
    publish(officer, save(officer))
    assert actions.load_texts(now=NOW, by=cast.first) == []
    text = queries.text_of("service:mika", "sv")
    assert text is not None and text.body == "Ny text."


def test_a_page_that_is_new_in_hamn_waits_as_a_draft_in_the_other_languages(cast: Any) -> None:
    PageText.objects.filter(page="answers", language__in=["sv", "es"]).delete()
    assert actions.load_texts(now=NOW, by=cast.first) == ["es/answers", "sv/answers"]
    assert queries.text_of("answers", "sv") is not None
    assert queries.text_of("answers", "es") is None


def approve(by: Any, language: str, **changes: Any) -> LanguageApproval:
    fields = {
        "language": language,
        "reviewer": "Översättare, påhittad",
        "approved_on": date(2026, 11, 20),
        "seen": actions.seen_language(language),
    } | changes
    return actions.approve_language(**fields, now=NOW, by=by)


def test_a_language_is_shown_only_while_its_approval_stands(officer: Any) -> None:
    actions.withdraw_language(language="th", now=NOW, by=officer)
    assert queries.published_languages() == ("sv", "en", "es", "ro", "ar")
    with pytest.raises(Refusal) as refused:
        actions.withdraw_language(language="th", now=NOW, by=officer)
    assert refused.value.code == "door.not_published"
    approve(officer, "th")
    assert "th" in queries.published_languages()
    assert Entry.objects.latest("place").event == "door.language_approved"


def test_an_approval_publishes_what_was_never_shown_and_nothing_else(officer: Any) -> None:
    actions.withdraw_language(language="es", now=NOW, by=officer)
    PageText.objects.filter(language="es", page="start").update(state="draft")
    changed = save(officer, language="es")
    approve(officer, "es")
    assert queries.text_of("start", "es") is not None
    changed.refresh_from_db()
    assert changed.state == "draft"


def test_a_language_with_a_page_missing_is_not_approved(officer: Any) -> None:
    PageText.objects.filter(language="ro", page="tracks").delete()
    with pytest.raises(Refusal) as refused:
        approve(officer, "ro")
    assert refused.value.code == "door.language_incomplete" and "Dölj" in str(refused.value)


@pytest.mark.parametrize(
    ("language", "changes", "refusal"),
    [
        ("sv", {}, BadInput),
        ("es", {"approved_on": date(2026, 12, 1)}, BadInput),
        ("es", {"seen": "others"}, actions.Changed),
        ("es", {"reviewer": "x" * 200}, TooLong),
        ("xx", {"seen": ""}, NotVisible),
    ],
)
def test_an_approval_that_cannot_be_true_is_refused(
    language: str, changes: dict[str, Any], refusal: type[Refusal], officer: Any
) -> None:
    with pytest.raises(refusal):
        approve(officer, language, **changes)


def test_swedish_is_always_shown(officer: Any) -> None:
    LanguageApproval.objects.all().delete()
    assert queries.published_languages() == ("sv",)
    with pytest.raises(BadInput):
        actions.withdraw_language(language="sv", now=NOW, by=officer)


def test_changed_words_ask_for_a_new_reading_and_hide_nothing(officer: Any) -> None:
    today = NOW.date()
    assert not queries.language_state(officer, "es", today=today).is_changed
    LanguageApproval.objects.filter(language="es").update(catalogue="of another release")
    assert queries.language_state(officer, "es", today=today).is_changed
    assert "es" in queries.published_languages()


def test_the_texts_to_read_through_are_those_whose_day_has_come(officer: Any) -> None:
    PageText.objects.filter(page="tracks", language="sv").update(review_by=NOW.date())
    due = queries.due(officer, today=NOW.date())
    assert [(row.page, row.language) for row in due] == [("tracks", "sv")]
    state = next(s for s in queries.languages(officer, today=NOW.date()) if s.language.code == "sv")
    assert state.due == 1


@pytest.mark.parametrize(
    "read_by",
    [
        {"xx": {"reviewer": "a", "approved_on": date(2025, 1, 1)}},
        {"es": {"reviewer": "", "approved_on": date(2025, 1, 1)}},
        {"es": {"reviewer": "a", "approved_on": "2025-01-01"}},
        {"es": {"reviewer": "a"}},
        {"es": "a"},
    ],
)
def test_a_centre_file_that_names_no_reader_is_refused(read_by: dict[str, Any], cast: Any) -> None:
    with pytest.raises(BadInput) as refused:
        actions.load_texts(now=NOW, by=cast.first, read_by=read_by)
    assert "door.languages" in str(refused.value)


def test_what_the_desk_has_decided_of_a_language_is_not_undone_by_the_file(
    officer: Any, cast: Any
) -> None:
    actions.withdraw_language(language="es", now=NOW, by=officer)
    fields = {"reviewer": "a", "approved_on": date(2025, 1, 1)}
    actions.load_texts(now=NOW, by=cast.first, read_by={"es": fields})
    assert "es" not in queries.published_languages()


def test_a_draft_begun_at_the_same_moment_as_anothers_is_told_so(officer: Any) -> None:
    draft = save(officer)
    late = PageText(page=draft.page, language=draft.language, number=99, state="draft")
    late.review_by, late.written_at = REVIEW, NOW
    with pytest.raises(actions.Changed):
        actions._alone(late)
    assert PageText.objects.filter(state="draft").get() == draft


def test_a_text_in_another_language_is_published_only_when_somebody_has_read_it(
    officer: Any,
) -> None:
    draft = save(officer, language="ro", title="Mika", body="Text nou.")
    for nobody in ({}, {"reviewer": "  ", "approved_on": NOW.date()}, {"reviewer": "Tolk AB"}):
        with pytest.raises(BadInput, match="inte granskad"):
            publish(officer, draft, **nobody)
    with pytest.raises(BadInput, match="inte varit än"):
        publish(officer, draft, reviewer="Tolk AB", approved_on=date(2026, 11, 23))
    before = queries.text_of("service:mika", "ro")
    assert before is not None and before.body != "Text nou."
    row = publish(officer, draft, reviewer="Tolk AB", approved_on=NOW.date())
    row.refresh_from_db()
    assert (row.reviewer, row.reviewed_on, row.state) == ("Tolk AB", NOW.date(), "published")


def test_a_draft_that_was_saved_after_the_reading_is_not_approved_with_the_language(
    officer: Any,
) -> None:
    actions.withdraw_language(language="th", now=NOW, by=officer)
    PageText.objects.filter(language="th", page="service:mika").update(state="withdrawn")
    seen = actions.seen_language("th")
    save(officer, language="th", title="Mika", body="Sparat efteråt.")
    with pytest.raises(actions.Changed):
        approve(officer, "th", seen=seen)
    assert queries.text_of("service:mika", "th") is None
