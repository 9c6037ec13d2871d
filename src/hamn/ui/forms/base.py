"""The form that every page builds on: what was typed is never lost, a refusal is its error."""

from collections.abc import Callable
from datetime import date
from typing import Any, Self, TypeVar

from django import forms
from django.http import HttpRequest, QueryDict

from hamn.core.errors import NotVisible, PermissionDenied, Refusal
from hamn.core.errors import _ as marked

from ..words import long_date, refusal_sentences, said
from .drawing import first_id

_View = TypeVar("_View", bound=Callable[..., Any])
KEPT = "kept_form"  # in the session: what was typed when it had expired


class HamnForm(forms.Form):
    """A form that is read from the request, drawn by GOV.UK's components, and sent to an action.

    One that changes something others may change meanwhile is a `SeenForm`.
    """

    template_name = "ui/form.html"
    use_required_attribute = False

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.request: HttpRequest | None = None
        self.is_kept = False
        self.is_filter = False  # of a list, where everything may be left out
        self.outcome: Any = None  # what the action gave that it was sent to
        for field in self.fields.values():
            field.error_messages.update(_errors(field))

    @classmethod
    def of(cls, request: HttpRequest, **more: Any) -> Self:
        """The form as it was sent, as it was typed before the session ended, or fresh."""
        if request.method == "POST":
            form = cls(request.POST, request.FILES, **more)
        elif (kept := _kept(request)) is not None:
            form = cls(kept, **more)
            # What was typed is shown again, not judged before it is sent.
            form.is_kept = True
            form.__dict__.update(_errors={}, cleaned_data={})
        else:
            form = cls(**more)
        form.request = request
        return form

    @classmethod
    def asked(cls, request: HttpRequest, **more: Any) -> Self:
        """A form of a list's filter, from the address; empty when what stands there is no sense."""
        form = cls(request.GET, **more)
        form.request, form.is_filter = request, True
        form.is_valid()
        return form

    def sent(self, action: Callable[[dict[str, Any]], object]) -> bool:
        """Whether the form was sent, read and acted upon; a refusal becomes the form's error.

        action: gets the cleaned fields; what it gives is then the form's `outcome`.
        Raises NotVisible and PermissionDenied: those are pages of their own.
        """
        if self.is_kept or not (self.is_bound and self.is_valid()):
            return False
        try:
            self.outcome = action(dict(self.cleaned_data))
        except (NotVisible, PermissionDenied):
            raise
        except Refusal as refusal:
            self.add_error(None, refusal_sentences(refusal))
            if self.request is not None:
                # The middleware records it once everything is rolled back.
                self.request.refusal = refusal  # type: ignore[attr-defined]
            return False
        return True

    @property
    def written(self) -> list[tuple[str, str]]:
        """Label and text of each field that somebody filled in, as people read them."""
        return [
            (str(field.label), _read(field.field, self.cleaned_data[field.name]))
            for field in self.visible_fields()
            if self.cleaned_data.get(field.name)
        ]

    @property
    def summary(self) -> list[dict[str, str]]:
        """The errors with links to their fields, for the summary above."""
        general = [{"text": str(text)} for text in self.non_field_errors()]
        return general + [
            {"text": str(field.errors[0]), "href": f"#{first_id(field)}"}
            for field in self
            if field.errors and not field.is_hidden
        ]


class ConfirmForm(HamnForm):
    """Nothing to fill in: the page says what will happen, and the button is the answer."""


class SeenForm(HamnForm):
    """A form about something that others may change while it is open. seen: what its page shows."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)

    def show_again(self, seen: str) -> None:
        """Fresh or told of a change, the form has seen what stands now: the next try is knowing."""
        refusal = getattr(self.request, "refusal", None)
        if not self.is_bound:
            self.initial["seen"] = seen
        elif isinstance(refusal, Refusal) and refusal.code.endswith(".changed"):
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["seen"] = seen  # type: ignore[index]


def keep(request: HttpRequest, person_id: int) -> None:
    """Keep what a person typed into a form whose session had expired, for that person alone.

    Nothing from a view that is `kept_nowhere`: a session is sealed with the centre's secret alone.
    """
    if request.resolver_match and getattr(request.resolver_match.func, "keeps_nothing", False):
        return
    fields = request.POST.copy()
    for name in ("csrfmiddlewaretoken", "once"):
        fields.pop(name, None)
    request.session[KEPT] = {
        "path": request.path,
        "person": person_id,
        "fields": fields.urlencode(),
    }


def kept_nowhere(view: _View) -> _View:
    """What is typed into this view's forms is not kept when the session has expired: a secret."""
    view.keeps_nothing = True  # type: ignore[attr-defined]
    return view


def _kept(request: HttpRequest) -> QueryDict | None:
    kept = request.session.get(KEPT)
    if not kept or kept["path"] != request.path or kept["person"] != request.user.pk:
        return None
    del request.session[KEPT]
    return QueryDict(kept["fields"])


def _read(field: forms.Field, value: Any) -> str:
    """What was read from the field, in words."""
    if isinstance(value, date):
        return long_date(value)
    if isinstance(field, forms.ChoiceField):
        names: dict[Any, Any] = dict(field.choices)  # type: ignore[arg-type]
        return ", ".join(str(names[one]) for one in (value if type(value) is list else [value]))
    return said(marked("ja")) if value is True else str(value)


def _errors(field: forms.Field) -> dict[str, str]:
    """The usual errors, each saying what to do, with the field's own name."""
    # Allauth's labels are texts already; ours are translated when they are read.
    name = str(field.label or "").rstrip(".?")
    told = {
        "required": said(marked("{label}: fyll i fältet."), label=name)
        if not isinstance(field, forms.ChoiceField)
        else said(marked("{label}: välj något."), label=name),
        "invalid_choice": said(marked("{label}: välj något i listan."), label=name),
        "invalid_list": said(marked("{label}: välj något i listan."), label=name),
        "max_length": said(marked("{label}: texten är för lång."), label=name),
    }
    if isinstance(field, forms.IntegerField):
        told["invalid"] = said(marked("{label}: skriv ett heltal med siffror."), label=name)
        told["min_value"] = said(
            marked("{label}: skriv minst {least}."), label=name, least=field.min_value
        )
        told["max_value"] = said(
            marked("{label}: skriv högst {most}."), label=name, most=field.max_value
        )
    return told
