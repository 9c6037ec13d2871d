"""Forms of notes."""

from hamn.core.errors import _
from hamn.ui.forms import Day, HamnForm, SeenForm

from .texts import CleanLongText, CleanText


class NoteForm(SeenForm):
    """A working note."""

    on = Day(_("Dag"), hint=_("Den dag som anteckningen handlar om"))
    title = CleanText(_("Rubrik"), required=False, longest=150)
    text = CleanLongText(_("Anteckning"), rows=12)


class AdditionForm(HamnForm):
    """Later text to a note that is drawn up."""

    on = Day(_("Dag"))
    text = CleanLongText(_("Tillägg"), rows=8)


class ObjectionForm(HamnForm):
    """What the person holds to be wrong."""

    on = Day(_("Dag"), hint=_("Den dag då personen sade det"))
    about = CleanText(
        _("Vad invändningen gäller"),
        hint=_("Till exempel anteckningen den 3 mars"),
        required=False,
        longest=150,
    )
    text = CleanLongText(_("Invändningen, med personens egna ord"), rows=8)


class FinaliseForm(SeenForm):
    """Nothing to fill in: what is drawn up is what the page showed."""
