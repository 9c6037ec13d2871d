"""People: who has an account, with which roles; invited, changed, and closed."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.ui.forms import ConfirmForm
from hamn.ui.lists import Column, Link, Tag, listing
from hamn.ui.pages import done, page
from hamn.ui.words import said

from .. import actions, queries
from ..forms import (
    ComeBackForm,
    InviteForm,
    LeaveForm,
    ProposeForm,
    ResetForm,
    RolesForm,
)
from ..models import Person
from ..permits import permit, staff
from ..rules import DESCRIPTIONS, NAMES, STANDING_NAMES, Role, RolesChanged, every_unit
from .frame import FORM_PAGE, origin


@permit("access.see")
def people(request: HttpRequest) -> HttpResponse:
    """Everyone with an account."""
    rows = listing(
        request,
        queries.people_for(staff(request)),
        _columns(),
        caption=_("Personer"),
        default="title",
    )
    return page(request, "access/people.html", people=rows)


@permit("access.see")
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person: roles, second factor, units, and what an administrator can do."""
    found = queries.person_of(staff(request), person_id)
    names = every_unit()
    return page(
        request,
        "access/person.html",
        person=found,
        state=_state(found),
        factor=_factor(found),
        roles=[(NAMES[role], DESCRIPTIONS[role]) for role in sorted(found.roles())],
        members=[
            (row, names.get(row.unit, row.unit), STANDING_NAMES[row.standing])
            for row in queries.memberships(staff(request)).filter(person=found)
        ],
        is_me=found.pk == staff(request).pk,
        has_units=bool(names),
    )


@permit("access.invite")
def invite(request: HttpRequest) -> HttpResponse:
    """The form for a new person, and what came of it."""
    form = InviteForm.of(request)
    made: list[Person] = []
    by, here = staff(request), origin(request)
    if form.sent(lambda given: made.append(actions.invite(**given, origin=here, by=by))):
        told = _("{title} är inbjuden. Länken gäller i tre dagar.").format(title=made[0].title)
        return done(request, told, "access:person", made[0].pk)
    return page(
        request,
        FORM_PAGE,
        form=form,
        heading=_("Bjud in en person"),
        lead=_("Personen får en länk med e-post och väljer själv lösenord och andra faktor."),
        button=_("Skicka inbjudan"),
        back_url=reverse("access:people"),
    )


@permit("access.invite")
def invite_again(request: HttpRequest, person_id: int) -> HttpResponse:
    """A new link to one who has not come yet."""
    found = queries.person_of(staff(request), person_id)
    form = ConfirmForm.of(request)
    by, here = staff(request), origin(request)
    if form.sent(lambda _given: actions.invite_again(person_id=found.pk, origin=here, by=by)):
        return done(request, _("En ny länk är på väg."), "access:person", found.pk)
    return page(
        request,
        FORM_PAGE,
        form=form,
        heading=_("Skicka en ny inbjudan"),
        lead=_("Till {email}. Länken gäller i tre dagar.").format(email=found.email),
        button=_("Skicka inbjudan"),
        back_url=reverse("access:person", args=[found.pk]),
    )


@permit("access.change_roles")
def change_roles(request: HttpRequest, person_id: int) -> HttpResponse:
    """The form for a person's roles; of two administrators at once, the second is told."""
    found = queries.person_of(staff(request), person_id)
    held = sorted(found.roles())
    form = RolesForm.of(request, initial={"roles": held, "seen": " ".join(held)})
    by = staff(request)
    if form.sent(
        lambda given: actions.change_roles(
            person_id=found.pk,
            roles=[Role(role) for role in given["roles"]],
            seen_roles=[Role(role) for role in given["seen"].split() if role in set(Role)],
            by=by,
        )
    ):
        return done(request, _("Rollerna är ändrade."), "access:person", found.pk)
    if isinstance(getattr(request, "refusal", None), RolesChanged):
        # After a conflict the next try is made knowing what the roles are now.
        again = request.POST.copy()
        again["seen"] = " ".join(held)
        form.data = again
    return page(
        request,
        FORM_PAGE,
        form=form,
        heading=_("Ändra roller för {title}").format(title=found.title),
        button=_("Spara rollerna"),
        back_url=reverse("access:person", args=[found.pk]),
    )


@permit("access.leave")
def leave(request: HttpRequest, person_id: int) -> HttpResponse:
    """The form for a person who has left."""
    found = queries.person_of(staff(request), person_id)
    form = LeaveForm.of(request, initial={"on": timezone.localdate()})
    by, today = staff(request), timezone.localdate()
    if form.sent(lambda given: actions.leave(person_id=found.pk, today=today, by=by, **given)):
        return done(request, _("Kontot är stängt."), "access:person", found.pk)
    return page(
        request,
        FORM_PAGE,
        form=form,
        heading=_("{title} har slutat").format(title=found.title),
        warning=_(
            "Kontot stängs genast: alla inloggningar avslutas, lösenord och andra faktor tas bort, "
            "och medlemskap i enheter avslutas."
        ),
        is_final=True,
        button=_("Stäng kontot"),
        back_url=reverse("access:person", args=[found.pk]),
    )


@permit("access.come_back")
def come_back(request: HttpRequest, person_id: int) -> HttpResponse:
    """The form for one who had left and is back."""
    found = queries.person_of(staff(request), person_id)
    form = ComeBackForm.of(request)
    by, here = staff(request), origin(request)
    if form.sent(lambda given: actions.come_back(person_id=found.pk, origin=here, by=by, **given)):
        return done(request, _("Kontot är öppet och en länk är på väg."), "access:person", found.pk)
    return page(
        request,
        FORM_PAGE,
        form=form,
        heading=_("{title} är tillbaka").format(title=found.title),
        lead=_("Personen får en länk med e-post och väljer nytt lösenord och ny andra faktor."),
        button=_("Öppna kontot"),
        back_url=reverse("access:person", args=[found.pk]),
    )


@permit("access.reset_second_factor")
def reset_second_factor(request: HttpRequest, person_id: int) -> HttpResponse:
    """The form for taking away a second factor that cannot be used."""
    found = queries.person_of(staff(request), person_id)
    form = ResetForm.of(request)
    by = staff(request)
    if form.sent(lambda given: actions.reset_second_factor(person_id=found.pk, by=by, **given)):
        return done(request, _("Den andra faktorn är borttagen."), "access:person", found.pk)
    return page(
        request,
        FORM_PAGE,
        form=form,
        heading=_("Återställ andra faktorn för {title}").format(title=found.title),
        warning=_(
            "Kontrollera först att det verkligen är personen som ber om det, helst öga mot öga. "
            "Alla inloggningar avslutas, och medlemskap i enheter vilar tills enhetschefen har "
            "beslutat igen."
        ),
        is_final=True,
        button=_("Ta bort andra faktorn"),
        back_url=reverse("access:person", args=[found.pk]),
    )


@permit("access.propose_member")
def propose_member(request: HttpRequest, person_id: int) -> HttpResponse:
    """The form for proposing a person to a unit; the unit's head decides."""
    found = queries.person_of(staff(request), person_id)
    form = ProposeForm.of(request)
    by = staff(request)
    if form.sent(
        lambda given: actions.propose_member(
            person_id=found.pk, unit=given["unit"], is_head=given["is_head"] == "yes", by=by
        )
    ):
        told = _("Förslaget väntar nu på enhetens chef.")
        return done(request, told, "access:person", found.pk)
    return page(
        request,
        FORM_PAGE,
        form=form,
        heading=_("Föreslå {title} till en enhet").format(title=found.title),
        lead=_("Inget öppnas förrän enhetens chef har beslutat."),
        button=_("Föreslå"),
        back_url=reverse("access:person", args=[found.pk]),
    )


def _columns() -> list[Column]:
    return [
        Column(
            "title",
            _("Person"),
            lambda row: Link(row.title, reverse("access:person", args=[row.pk])),
            sort="title",
        ),
        Column("email", _("E-postadress"), lambda row: row.email, sort="email"),
        Column("roles", _("Roller"), lambda row: [said(NAMES[role]) for role in _held(row)]),
        Column("factor", _("Andra faktor"), _factor, "tag"),
        Column("state", _("Läge"), _state, "tag"),
    ]


def _held(row: Person) -> list[Role]:
    return sorted(row.roles()) if row.is_active else []


def _factor(row: Person) -> Tag | None:
    if not row.is_active:
        return None
    count = getattr(row, "second_factors", 0)
    return Tag(_("finns"), "green") if count else Tag(_("saknas"), "yellow")


def _state(row: Person) -> Tag:
    if not row.is_active:
        return Tag(_("har slutat"), "grey")
    if not row.has_usable_password():
        return Tag(_("inbjuden"), "blue")
    return Tag(_("har konto"), "green")
