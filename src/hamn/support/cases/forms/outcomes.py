"""The form of an outcome follow-up: one question for each measure that is asked there."""

from collections.abc import Iterable
from typing import Any

from hamn.core.errors import _
from hamn.ui.forms import Day, Radio, SeenForm

from ..rules.outcomes import Measure
from .texts import CleanLongText

NOT_ASKED = _("ej tillfrågad")
_PREFIX = "matt_"


class OutcomeForm(SeenForm):
    """What has changed; a question that was not asked counts nowhere."""

    on = Day(_("Dag"), hint=_("Den dag då ni talade om det"))
    words = CleanLongText(_("Med personens egna ord"), required=False, longest=10_000)
    field_order = ("on",)

    def __init__(self, *arguments: Any, measures: Iterable[Measure], **more: Any) -> None:
        super().__init__(*arguments, **more)
        words = self.fields.pop("words")
        for one in measures:
            names = {**one.answers, "": NOT_ASKED}
            self.fields[_PREFIX + one.code] = Radio(one.question, names, required=False)
        self.fields["words"] = words


def read(given: dict[str, Any]) -> dict[str, Any]:
    """The cleaned fields as the action takes them: the answers by code of the measure."""
    answers = {
        name.removeprefix(_PREFIX): answer
        for name, answer in given.items()
        if name.startswith(_PREFIX)
    }
    return {**{k: v for k, v in given.items() if not k.startswith(_PREFIX)}, "answers": answers}


def initial(answers: dict[str, str]) -> dict[str, str]:
    """The answers as the form's fields are named."""
    return {_PREFIX + code: answer for code, answer in answers.items()}
