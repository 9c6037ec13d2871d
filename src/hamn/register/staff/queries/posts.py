"""Posts, and who can hold them."""

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from hamn.core.errors import NotVisible, _
from hamn.guards.access import queries as access

from ..models import Post
from .seen import unit, visible_codes

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from hamn.guards.access.models import Person


def posts_of(viewer: "Person", code: str, *, on: "date | None" = None) -> list[Post]:
    """The unit's posts, those of the day when one is given, else all there have been.

    Raises NotVisible for a unit that the viewer does not see.
    """
    rows = posts_in([unit(viewer, code).code])
    return list(rows if on is None else held_on(rows, on))


def posts_in(codes: "Collection[str]") -> QuerySet[Post]:
    """The posts of units that the caller has seen to be visible."""
    rows = Post.objects.filter(unit__in=codes).select_related("person")
    return rows.order_by("unit__place", "-is_management", "title", "starts_on", "pk")


def held_on(rows: QuerySet[Post], on: "date") -> QuerySet[Post]:
    """Those of the posts that there are on the day."""
    return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)


def post(viewer: "Person", post_id: int, *, is_locked: bool = False) -> Post:
    """The post, locked until the transaction ends when asked for.

    Raises NotVisible when it is in no unit that the viewer sees.
    """
    rows = Post.objects.filter(pk=post_id, unit__in=visible_codes(viewer))
    found = (rows.select_for_update() if is_locked else rows.select_related("person")).first()
    if found is None:
        raise NotVisible(_("Befattningen finns inte. Gå tillbaka till enheten."))
    return found


def new_post(viewer: "Person", code: str) -> Post:
    """A post of the unit that is not stored yet."""
    return Post(unit=unit(viewer, code), version=0)


def holders(code: str) -> dict[int, str]:
    """Title by id of those who can hold a post: members of the unit and who is proposed to it."""
    rows = access.open_memberships([code])
    return dict(rows.values_list("person_id", "person__title"))
