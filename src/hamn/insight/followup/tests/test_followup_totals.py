"""Published totals are entered, corrected and kept."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.guards.audit.models import Entry
from hamn.insight.followup import actions, queries, rules
from hamn.insight.followup.forms import TotalForm
from hamn.insight.followup.models import PublishedTotal
from hamn.insight.followup.tests.figures import NOW, count, known, share
from hamn.support.services import queries as services
from hamn.support.services.actions import load_services

pytestmark = pytest.mark.django_db


def entered(by: Any, figure: rules.Figure | None = None) -> PublishedTotal:
    return actions.enter_total(figure=figure or share(), now=NOW, by=by)


def test_an_entered_total_says_who_entered_it_and_when_and_is_in_the_trail(
    cast: SimpleNamespace,
) -> None:
    row = entered(cast.controller)
    assert (row.entered_by, row.entered_at) == (cast.controller, NOW)
    assert queries.figure_of(row) == share()
    entry = Entry.objects.latest("place")
    assert (entry.event, entry.on) == (
        "followup.total_entered",
        f"followup.publishedtotal:{row.pk}",
    )


def test_a_correction_is_a_row_of_its_own_and_both_are_kept(cast: SimpleNamespace) -> None:
    first = entered(cast.controller)
    second = actions.correct_total(
        total_id=first.pk, figure=share("49"), reason="Felläst.", now=NOW, by=cast.head
    )
    assert list(queries.totals_for(cast.reader)) == [second]
    assert queries.versions(cast.reader, queries.total(cast.reader, first.pk)) == [second, first]
    assert queries.versions(cast.reader, queries.total(cast.reader, second.pk)) == [second, first]
    assert queries.figure_of(first) == share("94")
    assert (second.supersedes, second.reason) == (first, "Felläst.")
    assert Entry.objects.latest("place").event == "followup.total_corrected"


def test_a_total_is_corrected_once_and_its_correction_after_that(cast: SimpleNamespace) -> None:
    first = entered(cast.controller)
    change = {"reason": "Felläst.", "now": NOW, "by": cast.controller}
    second = actions.correct_total(total_id=first.pk, figure=share("49"), **change)
    with pytest.raises(rules.Changed) as refused:
        actions.correct_total(total_id=first.pk, figure=share("50"), **change)
    assert refused.value.code.endswith(".changed")
    third = actions.correct_total(total_id=second.pk, figure=share("50"), **change)
    shown = queries.versions(cast.reader, queries.total(cast.reader, second.pk))
    assert shown == [third, second, first]


@pytest.mark.parametrize(
    ("figure", "reason", "told"),
    [
        (share("49"), "  ", "varför"),
        (share("94"), "Felläst.", "Inget är ändrat"),
        (share("101"), "Felläst.", "mellan 0 och 100"),
    ],
)
def test_a_correction_that_says_nothing_is_refused_and_stores_nothing(
    figure: rules.Figure, reason: str, told: str, cast: SimpleNamespace
) -> None:
    row = entered(cast.controller)
    with pytest.raises(BadInput, match=told):
        actions.correct_total(
            total_id=row.pk, figure=figure, reason=reason, now=NOW, by=cast.controller
        )
    assert PublishedTotal.objects.count() == 1


def test_the_same_source_tells_a_thing_once_and_another_source_may_differ(
    cast: SimpleNamespace,
) -> None:
    entered(cast.controller)
    with pytest.raises(BadInput, match="finns redan från samma källa"):
        entered(cast.controller, share("82"))
    other = entered(cast.controller, share("82", source="En annan påhittad rapport"))
    with pytest.raises(BadInput, match="finns redan från samma källa"):
        actions.correct_total(
            total_id=other.pk, figure=share("82"), reason="Fel källa.", now=NOW, by=cast.controller
        )
    assert queries.totals_for(cast.reader).count() == 2


def test_a_service_that_another_centre_has_made_for_itself_has_published_totals_too(
    cast: SimpleNamespace,
) -> None:
    own = share(service="exempel")
    with pytest.raises(BadInput, match="okänd"):
        actions.enter_total(figure=own, now=NOW, by=cast.controller)
    table = {
        **services.shipped()["mika"],
        "name": "Exempelmottagningen",
        "valid_from": date(2027, 1, 1),
        "refers_to": [],
        "refers_children_to": "",
    }
    load_services(tables={"exempel": table}, by=cast.administrator)
    row = actions.enter_total(figure=own, now=NOW, by=cast.controller)
    assert row.service == "exempel"
    names = TotalForm().fields["service"].choices  # type: ignore[attr-defined]
    assert ("exempel", "Exempelmottagningen") in list(names)


def test_a_total_of_a_year_that_has_not_begun_is_refused(cast: SimpleNamespace) -> None:
    at_new_year = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)  # 2026 in Sweden
    figure = share(from_year=2026, to_year=2026)
    actions.enter_total(figure=figure, now=at_new_year, by=cast.controller)
    with pytest.raises(BadInput, match="till 2026"):
        entered(cast.controller, share(from_year=2027, to_year=2027))


@pytest.mark.parametrize(
    "change", [{"low": 1}, {"source": "annan"}, {"entered_by_id": 1}, {"base": 12}]
)
def test_the_database_refuses_to_change_or_remove_a_total(
    change: dict[str, Any], cast: SimpleNamespace
) -> None:
    row = entered(cast.controller)
    with pytest.raises(DatabaseError), transaction.atomic():
        PublishedTotal.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        PublishedTotal.objects.filter(pk=row.pk).delete()


@pytest.mark.parametrize(
    "wrong",
    [
        {"high": 101},
        {"low": -1},
        {"low": None},
        {"base_state": "known"},
        {"base_state": "none"},
        {"base": 5},
        {"measure": "påhittat"},
        {"residence": "påhittad"},
        {"to_year": 2017},
        {"unit": "words"},
        {"reason": "utan förra"},
    ],
)
def test_the_database_itself_refuses_what_cannot_have_been_published(
    wrong: dict[str, Any], cast: SimpleNamespace
) -> None:
    plain = {name: getattr(share(), name) for name in queries.FIGURE_FIELDS}
    with pytest.raises(IntegrityError), transaction.atomic():
        PublishedTotal.objects.create(**plain | wrong, entered_by=cast.controller, entered_at=NOW)


def test_a_total_that_is_not_there_is_not_visible(cast: SimpleNamespace) -> None:
    with pytest.raises(NotVisible):
        queries.total(cast.reader, 10**9)
    with pytest.raises(NotVisible):
        actions.correct_total(
            total_id=10**9, figure=share(), reason="x", now=NOW, by=cast.controller
        )


def test_a_reader_reads_and_others_do_not_know_of_it(cast: SimpleNamespace) -> None:
    row = entered(cast.head)
    assert queries.total(cast.reader, row.pk) == row
    with pytest.raises(PermissionDenied):
        entered(cast.reader, count())
    for outsider in (cast.steward, cast.administrator, cast.stranger):
        with pytest.raises(NotVisible):
            queries.totals_for(outsider)
        with pytest.raises(NotVisible):
            entered(outsider, count())


def test_totals_are_found_by_measure_service_and_any_year_of_their_period(
    cast: SimpleNamespace,
) -> None:
    clients = entered(cast.controller, count(from_year=2017, to_year=2019))
    stopped = entered(cast.controller)
    assert set(queries.totals_for(cast.reader, year=2018)) == {clients, stopped}
    assert list(queries.totals_for(cast.reader, year=2019)) == [clients]
    assert list(queries.totals_for(cast.reader, measure="stopped_buying")) == [stopped]
    assert list(queries.totals_for(cast.reader, service="mika")) == [clients]


def test_the_share_of_all_is_told_only_where_every_base_is_known(cast: SimpleNamespace) -> None:
    entered(cast.controller, known("90", 10, 2018))
    entered(cast.controller, known("60", 20, 2019))
    assert queries.share_of_all(cast.reader, queries.totals_for(cast.reader)) == 70
    entered(cast.controller, share("50", from_year=2020, to_year=2020))
    with pytest.raises(BadInput, match="okänt"):
        queries.share_of_all(cast.reader, queries.totals_for(cast.reader))
