"""The forms of agreements."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from hamn.core.errors import _
from hamn.ui.forms import Choice, Day, File, HamnForm, Radio, SeenForm, Text, Year
from hamn.ui.words import choices

from .models import Agreement, Signature
from .queries import LACKS_NAMES
from .rules import LONGEST_REASON, METHOD_NAMES, NAMES, SIDE_NAMES

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


class SignForm(SeenForm):
    """One party's signature. sides: those that have not signed."""

    side = Radio(_("Vem har undertecknat?"), SIDE_NAMES)
    signed_on = Day(
        _("Undertecknat"), hint=_("Dagen då parten undertecknade. Till exempel 2024 06 01.")
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


class GiveNoticeForm(SeenForm):
    """A notice that has come."""

    received = Day(
        _("Uppsägningen kom fram"), hint=_("Dagen då den kom, inte dagen då den skrevs.")
    )
    from_side = Radio(_("Vem säger upp avtalet?"), SIDE_NAMES)
    reason = Text(_("Skäl"), hint=REASON_HINT, required=False, longest=LONGEST_REASON)


class WithdrawForm(SeenForm):
    """Why a draft is put away."""

    reason = Text(_("Skäl"), hint=REASON_HINT, longest=LONGEST_REASON)


class ImportForm(HamnForm):
    """A file with agreements that began elsewhere."""

    file = File(_("Fil med avtal (CSV)"), hint=_("Kalkylark sparas som CSV (UTF-8)."))
