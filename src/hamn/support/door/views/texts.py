"""The desk's pages for the public texts: per language, with preview, versions and review days."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from hamn.guards.access import permits
from hamn.guards.access.permits import permit, staff
from hamn.ui.confirm import in_steps
from hamn.ui.forms import ConfirmForm
from hamn.ui.lists import Column, Link, Tag, table
from hamn.ui.pages import done, page
from hamn.ui.words import NONE, long_date, said

from ..actions import texts as actions
from ..forms.texts import ApprovalForm, SeenTextForm, TextForm
from ..models import PageText
from ..queries import texts as queries
from ..queries.texts import LanguageState, PageState
from ..rules.languages import SOURCE
from ..rules.texts import REVIEW_AFTER, STATES, State, to_html

FORM_PAGE = "ui/form_page.html"


@permit("door.see_texts")
def texts(request: HttpRequest) -> HttpResponse:
    """The languages, and the texts whose day to be read through has come."""
    by, today = staff(request), timezone.localdate()
    found = queries.languages(by, today=today)
    due = queries.due(by, today=today)
    return page(
        request,
        "door/texts/list.html",
        languages=table(found, _language_columns(), caption=_("Språk")),
        due=table(due, _due_columns(), caption=_("Att läsa igenom")),
    )


@permit("door.see_texts")
def texts_in(request: HttpRequest, language: str) -> HttpResponse:
    """Every page in one language."""
    by, today = staff(request), timezone.localdate()
    state = queries.language_state(by, language, today=today)
    rows = queries.pages(by, language, today=today)
    return page(
        request,
        "door/texts/language.html",
        state=state,
        found=table(rows, _page_columns(), caption=said(state.language.name).capitalize()),
        may_approve=permits.allows(by, "door.approve_language") and language != SOURCE,
    )


@permit("door.see_texts")
def show_text(request: HttpRequest, language: str, page_code: str) -> HttpResponse:
    """What is shown, what is being written, and every version before."""
    by, today = staff(request), timezone.localdate()
    state = queries.page_state(by, page_code, language, today=today)
    known = queries.check_known(language, page_code)
    rows = list(queries.versions(by, page_code, language)[:50])
    return page(
        request,
        "door/texts/show.html",
        state=state,
        heading=said(state.name),
        written_in=queries.language_state(by, language, today=today).language,
        published_html=_html(state.published),
        draft_html=_html(state.draft),
        versions=table(rows, _version_columns(), caption=_("Versioner")),
        swedish_url=_swedish_url(language, page_code),
        may_edit=permits.allows(by, "door.edit_texts"),
        may_withdraw=state.published is not None and not known.is_needed,
    )


@permit("door.see_texts")
def text_version(request: HttpRequest, language: str, page_code: str, number: int) -> HttpResponse:
    """One version, as it was or would be shown."""
    by = staff(request)
    known = queries.check_known(language, page_code)
    row = queries.version(by, page_code, language, number)
    return page(
        request,
        "door/texts/version.html",
        row=row,
        state=_state(row),
        name=said(known.name),
        written_in=queries.language_state(by, language, today=timezone.localdate()).language,
        html=_html(row),
    )


@permit("door.edit_texts")
def write_text(request: HttpRequest, language: str, page_code: str) -> HttpResponse:
    """A draft: written, shown as the public would see it, saved."""
    by, today = staff(request), timezone.localdate()
    state = queries.page_state(by, page_code, language, today=today)
    form = TextForm.of(request, initial=_initial(state))
    back_url = reverse("door:show_text", args=[language, page_code])
    return in_steps(
        request,
        form,
        "door/texts/write.html",
        foresee=lambda given: {"shown_html": _safe(given["body"]), "shown_title": given["title"]},
        act=lambda given: actions.save_draft(
            page_code=page_code, language=language, now=timezone.localtime(), by=by, **given
        ),
        end=lambda _row: done(
            request, _("Utkastet är sparat. Det visas först när det publiceras."), back_url
        ),
        seen=lambda: actions.seen_of(
            queries.page_state(by, page_code, language, today=today).draft
        ),
        back_url=back_url,
        heading=said(state.name),
        written_in=queries.language_state(by, language, today=today).language,
        swedish_url=_swedish_url(language, page_code),
    )


@permit("door.publish_texts")
def publish_text(request: HttpRequest, language: str, page_code: str) -> HttpResponse:
    """The draft shown to the public from now on."""
    by, today = staff(request), timezone.localdate()
    state = queries.page_state(by, page_code, language, today=today)
    kind = SeenTextForm if language == SOURCE else ApprovalForm
    form = kind.of(request, initial={"approved_on": today})
    if form.sent(
        lambda given: actions.publish(
            page_code=page_code, language=language, now=timezone.localtime(), by=by, **given
        )
    ):
        return done(request, _("Texten är publicerad."), "door:show_text", language, page_code)
    form.show_again(actions.seen_of(state.draft))
    return page(
        request,
        FORM_PAGE,
        form=form,
        heading=_("Publicera {name}").format(name=said(state.name)),
        lead=_("Utkastet ersätter den text som visas nu. Den gamla finns kvar bland versionerna."),
        button=_("Publicera"),
        back_url=reverse("door:show_text", args=[language, page_code]),
    )


@permit("door.publish_texts")
def withdraw_text(request: HttpRequest, language: str, page_code: str) -> HttpResponse:
    """A text that is shown no longer."""
    by = staff(request)
    state = queries.page_state(by, page_code, language, today=timezone.localdate())
    form = ConfirmForm.of(request)
    if form.sent(lambda _given: actions.withdraw(page_code=page_code, language=language, by=by)):
        return done(request, _("Texten är avpublicerad."), "door:show_text", language, page_code)
    return page(
        request,
        FORM_PAGE,
        form=form,
        heading=_("Avpublicera {name}").format(name=said(state.name)),
        lead=_("Den som har sparat sidans adress möter då en sida som säger att den inte finns."),
        is_final=True,
        button=_("Avpublicera"),
        back_url=reverse("door:show_text", args=[language, page_code]),
    )


@permit("door.approve_language")
def approve_language(request: HttpRequest, language: str) -> HttpResponse:
    """A language that somebody has read through, shown from now on."""
    by, today = staff(request), timezone.localdate()
    state = queries.language_state(by, language, today=today)
    form = ApprovalForm.of(request, initial={"approved_on": today})
    if form.sent(
        lambda given: actions.approve_language(
            language=language, now=timezone.localtime(), by=by, **given
        )
    ):
        return done(request, _("Språket är godkänt och visas."), "door:texts_in", language)
    form.show_again(actions.seen_language(language))
    return page(
        request,
        "door/texts/approve.html",
        form=form,
        heading=_("Godkänn {language}").format(language=said(state.language.name)),
        lead=_(
            "Granskaren har läst alla sidors texter och gränssnittets egna ord. Texter som ännu "
            "är utkast publiceras om sidan inte redan visas på språket."
        ),
        words=[(word, queries.word_in(language, word)) for word in queries.public_words()],
        written_in=state.language,
        button=_("Godkänn"),
        back_url=reverse("door:texts_in", args=[language]),
    )


@permit("door.approve_language")
def withdraw_language(request: HttpRequest, language: str) -> HttpResponse:
    """A language that is shown no longer."""
    by = staff(request)
    state = queries.language_state(by, language, today=timezone.localdate())
    form = ConfirmForm.of(request)
    if form.sent(
        lambda _given: actions.withdraw_language(language=language, now=timezone.localtime(), by=by)
    ):
        return done(request, _("Språket visas inte längre."), "door:texts_in", language)
    return page(
        request,
        FORM_PAGE,
        form=form,
        heading=_("Avpublicera {language}").format(language=said(state.language.name)),
        lead=_("Ingen sida visas då på språket. Texterna finns kvar."),
        is_final=True,
        button=_("Avpublicera"),
        back_url=reverse("door:texts_in", args=[language]),
    )


def _initial(state: PageState) -> dict[str, Any]:
    """The draft, or what is shown now as the beginning of one."""
    row = state.draft or state.published
    review_by = state.draft.review_by if state.draft else timezone.localdate() + REVIEW_AFTER
    return {
        "title": row.title if row else "",
        "body": row.body if row else "",
        "review_by": review_by,
    }


def _swedish_url(language: str, page_code: str) -> str:
    """Where the Swedish text stands, for who writes another language."""
    return "" if language == SOURCE else reverse("door:show_text", args=[SOURCE, page_code])


def _html(row: PageText | None) -> SafeString:
    return _safe(row.body) if row else mark_safe("")


def _safe(body: str) -> SafeString:
    # Every character is escaped in `to_html`, which is tested with hostile text.
    return mark_safe(to_html(body))  # noqa: S308


def _state(row: PageText) -> Tag:
    colours = {State.PUBLISHED: "green", State.DRAFT: "yellow"}
    return Tag(said(STATES[State(row.state)]), colours.get(State(row.state), "grey"))


def _language_columns() -> list[Column]:
    return [
        Column("name", _("Språk"), _language_link),
        Column("shown", _("Visas"), _language_tag),
        Column("reviewer", _("Granskat av"), _approved),
        Column("published", _("Sidor"), lambda row: row.published, "integer"),
        Column("due", _("Att läsa igenom"), lambda row: row.due, "integer"),
        Column("older", _("Äldre än svenskan"), lambda row: row.older, "integer"),
        Column("why", _("Varför språket finns"), lambda row: said(row.language.why)),
    ]


def _language_link(row: LanguageState) -> Link:
    name = said(row.language.name).capitalize()
    return Link(name, reverse("door:texts_in", args=[row.language.code]))


def _language_tag(row: LanguageState) -> Tag:
    if row.language.code == SOURCE:
        return Tag(_("visas"), "green")
    if row.approval is None:
        return Tag(_("visas inte"), "grey")
    if row.is_changed:
        return Tag(_("visas, men måste läsas igen"), "yellow")
    return Tag(_("visas"), "green")


def _approved(row: LanguageState) -> str:
    if row.approval is None:
        return NONE
    return _("{reviewer}, {day}").format(
        reviewer=row.approval.reviewer, day=long_date(row.approval.approved_on)
    )


def _page_columns() -> list[Column]:
    return [
        Column("name", _("Sida"), _page_link),
        Column("state", _("Läge"), _page_tags),
        Column(
            "published_at",
            _("Publicerad"),
            lambda row: row.published and row.published.published_at,
            "moment",
        ),
        Column(
            "review_by",
            _("Läses igenom igen senast"),
            lambda row: row.published and row.published.review_by,
            "date",
        ),
    ]


def _page_link(row: PageState) -> Link:
    return Link(said(row.name), reverse("door:show_text", args=[row.language, row.code]))


def _page_tags(row: PageState) -> list[Tag]:
    tags = [_state(one) for one in (row.published, row.draft) if one is not None]
    if row.is_due:
        tags.append(Tag(_("ska läsas igenom"), "red"))
    if row.is_older:
        tags.append(Tag(_("Svenskan är ändrad efter översättningen"), "yellow"))
    return tags or [Tag(_("saknas"), "grey")]


def _due_columns() -> list[Column]:
    known = queries.known_pages()
    return [
        Column(
            "page",
            _("Sida"),
            lambda row: Link(
                said(known[row.page].name), reverse("door:show_text", args=[row.language, row.page])
            ),
        ),
        Column("language", _("Språk"), lambda row: row.language),
        Column("review_by", _("Senast"), lambda row: row.review_by, "date"),
    ]


def _version_columns() -> list[Column]:
    return [
        Column(
            "number",
            _("Version"),
            lambda row: Link(
                str(row.number),
                reverse("door:text_version", args=[row.language, row.page, row.number]),
            ),
        ),
        Column("state", _("Läge"), _state),
        Column("written_at", _("Skriven"), lambda row: row.written_at, "moment"),
        Column("writer", _("Av"), lambda row: row.writer or _("följde med Hamn")),
        Column("published_at", _("Publicerad"), lambda row: row.published_at, "moment"),
    ]
