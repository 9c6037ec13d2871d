"""Standing covers: asked, accepted, ended."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, require, staff
from hamn.ui.forms import ConfirmForm
from hamn.ui.pages import done, page
from hamn.ui.words import long_date

from .. import actions, queries
from ..forms import OfferForm
from ..models import Cover
from .posts import FORM_PAGE

OVERVIEW = "staff:overview"


@permit("staff.offer_cover")
def offer_cover(request: HttpRequest, unit: str) -> HttpResponse:
    """The form for asking somebody to be a unit's cover."""
    by, today = staff(request), timezone.localdate()
    found = queries.unit(by, unit)
    require(by, "staff.offer_cover", found)
    people = queries.cover_candidates(by, found, on=today)
    form = OfferForm.of(request, people=people, initial={"starts_on": today})

    def offer(given: dict[str, object]) -> Cover:
        given.pop("seen")
        return actions.offer_cover(unit=unit, today=today, by=by, **given)  # type: ignore[arg-type]

    if form.sent(offer):
        return done(request, _("Frågan är ställd."), "staff:one_unit", unit)
    return page(
        request,
        "staff/offer_cover.html",
        form=form,
        people=people,
        heading=_("Fråga en ersättare för {unit}").format(unit=found.name),
        lead=_(
            "Ersättaren läser enhetens ärenden när den som har dem är borta. Det gäller först när "
            "enhetens chef har beslutat att personen hör till enheten, och personen själv har "
            "tackat ja."
        ),
        button=_("Fråga"),
        back_url=reverse("staff:one_unit", args=[unit]),
    )


@permit("staff.accept_cover")
def accept_cover(request: HttpRequest, cover_id: int) -> HttpResponse:
    """The person's own answer to the question."""
    by, today = staff(request), timezone.localdate()
    cover = queries.cover(by, cover_id)
    require(by, "staff.accept_cover", cover)
    form = ConfirmForm.of(request)
    if form.sent(lambda _given: actions.accept_cover(cover_id=cover_id, today=today, by=by)):
        told = _(
            "Du är nu ersättare i enheten. Lägg till en egen lösenfras på sidan Valvet tillsammans "
            "med chefen, så att du kan öppna enheten."
        )
        return done(request, told, OVERVIEW)
    return page(
        request,
        FORM_PAGE,
        form=form,
        heading=_("Tacka ja till att vara ersättare i {unit}").format(unit=_unit(cover)),
        lead=_days(cover),
        warning=_(
            "Du får då läsa enhetens förseglade uppgifter, och varje läsning finns i spåret."
        ),
        button=_("Tacka ja"),
        back_url=reverse(OVERVIEW),
    )


@permit("staff.end_cover")
def end_cover(request: HttpRequest, cover_id: int) -> HttpResponse:
    """A cover is over, or a question is turned down."""
    by = staff(request)
    cover = queries.cover(by, cover_id)
    require(by, "staff.end_cover", cover)
    form = ConfirmForm.of(request)
    if form.sent(lambda _given: actions.end_cover(cover_id=cover_id, by=by)):
        return done(request, _("Uppdraget som ersättare är avslutat."), OVERVIEW)
    return page(
        request,
        FORM_PAGE,
        form=form,
        heading=_("Avsluta {title} som ersättare i {unit}").format(
            title=cover.membership.person.title, unit=_unit(cover)
        ),
        lead=_days(cover),
        warning=_("Personen kan sedan inte läsa enhetens förseglade uppgifter."),
        is_final=True,
        button=_("Avsluta uppdraget"),
        back_url=reverse(OVERVIEW),
    )


def _unit(cover: Cover) -> str:
    return queries.unit_name(cover.membership.unit)


def _days(cover: Cover) -> str:
    if cover.ends_on is None:
        return _("Från och med {starts_on}, tills vidare.").format(
            starts_on=long_date(cover.starts_on)
        )
    return _("Från och med {starts_on} till och med {ends_on}.").format(
        starts_on=long_date(cover.starts_on), ends_on=long_date(cover.ends_on)
    )
