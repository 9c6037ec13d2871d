"""The desk's own pages: overview, trail, help, components; each role sees its own."""

import csv
import io
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from hamn.agreement.agreements import actions as agreements
from hamn.agreement.invoicing import actions as invoicing
from hamn.guards.audit.events import registered
from hamn.guards.audit.models import Entry
from hamn.site.desk import year as year_page
from hamn.site.desk.clauses import CLAUSES
from hamn.site.desk.entries import THINGS, thing_from_words, thing_in_words
from hamn.site.desk.trail import ROOMS, rooms_of_events
from hamn.ui.components import component


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def year(in_force: Any, run_year: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Österåker and Tyresö in force, 2026 invoiced, today 1 February 2026."""
    in_force("0117", date(2024, 6, 1))
    in_force("0138", date(2024, 6, 1))
    run_year(2026)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_more: date(2026, 2, 1))


def test_the_overview_tells_the_years_money_and_who_has_an_agreement(
    cast: SimpleNamespace, desk: Any, year: None
) -> None:
    answer = desk(cast.controller).get(reverse("desk:overview"))
    facts = answer.context
    assert (facts["affiliated"], facts["possible"]) == (2, 26)
    money = facts["money"]
    assert (money.count, money.to_invoice_kr, money.overdue) == (2, 0, 0)
    assert money.invoiced_kr + money.borne_kr == money.cost_kr
    assert text(answer).count('class="hamn-map__area hamn-map__area--in-force"') >= 2
    assert [row[0][2].text for row in facts["standings"].rows][:2] == ["Botkyrka", "Danderyd"]


def test_what_waits_to_be_invoiced_is_not_told_as_the_providers_cost(
    cast: SimpleNamespace, desk: Any, in_force: Any, run_year: Any
) -> None:
    in_force("0117", date(2024, 6, 1))
    before = year_page.money(
        cast.controller, date(2026, 1, 2), year_page.plans_of(cast.controller, ["0117"], 2026)
    )
    run_year(2026)
    after = year_page.money(
        cast.controller, date(2026, 1, 20), year_page.plans_of(cast.controller, ["0117"], 2026)
    )
    assert before.to_invoice_kr == after.invoiced_kr > 0
    assert before.borne_kr == after.borne_kr


def test_an_unpaid_invoice_past_its_day_is_told_first(
    cast: SimpleNamespace, desk: Any, year: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_more: date(2026, 5, 1))
    money = desk(cast.controller).get(reverse("desk:overview")).context["money"]
    assert (money.overdue, money.overdue_kr) == (2, money.invoiced_kr)


def test_the_overview_tells_what_falls_due_this_month(
    cast: SimpleNamespace, desk: Any, year: None
) -> None:
    due = desk(cast.controller).get(reverse("desk:overview")).context["due"]
    assert [row[2][2] for row in due.rows] == [date(2026, 2, 14)] * 2


@pytest.mark.parametrize(
    ("role", "sees", "does_not_see"),
    [
        ("controller", {"money", "map", "missing", "due"}, {"people"}),
        ("steward", {"money", "map", "missing", "due"}, {"people"}),
        ("head", {"money", "map", "due"}, {"people", "missing"}),
        ("reader", {"money", "map", "due"}, {"people", "missing"}),
        ("administrator", {"people"}, {"money", "map", "missing", "due"}),
    ],
)
def test_each_role_sees_its_own_overview(
    cast: SimpleNamespace, desk: Any, role: str, sees: set[str], does_not_see: set[str]
) -> None:
    answer = desk(getattr(cast, role)).get(reverse("desk:overview"))
    shown = set(answer.context.keys())
    assert sees <= shown
    assert not does_not_see & shown


def test_events_of_rooms_that_a_role_may_not_see_are_not_on_its_overview(
    cast: SimpleNamespace, desk: Any, year: None
) -> None:
    page = text(desk(cast.administrator).get(reverse("desk:overview")))
    assert registered()["invoicing.issued"] not in page
    assert registered()["invoicing.run_ended"] in text(
        desk(cast.reader).get(reverse("desk:overview"))
    )


def test_a_prepared_run_waits_for_those_who_may_release_it_and_not_for_its_preparer(
    cast: SimpleNamespace, desk: Any, in_force: Any
) -> None:
    in_force("0117", date(2024, 6, 1))
    run = invoicing.prepare_run(year=2026, today=date(2026, 1, 15), by=cast.controller)
    link = reverse("invoicing:release", args=[run.pk])
    assert link in text(desk(cast.head).get(reverse("desk:overview")))
    for person in (cast.controller, cast.steward, cast.reader):
        assert link not in text(desk(person).get(reverse("desk:overview")))


def test_a_draft_waits_for_the_one_who_signs(cast: SimpleNamespace, desk: Any) -> None:
    draft = agreements.draft(
        code="0117", index_base_year=None, agreed_start=None, reference="", by=cast.steward
    )
    link = reverse("agreements:show", args=[draft.pk])
    waiting = desk(cast.steward).get(reverse("desk:overview")).context["steps"]
    assert [one.url for one in waiting] == [link]
    assert desk(cast.reader).get(reverse("desk:overview")).context["steps"] == []


def test_the_overview_asks_the_database_as_often_for_two_agreements_as_for_ten(
    cast: SimpleNamespace, desk: Any, in_force: Any, django_assert_max_num_queries: Any
) -> None:
    client = desk(cast.controller)
    in_force("0117", date(2024, 6, 1))
    client.get(reverse("desk:overview"))
    for code in ("0138", "0120", "0123", "0126", "0127", "0136", "0160", "0162"):
        in_force(code, date(2024, 6, 1))
    with django_assert_max_num_queries(30):
        client.get(reverse("desk:overview"))


def test_the_trail_is_found_by_room_person_thing_and_day(
    cast: SimpleNamespace, desk: Any, year: None
) -> None:
    client, address = desk(cast.controller), reverse("desk:trail")
    some = Entry.objects.filter(event="agreements.signed").first()
    assert some is not None
    for asked, event in (
        ({"rum": "tariffs"}, "tariffs."),
        ({"pa": thing_in_words(some.on)}, "agreements."),
        ({"pa": some.on}, "agreements."),
    ):
        found = client.get(address, asked).context["listing"].things
        assert found and all(one.event.startswith(event) for one in found), asked
    people = client.get(address, {"person": "agreement_admin"}).context["listing"].things
    assert {one.by for one in people} == {f"access.person:{cast.steward.pk}"}
    today = {"fran_ar": "2001", "fran_manad": "1", "fran_dag": "1"}
    assert client.get(address, {**today, "till": "2001-02-01"}).context["listing"].rows == []


def test_the_trail_says_things_in_words_that_are_understood_again(db: None) -> None:
    for kind in THINGS:
        assert thing_from_words(thing_in_words(f"{kind}:7")) == f"{kind}:7"
    assert thing_from_words("okänt:5") == "okänt:5"


def test_every_room_that_writes_in_the_trail_has_a_name_there() -> None:
    assert rooms_of_events() == set(ROOMS)


def test_the_trail_is_saved_with_its_hashes_and_no_formula(
    cast: SimpleNamespace, desk: Any, year: None
) -> None:
    address = reverse("desk:export_trail", args=["csv"])
    answer = desk(cast.administrator).get(address, {"rum": "agreements"})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert len(rows) == Entry.objects.filter(event__startswith="agreements.").count()
    assert all(len(row["hash"]) == 64 for row in rows)
    assert desk(cast.controller).get(reverse("desk:export_trail", args=["pdf"])).status_code == 404


def test_a_verification_is_started_worked_off_and_told(
    cast: SimpleNamespace, desk: Any, year: None, hamn: Any
) -> None:
    client = desk(cast.controller)
    address = client.post(reverse("desk:verify_trail")).headers["Location"]
    assert "Kontrollen pågår" in text(client.get(address))
    part = client.get(address, headers={"HX-Request": "true"})
    assert "<html" not in text(part)
    _work_off()
    whole = text(client.get(address))
    assert "poster är kontrollerade" in whole
    assert "Filen med sparade ändar saknas" in whole  # this centre has exported none
    assert client.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_a_verification_that_is_gone_is_not_there(cast: SimpleNamespace, desk: Any) -> None:
    address = reverse("desk:verified_trail", args=["00000000-0000-0000-0000-000000000000"])
    assert desk(cast.controller).get(address).status_code == 404


def test_every_clause_that_a_page_links_to_is_explained(cast: SimpleNamespace, desk: Any) -> None:
    page = text(desk(cast.reader).get(reverse("desk:help")))
    for clause in CLAUSES:
        assert f'id="paragraf-{clause.number}"' in page
    assert [clause.number for clause in CLAUSES] == [str(number) for number in range(1, 12)]


def test_every_component_is_shown_with_its_code(cast: SimpleNamespace, desk: Any) -> None:
    answer = desk(cast.reader).get(reverse("desk:components"))
    assert answer.status_code == 200
    for one in answer.context["examples"]:
        assert f'id="{one.anchor}"' in text(answer)
        assert one.code


@pytest.mark.parametrize("name", ["button", "tag", "notification-banner", "inset-text", "panel"])
def test_no_component_lets_markup_through(name: str) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    drawn = component(name, {"text": hostile, "titleText": hostile, "href": hostile})
    assert "<img" not in drawn


def _work_off() -> None:
    from hamn.site.tasks import verify_trail

    (waiting,) = DBTaskResult.objects.filter(task_path=verify_trail.module_path)
    waiting.claim("test")
    waiting.set_successful(verify_trail.func())
