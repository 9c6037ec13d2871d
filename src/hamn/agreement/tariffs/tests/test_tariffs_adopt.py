"""Adopting a tariff, and keeping its lines as they are once an agreement refers to it."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from hamn.agreement.tariffs import actions, queries
from hamn.agreement.tariffs.models import Tariff, TariffLine, TariffPost
from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.guards.audit.models import Entry

Adopt = Callable[..., Tariff]


@pytest.fixture
def adopt(cast: SimpleNamespace) -> Adopt:
    def make(**changed: Any) -> Tariff:
        terms: dict[str, Any] = {
            "name": "Prov",
            "total_kr": 1_000,
            "posts": {"mika": Decimal(2)},
            "populations": {"0114": 300, "0117": 100},
            "additions": {"0980": 200},
            "population_year": 2024,
            "index_percent": Decimal(2),
            "price_level_year": 2026,
            "valid_from": date(2026, 1, 1),
            "by": cast.controller,
        }
        return actions.adopt(**terms | changed)

    return make


def fees(tariff: Tariff) -> dict[str, int]:
    return dict(tariff.lines.values_list("municipality", "annex_kr"))


def test_a_tariff_has_a_line_for_each_municipality(adopt: Adopt) -> None:
    tariff = adopt()
    assert fees(tariff) == {"0114": 750, "0117": 250, "0980": 500}
    assert tariff.lines.get(is_addition=True).municipality_id == "0980"
    assert (tariff.all_population, tariff.frozen_at) == (400, None)
    assert {post.service: post.posts for post in tariff.posts.all()} == {"mika": 2}


def test_the_centre_s_tariff_is_the_annex(cast: SimpleNamespace) -> None:
    tariff = queries.in_use(cast.reader)
    terms, basis = queries.basis_for(cast.reader, "0117")
    reference_terms, reference_basis = queries.basis_for(None, "0117")
    assert (terms, basis) == (tariff, reference_basis)
    for name in ("total_kr", "population_year", "index_percent", "price_level_year", "valid_from"):
        assert getattr(tariff, name) == getattr(reference_terms, name)
    assert sum(TariffPost.objects.filter(tariff=tariff).values_list("posts", flat=True)) == 5
    assert len(queries.codes_in_use(cast.reader)) == 27


def test_the_latest_tariff_is_the_one_in_use(adopt: Adopt, cast: SimpleNamespace) -> None:
    before = queries.in_use(cast.reader)
    adopt(name="Äldre", valid_from=date(2020, 1, 1))
    assert queries.in_use(cast.reader) == before
    assert queries.in_use(cast.reader) != adopt() == queries.in_use(cast.reader)


def test_a_centre_without_a_tariff_is_told_what_to_do(cast: SimpleNamespace) -> None:
    Tariff.objects.all().delete()
    with pytest.raises(NotVisible, match=r"Ingen taxa är upplagd\. Kör ”hamn setup” först"):
        queries.in_use(cast.reader)


@pytest.mark.parametrize("viewer", ["reader", None], ids=["a centre", "no centre"])
def test_a_municipality_that_the_tariff_lacks_is_refused(
    viewer: str | None, cast: SimpleNamespace
) -> None:
    with pytest.raises(BadInput, match=r"har ingen rad för kommun 1480\. Lägg upp en taxa"):
        queries.basis_for(viewer and getattr(cast, viewer), "1480")


def test_adopting_leaves_an_entry(adopt: Adopt, cast: SimpleNamespace) -> None:
    tariff = adopt()
    entry = Entry.objects.get(on=f"tariffs.tariff:{tariff.pk}")
    assert (entry.event, entry.by) == ("tariffs.adopted", f"access.person:{cast.controller.pk}")
    assert json.loads(entry.facts) == {"total_kr": 1_000, "lines": 3}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"name": "Avtalsmall 2021, folkmängd 2018"}, "Det finns redan en taxa som heter"),
        ({"total_kr": 0}, "totalbelopp kan inte vara 0 kronor. Ange beloppet i hela kronor"),
        ({"total_kr": -5}, "totalbelopp kan inte vara -5 kronor"),
        ({"total_kr": 10**12}, "totalbelopp kan inte vara 1000000000000 kronor"),
        ({"posts": {"kast": 1, "juridik": 1}}, "Tjänsten ”juridik” är okänd. Kända tjänster: mika"),
        ({"populations": {}}, "inga kommuner att dela beloppet på"),
        ({"populations": {"0114": 0}}, "Folkmängden för kommun 0114 ska vara större än noll"),
        ({"additions": {"0980": -1}}, "Folkmängden för kommun 0980 ska vara större än noll"),
        ({"additions": {"0117": 5}}, "Kommun 0117 både delar beloppet och betalar utöver det"),
        ({"index_percent": Decimal(-1)}, "Uppräkningen kan inte vara -1 procent"),
        ({"index_percent": Decimal(1000)}, "Uppräkningen kan inte vara 1000 procent"),
    ],
    ids=lambda value: "" if isinstance(value, str) else str(value)[:40],
)
def test_a_tariff_that_cannot_be_right_is_refused_and_not_stored(
    adopt: Adopt, changed: dict[str, Any], says: str
) -> None:
    before = (Tariff.objects.count(), TariffLine.objects.count(), Entry.objects.count())
    with pytest.raises(BadInput) as refused:
        adopt(**changed)
    assert says in str(refused.value)
    after = (Tariff.objects.count(), TariffLine.objects.count(), Entry.objects.count())
    assert after == before


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("reader", PermissionDenied),
        ("administrator", PermissionDenied),
        ("stranger", NotVisible),
    ],
)
def test_who_may_not_adopt_adopts_nothing(
    adopt: Adopt, cast: SimpleNamespace, who: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        adopt(by=getattr(cast, who))
    assert queries.named("Prov") is None


def test_a_stranger_sees_no_tariff(cast: SimpleNamespace) -> None:
    with pytest.raises(NotVisible):
        queries.in_use(cast.stranger)


def test_freezing_is_recorded_once(adopt: Adopt, cast: SimpleNamespace) -> None:
    tariff = adopt()
    for _time in range(2):
        actions.freeze(tariff, by=cast.steward)
    tariff.refresh_from_db()
    assert tariff.frozen_at is not None
    assert (
        Entry.objects.filter(event="tariffs.frozen", on=f"tariffs.tariff:{tariff.pk}").count() == 1
    )


def line(tariff: Tariff) -> TariffLine:
    return tariff.lines.get(municipality="0117")


def movable(tariff: Tariff) -> TariffLine:
    """A line of another tariff, for a municipality that this one lacks."""
    other = Tariff.objects.exclude(pk=tariff.pk).get()
    return other.lines.get(municipality="0180")


def raw(statement: str) -> Callable[[Tariff], object]:
    def run(tariff: Tariff) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement.format(id=tariff.pk))

    return run


CHANGES: dict[str, Callable[[Tariff], object]] = {
    "ORM insert line": lambda t: TariffLine.objects.create(
        tariff=t, municipality_id="0115", population=1, annex_kr=1
    ),
    "ORM insert post": lambda t: t.posts.create(service="kast", posts=1),
    "ORM bulk insert": lambda t: TariffLine.objects.bulk_create(
        [TariffLine(tariff=t, municipality_id="0115", population=1, annex_kr=1)]
    ),
    "ORM update line": lambda t: t.lines.update(annex_kr=1),
    "ORM save line": lambda t: line(t).save(),
    "ORM update post": lambda t: t.posts.update(posts=9),
    "ORM delete line": lambda t: line(t).delete(),
    "ORM delete post": lambda t: t.posts.all().delete(),
    "ORM update tariff": lambda t: Tariff.objects.filter(pk=t.pk).update(total_kr=1),
    "ORM thaw": lambda t: Tariff.objects.filter(pk=t.pk).update(frozen_at=None),
    "ORM delete tariff": lambda t: t.delete(),
    "ORM move a line out": lambda t: t.lines.filter(municipality="0117").update(
        tariff=adopted_beside(t)
    ),
    "ORM move a line in": lambda t: TariffLine.objects.filter(pk=movable(t).pk).update(tariff=t),
    "SQL insert line": raw(
        "INSERT INTO tariffs_tariffline (tariff_id, municipality_id, population, annex_kr, "
        "is_addition) VALUES ({id}, '0115', 1, 1, false)"
    ),
    "SQL update line": raw("UPDATE tariffs_tariffline SET annex_kr = 1 WHERE tariff_id = {id}"),
    "SQL delete line": raw("DELETE FROM tariffs_tariffline WHERE tariff_id = {id}"),
    "SQL delete post": raw("DELETE FROM tariffs_tariffpost WHERE tariff_id = {id}"),
    "SQL update tariff": raw("UPDATE tariffs_tariff SET index_percent = 0 WHERE id = {id}"),
    "SQL delete tariff": raw("DELETE FROM tariffs_tariff WHERE id = {id}"),
}


def adopted_beside(tariff: Tariff) -> Tariff:
    return Tariff.objects.exclude(pk=tariff.pk).get()


def everything(tariff: Tariff) -> list[list[tuple[Any, ...]]]:
    return [
        list(Tariff.objects.filter(pk=tariff.pk).values_list()),
        list(TariffLine.objects.filter(tariff=tariff).order_by("pk").values_list()),
        list(TariffPost.objects.filter(tariff=tariff).order_by("pk").values_list()),
    ]


@pytest.mark.parametrize("change", CHANGES)
def test_a_frozen_tariff_refuses_every_change(
    adopt: Adopt, cast: SimpleNamespace, change: str
) -> None:
    tariff = adopt()
    actions.freeze(tariff, by=cast.steward)
    before = everything(tariff)
    with pytest.raises(DatabaseError, match="is refused"), transaction.atomic():
        CHANGES[change](tariff)
    assert everything(tariff) == before


# On a tariff that is not frozen these leave no difference to see.
UNSEEN = {"ORM thaw", "ORM save line"}


@pytest.mark.parametrize("change", [name for name in CHANGES if name not in UNSEEN])
def test_a_tariff_that_no_agreement_refers_to_may_still_change(adopt: Adopt, change: str) -> None:
    tariff = adopt()
    if "delete tariff" in change:
        tariff.lines.all().delete()
        tariff.posts.all().delete()
    if "move a line out" in change:
        adopted_beside(tariff).lines.filter(municipality="0117").delete()
    pk, before = tariff.pk, everything(tariff)
    CHANGES[change](tariff)
    assert everything(Tariff(pk=pk)) != before


def test_drafting_an_agreement_freezes_its_tariff(
    cast: SimpleNamespace, in_force: Callable[..., Any]
) -> None:
    assert queries.in_use(cast.reader).frozen_at is None
    in_force("0117", date(2024, 6, 1))
    assert queries.in_use(cast.reader).frozen_at is not None
