"""Forms of referrals."""

from collections.abc import Iterable
from typing import Any

from hamn.core.errors import _
from hamn.ui.forms import Boxes, Choice, Day, Radio, SeenForm
from hamn.ui.words import said

from ..rules.referrals import (
    RECIPIENTS,
    REFERRAL_OUTCOMES,
    REFERRAL_WAYS,
    TAKEN_BACK,
    TO_OTHERS,
)
from .consents import RecipientForm
from .texts import CleanLongText, CleanText

_NAME = _("Vilken mottagning, myndighet eller förening")
_UNIT = _("Vilken enhet hos oss, om det är en av dem")
ACCEPTS = {"yes": _("tar emot"), "no": _("avböjer")}
Choices = Iterable[tuple[str, str]]


class ReferralForm(RecipientForm, SeenForm):
    """A referral that is being prepared."""

    counterpart = Choice(_("Till vem?"), RECIPIENTS, empty=_("Välj"))
    counterpart_name = CleanText(_NAME, required=False, longest=200)
    unit = Choice(_UNIT, {}, required=False)
    purpose = Choice(_("Ändamål"), TO_OTHERS)
    way = Radio(_("Hur går det till?"), REFERRAL_WAYS)
    text = CleanLongText(
        _("Det vi vill säga i remissen"),
        hint=_("Skriv bara det som mottagaren behöver för ändamålet"),
        required=False,
        longest=20_000,
    )
    wish = CleanText(_("Vad vi ber mottagaren om"), required=False, longest=500)


class CorrectReferralInForm(RecipientForm, SeenForm):
    """A referral that had come in, as it should have been noted."""

    on = Day(_("Dag då den kom"))
    counterpart = Choice(_("Från vem?"), RECIPIENTS, empty=_("Välj"))
    counterpart_name = CleanText(_NAME, required=False, longest=200)
    unit = Choice(_UNIT, {}, required=False)
    text = CleanLongText(_("Vad remissen säger och ber om"), longest=20_000)


class ReferralInForm(CorrectReferralInForm):
    """A referral that has come in."""

    answer_by = Day(_("Påminn om svar den"), required=False)


class BasisForm(SeenForm):
    """On what something leaves; `bases` are consents and decisions, by kind and id."""

    def __init__(self, *arguments: Any, bases: Choices, **more: Any) -> None:
        super().__init__(*arguments, **more)
        empty = ("", said(_("Inget")))
        self.fields["basis"].choices = [empty, *bases]  # type: ignore[attr-defined]


class SendForm(BasisForm):
    """What of the case goes along, none of it chosen beforehand."""

    chosen = Boxes(_("Vad ur ärendet ska med?"), {}, required=False)
    basis = Choice(_("Samtycke eller beslut som låter det gå"), {}, required=False)
    answer_by = Day(_("Påminn om svar den"), required=False)

    def __init__(self, *arguments: Any, pieces: Choices, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["chosen"].choices = list(pieces)  # type: ignore[attr-defined]


class AnswerForm(SeenForm):
    """What the recipient answered."""

    on = Day(_("Dag för svaret"))
    accepts = Radio(_("Mottagaren"), ACCEPTS)
    answer = CleanLongText(_("Svaret"), required=False, longest=20_000)
    due_on = Day(_("Följ upp den"), required=False)


class AnswerInForm(BasisForm):
    """What we answer to a referral that came in."""

    on = Day(_("Dag för svaret"))
    accepts = Radio(_("Vi"), ACCEPTS)
    answer = CleanLongText(_("Vad vi kom fram till"), required=False, longest=20_000)
    told_back = CleanLongText(
        _("Vad vi säger till den som skickade remissen"),
        hint=_("Också att personen har kontakt med oss är en uppgift om hen"),
        required=False,
        longest=20_000,
    )
    basis = Choice(_("Samtycke eller beslut som låter oss svara"), {}, required=False)
    due_on = Day(_("Följ upp den"), required=False)


class EndForm(SeenForm):
    """What came of a referral."""

    on = Day(_("Dag"))
    outcome = Radio(_("Hur gick det?"), REFERRAL_OUTCOMES)
    words = CleanLongText(_("Mer om det"), required=False, longest=5000)


class TakeBackForm(SeenForm):
    """Why a referral is taken back."""

    why = Radio(_("Varför tas den tillbaka?"), TAKEN_BACK)
