"""Forms of disclosures: each ground asks for what the law demands, and for nothing else."""

from collections.abc import Iterable, Mapping
from typing import Any

from hamn.core.errors import _
from hamn.ui.forms import Choice, Radio, SeenForm
from hamn.ui.words import choices as in_words
from hamn.ui.words import said

from ..rules.grounds import CONSENT, QUESTIONS, Ground, recipients_of
from .consents import RecipientForm
from .texts import CleanLongText, CleanText

DECISIONS = {"yes": _("lämna ut uppgifterna"), "no": _("lämna inte ut dem")}


class DisclosureForm(RecipientForm):
    """What is to leave, to whom. consents: those in force, by id; only where that is the ground."""

    recipient = Choice(_("Vem ska få uppgifterna?"), {})
    recipient_name = CleanText(
        _("Vilken mottagning, myndighet eller förening"), required=False, longest=200
    )
    unit = Choice(_("Vilken enhet hos oss, om det är en av dem"), {}, required=False)
    consent = Choice(QUESTIONS["consent"], {})
    what = CleanLongText(_("Vilka uppgifter lämnas ut?"), longest=20_000)
    need = CleanLongText(QUESTIONS["need"], longest=20_000)
    statute = CleanText(QUESTIONS["statute"], longest=200)
    threshold = CleanLongText(QUESTIONS["threshold"], longest=5000)
    assessment = CleanLongText(QUESTIONS["assessment"], longest=20_000)
    balancing = CleanLongText(QUESTIONS["balancing"], longest=20_000)

    def __init__(
        self,
        *arguments: Any,
        ground: Ground,
        consents: Iterable[tuple[str, str]],
        units: Mapping[str, str],
        **more: Any,
    ) -> None:
        super().__init__(*arguments, units=units, **more)
        for name in set(QUESTIONS) - set(ground.demands):
            del self.fields[name]
        empty = ("", said(_("Välj")))
        if CONSENT in self.fields:
            # To whom it may go stands in the consent.
            for name in ("recipient", "recipient_name", "unit"):
                del self.fields[name]
            self.fields[CONSENT].choices = [empty, *consents]  # type: ignore[attr-defined]
            return
        names = in_words(recipients_of(ground))
        self.fields["recipient"].choices = [empty, *names]  # type: ignore[attr-defined]


class DecideForm(SeenForm):
    """The second person's answer."""

    approves = Radio(_("Ditt beslut"), DECISIONS)
    words = CleanLongText(
        _("Varför"), hint=_("Behövs när uppgifterna inte lämnas ut"), required=False, longest=5000
    )
