"""What every form in a case begins and ends with."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import staff
from hamn.ui.forms import SeenForm
from hamn.ui.pages import done, page

from ..queries import walls
from ..queries.notes import record_of
from ..rules.states import CaseState, Changed, check_open
from .drafts import kept
from .frame import back_to, opened_for

if TYPE_CHECKING:
    from hamn.ui.forms import HamnForm

    from ..models import Case
    from ..queries.opened import OpenRecord

Act = Callable[..., object]


def place_for(request: HttpRequest, case_id: UUID) -> "Case":
    """The case's row, for its unit and state; nothing of it is opened.

    Raises NotVisible, ClosedToYou, OnlyShared where it is another unit's,
    WrongState when it is closed.
    """
    case = walls.case_for(staff(request), case_id, timezone.now())
    walls.check_not_only_shared(case)
    check_open(CaseState(case.state))
    return case


def who(request: HttpRequest, case: "Case") -> dict[str, Any]:
    """Case, person and moment, as every action takes them."""
    return {"case_id": case.pk, "by": staff(request), "now": timezone.now()}


def written(
    request: HttpRequest,
    case: "Case",
    form: "HamnForm",
    act: Act,
    *,
    told: str,
    section: str = "timeline",
    unit: str = "",
    **words: Any,
) -> HttpResponse:
    """The form for something new, kept as a draft; then back to the section, which says `told`.

    unit: whose draft it is, where it is not the case's own.
    """
    draft = kept(request, form, unit=unit or case.unit, case_id=case.pk)

    def acted(given: dict[str, Any]) -> object:
        given.pop("seen", None)  # nothing was there to see
        return act(**given, **who(request, case))

    if draft.sent(acted):
        return done(request, told, back_to(case, section))
    return form_page(request, case, form, section=section, **words)


def changed(
    request: HttpRequest,
    case: "Case",
    form: SeenForm,
    act: Act,
    *,
    record: tuple[UUID, str],
    initial: Callable[["OpenRecord"], dict[str, Any]],
    told: str,
    section: str = "plan",
    unit: str = "",
    **words: Any,
) -> HttpResponse:
    """The form for what is there already; saved by somebody else meanwhile, that is shown too.

    record: id and kind. initial: the form's fields of what is stored. unit: as of `written`.
    """
    draft = kept(request, form, unit=unit or case.unit, case_id=case.pk)
    if draft.sent(lambda given: act(record_id=record[0], **given, **who(request, case))):
        return done(request, told, back_to(case, section))
    one = record_of(opened_for(request, case.pk, f"change_{record[1]}"), *record)
    if draft.saved_at is None:
        form.initial.update(initial(one))
        form.show_again(str(one.record.version))
    return form_page(
        request, case, form, section=section, stored=stored_meanwhile(form, initial(one)), **words
    )


def form_page(
    request: HttpRequest,
    case: "Case",
    form: "HamnForm",
    *,
    section: str = "timeline",
    **words: Any,
) -> HttpResponse:
    """A page that is one form, with the draft's parts."""
    shared = {"button": _("Spara"), "back_url": back_to(case, section)}
    return page(request, "cases/form.html", form=form, **shared | words)


def is_changed(form: "HamnForm") -> bool:
    """Whether the form that was sent has met a colleague's change."""
    return isinstance(getattr(form.request, "refusal", None), Changed)


def stored_meanwhile(form: "HamnForm", now: dict[str, Any]) -> list[tuple[str, str]]:
    """Label and text of what stands now, of each field that a colleague has saved otherwise."""
    if not is_changed(form):
        return []
    shown = []
    for field in form.visible_fields():
        if field.name not in now or field.name not in form.cleaned_data:
            continue
        stored = now[field.name]
        if form.cleaned_data[field.name] != stored:
            shown.append((str(field.label), _in_words(field.field, stored)))
    return shown


def _in_words(field: Any, stored: Any) -> str:
    names = {True: _("ja"), False: _("nej"), **dict(getattr(field, "choices", ()))}
    values = stored if isinstance(stored, list | tuple) else [stored]
    return ", ".join(str(names.get(one, one or "–")) for one in values) or "–"
