"""Forms of the dialogue. Nothing in them must be filled in but the text itself."""

from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest

from hamn.core.errors import BadInput, _
from hamn.core.identifiers import phone
from hamn.support.cases.rules.safe_contact import DAYS, SafeContact, checked
from hamn.ui.forms import Boxes, Choice, HamnForm, Radio, Text
from hamn.ui.forms.clean import CleanLongText, CleanText
from hamn.ui.words import refusal_sentences, said

from ..rules import codes
from ..rules.content import ReachContent
from ..rules.notices import FIRST, WORDING_NAMES

# In the longest of scripts and encodings still within what the door reads of one request.
LONGEST = 20_000
LONGEST_NAME, LONGEST_ADDRESS = 60, 200
CALL_ME = _("Jag vill bli uppringd.")
AGES = {
    "adult": _("18 år eller äldre"),
    "child": _("Under 18 år"),
    "unsaid": _("Vill inte säga"),
}
_HOURS = {str(hour): f"{hour:02}.00" for hour in range(25)}


def email(text: str) -> str:
    """The address. Raises BadInput for what no letter finds."""
    try:
        validate_email(text.strip())
    except ValidationError:
        raise BadInput(
            _("Det är ingen e-postadress. Skriv till exempel namn@post.example.")
        ) from None
    return text.strip()


class DoorForm(HamnForm):
    """A form of the public face: read from the request, and kept nowhere."""

    @classmethod
    def of(cls, request: HttpRequest, **more: Any) -> Self:
        """The form as it was sent, or fresh; a file that came with it is not looked at."""
        form = cls(request.POST, **more) if request.method == "POST" else cls(**more)
        form.request = request
        return form


class SafeHours(forms.Form):
    """When it is safe: hours and days, all of them when nothing is chosen."""

    since = Choice(_("Från klockan"), _HOURS, required=False, empty=_("när som helst"))
    until = Choice(_("Till klockan"), _HOURS, required=False, empty=_("när som helst"))
    days = Boxes(_("Vilka dagar går bra?"), DAYS, hint=_("Ingen vald: alla dagar."), required=False)

    def clean(self) -> dict[str, Any]:
        """The hours together, when they leave some time."""
        fields = super().clean() or {}
        try:
            self.hours = checked(_hours(fields))
        except BadInput as fault:
            raise ValidationError(refusal_sentences(fault)) from None
        return fields

    def reach(self, address: str, wording: str = "") -> ReachContent:
        """What she has chosen, for the address."""
        hours = self.hours
        return ReachContent(address, hours.since, hours.until, hours.days, wording)


class WriteForm(SafeHours, DoorForm):
    """The first message. Nothing about who she is; her age, asked first, decides who answers."""

    age = Radio(
        _("Hur gammal är du?"),
        AGES,
        hint=_(
            "Så att rätt person svarar. Är du under 18 berättar vi en viktig sak för dig innan "
            "det du skriver skickas."
        ),
    )
    text = CleanLongText(
        _("Vad vill du berätta eller fråga?"),
        hint=_("Skriv på det språk du vill. Du behöver inte säga vem du är."),
        longest=LONGEST,
        rows=10,
    )
    phone = Text(
        _("Telefonnummer"),
        hint=_(
            "Bara om du vill bli uppringd. Svarar någon annan säger vi inget om vad det gäller."
        ),
        required=False,
        longest=30,
        width=20,
        check=phone,
    )
    field_order = ("age", "text", "phone", "since", "until", "days")

    def __init__(self, *arguments: Any, is_child: bool, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["text"].error_messages["required"] = said(
            _("Skriv några ord, eller ett nummer att ringa.")
        )
        if is_child:
            del self.fields["age"]

    def clean(self) -> dict[str, Any]:
        """The fields, of which the text or a number to call must be there."""
        fields = super().clean()
        if self.has_error("text", "required") and fields.get("phone"):
            del self.errors["text"]
            fields["text"] = ""
        return fields

    @property
    def message(self) -> str:
        """What is sent: her words, or that she wants to be called."""
        return str(self.cleaned_data["text"]).strip() or CALL_ME

    @property
    def call(self) -> ReachContent | None:
        """The number to call and when; None when she left none."""
        number = self.cleaned_data.get("phone")
        return self.reach(number) if number else None


class CodeForm(DoorForm):
    """The code, as it was written down; forgiving of blanks, case and look-alikes."""

    code = Text(
        _("Din kod"),
        hint=_("20 tecken. Mellanrum, streck och stora eller små bokstäver spelar ingen roll."),
        longest=codes.LONGEST,
        width=30,
        check=codes.read,
    )

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["code"].widget.attrs |= {"autocomplete": "off"}


class AgainForm(DoorForm):
    """The code typed once more, from the paper."""

    again = Text(
        _("Skriv koden från ditt papper"),
        longest=codes.LONGEST,
        width=30,
        check=codes.read,
    )


class MessageForm(DoorForm):
    """One more message."""

    text = CleanLongText(_("Skriv"), longest=LONGEST, rows=8)


class NameForm(DoorForm):
    """What she wants to be called; nothing makes her anonymous."""

    called = CleanText(
        _("Vad vill du kallas?"),
        hint=_("Ditt namn eller ett påhittat. Lämna tomt om du vill vara anonym."),
        longest=LONGEST_NAME,
        width=30,
        required=False,
    )


class NoticeForm(SafeHours, DoorForm):
    """Where a neutral letter goes when there is an answer."""

    address = Text(
        _("Din e-postadress"),
        hint=_("En adress som ingen annan läser."),
        longest=LONGEST_ADDRESS,
        width=30,
        check=email,
    )
    wording = Radio(
        _("Vad ska det stå?"),
        WORDING_NAMES,
        hint=_("Bara det. Inte från vem, inte vad det gäller, ingen länk och ingen kod."),
        initial=FIRST,
    )
    field_order = ("address", "wording", "since", "until", "days")

    @property
    def content(self) -> ReachContent:
        """What she has chosen."""
        return self.reach(self.cleaned_data["address"], self.cleaned_data["wording"])


class CallForm(SafeHours, DoorForm):
    """The number to call, and when it is safe."""

    phone = Text(_("Telefonnummer"), longest=30, width=20, check=phone)
    field_order = ("phone", "since", "until", "days")

    @property
    def content(self) -> ReachContent:
        """What she has chosen."""
        return self.reach(self.cleaned_data["phone"])


class EndForm(DoorForm):
    """Ending the dialogue, with or without what was written."""

    wants_erased = Radio(
        _("Vad ska hända med det som är skrivet?"),
        {
            "erase": _("Radera det så snart det får raderas"),
            "keep": _("Låt det vara kvar hos dem som har svarat"),
        },
        initial="erase",
    )


class PlainForm(DoorForm):
    """Nothing to fill in: the button is the answer."""


def _hours(fields: dict[str, Any]) -> SafeContact:
    since, until = (fields.get(name) or None for name in ("since", "until"))
    return SafeContact(
        since=None if since is None else int(since),
        until=None if until is None else int(until),
        days=tuple(int(day) for day in fields.get("days") or ()),
    )
