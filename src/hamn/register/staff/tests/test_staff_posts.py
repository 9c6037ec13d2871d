"""Posts: saved, put right, given to another; history kept; two at once see the conflict."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.guards.access import actions as access
from hamn.register.staff import actions, queries
from hamn.register.staff.models import Post
from hamn.register.staff.rules import Changed, Funding, Qualification

from .staff_factories import TODAY, post_fields, save_post, told

pytestmark = pytest.mark.django_db


def change(post: Post, by: Any, *, seen: int | None = None, **changed: Any) -> Post:
    fields = post_fields(post.person, **changed)
    return actions.save_post(
        unit=post.unit_id,
        post_id=post.pk,
        fields=fields,
        seen=post.version if seen is None else seen,
        by=by,
    )


@pytest.mark.parametrize("who", ["administrator", "mika_head"])
def test_a_post_is_saved_by_its_units_head_or_an_administrator(
    cast: SimpleNamespace, who: str
) -> None:
    by = getattr(cast, who)
    post = actions.save_post(
        unit="mika", post_id=None, fields=post_fields(cast.mika_worker), seen=0, by=by
    )
    assert queries.posts_of(cast.mika_worker, "mika", on=TODAY) == [post]
    assert told("post_saved")[-1][2] == {
        "unit": "mika",
        "person": cast.mika_worker.pk,
        "percent": 100,
        "funding": "shared",
        "is_management": False,
        "qualification": "socionom",
        "starts_on": "2026-01-01",
        "ends_on": None,
    }


@pytest.mark.parametrize("who", ["mika_worker", "kast_head", "controller", "stranger"])
def test_nobody_else_saves_or_fills_a_post(cast: SimpleNamespace, who: str) -> None:
    post, by = save_post(cast, None, "mika"), getattr(cast, who)
    refused = PermissionDenied if who == "mika_worker" else NotVisible
    for post_id in (None, post.pk):
        with pytest.raises(refused):
            actions.save_post(unit="mika", post_id=post_id, fields=post_fields(), seen=1, by=by)
    with pytest.raises(refused):
        actions.fill_post(
            post_id=post.pk, person_id=None, qualification="", on=TODAY, seen=2, by=by
        )


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no time at all": ({"percent": 0}, "mellan 1 och 100"),
    "more than full time": ({"percent": 101}, "mellan 1 och 100"),
    "ends before it begins": ({"ends_on": date(2025, 12, 31)}, "före den första"),
    "a holder of no education": ({"qualification": ""}, "Ange utbildningen"),
    "an educated vacancy": ({"person_id": None}, "vakant"),
}


@pytest.mark.parametrize(("changed", "says"), WRONG.values(), ids=WRONG)
def test_a_post_that_cannot_be_is_refused(
    cast: SimpleNamespace, changed: dict[str, Any], says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        save_post(cast, cast.mika_worker, "mika", **changed)
    assert not Post.objects.exists()


def test_a_post_is_held_by_somebody_of_the_unit(cast: SimpleNamespace) -> None:
    for person_id in (cast.kast_worker.pk, 10**9):
        with pytest.raises(BadInput, match="höra till enheten"):
            save_post(cast, None, "mika", person_id=person_id, qualification=Qualification.SOCIONOM)


def test_of_two_who_save_at_once_the_second_is_told_what_holds_now(cast: SimpleNamespace) -> None:
    post = save_post(cast, cast.mika_worker, "mika")
    change(post, cast.mika_head, title="Socionom B", percent=75)
    with pytest.raises(Changed, match="Socionom B, 75 %, från 2026-01-01"):
        change(post, cast.administrator, seen=post.version, title="Socionom C")
    now = queries.post(cast.mika_head, post.pk)
    assert (now.title, now.version) == ("Socionom B", post.version + 1)


def test_a_new_holder_begins_where_the_old_one_ended_and_history_stays(
    cast: SimpleNamespace,
) -> None:
    post = save_post(cast, cast.mika_worker, "mika", ends_on=date(2026, 12, 31))
    after = actions.fill_post(
        post_id=post.pk,
        person_id=cast.mika_second.pk,
        qualification=Qualification.OTHER,
        on=TODAY,
        seen=post.version,
        by=cast.mika_head,
    )
    post.refresh_from_db()
    assert (post.person, post.ends_on) == (cast.mika_worker, date(2026, 3, 1))
    assert (after.person, after.starts_on, after.ends_on) == (
        cast.mika_second,
        TODAY,
        date(2026, 12, 31),
    )
    assert queries.posts_of(cast.mika_head, "mika", on=TODAY) == [after]
    assert queries.posts_of(cast.mika_head, "mika", on=date(2026, 3, 1)) == [post]
    assert told("post_filled")[-1][2]["after"] == post.pk


def test_a_post_becomes_vacant_and_is_still_counted(cast: SimpleNamespace) -> None:
    post = save_post(cast, cast.mika_worker, "mika")
    actions.fill_post(
        post_id=post.pk,
        person_id=None,
        qualification="",
        on=TODAY,
        seen=post.version,
        by=cast.mika_head,
    )
    found = queries.staffing(cast.mika_head, TODAY)[0].staffing
    assert (found.financed, found.actual, found.vacant) == (100, 100, 100)


@pytest.mark.parametrize("on", [date(2025, 12, 31), date(2026, 1, 1), date(2027, 1, 1)])
def test_a_new_holder_begins_within_the_posts_time(cast: SimpleNamespace, on: date) -> None:
    post = save_post(cast, None, "mika", ends_on=date(2026, 12, 31))
    with pytest.raises(BadInput, match="inte inom befattningens tid"):
        actions.fill_post(
            post_id=post.pk,
            person_id=None,
            qualification="",
            on=on,
            seen=post.version,
            by=cast.mika_head,
        )
    assert Post.objects.count() == 1


def test_financed_and_actual_are_kept_side_by_side(cast: SimpleNamespace) -> None:
    save_post(cast, cast.mika_worker, "mika")
    save_post(cast, None, "mika", percent=50, funding=Funding.GRANT)
    save_post(cast, cast.mika_head, "mika", percent=50, is_management=True)
    save_post(cast, cast.kast_worker, "kast", funding=Funding.PROVIDER)
    found = {one.unit.code: one.staffing for one in queries.staffing(cast.administrator, TODAY)}
    assert (found["mika"].financed, found["mika"].actual) == (100, 150)
    assert (found["kast"].financed, found["kast"].actual) == (0, 100)
    past = {one.unit.code: one.staffing for one in queries.staffing(cast.first, date(2025, 1, 1))}
    assert past["mika"].actual == 0


def test_one_who_has_left_the_unit_stays_in_the_post_that_is_put_right(
    cast: SimpleNamespace,
) -> None:
    post = save_post(cast, cast.mika_worker, "mika")
    row = cast.mika_worker.memberships.get(unit="mika")
    access.end_member(membership_id=row.pk, by=cast.mika_head)
    kept = change(post, cast.mika_head, ends_on=date(2026, 2, 28))
    assert (kept.person, kept.ends_on) == (cast.mika_worker, date(2026, 2, 28))


def test_the_database_itself_refuses_what_no_action_does(cast: SimpleNamespace) -> None:
    post = save_post(cast, cast.mika_worker, "mika")
    wrong: list[dict[str, Any]] = [
        {"percent": 0},
        {"percent": 101},
        {"funding": "lotteri"},
        {"qualification": ""},
        {"person": None},
        {"ends_on": date(2025, 1, 1)},
    ]
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Post.objects.filter(pk=post.pk).update(**fields)


@pytest.mark.parametrize("pk", [0, -1, 10**9, 10**30])
def test_a_post_that_does_not_exist_is_not_visible(cast: SimpleNamespace, pk: int) -> None:
    with pytest.raises(NotVisible):
        queries.post(cast.administrator, pk)
