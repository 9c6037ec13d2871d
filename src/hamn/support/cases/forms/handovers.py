"""Forms of handing over cases."""

from collections.abc import Mapping
from typing import Any

from hamn.core.errors import _
from hamn.ui.forms import Boxes, Choice, HamnForm, Radio
from hamn.ui.words import said

from .access import _PeopleForm

ALL, CHOSEN = "alla", "valda"
SCOPES = {
    ALL: _("Alla ärenden, och det som hör till"),
    CHOSEN: _("Bara de som jag väljer"),
}
ASKED, AT_ONCE = "svar", "genast"
TIMES = {
    ASKED: _("När mottagaren har tackat ja"),
    AT_ONCE: _("Genast"),
}


class WhoseForm(HamnForm):
    """Whose cases are handed over; in the address, and of workers alone."""

    vem = Choice(_("Vems ärenden?"), {}, required=False)

    def __init__(self, *arguments: Any, people: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["vem"].choices = list(people.items())  # type: ignore[attr-defined]


class HandOverForm(_PeopleForm):
    """Which cases go to whom. numbers: a case's number by its id; a head may do it at once."""

    receiver_id = Choice(_("Vem tar emot?"), {})
    scope = Radio(
        _("Vilka ärenden?"),
        SCOPES,
        hints={
            ALL: _(
                "Också avslutade ärenden, kontakter utan ärende, och de ärenden där personen är "
                "ersättare. För den som slutar."
            )
        },
        initial=ALL,
    )
    cases = Boxes(_("Ärenden"), {}, required=False)
    when = Radio(_("När gäller det?"), TIMES, initial=ASKED)

    def __init__(
        self, *arguments: Any, numbers: Mapping[str, str], is_head: bool, **more: Any
    ) -> None:
        super().__init__(*arguments, **more)
        fields: Any = self.fields
        fields["cases"].choices = list(numbers.items())
        if not numbers:
            del fields["cases"]
        if not is_head:
            del fields["when"]

    def clean(self) -> dict[str, Any]:
        """The fields as they were chosen; some cases are chosen when they are to be."""
        given = self.cleaned_data
        if given.get("scope") == CHOSEN and not given.get("cases"):
            name = "cases" if "cases" in self.fields else "scope"
            self.add_error(name, said(_("Välj minst ett ärende.")))
        return given
