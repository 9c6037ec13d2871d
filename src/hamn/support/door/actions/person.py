"""What a person does in her dialogue beside writing. None of it needs a name, or leaves a trace."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from hamn.core.errors import BadInput, _
from hamn.core.text import clean_text
from hamn.guards.vault.rules import pair_of

from ..models import Dialogue
from ..queries.person import Opened, box_of, has_news_after, reach_box, standing
from ..rules.content import DialogueContent, ReachContent
from ..rules.keys import Derived
from ..rules.words import State
from . import facts
from .dialogues import locked, to_the_hour
from .sealing import put, put_reach

LONGEST_NAME = 60
KINDS = ("notice", "call")


def _changed(opened: Opened, now: datetime, change: Callable[[Opened], list[str]]) -> Opened:
    """The locked dialogue with a change saved; change: makes it and names its fields."""
    made = locked(opened)
    made.dialogue.active_on = timezone.localdate(now)
    made.dialogue.save(update_fields=[*change(made), "active_on"])
    return made


@transaction.atomic
def note_read(opened: Opened, *, shown: int, now: datetime) -> None:
    """She has come back and read what was answered; counted once for each answer.

    shown: the place of the last message on her page. One that has come after it is still unread.
    """
    dialogue = locked(opened).dialogue
    if dialogue.seen_by_person or has_news_after(dialogue, shown):
        return
    dialogue.seen_by_person = True
    dialogue.save(update_fields=["seen_by_person"])
    facts.count(facts.Kind.RETURNED, dialogue, now)


@transaction.atomic
def ask_other_worker(opened: Opened, *, wants: bool, now: datetime) -> Opened:
    """She wants somebody else to answer; or does not any more."""

    def change(made: Opened) -> list[str]:
        made.dialogue.asks_other_worker = wants
        return ["asks_other_worker"]

    return _changed(opened, now, change)


@sensitive_variables("called")
@transaction.atomic
def be_called(opened: Opened, *, called: str, now: datetime) -> Opened:
    """The name she wants to be called by; empty makes her anonymous again.

    Raises BadInput for a name that hides something or is too long.
    """
    name = " ".join(clean_text(called, LONGEST_NAME).split())

    def change(made: Opened) -> list[str]:
        put(made.dialogue, DialogueContent(called=name), made.box)
        made.dialogue.version += 1
        return ["sealed", "version"]

    return _changed(opened, now, change)


@sensitive_variables("content")
@transaction.atomic
def set_reach(opened: Opened, *, kind: str, content: ReachContent, now: datetime) -> Opened:
    """How she wants to be told (notice) or called (call), instead of what she said before.

    It lies in a box of its own, apart from what is written. Raises BadInput for another kind.
    """
    if kind not in KINDS:
        raise BadInput(_("Välj bland det som står i listan."))
    made = _changed(opened, now, lambda _made: [])
    standing(made.dialogue).filter(kind=kind).update(removed_at=to_the_hour(now))
    put_reach(made.dialogue, kind, content, now)
    return made


@transaction.atomic
def remove_reach(opened: Opened, *, kind: str, now: datetime) -> Opened:
    """She does not want to be told or called so any more; what she left is used no more.

    It is erased by the worker process, as soon as a disposal decision lets it.
    """
    made = _changed(opened, now, lambda _made: [])
    standing(made.dialogue).filter(kind=kind).update(removed_at=to_the_hour(now))
    return made


@sensitive_variables("derived", "public")
@transaction.atomic
def change_code(opened: Opened, *, derived: Derived, now: datetime) -> Opened:
    """The dialogue is found and opened by another code from now on, and by the old one no more.

    derived: of the new code, hashed before. What she has left is sealed to the new code too.
    """
    public = pair_of(derived.seed).public

    def change(made: Opened) -> list[str]:
        dialogue = made.dialogue
        dialogue.locator, dialogue.public = derived.locator, public
        dialogue.key_for_person = made.box.key_for_person(public)
        dialogue.is_one_time = False
        return ["locator", "public", "key_for_person", "is_one_time"]

    made = _changed(opened, now, change)
    for reach in standing(made.dialogue):
        reach.key_for_person = reach_box(reach, opened.seed).key_for_person(public)
        reach.save(update_fields=["key_for_person"])
    return Opened(made.dialogue, box_of(made.dialogue, derived.seed), derived.seed)


@transaction.atomic
def ask_erasure(opened: Opened, *, now: datetime) -> Opened:
    """She wants what was written erased and the channel kept; the worker process does it."""

    def change(made: Opened) -> list[str]:
        made.dialogue.erase_asked_at = made.dialogue.erase_asked_at or to_the_hour(now)
        return ["erase_asked_at"]

    return _changed(opened, now, change)


@transaction.atomic
def end_dialogue(opened: Opened, *, wants_erased: bool, now: datetime) -> Dialogue:
    """The dialogue is ended for good: no code finds it any more.

    wants_erased: what was written, too, as far as the disposal decision allows.
    """

    def change(made: Opened) -> list[str]:
        dialogue = made.dialogue
        dialogue.state, dialogue.locator = State.ENDED, None
        dialogue.waits_since = dialogue.answer_by = None
        if wants_erased:
            dialogue.erase_asked_at = dialogue.erase_asked_at or to_the_hour(now)
        return ["state", "locator", "waits_since", "answer_by", "erase_asked_at"]

    made = _changed(opened, now, change)
    standing(made.dialogue).update(removed_at=to_the_hour(now))
    facts.count(facts.Kind.ENDED, made.dialogue, now)
    return made.dialogue
