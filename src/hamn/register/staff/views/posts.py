"""Posts of a unit: added, put right, given to another."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, require, staff
from hamn.ui.pages import done, page

from .. import actions, queries
from ..forms import FillForm, PostForm
from ..models import Post

FORM_PAGE = "ui/form_page.html"
FIELDS = (
    *("title", "percent", "funding", "is_management", "person_id", "qualification"),
    *("starts_on", "ends_on"),
)


@permit("staff.save_post")
def add_post(request: HttpRequest, unit: str) -> HttpResponse:
    """The form for a new post."""
    post = queries.new_post(staff(request), unit)
    require(staff(request), "staff.save_post", post)
    initial = {"percent": 100, "starts_on": timezone.localdate()}
    return _save(
        request,
        post,
        initial=initial,
        heading=_("Ny befattning i {unit}").format(unit=post.unit.name),
        button=_("Lägg till"),
    )


@permit("staff.save_post")
def edit_post(request: HttpRequest, post_id: int) -> HttpResponse:
    """The form for a post that is to be put right."""
    post = queries.post(staff(request), post_id)
    require(staff(request), "staff.save_post", post)
    return _save(
        request,
        post,
        initial={name: getattr(post, name) for name in FIELDS},
        heading=_("Ändra befattningen {title}").format(title=post.title),
        lead=_("Får någon annan befattningen? Välj då Ny innehavare på enhetens sida."),
        button=_("Spara"),
    )


@permit("staff.fill_post")
def fill_post(request: HttpRequest, post_id: int) -> HttpResponse:
    """The form for a post's new holder."""
    by = staff(request)
    post = queries.post(by, post_id)
    require(by, "staff.fill_post", post)
    form = FillForm.of(request, people=_people(post), initial={"on": timezone.localdate()})
    if form.sent(lambda given: actions.fill_post(post_id=post_id, by=by, **_read(given))):
        return done(request, _("Befattningen är sparad."), "staff:one_unit", post.unit_id)
    form.show_again(str(queries.post(by, post_id).version))
    return page(
        request,
        FORM_PAGE,
        form=form,
        heading=_("Ny innehavare av {title}").format(title=post.title),
        lead=_("Den som har haft befattningen står kvar i enhetens historik."),
        button=_("Spara"),
        back_url=reverse("staff:one_unit", args=[post.unit_id]),
    )


def _save(
    request: HttpRequest, post: Post, *, initial: dict[str, Any], **words: Any
) -> HttpResponse:
    by = staff(request)
    form = PostForm.of(request, people=_people(post), initial=initial)

    def save(given: dict[str, Any]) -> Post:
        seen = _read(given)
        return actions.save_post(
            unit=post.unit_id, post_id=post.pk, seen=seen.pop("seen"), fields=seen, by=by
        )

    if form.sent(save):
        return done(request, _("Befattningen är sparad."), "staff:one_unit", post.unit_id)
    form.show_again(str(queries.post(by, post.pk).version if post.pk else 0))
    back_url = reverse("staff:one_unit", args=[post.unit_id])
    return page(request, FORM_PAGE, form=form, back_url=back_url, **words)


def _people(post: Post) -> dict[int, str]:
    """Who can hold the post; also its present holder, who may have left the unit."""
    people = queries.holders(post.unit_id)
    if post.person is not None:
        people.setdefault(post.person.pk, post.person.title)
    return people


def _read(given: dict[str, Any]) -> dict[str, Any]:
    """The fields with the version as a number; what is none was never shown."""
    seen = given["seen"]
    return {**given, "seen": int(seen) if seen.isdecimal() and len(seen) < 10 else -1}
