"""Forms about who may open a case, and about a break-glass."""

from collections.abc import Mapping
from typing import Any

from hamn.core.errors import _
from hamn.ui.forms import Choice, HamnForm, Radio, SeenForm
from hamn.ui.words import said

from ..rules.access import REASONS
from ..rules.reviews import VERDICTS
from .texts import CleanLongText

PERSON_FIELDS = ("responsible_id", "deputy_id", "person_id", "receiver_id", "giver_id")


class _PeopleForm(SeenForm):
    """A form that chooses people of a unit. people: label by id."""

    nobody = _("Välj person")

    def __init__(self, *arguments: Any, people: Mapping[int, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        for name in PERSON_FIELDS:
            if name in self.fields:
                field: Any = self.fields[name]
                choices = [(str(pk), label) for pk, label in people.items()]
                field.choices = [("", said(self.nobody)), *choices]

    def clean(self) -> dict[str, Any]:
        """The fields; people by id, None for nobody."""
        given = self.cleaned_data
        for name in PERSON_FIELDS:
            if name in given:
                given[name] = int(given[name]) if given[name] else None
        return given


class AssignForm(_PeopleForm):
    """Who is responsible for a case, and who steps in."""

    nobody = _("Ingen ännu")
    responsible_id = Choice(_("Ansvarig"), {}, required=False)
    deputy_id = Choice(
        _("Ersättare"),
        {},
        hint=_("Den som tar över när den ansvariga är borta. Varje ärende ska ha en."),
        required=False,
    )


class ParticipantForm(_PeopleForm):
    """Who takes part in the case from now on."""

    person_id = Choice(_("Vem ska delta?"), {})


class BreakGlassForm(HamnForm):
    """Why a colleague's case must be opened now."""

    kind = Radio(_("Varför behöver du öppna ärendet?"), REASONS)
    reason = CleanLongText(
        _("Berätta kort varför det inte kan vänta"),
        hint=_("Texten förseglas med ärendet. Den som granskar och den som är ansvarig läser den."),
        longest=2000,
    )


class ReviewForm(HamnForm):
    """Whether it was right to open the case, and why."""

    verdict = Radio(_("Var det rätt att öppna ärendet?"), VERDICTS)
    comment = CleanLongText(_("Kommentar"), required=False, longest=2000)
