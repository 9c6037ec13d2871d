"""A dialogue opened for somebody who calls, comes or has sent an e-mail: the code, told once."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.support.services import queries as services
from hamn.ui.forms import kept_nowhere
from hamn.ui.pages import page
from hamn.ui.words import said

from ...actions.calling import open_for_caller
from ...forms.inbox import CallerForm
from ...queries.texts import published_languages
from ...rules.codes import groups, shown, spelled
from ...rules.languages import LANGUAGES, SOURCE
from ...rules.told import INVITATION
from ...rules.words import Origin


@permit("door.write")
@kept_nowhere
def open_dialogue(request: HttpRequest) -> HttpResponse:
    """The form; its answer is the code, which no other page ever shows."""
    person, now = staff(request), timezone.now()
    offered = services.own_services(person, on=timezone.localdate(now))
    form = CallerForm.of(
        request,
        services=[(one.code, one.title) for one in offered],
        languages=[(code, said(LANGUAGES[code].name)) for code in published_languages()],
        initial={"language": SOURCE},
    )
    if form.sent(lambda given: open_for_caller(by=person, now=now, **given)):
        dialogue, code = form.outcome
        return page(request, "door/inbox/code.html", **_told(dialogue, code))
    return page(
        request,
        "door/inbox/open.html",
        form=form,
        heading=_("Öppna en dialog åt någon"),
        lead=_("Du får en kod att läsa upp eller skriva på en lapp. Personen byter den genast."),
        button=_("Öppna och visa koden"),
        back_url=reverse("door:inbox"),
    )


def _told(dialogue: Any, code: str) -> dict[str, Any]:
    """The code in writing and as it is read aloud, and for a letter its text to copy."""
    address = services.public_address()
    # For the worker to fill in, in her language.
    place = f"{address}{_place(dialogue.language)}" if address else _("(webbplatsens adress)")
    title = services.service(dialogue.service).title
    with translation.override(dialogue.language):
        letter = said(INVITATION, service=title, address=place, code=shown(code))
    return {
        "dialogue": dialogue,
        "code": shown(code),
        "spelling": list(zip(groups(code), (" ".join(one) for one in spelled(code)), strict=True)),
        "address": address,
        "is_letter": dialogue.origin == Origin.MAIL,
        "letter": letter,
    }


def _place(language: str) -> str:
    """The page that takes a code, in the person's language."""
    return "/svar/" if language == SOURCE else f"/{language}/svar/"
