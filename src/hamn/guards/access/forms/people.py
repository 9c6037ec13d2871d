"""The administration of people and units."""

from django import forms
from django.utils.translation import gettext, gettext_lazy

from hamn.core.errors import _
from hamn.ui.forms import Boxes, Choice, Day, Email, HamnForm, Radio, Text
from hamn.ui.words import choices, said

from ..rules import DESCRIPTIONS, NAMES, RESET_REASONS, units, units_to_read

_ROLES = {
    "hint": _("Välj bara det som personen behöver. Rollerna kan ändras senare."),
    "hints": DESCRIPTIONS,
}


class InviteForm(HamnForm):
    """Who is invited, and to what."""

    email = Email(
        _("E-postadress"),
        hint=_("Dit skickas länken. Använd adressen i arbetet."),
        longest=254,
    )
    title = Text(
        _("Namn eller befattning"),
        hint=_("Så visas personen i Hamn, till exempel ”Ekonom, avdelning stöd”."),
    )
    roles = Boxes(_("Roller"), NAMES, **_ROLES)  # type: ignore[arg-type]


class RolesForm(HamnForm):
    """Which roles a person has."""

    roles = Boxes(_("Roller"), NAMES, **_ROLES)  # type: ignore[arg-type]
    # The roles that the page showed: two administrators at once see the conflict.
    seen = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)


class LeaveForm(HamnForm):
    """When a person left."""

    on = Day(_("Sista dagen"), hint=_("I dag eller tidigare, till exempel 2026 11 20."))


class ComeBackForm(HamnForm):
    """With which roles a person comes back."""

    roles = Boxes(_("Roller"), NAMES, **_ROLES)  # type: ignore[arg-type]


class ResetForm(HamnForm):
    """Why a person's second factor is taken away."""

    reason = Radio(_("Varför?"), RESET_REASONS)
    leaves_unread = forms.BooleanField(
        label=gettext_lazy(_("Återställ även om ingen annan kan läsa enhetens ärenden")),
        help_text=gettext_lazy(
            _("Då är de oläsbara tills en annan enhets chef har beslutat igen. Tala med den först.")
        ),
        required=False,
    )


def _units() -> list[tuple[str, str]]:
    """Those that have ended and still hold something are marked: somebody must read them."""
    active = units()
    named = {
        code: name if code in active else gettext("{unit} (avslutad)").format(unit=said(name))
        for code, name in units_to_read().items()
    }
    return choices(named, empty=gettext("Välj enhet"))


class ProposeForm(HamnForm):
    """To which unit a person is proposed, and as what."""

    unit = Choice(_("Enhet"), _units)
    is_head = Radio(
        _("Som vad?"),
        {"no": _("Medarbetare"), "yes": _("Chef för enheten")},
    )
