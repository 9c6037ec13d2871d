"""The one box that cases are searched with."""

from hamn.core.errors import _
from hamn.ui.forms import HamnForm, Text


class SearchForm(HamnForm):
    """A name, a number of a person, or a number of a case; nothing else is searchable."""

    words = Text(
        _("Namn, personnummer eller ärendenummer"),
        hint=_(
            "Det namn som personen vill kallas räknas. Skriv hela ord, personnumret med tio eller "
            "tolv siffror, eller ärendenumret som M-7K3F-92W."
        ),
        longest=200,
        width=30,
    )
