"""Search: sent by POST and answered at once, so that the words stand in no address and no log."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.guards.vault.rules import IndexKind
from hamn.ui.pages import page
from hamn.ui.words import said

from .. import actions
from ..forms.search import SearchForm
from ..rules.search import KIND_NAMES, MOST_HITS
from .frame import called, state_tag

if TYPE_CHECKING:
    from hamn.ui.lists import Tag

    from ..actions.reading import Named
    from ..models import Case


@dataclass(frozen=True, slots=True)
class Hit:
    """A case that was found: to open, or only whom to ask. url: empty when it leads nowhere."""

    url: str
    number: str = ""
    called: str = ""
    state: "Tag | None" = None
    ask: str = ""
    deputy: str = ""


@permit("cases.search")
def search(request: HttpRequest) -> HttpResponse:
    """The box, and what was found by what was sent from it."""
    person, now = staff(request), timezone.now()
    form = SearchForm.of(request)
    if not form.sent(lambda given: actions.search_cases(words=given["words"], by=person, now=now)):
        return page(request, "cases/search.html", form=form)
    kind, cases = form.outcome
    shown = cases[:MOST_HITS]
    says = actions.read_names(cases=shown, by=person, now=now)
    hits = [_hit(case, says[case.pk], kind) for case in shown if case.pk in says]
    return page(
        request,
        "cases/search.html",
        form=form,
        is_done=True,
        kind=said(KIND_NAMES[kind]),
        hits=hits,
        has_more=len(cases) > MOST_HITS,
        most=MOST_HITS,
    )


def _hit(case: "Case", says: "Named", kind: IndexKind) -> Hit:
    """What may be told of the case: of one that is closed to her, only whom to ask about it."""
    url = reverse("cases:show", args=[case.pk])
    if says.is_readable:
        return Hit(url, says.content.number, called(says.content), state_tag(case))
    ask = case.responsible.title if case.responsible else _("enhetens chef")
    deputy = case.deputy.title if case.deputy else ""
    # Who wrote the number knows it; a name must lead to no number.
    known = url if kind == IndexKind.CASE_NUMBER else ""
    return Hit(known, ask=ask, deputy=deputy)
