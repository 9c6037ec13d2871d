"""The page that asks for the code: to come back, and when what was open has closed meanwhile."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from hamn.ui.pages import page

from ...forms.public import CodeForm
from . import sealing

FORM = "code form"


def ask(request: HttpRequest, form: CodeForm, *, kept: str = "", status: int = 200) -> HttpResponse:
    """The page. kept: what she had written when her half an hour was over."""
    return page(
        request,
        "door/public/dialogue/come_back.html",
        form=form,
        kept=kept,
        token=sealing.seal(FORM, b"", timezone.now()),
        status=status,
    )


def ask_again(request: HttpRequest) -> HttpResponse:
    """The page to somebody whose dialogue is not open (any more), with what she just wrote."""
    return ask(request, CodeForm(), kept=kept_of(request))


def kept_of(request: HttpRequest) -> str:
    """What was written in a form that could not be taken; shown again, never stored."""
    return request.POST.get("text", "")
