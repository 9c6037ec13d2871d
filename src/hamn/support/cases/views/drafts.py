"""Drafts behind any form of casework: `draft = kept(request, form, …)`, and `draft.sent(…)`.

The page includes `cases/draft.html`, which loads the script; without it the form simply works.
What is typed goes nowhere but to the server, where it is sealed: nothing is stored in the browser.
Each opened form has a draft of its own. One that waits is offered above a new form, never laid in
unasked: the telephone rings in the middle of a note, and it is somebody else.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_POST

from hamn.guards.access.permits import permit, staff
from hamn.ui import once

from .. import actions
from ..queries.drafts import (
    ASKED,
    FIELD,
    WANTED,
    draft_of,
    drafts_of,
    read_token,
    token_of,
    typed_in,
    url_of,
)
from ..rules.drafts import MOST_SENT, no_draft, page_of, place_of

if TYPE_CHECKING:
    from hamn.guards.access.models import Person
    from hamn.ui.forms import HamnForm

    from ..models import Draft
    from ..queries.drafts import OpenDraft, Token

__all__ = ["ASKED", "FIELD", "Kept", "Waiting", "keep_draft", "kept", "throw_draft"]

Given = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft of the page that may be gone on with. token: its place, as the hidden field has it.

    saved_at: when it was kept, in Swedish time. url: the page with it laid in.
    """

    saved_at: datetime
    token: str
    url: str

    @property
    def is_older(self) -> bool:
        """Whether it is from another day."""
        return self.saved_at.date() != timezone.localdate()


class Kept:
    """A form whose text is kept while it is typed.

    laid_in: the draft that stands in the form; waiting: those that are offered beside a new form.
    """

    def __init__(self, form: "HamnForm", place: str, by: "Person", new_url: str) -> None:
        self.form, self.place, self.by, self.new_url = form, place, by, new_url
        self.laid_in: Waiting | None = None
        self.waiting: list[Waiting] = []

    @property
    def saved_at(self) -> datetime | None:
        """When what was laid in had been kept."""
        return self.laid_in.saved_at if self.laid_in else None

    @property
    def most(self) -> int:
        """The longest form that may be sent, in bytes."""
        return MOST_SENT

    def sent(self, action: Callable[[Given], object]) -> bool:
        """As the form's `sent`; the draft goes in the same transaction as what was written."""
        return self.form.sent(self.acting(action))

    def acting(self, action: Callable[[Given], object]) -> Callable[[Given], object]:
        """The action with the draft thrown when it is done, for `in_steps`."""

        @transaction.atomic
        def acted(given: Given) -> object:
            given.pop(FIELD, None)
            outcome = action(given)
            actions.throw_draft(place=self.place, by=self.by)
            return outcome

        return acted


def kept(
    request: HttpRequest,
    form: "HamnForm",
    *,
    unit: str,
    case_id: UUID | None = None,
    service: str = "",
    mark: str = "",
    sent_to: str = "",
) -> Kept:
    """The form kept as a draft while it is typed; one that was asked for is laid in.

    unit: to whose key it is sealed. case_id: the case it goes with, whose end ends it too.
    service: where the same address has a form for each. mark: as of `queries.drafts.Token`.
    sent_to: the view of the form's own page, where this one shows it beside something else.
    """
    by, page = staff(request), _page(request, service, sent_to)
    found = None if form.is_bound else _asked_for(request, by, page)
    place = found.place if found else _place(request, by, page)
    token = token_of(by.pk, place, unit, case_id, mark)
    form.fields[FIELD] = forms.CharField(widget=forms.HiddenInput, required=False, initial=token)
    draft = Kept(form, place, by, url_of(place))
    form.kept = draft  # type: ignore[attr-defined]
    if found:
        _lay_in(form, QueryDict(found.fields))
        draft.laid_in = Waiting(timezone.localtime(found.saved_at), token, "")
    elif not form.is_bound:
        draft.waiting = [_offered(one, by) for one in drafts_of(by, page)]
    return draft


@permit("cases.write")
@require_POST
def keep_draft(request: HttpRequest) -> HttpResponse:
    """What a form holds now, kept; answers with the time. Called by `ui/drafts.js`."""
    token = _hers(request)
    if once.was_taken(request.POST.get("form", "")):
        # The form has been sent meanwhile: what comes after it is no draft any more.
        return JsonResponse({"saved": ""})
    draft = actions.keep_draft(
        place=token.place,
        unit=token.unit,
        case_id=token.case_id,
        fields=typed_in(request.POST),
        by=staff(request),
        now=timezone.now(),
        mark=token.mark,
    )
    return JsonResponse({"saved": timezone.localtime(draft.saved_at).strftime("%H:%M")})


@permit("cases.write")
@require_POST
def throw_draft(request: HttpRequest) -> HttpResponse:
    """The draft is thrown away, and the form opened without it."""
    token = _hers(request)
    actions.throw_draft(place=token.place, by=staff(request))
    return HttpResponseRedirect(url_of(token.place))


def _page(request: HttpRequest, service: str, sent_to: str) -> str:
    match = request.resolver_match
    assert match is not None  # a view was found for it
    ids = tuple(str(one) for one in match.kwargs.values())
    return place_of(sent_to or match.view_name, ids, service=service)


def _place(request: HttpRequest, by: "Person", page: str) -> str:
    """Where the form that was sent has been kept; for one that is opened now a place of its own."""
    sent = read_token(request.POST.get(FIELD, ""))
    if sent is not None and sent.owner == by.pk and page_of(sent.place) == page:
        return sent.place
    return f"{page}#{secrets.token_hex(4)}"


def _asked_for(request: HttpRequest, by: "Person", page: str) -> "OpenDraft | None":
    """The draft that the address asks for, when it is hers and of this page."""
    try:
        wanted = UUID(request.GET.get(WANTED, ""))
    except ValueError:
        return None
    return draft_of(by, page, wanted)


def _offered(draft: "Draft", by: "Person") -> Waiting:
    token = token_of(by.pk, draft.place, draft.unit, draft.case_id)
    return Waiting(timezone.localtime(draft.saved_at), token, url_of(draft.place, draft.pk))


def _hers(request: HttpRequest) -> "Token":
    """The token of her own draft. Raises NoDraft for another person's, and for what is none."""
    token = read_token(request.POST.get(FIELD, ""))
    if token is None or token.owner != staff(request).pk:
        raise no_draft()
    return token


def _lay_in(form: "HamnForm", typed: QueryDict) -> None:
    """What was typed stands in the form as if it had been filled in with it from the start."""
    for name, field in form.fields.items():
        if name == FIELD or isinstance(field, forms.FileField):
            continue
        widget = field.widget
        if not widget.value_omitted_from_data(typed, {}, name) or _is_choice(field):
            form.initial[name] = widget.value_from_datadict(typed, {}, name)


def _is_choice(field: forms.Field) -> bool:
    """Whether nothing in what was sent means that nothing was chosen."""
    return isinstance(field, forms.BooleanField | forms.ChoiceField)
