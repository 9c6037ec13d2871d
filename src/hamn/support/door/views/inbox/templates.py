"""The ready answers of her units."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.register.staff.queries import every_unit_name
from hamn.ui.forms import ConfirmForm
from hamn.ui.lists import Column, Link, listing
from hamn.ui.pages import done, page
from hamn.ui.words import said

from ...actions.answers import remove_template, save_template
from ...forms.inbox import TemplateForm
from ...queries import inbox
from ...rules.languages import LANGUAGES, SOURCE
from .acts import FORM


@permit("door.save_template")
def answer_templates(request: HttpRequest) -> HttpResponse:
    """All of them."""
    names = every_unit_name()
    columns = [
        Column(
            "rubrik",
            _("Rubrik"),
            lambda row: Link(row.title, reverse("door:edit_template", args=[row.pk])),
            sort="title",
        ),
        Column("enhet", _("Enhet"), lambda row: names.get(row.unit, row.unit)),
        Column("sprak", _("Språk"), lambda row: _language(row.language)),
    ]
    rows = inbox.templates_of(staff(request))
    found = listing(request, rows, columns, caption=_("Svarsmallar"), default="rubrik")
    return page(request, "door/inbox/templates.html", found=found)


@permit("door.save_template")
def edit_template(request: HttpRequest, template_id: int | None = None) -> HttpResponse:
    """The form of a new one, or of one that there is."""
    person, names = staff(request), every_unit_name()
    row = None if template_id is None else inbox.template_for(person, template_id)
    form = TemplateForm.of(
        request,
        units=[(code, names.get(code, code)) for code in sorted(inbox.reading_units(person))],
        languages=[(code, said(one.name)) for code, one in LANGUAGES.items()],
        initial={"language": SOURCE}
        if row is None
        else {name: getattr(row, name) for name in ("title", "unit", "language", "text")},
    )

    def save(given: dict[str, Any]) -> object:
        return save_template(template_id=template_id, by=person, **given)

    if form.sent(save):
        return done(request, _("Svarsmallen är sparad."), "door:templates")
    form.show_again(str(row.version) if row else "")
    return page(
        request,
        "door/inbox/template.html",
        form=form,
        heading=_("Svarsmall"),
        lead=_("En text att börja från. Läs igenom och ändra den för varje person."),
        button=_("Spara"),
        remove_url=reverse("door:remove_template", args=[template_id]) if row else "",
        back_url=reverse("door:templates"),
    )


@permit("door.save_template")
def drop_template(request: HttpRequest, template_id: int) -> HttpResponse:
    """The button that takes one away."""
    person = staff(request)
    row = inbox.template_for(person, template_id)
    form = ConfirmForm.of(request)
    act = remove_template
    if form.sent(lambda _given: act(template_id=template_id, by=person, now=timezone.now())):
        return done(request, _("Svarsmallen är borttagen."), "door:templates")
    return page(
        request,
        FORM,
        form=form,
        heading=_("Ta bort svarsmallen"),
        lead=row.title,
        button=_("Ta bort"),
        is_final=True,
        back_url=reverse("door:templates"),
    )


def _language(code: str) -> str:
    return said(LANGUAGES[code].name) if code in LANGUAGES else code
