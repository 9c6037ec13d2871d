"""When so much comes in that somebody has to wait: said on the page that she wrote on."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_variables

from hamn.ui.pages import page
from hamn.ui.words import refusal_sentences

from ...actions.waiting import waits, within
from ...forms.public import DoorForm
from ...rules.limits import TooMany

__all__ = ["keeping", "told_to_wait", "waits", "within"]
View = Callable[..., HttpResponse]


def told_to_wait(response: HttpResponse, refusal: Any) -> HttpResponse:
    """The page as an answer that says when it is worth another try."""
    response.status_code = 429 if isinstance(refusal, TooMany) else 503
    response.headers["Retry-After"] = str(refusal.retry_after_s)
    return response


def keeping(template: str, form_class: type[DoorForm], **around: Any) -> Callable[[View], View]:
    """For a view of the dialogue: a form sent while the database is away is drawn as it was typed.

    The page then knows nothing of the dialogue but what the form carried.
    around: what else is true of a page whose form has been sent.
    """

    def kept(request: HttpRequest, refusal: Any) -> HttpResponse:
        form = form_class.of(request)
        form.add_error(None, refusal_sentences(refusal))
        proof = request.POST.get("proof", "")
        return told_to_wait(page(request, template, form=form, proof=proof, **around), refusal)

    def decorated(view: View) -> View:
        @wraps(view)
        @sensitive_variables()
        def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
            # To take a number back nothing is typed: the plain page says to send it again.
            if request.method != "POST" or request.POST.get("remove"):
                return view(request, *arguments, **named)
            try:
                return within(lambda: view(request, *arguments, **named))
            except waits() as refusal:
                return kept(request, refusal)

        return guarded

    return decorated
