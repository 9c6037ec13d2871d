"""A change in steps: written, shown with what it leads to, confirmed, done, told.

What was written comes back with every step and is judged anew: a confirmation is never trusted
because something was shown before it.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from . import once
from .forms import HamnForm, SeenForm
from .pages import hindered, page

STEP, CONFIRM, MEND = "steg", "bekrafta", "andra"  # the field that tells the button, its values
WRITTEN, SHOWN = "ui/form_page.html", "ui/confirm_page.html"

Given = dict[str, Any]
Made = TypeVar("Made")


def in_steps(
    request: HttpRequest,
    form: HamnForm,
    template: str,
    *,
    foresee: Callable[[Given], Mapping[str, object]],
    act: Callable[[Given], Made],
    end: Callable[[Made], HttpResponse],
    opens: Callable[[], object] = bool,
    seen: Callable[[], str] | None = None,
    back_url: str,
    yes: str = CONFIRM,
    **context: Any,
) -> HttpResponse:
    """The form, then what it leads to, then what `end` answers; only `act` changes anything.

    template: the change's own words, in blocks; extends `layout`. foresee: what the change leads
    to, by the names the template has for it; refuses what `act` would refuse. opens: refuses
    when there is nothing to write. seen: for a `SeenForm`, the version that its page shows.
    yes: the value of the confirming button.
    """
    if closed := hindered(request, opens, back_url=back_url):
        return closed
    step = form.data.get(STEP, "")
    if step == yes and form.sent(act):
        return end(form.outcome)
    shows = step not in (yes, MEND) and form.sent(foresee)
    if shows:
        context |= {**form.outcome, "repeated": _repeated(request), "yes": yes}
    elif seen is not None and isinstance(form, SeenForm):
        form.show_again(seen())
    if step != yes:
        # Nothing is stored yet: the same form may be sent again.
        once.give_back(request.POST.get(once.FIELD, ""))
    shared = {"button": _("Fortsätt"), "layout": SHOWN if shows else WRITTEN, "back_url": back_url}
    return page(request, template, form=form, **shared | context)


def _repeated(request: HttpRequest) -> list[tuple[str, str]]:
    """Name and text of each field as it was sent, to be sent once more; files are not."""
    return [
        (name, text)
        for name, texts in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", once.FIELD, STEP)
        for text in texts
    ]
