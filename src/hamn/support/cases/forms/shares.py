"""Forms of sharing a case between our own units."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from hamn.core.errors import _
from hamn.ui.forms import Choice, Day, Radio, SeenForm
from hamn.ui.words import said

from ..rules.grounds import SHARE_GROUNDS
from .texts import CleanLongText

_HINTS = {
    "consent": _("Välj samtycket här under. Finns inget: fråga personen och anteckna det först."),
    "need_to_know": _("Skriv varför. Det förseglas i ärendet och syns för den andra enheten."),
}


class UnitForm(SeenForm):
    """To which unit and on which ground. units: name by code; consents: label by id."""

    unit = Choice(_("Vilken enhet?"), {})
    ground = Radio(_("På vilken grund?"), SHARE_GROUNDS, hints=_HINTS)
    consent = Choice(_("Samtycke"), {}, required=False)
    reason = CleanLongText(
        _("Varför den andra enheten behöver uppgifterna"), required=False, longest=5000
    )

    def __init__(
        self,
        *arguments: Any,
        units: Mapping[str, str],
        consents: Iterable[tuple[str, str]],
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        names = [(code, said(name)) for code, name in units.items()]
        self.fields["unit"].choices = [("", said(_("Välj"))), *names]  # type: ignore[attr-defined]
        self.fields["consent"].choices = [("", said(_("Inget"))), *consents]  # type: ignore[attr-defined]


class ShareForm(UnitForm):
    """Until when the other unit may read."""

    until = Day(
        _("Till och med"), hint=_("Sedan stängs ärendet för den andra enheten av sig självt")
    )


class HandOverCaseForm(UnitForm):
    """Whether our own unit still reads, and whether the contact details go along."""

    reads_until = Day(
        _("Vår enhet får läsa till och med"),
        hint=_("Lämna tomt om vår enhet inte längre behöver läsa ärendet"),
        required=False,
    )
    takes_details = forms.BooleanField(
        label=gettext_lazy(_("Kontaktuppgifterna följer med; annars raderas de")),
        label_suffix="",
        required=False,
    )
