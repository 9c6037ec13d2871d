"""Drafts: what a worker has typed and not saved, sealed every few seconds, hers alone.

Sealing needs no unsealed key, so that a draft is kept also while the unit is locked. Each saving
has a key of its own; the one before goes at once.
"""

import json
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction

from hamn.core.errors import Refusal
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit
from hamn.guards.vault import actions as vault
from hamn.ui import once

from ..events import Event
from ..models import Draft
from ..queries.drafts import FIELD, is_current, place_in, read_token, typed_in, url_of
from ..rules.drafts import address_of, check_size, no_draft, purge_before

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import QueryDict

    from hamn.guards.access.models import Person

    from ..models import Case


@transaction.atomic
def keep_draft(
    *,
    place: str,
    unit: str,
    case_id: UUID | None,
    fields: str,
    by: "Person",
    now: datetime,
    mark: str = "",
) -> Draft:
    """What she has typed at the place, sealed to the unit; it replaces what was kept there.

    fields: the form as it was typed, URL-encoded. Raises NotVisible outside the unit, BadInput
    for more than a form holds, NoDraft when what it is about is gone or another unit's.
    """
    permits.require(by, "cases.write", unit)
    check_size(fields)
    if not is_current(place, unit, mark):
        raise no_draft()
    box = vault.new_box([unit])
    draft, is_new = Draft.objects.select_for_update(of=("self",)).get_or_create(
        owner=by,
        place=place,
        defaults={"unit": unit, "case_id": case_id, "box": box.id, "sealed": b"", "saved_at": now},
    )
    before, draft.box = draft.box, box.id
    draft.sealed = box.seal(place_in(draft), json.dumps(fields).encode())
    draft.saved_at = now
    draft.save(update_fields=["box", "sealed", "saved_at"])
    if is_new:
        audit.record(Event.DRAFT_KEPT, by=by, on=box.trail_name, place=address_of(place).name)
    else:
        vault.discard([before])
    return draft


@transaction.atomic
def throw_draft(*, place: str, by: "Person") -> bool:
    """Whether there was a draft of hers at the place; now there is none."""
    return _throw(Draft.objects.filter(owner=by, place=place)) > 0


def throw_drafts_of(case: "Case") -> None:
    """Nothing typed and not saved is left of a case that another unit takes over."""
    _throw(Draft.objects.filter(case=case))


def throw_drafts_about(case: "Case", record_id: UUID) -> None:
    """Nothing typed and not saved is left of a record of the case that is taken away."""
    _throw(Draft.objects.filter(case=case, place__contains=str(record_id)))


def throw_drafts_at(ids: Collection[UUID]) -> None:
    """Nothing typed and not saved is left of things of the rooms above, which are gone or another
    unit's now.
    """
    gone = {str(one) for one in ids}
    drafts = Draft.objects.exclude(place__startswith="cases:").only("place")
    _throw(
        Draft.objects.filter(
            pk__in=[one.pk for one in drafts if gone & {*address_of(one.place).ids}]
        )
    )


@transaction.atomic
def purge_drafts(*, now: datetime) -> int:
    """How many drafts were older than they are kept, and are gone."""
    count = _throw(Draft.objects.filter(saved_at__lt=purge_before(now)))
    if count:
        audit.record(Event.DRAFTS_PURGED, by=None, count=count)
    return count


def rescue_sent(*, sent: "QueryDict", page: str, now: datetime) -> str:
    """The address at which a form that was sent when her session had ended is gone on with.

    What she had typed becomes her draft, and is laid in there. The form's token names her and the
    place; it was given to her behind the walls, and can do nothing but add to what is hers.
    """
    token = read_token(sent.get(FIELD, ""))
    if token is None or once.person_of(sent.get(once.FIELD, "")) != token.owner:
        return page
    by = get_user_model().objects.filter(pk=token.owner, is_active=True).first()
    if by is None:
        return page
    try:
        draft = keep_draft(
            place=token.place,
            unit=token.unit,
            case_id=token.case_id,
            fields=typed_in(sent),
            by=by,
            now=now,
            mark=token.mark,
        )
    except Refusal:
        return page
    return url_of(token.place, draft.pk)


def _throw(drafts: "QuerySet[Draft]") -> int:
    rows = list(drafts.select_for_update().values_list("pk", "box"))
    Draft.objects.filter(pk__in=[pk for pk, _box in rows]).delete()
    vault.discard([box for _pk, box in rows])
    return len(rows)
