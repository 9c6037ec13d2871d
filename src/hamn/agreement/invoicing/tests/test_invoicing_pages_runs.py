"""The year's invoicing on screen: who meets which page, and a run from preview to result."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from hamn.agreement.invoicing import actions, queries
from hamn.agreement.invoicing.actions import queue
from hamn.agreement.invoicing.actions.press import Press
from hamn.agreement.invoicing.models import Invoice, InvoiceRun
from hamn.agreement.invoicing.rules import RunState
from hamn.agreement.invoicing.tests import factories

pytestmark = pytest.mark.slow

YEAR = timezone.localdate().year
CODES = factories.CODES[:3]
SEES = ("controller", "steward", "reader", "head", "first")
IN_THE_TREE = {"HX-Request": "true"}


def at(name: str, *arguments: object) -> str:
    if name == "decide":
        code, year = arguments
        return reverse("invoicing:decide", kwargs={"code": code, "year": year})
    return reverse(f"invoicing:{name}", args=arguments)


def text_of(answer: Any) -> str:
    return answer.content.decode().replace("\xa0", " ")


@pytest.fixture
def agreed(in_force: Callable[..., Any]) -> None:
    """Three municipalities whose agreements are in force."""
    factories.sign(in_force, CODES)


@pytest.fixture
def prepared(agreed: None, cast: SimpleNamespace) -> InvoiceRun:
    """The year's run as the controller has prepared it."""
    return actions.prepare_run(year=YEAR, today=timezone.localdate(), by=cast.controller)


@pytest.fixture
def released(prepared: InvoiceRun, cast: SimpleNamespace) -> InvoiceRun:
    """The same, released by the head of unit."""
    return actions.release_run(
        run_id=prepared.pk,
        expected_kr=prepared.expected_kr or 0,
        today=timezone.localdate(),
        by=cast.head,
    )


@pytest.fixture
def work(plain_press: Press) -> Callable[..., InvoiceRun]:
    """A function that does what the worker does with a run."""

    def do(run: InvoiceRun, press: Press = plain_press) -> InvoiceRun:
        return queue.work(run_id=run.pk, press=press, progress=lambda _run: None)

    return do


@pytest.mark.parametrize("who", SEES)
@pytest.mark.parametrize("name", ["runs", "preview", "preview_file", "run", "run_file"])
def test_those_who_see_invoicing_see_every_reading_page(
    who: str, name: str, prepared: InvoiceRun, cast: SimpleNamespace, desk: Any
) -> None:
    arguments = {
        "runs": [],
        "preview": [YEAR],
        "preview_file": [YEAR, "csv"],
        "run": [prepared.pk],
        "run_file": [prepared.pk, "csv"],
    }[name]
    assert desk(getattr(cast, who)).get(at(name, *arguments)).status_code == 200


MAY = {
    "prepare": {"controller", "steward", "first"},
    "decide": {"controller", "first"},
    "release": {"controller", "head", "first"},
    "withdraw_run": {"controller", "steward", "head", "first"},
    "cancel_run": {"controller", "head", "first"},
    "basis": {"controller", "head", "first"},
    "take_back": {"controller", "first"},
    "runs": set(SEES),
    "preview": set(SEES),
    "run": set(SEES),
}
EVERYBODY = (*SEES, "administrator", "stranger")


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("name", sorted(MAY))
def test_a_page_outside_ones_role_is_not_there(
    who: str, name: str, prepared: InvoiceRun, cast: SimpleNamespace, desk: Any
) -> None:
    arguments = {
        "prepare": [YEAR],
        "decide": [CODES[0], YEAR],
        "basis": [YEAR],
        "preview": [YEAR],
        "take_back": [],
        "runs": [],
    }.get(name, [prepared.pk])
    answer = desk(getattr(cast, who)).get(at(name, *arguments))
    assert answer.status_code == (200 if who in MAY[name] else 404)


def test_a_run_that_does_not_exist_is_not_there(cast: SimpleNamespace, desk: Any) -> None:
    for name in ("run", "release", "withdraw_run", "cancel_run"):
        assert desk(cast.first).get(at(name, 4711)).status_code == 404
    assert desk(cast.first).get(at("run_file", 4711, "csv")).status_code == 404


def test_a_file_of_another_form_is_not_there(
    prepared: InvoiceRun, cast: SimpleNamespace, desk: Any
) -> None:
    assert desk(cast.reader).get(at("preview_file", YEAR, "pdf")).status_code == 404
    assert desk(cast.reader).get(at("run_file", prepared.pk, "pdf")).status_code == 404


def test_the_preview_shows_each_municipality_once_with_sum_or_reason(
    agreed: None, cast: SimpleNamespace, desk: Any
) -> None:
    shown = text_of(desk(cast.controller).get(at("preview", YEAR)))
    totals = queries.run_totals(cast.controller, YEAR)
    assert totals.count == len(CODES)
    assert f"{totals.sum_kr:,} kr".replace(",", " ") in shown
    assert f"{totals.other_kr:,} kr".replace(",", " ") in shown
    for plan in queries.preview(cast.controller, year=YEAR):
        assert shown.count(f'{reverse("organisations:show", args=[plan.code])}"') == 1
    assert "12/12" in shown
    assert "Kommunen har inget avtal." in shown


def test_the_preview_leads_to_where_each_hindrance_is_mended(
    in_force: Callable[..., Any], cast: SimpleNamespace, desk: Any
) -> None:
    factories.sign(in_force, CODES)
    factories.mend(cast, CODES[0], billing_street="", billing_code="", billing_city="")
    factories.leave(cast, CODES[1], date(YEAR, 1, 20))
    shown = text_of(desk(cast.first).get(at("preview", YEAR)))
    assert f'href="{reverse("organisations:edit", args=[CODES[0]])}"' in shown
    assert f'href="{at("decide", CODES[1], YEAR)}"' in shown
    assert f'href="{at("prepare", YEAR)}?kommun={CODES[2]}"' in shown
    assert f'href="{reverse("agreements:draft_for", args=["0139"])}"' in shown
    seen_by_reader = text_of(desk(cast.reader).get(at("preview", YEAR)))
    for to in (
        reverse("organisations:edit", args=[CODES[0]]),
        at("decide", CODES[1], YEAR),
        at("prepare", YEAR),
    ):
        assert f'href="{to}' not in seen_by_reader


def test_no_page_tells_its_reader_to_give_a_command(
    in_force: Callable[..., Any], cast: SimpleNamespace, desk: Any, run_year: Callable[..., Any]
) -> None:
    factories.sign(in_force, CODES)
    factories.mend(cast, CODES[0], billing_street="", billing_code="", billing_city="")
    factories.leave(cast, CODES[1], date(YEAR, 1, 20))
    run = run_year(YEAR)
    for to in (at("preview", YEAR), at("run", run.pk), at("decide", CODES[1], YEAR)):
        assert "”hamn " not in text_of(desk(cast.controller).get(to))


def test_the_preview_shows_only_the_outcome_or_municipality_that_is_asked_for(
    agreed: None, cast: SimpleNamespace, desk: Any
) -> None:
    controller = desk(cast.controller)
    shown = text_of(controller.get(at("preview", YEAR), {"utfall": "to_issue"}))
    assert "Kommunen har inget avtal." not in shown
    for wanted in (CODES[0], "upplands v"):
        shown = text_of(controller.get(at("preview", YEAR), {"kommun": wanted}))
        assert reverse("organisations:show", args=[CODES[0]]) in shown
        assert reverse("organisations:show", args=[CODES[1]]) not in shown
    shown = text_of(controller.get(at("preview", YEAR), {"kommun": "Atlantis"}))
    assert "Ingen kommun passar det du valde." in shown


@pytest.mark.parametrize(
    "query",
    ["utfall=x", "kommun=" + "x" * 100, "efter=%00", "efter=9999", "kommun=%C3", "utfall=&efter="],
)
def test_a_changed_address_gives_a_page(
    query: str, agreed: None, cast: SimpleNamespace, desk: Any
) -> None:
    assert desk(cast.reader).get(f"{at('preview', YEAR)}?{query}").status_code in (200, 422)
    assert desk(cast.reader).get(f"{at('runs')}?ar={query}").status_code == 200


def test_a_year_that_is_none_is_not_there(cast: SimpleNamespace, desk: Any) -> None:
    for year in ("0", "26", "99999999", "20x6"):
        assert desk(cast.first).get(f"{at('runs')}{year}/").status_code == 404


@pytest.mark.parametrize("year", [2017, 2101])
def test_an_impossible_year_is_refused_in_words(
    year: int, cast: SimpleNamespace, desk: Any
) -> None:
    for name, arguments in (
        ("preview", [year]),
        ("preview_file", [year, "csv"]),
        ("prepare", [year]),
        ("basis", [year]),
        ("decide", [CODES[0], year]),
    ):
        answer = desk(cast.first).get(at(name, *arguments))
        assert (answer.status_code, "kan inte stämma" in text_of(answer)) == (422, True)


def test_the_preview_turns_its_pages_without_losing_or_repeating_a_municipality(
    agreed: None, cast: SimpleNamespace, desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hamn.agreement.invoicing.views.runs import told

    monkeypatch.setattr(told, "PAGE", 7)
    expected = [plan.code for plan in queries.preview_page(cast.reader, year=YEAR, limit=100)]
    found: list[str] = []
    query = ""
    for _page in range(10):
        answer = desk(cast.reader).get(at("preview", YEAR) + query)
        listing = answer.context["page"]
        found += [row["municipality_code"] for row in listing.things]
        query = listing.next_url
        if not query:
            break
    assert found == expected


def test_the_preview_costs_as_many_queries_for_many_agreements_as_for_few(
    in_force: Callable[..., Any],
    cast: SimpleNamespace,
    desk: Any,
    django_assert_max_num_queries: Any,
) -> None:
    reader = desk(cast.reader)
    factories.sign(in_force, factories.CODES[:2])
    with django_assert_max_num_queries(100) as few:
        reader.get(at("preview", YEAR))
    factories.sign(in_force, factories.CODES[2:])
    with django_assert_max_num_queries(len(few)):
        reader.get(at("preview", YEAR))


def test_a_prepared_run_waits_for_another_person_and_says_so(
    agreed: None, cast: SimpleNamespace, desk: Any
) -> None:
    controller, totals = desk(cast.controller), queries.run_totals(cast.controller, YEAR)
    shown = text_of(controller.get(at("prepare", YEAR)))
    assert f"{totals.sum_kr:,} kr".replace(",", " ") in shown
    assert "inte av dig som förbereder" in shown
    answer = controller.post(
        at("prepare", YEAR), {"seen": f"{totals.count}.{totals.sum_kr}", "way": "documents"}
    )
    run = InvoiceRun.objects.get()
    assert answer.url == at("run", run.pk)
    assert (run.state, run.expected_kr) == (RunState.PREPARED, totals.sum_kr)
    own = text_of(controller.get(at("run", run.pk)))
    assert "Du har själv förberett körningen" in own
    assert at("release", run.pk) not in own
    assert "Du har själv förberett" in text_of(controller.get(at("release", run.pk)))
    steward = text_of(desk(cast.steward).get(at("run", run.pk)))
    assert "väntar på att en controller eller enhetschefen" in steward
    assert at("release", run.pk) in text_of(desk(cast.head).get(at("run", run.pk)))


def test_who_prepared_a_run_cannot_release_it_by_sending_the_form(
    prepared: InvoiceRun, cast: SimpleNamespace, desk: Any
) -> None:
    answer = desk(cast.controller).post(
        at("release", prepared.pk), {"seen": str(prepared.expected_kr)}
    )
    assert (answer.status_code, "själv förberett" in text_of(answer)) == (422, True)
    prepared.refresh_from_db()
    assert prepared.state == RunState.PREPARED


def test_another_person_sees_who_prepared_how_much_and_releases_it(
    prepared: InvoiceRun, cast: SimpleNamespace, desk: Any, work: Callable[..., InvoiceRun]
) -> None:
    head = desk(cast.head)
    shown = text_of(head.get(at("release", prepared.pk)))
    assert "av controller" in shown
    assert f"{prepared.expected_kr:,} kr".replace(",", " ") in shown
    answer = head.post(at("release", prepared.pk), {"seen": str(prepared.expected_kr)})
    assert answer.url == at("run", prepared.pk)
    assert work(prepared).state == RunState.FINISHED
    result = text_of(head.get(at("run", prepared.pk)))
    assert "Utfärdade fakturor: 3." in result
    for number in Invoice.objects.values_list("number", flat=True):
        assert f'href="{reverse("invoicing:show", args=[number])}"' in result


@pytest.mark.parametrize("seen", ["", "1", "-5", "kr", "9" * 90, "²"])
def test_a_release_of_another_sum_than_was_shown_is_refused(
    seen: str, prepared: InvoiceRun, cast: SimpleNamespace, desk: Any
) -> None:
    answer = desk(cast.head).post(at("release", prepared.pk), {"seen": seen})
    assert (answer.status_code, "Underlaget har ändrats" in text_of(answer)) == (422, True)
    prepared.refresh_from_db()
    assert prepared.state == RunState.PREPARED


def test_a_run_whose_ground_has_shifted_shows_the_difference_and_how_to_go_on(
    prepared: InvoiceRun, in_force: Callable[..., Any], cast: SimpleNamespace, desk: Any
) -> None:
    in_force(factories.CODES[4], date(2024, 6, 1))
    shown = text_of(desk(cast.head).get(at("release", prepared.pk)))
    assert "Underlaget har ändrats sedan körningen förbereddes." in shown
    assert "Skillnad" in shown
    assert at("withdraw_run", prepared.pk) in shown


def test_a_run_at_work_shows_its_progress_and_goes_on_to_its_result(
    released: InvoiceRun, cast: SimpleNamespace, desk: Any, work: Callable[..., InvoiceRun]
) -> None:
    reader = desk(cast.reader)
    shown = text_of(reader.get(at("run", released.pk)))
    assert 'id="framsteg"' in shown
    assert "<noscript>" in shown
    part = reader.get(at("run", released.pk), headers=IN_THE_TREE)
    assert "<html" not in text_of(part)
    assert "HX-Refresh" not in part.headers
    work(released)
    part = reader.get(at("run", released.pk), headers=IN_THE_TREE)
    assert part.headers["HX-Refresh"] == "true"
    assert 'id="framsteg"' not in text_of(reader.get(at("run", released.pk)))


def test_the_progress_of_a_run_costs_few_queries(
    released: InvoiceRun, cast: SimpleNamespace, desk: Any, django_assert_max_num_queries: Any
) -> None:
    reader = desk(cast.reader)
    with django_assert_max_num_queries(8):
        reader.get(at("run", released.pk), headers=IN_THE_TREE)


def test_a_run_that_waits_long_or_is_not_heard_of_says_so(
    released: InvoiceRun, cast: SimpleNamespace, desk: Any
) -> None:
    reader, long_ago = desk(cast.reader), timezone.now() - timedelta(hours=1)
    InvoiceRun.objects.update(released_at=long_ago)
    assert "har väntat sedan" in text_of(reader.get(at("run", released.pk)))
    InvoiceRun.objects.update(state=RunState.RUNNING, progressed_at=long_ago)
    assert "inte hörts av sedan" in text_of(reader.get(at("run", released.pk)))


def test_a_cancelled_run_keeps_what_it_issued_and_says_what_is_left(
    released: InvoiceRun, cast: SimpleNamespace, desk: Any
) -> None:
    head = desk(cast.head)
    assert "Avbryt körningen" in text_of(head.get(at("run", released.pk)))
    assert head.post(at("cancel_run", released.pk), {}).url == at("run", released.pk)
    released.refresh_from_db()
    assert released.state == RunState.CANCELLED
    again = head.post(at("cancel_run", released.pk), {})
    assert (again.status_code, "”avbruten”" in text_of(again)) == (422, True)
    assert "redan slutat" in text_of(head.get(at("cancel_run", released.pk)))


def test_a_prepared_run_can_be_put_away_and_prepared_anew(
    prepared: InvoiceRun, cast: SimpleNamespace, desk: Any
) -> None:
    controller = desk(cast.controller)
    assert controller.get(at("withdraw_run", prepared.pk)).status_code == 200
    assert controller.post(at("withdraw_run", prepared.pk), {}).status_code == 302
    assert "togs bort innan" in text_of(controller.get(at("run", prepared.pk)))
    answer = controller.post(at("prepare", YEAR), {"way": "documents"})
    assert answer.url == at("run", InvoiceRun.objects.latest("pk").pk)
