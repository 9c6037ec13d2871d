"""The facts that contacts leave, kept in step with what the contacts say now.

After every change a case's facts of the years it touched are what a fresh count would give: the
wrong ones are reversed, the right ones written. So the order of corrections never matters.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from ...models import Contact, Fact
from ...queries.opened import OpenCase, OpenContact, content_of
from ...rules import contacts as rules
from ...rules.content import ContactContent
from ..counting import count, reverse
from ..sealing import put

Wanted = dict[str, Any] | None


def recount(
    opened: OpenCase, years: Collection[int], *, only: Collection[UUID] | None = None
) -> None:
    """The facts of the locked case's contacts in these years are true again.

    only: the contacts that are written now; the others keep the classes their person had when
    they were counted, and at most cease or begin to be her first. None: all are counted anew.
    """
    rows = list(opened.case.contacts.filter(on__year__in=set(years)))
    rows.sort(key=lambda row: (row.on, row.logged_at, row.pk))
    says = {row.pk: content_of(row, opened.box, ContactContent) for row in rows}
    first = rules.firsts((row.pk, row.unit, row.on, says[row.pk]) for row in rows)
    stored = _stored(says.values())
    for row in rows:
        wanted = rules.fact_of(
            says[row.pk],
            unit=row.unit,
            on=row.on,
            case=opened.content,
            is_first=row.pk in first,
        )
        if only is not None and row.pk not in only:
            wanted = _as_then(wanted, says[row.pk], stored)
        content = _counted(row, says[row.pk], wanted, stored)
        if content is not says[row.pk]:
            put(row, content, opened.box)
            row.save(update_fields=["sealed"])


def counted_alone(one: OpenContact) -> ContactContent:
    """What a contact without a case says, once it is counted as it now is: never as a first."""
    wanted = rules.fact_of(
        one.content, unit=one.contact.unit, on=one.contact.on, case=None, is_first=False
    )
    return _counted(one.contact, one.content, wanted, _stored([one.content]))


def uncounted(content: ContactContent) -> ContactContent:
    """What the contact says, once every fact of it is taken back."""
    for counted in content.counted:
        reverse(counted)
    return replace(content, counted=())


def _stored(contents: Iterable[ContactContent]) -> dict[str, Fact]:
    """The facts that the contacts remember, by id, in one query."""
    ids = [one.fact for content in contents for one in content.counted if one.kind == rules.CONTACT]
    return {str(pk): fact for pk, fact in Fact.objects.in_bulk(ids).items()} if ids else {}


def _counted(
    row: Contact, content: ContactContent, wanted: Wanted, stored: dict[str, Fact]
) -> ContactContent:
    """The same content when its fact is right; else with the fact that is."""
    hers = [one for one in content.counted if one.kind == rules.CONTACT]
    right = [] if wanted is None else [wanted]
    if [_columns(stored[one.fact], wanted) for one in hers] == right:
        return content
    for one in hers:
        reverse(one)
    kept = tuple(one for one in content.counted if one.kind != rules.CONTACT)
    if wanted is not None:
        classes = {name: value for name, value in wanted.items() if name not in ("year", "month")}
        kept = (*kept, count(on=row.on, **classes))
    return replace(content, counted=kept)


def _as_then(wanted: Wanted, content: ContactContent, stored: dict[str, Fact]) -> Wanted:
    """The columns with the person's classes as they once were counted."""
    hers = [stored[one.fact] for one in content.counted if one.kind == rules.CONTACT]
    if wanted is None or not hers:
        return wanted
    return wanted | {name: getattr(hers[0], name) for name in rules.PERSON}


def _columns(fact: Fact, wanted: Wanted) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in wanted or ()}
