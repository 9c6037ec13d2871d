"""Every write of the public pages' texts, and of which languages are shown."""

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from hamn.core.errors import BadInput, Refusal, _
from hamn.core.text import clean_text
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit

from ..events import Event
from ..models import LanguageApproval, PageText
from ..queries import texts as queries
from ..rules import texts as rules
from ..rules.languages import LANGUAGES, SOURCE
from ..rules.texts import State

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

LONGEST_REVIEWER = 120


class Changed(Refusal):
    """Somebody else saved or published the text after the page was opened."""

    code = "door.changed"


@transaction.atomic
def load_texts(
    *, now: datetime, by: "Person", read_by: Mapping[str, Any] | None = None
) -> list[str]:
    """The texts that come with Hamn, for the pages that have none; returns what was added.

    Swedish is published at once; any other language waits as drafts for a reader whose language
    it is. What an officer has written since is never touched.
    read_by: `reviewer` and `approved_on` by language, as the centre's file names who has read it;
    for a language that has had an approval, the desk alone decides.
    Raises BadInput for a language that is none, and for a reviewer without name or day.
    """
    permits.require(by, "door.load_texts")
    present = set(PageText.objects.values_list("page", "language"))
    known = queries.known_pages()
    rows = [
        _shipped_row(page_code, language, title, body, now)
        for language in LANGUAGES
        for page_code, (title, body) in queries.shipped(language).items()
        if page_code in known and (page_code, language) not in present
    ]
    PageText.objects.bulk_create(rows)
    added = sorted(f"{row.language}/{row.page}" for row in rows)
    if added:
        audit.record(Event.TEXT_SAVED, by=by, texts=added)
    decided = set(LanguageApproval.objects.values_list("language", flat=True))
    for language, fields in (read_by or {}).items():
        reviewer, approved_on = _reviewed(language, fields)
        if language not in decided:
            _approve(language, reviewer, approved_on, now, by)
    return added


@transaction.atomic
def save_draft(
    *,
    page_code: str,
    language: str,
    title: str,
    body: str,
    review_by: date,
    seen: str,
    now: datetime,
    by: "Person",
) -> PageText:
    """What an officer is writing of a page; nothing of it is shown before it is published.

    seen: what the form showed, as `seen_of` tells.
    Raises Changed, and BadInput for a link to elsewhere or a day that is not ahead.
    """
    permits.require(by, "door.edit_texts")
    queries.check_known(language, page_code)
    draft = _locked(page_code, language, State.DRAFT)
    if seen != seen_of(draft):
        raise _changed()
    fields = {
        "title": clean_text(title, rules.LONGEST_TITLE).strip(),
        "body": rules.check_body(clean_text(body, rules.LONGEST_BODY)),
        "review_by": rules.check_review(review_by, today=now.date()),
        "writer": by,
        "written_at": now,
    }
    row = draft or PageText(
        page=page_code,
        language=language,
        number=_next_number(page_code, language),
        state=State.DRAFT,
        version=0,
    )
    for name, value in fields.items():
        setattr(row, name, value)
    row.version += 1
    _alone(row)
    _tell(Event.TEXT_SAVED, row, by)
    return row


@transaction.atomic
def publish(
    *,
    page_code: str,
    language: str,
    seen: str,
    now: datetime,
    by: "Person",
    reviewer: str = "",
    approved_on: date | None = None,
) -> PageText:
    """The draft, shown to the public from now on; what was shown stays as a version.

    reviewer, approved_on: who has read it, whose own language it is, and when; Swedish needs none.
    Raises NoDraft, Changed when the draft is another than the page showed, and BadInput where
    nobody has read another language.
    """
    permits.require(by, "door.publish_texts")
    queries.check_known(language, page_code)
    draft = _locked(page_code, language, State.DRAFT)
    if draft is None:
        raise rules.NoDraft(_("Det finns inget utkast att publicera. Skriv ett först."))
    if seen != seen_of(draft):
        raise _changed()
    rules.check_review(draft.review_by, today=now.date())
    if language != SOURCE:
        draft.reviewer, draft.reviewed_on = _read_by(reviewer, approved_on, now.date())
    _replace(draft, now, by)
    _tell(Event.TEXT_PUBLISHED, draft, by)
    return draft


@transaction.atomic
def withdraw(*, page_code: str, language: str, by: "Person") -> PageText:
    """A published text, shown no longer; the page then answers as if it were not there.

    Raises NotPublished, and Needed for a page that a law or a person's safety asks for.
    """
    permits.require(by, "door.publish_texts")
    page = queries.check_known(language, page_code)
    if page.is_needed:
        raise rules.Needed(
            _("Sidan måste alltid finnas. Skriv en ny text och publicera den i stället.")
        )
    row = _locked(page_code, language, State.PUBLISHED)
    if row is None:
        raise rules.NotPublished(_("Sidan har ingen publicerad text på det språket."))
    row.state = State.WITHDRAWN
    row.save(update_fields=["state"])
    _tell(Event.TEXT_WITHDRAWN, row, by)
    return row


@transaction.atomic
def approve_language(
    *, language: str, reviewer: str, approved_on: date, seen: str, now: datetime, by: "Person"
) -> LanguageApproval:
    """A language read through by somebody whose language it is, and shown from now on.

    Her reading covers every page's text: drafts of pages that are not yet shown are published.
    seen: what the page showed, as `seen_language` tells. An earlier approval is replaced.
    Raises LanguageIncomplete, Changed, and BadInput for a day ahead.
    """
    permits.require(by, "door.approve_language")
    queries.check_language(language)
    if seen != seen_language(language):
        raise _changed()
    return _approve(language, reviewer, approved_on, now, by)


@transaction.atomic
def withdraw_language(*, language: str, now: datetime, by: "Person") -> None:
    """A language that is shown no longer; its texts stay.

    Raises BadInput for Swedish, NotPublished for one that is not shown.
    """
    permits.require(by, "door.approve_language")
    queries.check_language(language)
    if language == SOURCE:
        raise BadInput(_("Svenska visas alltid."))
    row = _withdraw_approval(language, now)
    if row is None:
        raise rules.NotPublished(_("Språket visas inte."))
    audit.record(Event.LANGUAGE_WITHDRAWN, by=by, on=row, language=language)


def seen_of(row: PageText | None) -> str:
    """What a form about a text has seen: differs as soon as somebody saves it."""
    return f"{row.pk}:{row.version}" if row else ""


def seen_language(language: str) -> str:
    """What a form about a language has seen: its words, and the drafts that it would show."""
    drafts = queries.unshown_drafts(language).values_list("pk", "version").order_by("pk")
    told = [queries.catalogue_digest(language), *(f"{pk}:{version}" for pk, version in drafts)]
    return sha256(" ".join(told).encode()).hexdigest()


def _approve(
    language: str, reviewer: str, approved_on: date, now: datetime, by: "Person"
) -> LanguageApproval:
    """The language shown, and each page's draft where nothing of it is shown yet."""
    _check_approval(language, approved_on, now.date())
    _withdraw_approval(language, now)
    for draft in queries.unshown_drafts(language).select_for_update():
        _replace(draft, now, by)
    row = LanguageApproval(
        language=language,
        reviewer=clean_text(reviewer, LONGEST_REVIEWER).strip(),
        approved_on=approved_on,
        catalogue=queries.catalogue_digest(language),
        registered_by=by,
    )
    _alone(row)
    audit.record(Event.LANGUAGE_APPROVED, by=by, on=row, language=language, approved_on=approved_on)
    return row


def _reviewed(language: str, fields: Any) -> tuple[str, date]:
    """Who has read the language, and when, as the centre's file says it."""
    reviewer = fields.get("reviewer") if isinstance(fields, Mapping) else None
    approved_on = fields.get("approved_on") if isinstance(fields, Mapping) else None
    if language not in LANGUAGES or not isinstance(reviewer, str) or not reviewer.strip():
        raise _wrong_language(language)
    if not isinstance(approved_on, date) or isinstance(approved_on, datetime):
        raise _wrong_language(language)
    return reviewer, approved_on


def _wrong_language(language: str) -> BadInput:
    return BadInput(
        _(
            "Avsnittet [door.languages.{language}] i centre.toml ska ha ett språk som webbplatsen "
            "har, reviewer med den som granskat och approved_on med dagen."
        ),
        language=language,
    )


def _shipped_row(page_code: str, language: str, title: str, body: str, now: datetime) -> PageText:
    is_source = language == SOURCE
    return PageText(
        page=page_code,
        language=language,
        number=1,
        title=title,
        body=body,
        state=State.PUBLISHED if is_source else State.DRAFT,
        review_by=now.date() + rules.REVIEW_AFTER,
        written_at=now,
        published_at=now if is_source else None,
    )


def _locked(page_code: str, language: str, state: State) -> PageText | None:
    rows = PageText.objects.select_for_update()
    return rows.filter(page=page_code, language=language, state=state).first()


def _alone(row: PageText | LanguageApproval) -> None:
    """The row stored. Raises Changed when somebody stored hers at the same moment."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise _changed() from None


def _replace(draft: PageText, now: datetime, by: "Person") -> None:
    """The draft becomes the text that is shown, in place of the one before."""
    PageText.objects.filter(page=draft.page, language=draft.language, state=State.PUBLISHED).update(
        state=State.WITHDRAWN
    )
    draft.state, draft.published_by, draft.published_at = State.PUBLISHED, by, now
    draft.version += 1
    fields = ("state", "published_by", "published_at", "reviewer", "reviewed_on", "version")
    draft.save(update_fields=fields)


def _next_number(page_code: str, language: str) -> int:
    rows = PageText.objects.filter(page=page_code, language=language)
    return (rows.aggregate(last=Max("number"))["last"] or 0) + 1


def _read_by(reviewer: str, approved_on: date | None, today: date) -> tuple[str, date]:
    """Who has read a text in another language than Swedish, and when."""
    name = clean_text(reviewer, LONGEST_REVIEWER).strip()
    if not name or approved_on is None:
        raise BadInput(
            _(
                "Texten är inte granskad. Skriv vem som har läst den, och dagen; språket ska vara "
                "granskarens eget."
            )
        )
    _check_been(approved_on, today)
    return name, approved_on


def _check_been(day: date, today: date) -> None:
    if day > today:
        raise BadInput(_("Dagen {day} har inte varit än. Rätta datumet."), day=day)


def _check_approval(language: str, approved_on: date, today: date) -> None:
    if language == SOURCE:
        raise BadInput(_("Svenska behöver inget godkännande: det är språket som allt skrivs på."))
    _check_been(approved_on, today)
    lacking = queries.lacking(language)
    if lacking:
        raise rules.LanguageIncomplete(
            _("Språket kan inte visas än. De här sidorna saknar text: {pages}."), pages=lacking
        )


def _withdraw_approval(language: str, now: datetime) -> LanguageApproval | None:
    row = (
        LanguageApproval.objects.select_for_update()
        .filter(language=language, withdrawn_at=None)
        .first()
    )
    if row is not None:
        row.withdrawn_at = now
        row.save(update_fields=["withdrawn_at"])
    return row


def _tell(event: Event, row: PageText, by: "Person") -> None:
    audit.record(event, by=by, on=row, page=row.page, language=row.language, number=row.number)


def _changed() -> Changed:
    return Changed(
        _("Texten har ändrats sedan du öppnade sidan. Läs den igen och gör om ändringen.")
    )
