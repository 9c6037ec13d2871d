"""What a case says of its person is other than it was; its facts, and its contacts', follow."""

from dataclasses import replace
from datetime import date, datetime

from django.utils import timezone

from hamn.support.services.rules import AgeGroup

from ...queries.counted import unit_of
from ...queries.opened import OpenCase
from ...rules.contacts import is_with_its_person
from ...rules.content import CaseContent, ContactContent
from ...rules.details import CLASSES, are_counted_alike
from ..counting import OPENED, count, reverse
from ..opening import save_content
from .facts import recount


def save_recounted(
    opened: OpenCase, content: CaseContent, *, is_correction: bool, now: datetime
) -> None:
    """The locked case's content stored, and the facts of it and its contacts true again."""
    if are_counted_alike(opened.content, content):
        save_content(opened, content, now=now)
        return
    if is_correction:
        content = _counted_anew(opened, content)
    save_content(opened, content, now=now)
    this_year = {timezone.localdate(now).year}
    years = {row.year for row in opened.case.contacts.values_list("on", flat=True)}
    recount(opened, years if is_correction else years & this_year)


def learn(opened: OpenCase, one: ContactContent, *, on: date, now: datetime) -> None:
    """What the contact that is written in the locked case tells of its person, where it lacks it.

    That she is under 18 follows her: the duty to report and the coordinator stand on every page.
    on: the contact's day, on which she was told of her right to apply.
    """
    known = opened.content
    content = known
    if known.age_group == AgeGroup.UNKNOWN and one.age_group == AgeGroup.CHILD:
        content = replace(content, age_group=one.age_group)
    if one.is_informed and known.informed_of_right_on is None:
        content = replace(content, informed_of_right_on=on)
    if content is not known and is_with_its_person(one, known):
        save_recounted(opened, content, is_correction=True, now=now)


def _counted_anew(opened: OpenCase, content: CaseContent) -> CaseContent:
    """The content with the fact of its opening reversed, and written as it says now."""
    openings = [one for one in content.counted if one.kind == OPENED]
    for one in openings:
        reverse(one)
    kept = tuple(one for one in content.counted if one.kind != OPENED)
    classes = {name: getattr(content, name) for name in CLASSES if name != "source"}
    counted = count(
        unit=unit_of(openings) or opened.case.unit,
        on=opened.case.opened_on,
        kind=OPENED,
        detail=content.source,
        **classes,
    )
    return replace(content, counted=(*kept, counted))
