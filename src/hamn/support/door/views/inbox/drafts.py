"""What staff type in the inbox is kept as a draft, by the same hand as in casework."""

from typing import TYPE_CHECKING

from hamn.support.cases.views.drafts import Kept, kept

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ...forms.inbox import AnswerForm
    from ...models import Dialogue


def kept_with(
    dialogue: "Dialogue", request: "HttpRequest", form: "AnswerForm", *, sent_to: str = ""
) -> Kept:
    """The form as a draft that goes where the dialogue goes, and ends with what it is about.

    sent_to: the view of the form's own page, where it is shown on another.
    """
    return kept(
        request,
        form,
        unit=dialogue.unit,
        case_id=dialogue.case_id,
        mark=str(dialogue.box),
        sent_to=sent_to,
    )
