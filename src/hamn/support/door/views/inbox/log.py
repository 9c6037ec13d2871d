"""Who has read a dialogue, written in it and changed it: its part of the trail, for its unit.

The trail's own page shows nothing of dialogues: who runs the system may not know of any. After an
erasure the history begins anew, for the name in the trail died with the key.
"""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.guards.access.queries import titles
from hamn.guards.audit.events import registered
from hamn.guards.audit.queries import entries_on
from hamn.ui.lists import Column, table
from hamn.ui.pages import page
from hamn.ui.words import said

from ...actions.inbox import read_dialogue

if TYPE_CHECKING:
    from hamn.guards.audit.models import Entry

MOST = 200


@permit("door.read")
def dialogue_log(request: HttpRequest, dialogue_id: UUID) -> HttpResponse:
    """The latest of it, the newest first; that she looked stands there too."""
    opened, _messages = read_dialogue(dialogue_id=dialogue_id, by=staff(request), what="log")
    entries = entries_on(opened.box.trail_name)[-MOST:][::-1]
    people = titles({entry.by for entry in entries})
    columns = [
        Column("nar", _("När"), _moment, "moment"),
        Column("vad", _("Vad hände"), lambda row: said(registered()[row.event])),
        Column("vem", _("Vem"), lambda row: people.get(row.by, _("systemet"))),
    ]
    return page(
        request,
        "door/inbox/log.html",
        found=table(entries, columns, caption=_("Loggen")),
        most=MOST,
        back_url=reverse("door:dialogue", args=[dialogue_id]),
    )


def _moment(row: "Entry") -> datetime:
    return datetime.fromisoformat(row.at.replace("Z", "+00:00"))
