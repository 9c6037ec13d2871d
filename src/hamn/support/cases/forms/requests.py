"""Forms of requests."""

from typing import Any

from hamn.core.errors import _
from hamn.ui.forms import Boxes, Choice, Day, HamnForm, Radio, SeenForm
from hamn.ui.words import choices, said

from ..queries.extracts import ExtractPiece
from ..rules.requests import ASKED_AS, GIVEN, LONGEST_LINE, OUTCOMES, PROVISIONS
from .texts import CleanLongText, CleanText

_NAMES = {one.code: one.name for one in PROVISIONS.values()}


class _RequestForm(HamnForm):
    """What every request has. units: name by code, of the unit that answers."""

    received_on = Day(_("När begäran kom in"))

    def __init__(self, *arguments: Any, units: dict[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["unit"] = Choice(_("Enhet"), lambda: list(units.items()))
        self.order_fields(["unit"])


class OwnDataForm(_RequestForm):
    """Somebody asks for what is recorded about herself."""

    case_number = CleanText(
        _("Ärendenummer"),
        hint=_(
            "Lämna tomt om ni inte har något ärende om personen. Kontakter utan ärende följer inte "
            "med: för dem först till ett ärende."
        ),
        required=False,
        longest=20,
    )
    asked_as = Radio(_("Vem ber?"), ASKED_AS)
    identified = CleanText(
        _("Hur vet du att det är rätt person?"),
        hint=_("Till exempel att ni känner varandra. Spara ingen kopia av en legitimation."),
        longest=LONGEST_LINE,
    )
    wanted = CleanLongText(_("Vad personen vill ha"), required=False)
    answer_to = CleanText(
        _("Dit svaret ska"),
        hint=_("Bara om det ska skickas. Lämna tomt när det lämnas i handen."),
        required=False,
        longest=LONGEST_LINE,
    )


class DocumentsForm(_RequestForm):
    """Somebody asks for documents; she need not say who she is, or why."""

    wanted = CleanLongText(_("Vilka handlingar?"))
    asked_by = CleanText(
        _("Vem som ber"),
        hint=_("Lämna tomt om personen inte vill säga det. Fråga inte om det inte behövs."),
        required=False,
        longest=LONGEST_LINE,
    )
    answer_to = CleanText(_("Dit svaret ska"), required=False, longest=LONGEST_LINE)


class ExtractForm(SeenForm):
    """A verdict on each piece of the case."""

    assessment = CleanLongText(
        _("Bedömning"),
        hint=_("Står i svaret. Skriv inte vad det är som inte lämnas ut."),
        required=False,
    )

    def __init__(self, *arguments: Any, pieces: list[ExtractPiece], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.codes = {name_of(one.code): one.code for one in pieces}
        verdicts = [(GIVEN, said(_("Lämnas ut"))), *choices(_NAMES)]
        for one in pieces:
            self.fields[name_of(one.code)] = Choice(
                _("Lämnas det ut?"), lambda: verdicts, initial=one.usual
            )

    def verdicts(self, given: dict[str, Any]) -> dict[str, str]:
        """The verdict by code of piece, of those that were on the page that was sent."""
        return {code: given[name] for name, code in self.codes.items()}


class AssessForm(SeenForm):
    """The assessment of a request for documents."""

    outcome = Radio(_("Förslag till beslut"), OUTCOMES)
    assessment = CleanLongText(
        _("Bedömning"), hint=_("Vilken sekretess gäller, och står det klart att ingen lider men?")
    )
    what = CleanLongText(_("Vad som inte lämnas ut"), required=False)
    provisions = Boxes(_("Bestämmelse"), _NAMES, required=False)
    conditions = CleanLongText(_("Förbehåll"), required=False)


class DecideRequestForm(SeenForm):
    """Nothing to fill in: what is decided is what the page showed."""


def name_of(code: str) -> str:
    """The field of a piece: its code in letters that a name may have."""
    return "del_" + code.replace(":", "_").replace("-", "")
