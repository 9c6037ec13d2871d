"""The forms of agreements. What a move leads to is shown before it is confirmed."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext

from hamn.core.errors import Refusal, _
from hamn.ui.forms import Choice, Day, File, HamnForm, Radio, Text, Year
from hamn.ui.words import choices, long_date

from .models import Agreement, Signature
from .queries import LACKS_NAMES
from .rules import LONGEST_REASON, METHOD_NAMES, NAMES, SIDE_NAMES, Changed

CONFIRM, MEND = "bekrafta", "andra"
REASON_HINT = _("Skälet står kvar i spåret för alltid. Skriv inga personuppgifter.")


def longest(model: type[Agreement] | type[Signature], field: str) -> int:
    """How many characters the row's field holds."""
    return int(getattr(model._meta.get_field(field), "max_length", 0))


class AgreementFilter(HamnForm):
    """What of the list to show."""

    sok = Text(_("Kommun, kod eller diarienummer"), required=False, longest=120)
    lage = Choice(_("Läge"), lambda: choices(NAMES, empty=gettext("Alla lägen")), required=False)
    startar = Year(_("Började gälla år"), required=False)
    saknas = Choice(
        _("Saknar"),
        lambda: choices(LACKS_NAMES, empty=gettext("Spelar ingen roll")),
        required=False,
    )


class ChooseMunicipalityForm(HamnForm):
    """Whom a new agreement is with. names: by code."""

    code = Choice(_("Kommun"), {}, hint=_("Kommuner i taxan som inte redan har ett avtal."))

    def __init__(self, *arguments: Any, names: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        empty = ("", gettext("Välj kommun"))
        self.fields["code"].choices = [empty, *names.items()]  # type: ignore[attr-defined]


class DraftForm(HamnForm):
    """The terms of a new agreement that are not the same for everyone."""

    reference = Text(
        _("Diarienummer"),
        hint=_("Till exempel SN 2024/0043."),
        required=False,
        longest=longest(Agreement, "reference"),
        width=20,
    )
    agreed_start = Day(
        _("Avtalad start"),
        hint=_("Lämna tomt om avtalet ska gälla från den sista underskriften."),
        required=False,
    )
    index_base_year = Year(
        _("Basår för index"),
        hint=_("Året som uppräkningen räknas från. Lämna tomt för taxans prisnivå."),
        required=False,
    )
    reason = Text(_("Skäl"), hint=REASON_HINT, required=False, longest=LONGEST_REASON)


class MoveForm(HamnForm):
    """A form that moves an agreement. seen: the version that its page shows.

    What it leads to is shown first; what was written then comes back with `bekrafta`.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    @property
    def is_confirmed(self) -> bool:
        """Whether what it leads to has been shown, and agreed to."""
        return self.data.get("steg") == CONFIRM

    @property
    def is_to_mend(self) -> bool:
        """Whether somebody who saw what it leads to wants to write something else."""
        return self.data.get("steg") == MEND

    @property
    def is_asked(self) -> bool:
        """Whether it was sent to see what it leads to."""
        return self.is_bound and not (self.is_confirmed or self.is_to_mend)

    @property
    def written(self) -> list[tuple[str, str]]:
        """Label and text of each field that somebody filled in, as people read them."""
        return [(str(self.fields[name].label), self._shown(name)) for name in self._filled()]

    @property
    def repeated(self) -> list[tuple[str, str]]:
        """Name and text of each field as it was read, to be sent once more."""
        return [
            (name, value.isoformat() if isinstance(value, date) else str(value or ""))
            for name, value in self.cleaned_data.items()
        ]

    def sent_after(
        self, version: Callable[[], str], action: Callable[[dict[str, Any]], object]
    ) -> bool:
        """As `sent`; when others were first, the form from now on builds on what they did.

        version: what the page shows by now.
        """
        is_done = self.sent(action)
        if not is_done and isinstance(self._refusal, Changed):
            renewed = QueryDict(mutable=True)
            renewed.update(self.data)
            renewed["seen"] = version()
            self.data = renewed
        return is_done

    def _filled(self) -> list[str]:
        return [one.name for one in self.visible_fields() if self.cleaned_data.get(one.name)]

    def _shown(self, name: str) -> str:
        value, field = self.cleaned_data[name], self.fields[name]
        if isinstance(value, date):
            return long_date(value)
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices)[value])  # type: ignore[arg-type]
        return str(value)

    @property
    def _refusal(self) -> Refusal | None:
        return getattr(self.request, "refusal", None)


class SignForm(MoveForm):
    """One party's signature. sides: those that have not signed."""

    side = Radio(_("Vem har undertecknat?"), SIDE_NAMES)
    signed_on = Day(
        _("Undertecknat"), hint=_("Dagen då parten undertecknade. Till exempel 2024 6 1.")
    )
    title = Text(
        _("Undertecknarens titel"),
        hint=_("Till exempel socialdirektör. Skriv titeln, inte namnet."),
        longest=longest(Signature, "title"),
    )
    method = Radio(_("Hur undertecknades avtalet?"), METHOD_NAMES)
    agreed_start = Day(_("Avtalad start"), required=False)
    reason = Text(_("Skäl"), hint=REASON_HINT, required=False, longest=LONGEST_REASON)

    def __init__(self, *arguments: Any, sides: Mapping[Any, str], agreed: str, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["side"].choices = choices(sides)  # type: ignore[attr-defined]
        self.fields["agreed_start"].help_text = agreed


class GiveNoticeForm(MoveForm):
    """A notice that has come."""

    received = Day(
        _("Uppsägningen kom fram"), hint=_("Dagen då den kom, inte dagen då den skrevs.")
    )
    from_side = Radio(_("Vem säger upp avtalet?"), SIDE_NAMES)
    reason = Text(_("Skäl"), hint=REASON_HINT, required=False, longest=LONGEST_REASON)


class WithdrawForm(MoveForm):
    """Why a draft is put away."""

    reason = Text(_("Skäl"), hint=REASON_HINT, longest=LONGEST_REASON)


class ImportForm(HamnForm):
    """A file with agreements that began elsewhere."""

    file = File(_("Fil med avtal (CSV)"), hint=_("Kalkylark sparas som CSV (UTF-8)."))
