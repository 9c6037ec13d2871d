"""Posts: how large, who pays, who holds them."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hamn.core.errors import BadInput, _
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit

from .. import queries, rules
from ..events import Event
from ..models import Post

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@transaction.atomic
def save_post(
    *, unit: str, post_id: int | None, fields: Mapping[str, Any], seen: int, by: "Person"
) -> Post:
    """A post of the unit, new (post_id None) or put right.

    fields: title, percent, funding, is_management, person_id, qualification, starts_on, ends_on.
    seen: the version that the page showed; 0 for a new one.
    Raises NotVisible, Changed, and BadInput for what no post can be.
    """
    post = _found(by, unit, post_id)
    permits.require(by, "staff.save_post", post)
    _check_seen(post, seen)
    _check(unit, fields, kept=post.person_id)
    for name, value in fields.items():
        setattr(post, name, value)
    post.version += 1
    post.save()
    audit.record(Event.POST_SAVED, by=by, on=post, **_facts(post))
    return post


@transaction.atomic
def fill_post(
    *, post_id: int, person_id: int | None, qualification: str, on: date, seen: int, by: "Person"
) -> Post:
    """The post as it is held from the day; its row until then ends the day before.

    person_id: None when it becomes vacant. seen: the version that the page showed.
    Raises NotVisible, Changed, and BadInput for a day outside the post's time.
    """
    post = queries.post(by, post_id, is_locked=True)
    permits.require(by, "staff.fill_post", post)
    _check_seen(post, seen)
    rules.check_takes_over_later(post.starts_on, post.ends_on, on)
    _check_holder(post.unit_id, person_id, qualification, kept=post.person_id)
    ends_on, post.ends_on = post.ends_on, on - timedelta(days=1)
    post.version += 1
    post.save(update_fields=["ends_on", "version"])
    after = Post.objects.create(
        unit_id=post.unit_id,
        title=post.title,
        percent=post.percent,
        funding=post.funding,
        is_management=post.is_management,
        person_id=person_id,
        qualification=qualification,
        starts_on=on,
        ends_on=ends_on,
    )
    audit.record(Event.POST_FILLED, by=by, on=after, after=post.pk, **_facts(after))
    return after


def _found(by: "Person", unit: str, post_id: int | None) -> Post:
    if post_id is None:
        return queries.new_post(by, unit)
    return queries.post(by, post_id, is_locked=True)


def _check_seen(post: Post, seen: int) -> None:
    rules.check_version(
        seen,
        post.version,
        _(
            "Någon annan har sparat befattningen sedan du öppnade sidan. Nu gäller: {title}, "
            "{percent} %, från {starts_on}. Sparar du igen ersätter dina uppgifter det."
        ),
        title=post.title,
        percent=post.percent,
        starts_on=post.starts_on,
    )


def _check(unit: str, fields: Mapping[str, Any], *, kept: int | None) -> None:
    rules.check_percent(fields["percent"])
    rules.check_period(fields["starts_on"], fields["ends_on"])
    _check_holder(unit, fields["person_id"], fields["qualification"], kept=kept)


def _check_holder(
    unit: str, person_id: int | None, qualification: str, *, kept: int | None
) -> None:
    """Raise BadInput for a holder outside the unit; one who holds it already may have left."""
    rules.check_held(is_held=person_id is not None, qualification=qualification)
    if person_id not in (None, kept) and person_id not in queries.holders(unit):
        raise BadInput(
            _("Den som får befattningen ska höra till enheten, eller vara föreslagen till den.")
        )


def _facts(post: Post) -> dict[str, object]:
    return {
        "unit": post.unit_id,
        "person": post.person_id,
        "percent": post.percent,
        "funding": post.funding,
        "is_management": post.is_management,
        "qualification": post.qualification,
        "starts_on": post.starts_on,
        "ends_on": post.ends_on,
    }
