"""The head's review of who read what: the month's sample, and break-glasses to sign."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.register.staff.queries import unit_name
from hamn.ui.lists import Column, Link, Tag, listing, table
from hamn.ui.pages import done, page
from hamn.ui.words import NONE

from .. import actions
from ..forms.reviews import PREFIX, JudgeForm
from ..queries import access as reads
from ..queries import reviews as queries
from ..rules.reviews import QUESTIONED, RIGHT
from .access import what_done, why_open
from .frame import numbers_of

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ..models import AccessReview, BreakGlass, CaseRead, ReviewedRead

SIGN = "signera"


@dataclass(frozen=True, slots=True)
class Pick:
    """One read of the sample as its page shows it.

    about: the case's number, or that it was a contact without one. field: where it is judged; none
    when signed.
    """

    pick: "ReviewedRead"
    about: str
    what: str
    why: str
    field: BoundField | None
    is_own: bool


@permit("cases.review")
def reviews(request: HttpRequest) -> HttpResponse:
    """What waits for her signature, and what is signed."""
    person, now = staff(request), timezone.now()
    glasses = reads.to_review(person, now)
    return page(
        request,
        "cases/reviews.html",
        glasses=table(
            _numbered(glasses, person),
            _glass_columns(),
            caption=_("Nödöppningar att granska"),
        ),
        unsigned=table(
            list(queries.unsigned(person, now)), _columns(), caption=_("Att granska och signera")
        ),
        signed=listing(
            request,
            queries.reviews_for(person, now).filter(signed_at__isnull=False),
            [*_columns(), Column("signerad", _("Signerad"), _signed, sort="drawn_at")],
            caption=_("Signerade"),
            default="-signerad",
        ),
        questioned=queries.questioned(person, now).count(),
    )


@permit("cases.review")
def review(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """A month's sample: each read judged, and all of it signed."""
    person, now = staff(request), timezone.now()
    row = queries.review_for(person, review_id, now)
    picks = actions.read_review(review_id=review_id, by=person, now=now)
    initial = {
        f"{PREFIX}{one.pk}": RIGHT if one.was_right else QUESTIONED
        for one in picks
        if one.was_right is not None
    }
    form = JudgeForm.of(request, picks=[one.pk for one in picks], initial=initial)

    def judge(given: dict[str, Any]) -> object:
        is_signed = request.POST.get("steg") == SIGN
        return actions.judge_reads(
            review_id=review_id, is_signed=is_signed, by=person, now=now, **given
        )

    if form.sent(judge):
        is_signed = form.outcome.signed_at is not None
        told = _("Granskningen är signerad.") if is_signed else _("Bedömningen är sparad.")
        return done(request, told, "cases:reviews" if is_signed else request.path)
    return page(
        request,
        "cases/review.html",
        form=form,
        review=row,
        heading=_month(row),
        unit=unit_name(row.unit),
        picks=_shown(picks, person, None if row.signed_at else form),
        sign=SIGN,
    )


@permit("cases.review")
def questioned_reads(request: HttpRequest) -> HttpResponse:
    """The reads that a review found questionable."""
    person, now = staff(request), timezone.now()
    rows = queries.questioned(person, now)
    columns = [
        Column("nar", _("När"), lambda one: one.pick.read.at, "moment", "read__at"),
        Column("vem", _("Vem"), lambda one: one.pick.read.person.title),
        Column("arende", _("Ärende"), lambda one: one.about),
        Column("vad", _("Vad"), lambda one: one.what),
        Column("skal", _("Skäl"), lambda one: one.why),
    ]
    return page(
        request,
        "cases/questioned_reads.html",
        found=listing(
            request,
            rows,
            columns,
            caption=_("Ifrågasatta läsningar"),
            default="-nar",
            shown=lambda picks: _shown(picks, person, None),
        ),
    )


def _shown(
    picks: "Collection[ReviewedRead]", person: "Person", form: JudgeForm | None
) -> list[Pick]:
    cases = [one.read.case for one in picks if one.read.case is not None]
    numbers = numbers_of(cases, person)
    return [
        Pick(
            pick=one,
            about=_about(one.read, numbers),
            what=what_done(one.read),
            why=why_open(one.read),
            field=form[f"{PREFIX}{one.pk}"] if form is not None else None,
            is_own=one.read.person_id == person.pk,
        )
        for one in picks
    ]


def _about(read: "CaseRead", numbers: dict[UUID, str]) -> str:
    """What was read: a case by its number, a contact by its day."""
    if read.contact is not None:
        return _("Kontakt den {on}").format(on=read.contact.on)
    number = numbers.get(read.case_id, NONE) if read.case_id else NONE
    return _("Ärende {number}").format(number=number)


def _numbered(glasses: "list[BreakGlass]", person: "Person") -> "list[tuple[BreakGlass, str]]":
    numbers = numbers_of([one.case for one in glasses], person)
    return [(one, numbers.get(one.case_id, "–")) for one in glasses]


def _glass_columns() -> list[Column]:
    return [
        Column("arende", _("Ärende"), lambda row: Link(row[1], _glass_url(row[0]))),
        Column("vem", _("Vem"), lambda row: row[0].person.title),
        Column("nar", _("När"), lambda row: row[0].opened_at, "moment"),
        Column("enhet", _("Enhet"), lambda row: unit_name(row[0].unit)),
    ]


def _glass_url(row: "BreakGlass") -> str:
    return reverse("cases:review_break_glass", args=[row.pk])


def _columns() -> list[Column]:
    return [
        Column("manad", _("Månad"), lambda row: Link(_month(row), _url(row))),
        Column("enhet", _("Enhet"), lambda row: unit_name(row.unit)),
        Column("antal", _("Läsningar"), lambda row: row.count, "integer"),
        Column("kvar", _("Inte bedömda"), _left, "tag"),
    ]


def _left(row: Any) -> Tag:
    return Tag(str(row.left), "orange" if row.left else "green")


def _signed(row: "AccessReview") -> str:
    name = row.signed_by.title if row.signed_by else ""
    return f"{timezone.localdate(row.signed_at)}, {name}" if row.signed_at else "–"


def _month(row: "AccessReview") -> str:
    return f"{row.year}-{row.month:02}"


def _url(row: "AccessReview") -> str:
    return reverse("cases:review", args=[row.pk])
