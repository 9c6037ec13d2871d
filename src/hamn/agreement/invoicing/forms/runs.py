"""What people fill in about a year's run: filter, decision, preparation, release, numbers."""

from collections.abc import Mapping
from typing import Any

from django import forms

from hamn.core.errors import _
from hamn.ui.forms import File, HamnForm, LongText, Radio, SeenForm, Text

from ..rules import Reading

READING_NAMES: dict[Reading, str] = {
    Reading.WHOLE_YEAR: _("Hela året"),
    Reading.UNTIL_END: _("Till och med sista dagen"),
    Reading.NOTHING: _("Ingen faktura"),
}
DOCUMENTS, BASIS = "documents", "basis"
WAY_NAMES = {
    DOCUMENTS: _("Hamn numrerar fakturorna och gör dokumenten"),
    BASIS: _("Hamn lämnar ett underlag och ekonomisystemet numrerar"),
}
LONGEST_REASON = 300


class PreviewFilter(HamnForm):
    """Which municipality of a preview to show; its outcomes are tabs."""

    kommun = Text(
        _("Kommun"), hint=_("Namn eller kod, till exempel 0117"), required=False, longest=60
    )


class DecideForm(SeenForm):
    """What is invoiced for the year of an agreement under notice."""

    reading = Radio(_("Vad ska faktureras?"), READING_NAMES)
    reason = LongText(
        _("Skäl"),
        hint=_("Skälet står kvar i spåret för alltid. Skriv inga personuppgifter."),
        longest=LONGEST_REASON,
    )

    def __init__(self, *arguments: Any, sums: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["reading"].hints = dict(sums)  # type: ignore[attr-defined]


class PrepareForm(SeenForm):
    """A run as it is prepared. asks_way: whether the person chooses who numbers."""

    # In the form, not in the address alone: a form that is kept while one signs in loses that.
    kommun = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    way = Radio(_("Vem numrerar fakturorna?"), WAY_NAMES, initial=DOCUMENTS)

    def __init__(self, *arguments: Any, asks_way: bool, **more: Any) -> None:
        super().__init__(*arguments, **more)
        if not asks_way:
            del self.fields["way"]


class ReleaseForm(SeenForm):
    """The sum that the releasing person saw, hidden; the page says the rest."""


class TakeBackForm(HamnForm):
    """The ledger's file with numbers and dates."""

    file = File(
        _("CSV-fil från ekonomisystemet"),
        hint=_(
            "Kolumner: reference, number och issued_on. Frivilliga: received_on, paid_on, paid_kr."
        ),
    )
