"""The list and the page of one agreement: who sees them, and what they say."""

import io
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from hamn.agreement.agreements.events import Event
from hamn.agreement.agreements.models import Agreement
from hamn.agreement.agreements.rules import Status
from hamn.agreement.agreements.tests import agreements_factories as do
from hamn.guards.audit import actions as audit
from hamn.guards.audit.events import registered
from hamn.register.organisations.models import ContactPerson, Party

pytestmark = pytest.mark.slow

Desk = Callable[..., Client]
READS = ("list", "export", "show", "terms")
WRITES = ("draft", "draft_for", "import", "sign", "withdraw")
SEES = {"steward", "controller", "head", "reader"}


def address(name: str, agreement: Agreement) -> str:
    arguments: dict[str, list[object]] = {
        "list": [],
        "draft": [],
        "import": [],
        "export": ["csv"],
        "draft_for": ["0114"],
    }
    return reverse(f"agreements:{name}", args=arguments.get(name, [agreement.pk]))


def ended(count: int) -> None:
    """Agreements of Österåker's past, one after the other."""
    party = Party.objects.get(municipality="0117")
    tariff = Agreement.objects.latest("pk").tariff
    Agreement.objects.bulk_create(
        Agreement(
            party=party,
            tariff=tariff,
            status=Status.ENDED,
            index_base_year=2021,
            starts_on=date(2021, 1, 1),
            notice_received_on=date(2021, 2, 1),
            ends_on=date(2021, 3, 1),
        )
        for _place in range(count)
    )


@pytest.mark.parametrize("who", ["steward", "controller", "head", "reader", "administrator"])
@pytest.mark.parametrize("name", [*READS, *WRITES])
def test_each_role_gets_its_pages_and_404_for_the_others(
    cast: SimpleNamespace, desk: Desk, name: str, who: str
) -> None:
    agreement = do.draft(cast.steward)
    may = SEES if name in READS else {"steward"}
    answer = desk(getattr(cast, who)).get(address(name, agreement))
    assert answer.status_code == (200 if who in may else 404)


@pytest.mark.parametrize("name", ["sign", "give_notice", "withdraw"])
@pytest.mark.parametrize("who", ["controller", "head", "reader", "administrator", "stranger"])
def test_nobody_but_the_steward_moves_an_agreement_by_post(
    cast: SimpleNamespace, desk: Desk, name: str, who: str
) -> None:
    agreement = do.draft(cast.steward)
    answer = desk(getattr(cast, who)).post(address(name, agreement), {"reason": "x"})
    agreement.refresh_from_db()
    assert (answer.status_code, agreement.status) == (404, "draft")


def test_nobody_gets_in_without_signing_in(cast: SimpleNamespace, client: Client) -> None:
    agreement = do.draft(cast.steward)
    for name in (*READS, *WRITES, "give_notice"):
        answer = client.get(address(name, agreement))
        assert answer.status_code == 302, name
        assert answer.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("pk", ["999999", "0", "9" * 40])
def test_an_agreement_that_is_not_there_answers_as_one_that_is_not_yours(
    cast: SimpleNamespace, desk: Desk, pk: str
) -> None:
    for end in ("", "villkor/", "underskrift/", "uppsagning/", "aterkalla/"):
        assert desk(cast.steward).get(f"/desk/avtal/{pk}/{end}").status_code == 404


# The list ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"Österåkers kommun", "Ekerö kommun", "Solna stad"}),
        ({"sok": "österå"}, {"Österåkers kommun"}),
        ({"sok": "ÖSTERÅKER"}, {"Österåkers kommun"}),
        ({"sok": "0125"}, {"Ekerö kommun"}),
        ({"sok": "012"}, {"Ekerö kommun"}),
        ({"sok": "sn 2024"}, {"Solna stad"}),
        ({"sok": "%"}, set()),
        ({"lage": "draft"}, {"Ekerö kommun"}),
        ({"lage": "in_force"}, {"Österåkers kommun"}),
        ({"startar": "2024"}, {"Österåkers kommun"}),
        ({"startar": "2023"}, set()),
        ({"saknas": "underskrift"}, {"Solna stad"}),
        ({"saknas": "fakturering"}, {"Österåkers kommun"}),
        ({"lage": "in_force", "saknas": "underskrift"}, set()),
    ],
)
def test_the_list_shows_what_was_asked_for_and_nothing_else(
    cast: SimpleNamespace, desk: Desk, asked: dict[str, str], found: set[str]
) -> None:
    do.in_state(cast, "in_force")
    Party.objects.filter(municipality="0117").update(buyer_reference="")
    do.draft(cast.steward, "0125")
    do.sign(cast.steward, do.draft(cast.steward, "0184", reference="SN 2024/0043"))
    Party.objects.filter(municipality="0184").update(department="")
    told = do.page_text(desk(cast.reader).get(reverse("agreements:list"), asked))
    table = told[told.find("<table") :] if "<table" in told else ""
    everyone = {"Österåkers kommun", "Ekerö kommun", "Solna stad"}
    assert {name for name in everyone if name in table} == found


@pytest.mark.parametrize(
    ("change", "is_lacking"),
    [
        ({}, False),
        ({"valid_until": date(2021, 12, 31)}, True),
        ({"valid_from": date(2999, 1, 1)}, True),
        ({"role": "mika"}, True),
        ({"role": "faktura"}, False),
    ],
)
def test_the_list_counts_the_same_contacts_as_a_signature_does(
    cast: SimpleNamespace, desk: Desk, change: dict[str, Any], is_lacking: bool
) -> None:
    agreement = do.draft(cast.steward)
    ContactPerson.objects.filter(party=agreement.party).update(**change)
    told = do.page_text(
        desk(cast.reader).get(reverse("agreements:list"), {"saknas": "underskrift"})
    )
    assert ("Österåkers kommun" in told) is is_lacking
    if is_lacking:
        with pytest.raises(Exception, match="saknar: kontaktperson"):
            do.sign(cast.steward, agreement)


@pytest.mark.parametrize(
    "asked",
    [
        {"startar": "ett år"},
        {"startar": "-1"},
        {"startar": "99999999999999999999"},
        {"lage": "okänt"},
        {"saknas": "allt"},
        {"sok": "x" * 5_000},
        {"sok": "\x00"},
        {"sortera": "lösenord"},
        {"efter": "skräp"},
        {"efter": "W251bGwsIDFd", "sortera": "-code"},
    ],
)
def test_a_list_asked_for_with_no_sense_is_still_a_page(
    cast: SimpleNamespace, desk: Desk, asked: dict[str, str]
) -> None:
    do.draft(cast.steward)
    answer = desk(cast.reader).get(reverse("agreements:list"), asked)
    assert answer.status_code in (200, 422)
    assert "Österåkers kommun" in do.page_text(answer)


def test_the_list_is_sorted_in_swedish_order_and_by_start_where_all_have_one(
    cast: SimpleNamespace, desk: Desk, in_force: Callable[..., Any]
) -> None:
    for code, day in (("0117", 5), ("0125", 3), ("0120", 9), ("0184", 1)):
        in_force(code, date(2024, 6, day))
    browser = desk(cast.reader)

    def order(**asked: str) -> list[str]:
        told = do.page_text(browser.get(reverse("agreements:list"), asked))
        names = ("Ekerö", "Solna", "Värmdö", "Österåkers")
        return sorted(names, key=lambda name: told.find(name, told.find("<table")))

    assert order() == ["Ekerö", "Solna", "Värmdö", "Österåkers"]
    assert order(sortera="-municipality") == ["Österåkers", "Värmdö", "Solna", "Ekerö"]
    assert order(lage="in_force", sortera="starts") == ["Solna", "Ekerö", "Österåkers", "Värmdö"]
    # Drafts have no start, so a list with them cannot be sorted by it.
    assert order(sortera="starts") == ["Ekerö", "Solna", "Värmdö", "Österåkers"]


def test_an_empty_list_says_what_to_do(cast: SimpleNamespace, desk: Desk) -> None:
    told = do.page_text(desk(cast.reader).get(reverse("agreements:list")))
    assert "Inga avtal att visa" in told and "läggs det första upp" in told


def test_only_who_may_draft_is_offered_it(cast: SimpleNamespace, desk: Desk) -> None:
    offered = reverse("agreements:draft")
    for who in SEES:
        told = do.page_text(desk(getattr(cast, who)).get(reverse("agreements:list")))
        assert (offered in told) is (who == "steward")


def test_a_long_list_is_shown_a_page_at_a_time_and_loses_none(
    cast: SimpleNamespace, desk: Desk
) -> None:
    do.draft(cast.steward, "0125")
    ended(120)
    browser, url, seen = desk(cast.reader), reverse("agreements:list"), list[str]()
    while url:
        answer = browser.get(url)
        told = do.page_text(answer)
        seen += [part.split("/")[0] for part in told.split('href="/desk/avtal/')[1:]]
        after = answer.context["found"].next_url
        url = reverse("agreements:list") + after if after else ""
    shown = [pk for pk in seen if pk.isdecimal()]
    assert len(shown) == len(set(shown)) == 121


@pytest.mark.parametrize("name", ["list", "export"])
def test_a_list_costs_as_many_queries_for_thirty_as_for_three(
    cast: SimpleNamespace, desk: Desk, django_assert_max_num_queries: Any, name: str
) -> None:
    agreement = do.draft(cast.steward)
    ended(2)
    browser, url = desk(cast.reader), address(name, agreement)
    with django_assert_max_num_queries(100) as three:
        do.page_text(browser.get(url))
    ended(27)
    with django_assert_max_num_queries(len(three)):
        do.page_text(browser.get(url))


def test_the_list_is_exported_as_it_was_filtered(cast: SimpleNamespace, desk: Desk) -> None:
    do.in_state(cast, "under_notice")
    Party.objects.filter(municipality="0117").update(participant_id="")
    do.draft(cast.steward, "0125", reference="=1+1")
    browser = desk(cast.reader)
    url = reverse("agreements:export", args=["csv"])
    assert do.page_text(browser.get(url, {"lage": "under_notice"})) == (
        "municipality_code,name,status,reference,starts_on,notice_received_on,ends_on,"
        "index_base_year,tariff,missing "
        "0117,Österåkers kommun,uppsagt,,2024-06-01,2024-09-10,2024-10-10,2021,"
        '"Avtalsmall 2021, folkmängd 2018",Peppol-id'
    )
    assert ",'=1+1," in do.page_text(browser.get(url))
    answer = browser.get(reverse("agreements:export", args=["xlsx"]))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert [cell.value for cell in sheet["B"]] == ["Kommun", "Österåkers kommun", "Ekerö kommun"]
    assert browser.get(reverse("agreements:export", args=["pdf"])).status_code == 404


# One agreement ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "step"),
    [
        ("draft", "när den första parten har undertecknat"),
        ("signed_by_one", "Anteckna den andra partens underskrift"),
        ("in_force", "Avtalet faktureras i januari varje år"),
        ("under_notice", "Avtalet gäller till och med sista dagen"),
        ("ended", "läggs ett nytt avtal upp"),
        ("withdrawn", "läggs ett nytt avtal upp"),
    ],
)
def test_the_page_says_first_what_to_do_next(
    cast: SimpleNamespace, desk: Desk, status: str, step: str
) -> None:
    agreement = do.in_state(cast, status)
    told = do.page_text(desk(cast.steward).get(address("show", agreement)))
    assert step in told
    assert told.index(step) < told.index("Kommunens del av kostnaden")


@pytest.mark.parametrize(
    ("status", "field", "step"),
    [
        ("draft", "department", "Avtalet kan inte undertecknas förrän de finns"),
        ("in_force", "buyer_reference", "Utan dem kan ingen faktura utfärdas"),
        ("under_notice", "billing_city", "Utan dem kan ingen faktura utfärdas"),
    ],
)
def test_what_is_missing_is_named_with_the_way_to_mend_it(
    cast: SimpleNamespace, desk: Desk, status: str, field: str, step: str
) -> None:
    agreement = do.in_state(cast, status)
    Party.objects.filter(municipality="0117").update(**{field: ""})
    mend = reverse("organisations:edit", args=["0117"])
    told = do.page_text(desk(cast.steward).get(address("show", agreement)))
    assert step in told and mend in told
    told = do.page_text(desk(cast.reader).get(address("show", agreement)))
    assert step in told and mend not in told


def test_a_first_year_offers_the_first_invoice_to_who_may_prepare_it(
    cast: SimpleNamespace, desk: Desk, in_force: Callable[..., Any]
) -> None:
    today = date.today()  # noqa: DTZ011 the page asks the clock too
    agreement = in_force("0117", date(today.year, 1, 2))
    way = f"{reverse('invoicing:prepare', args=[today.year])}?kommun=0117"
    for who, is_offered in (("steward", True), ("controller", True), ("reader", False)):
        told = do.page_text(desk(getattr(cast, who)).get(address("show", agreement)))
        assert (way in told) is is_offered
        assert f"12/12 av {today.year}" in told


def test_the_page_tells_terms_fee_and_both_readings_of_the_index(
    cast: SimpleNamespace, desk: Desk, in_force: Callable[..., Any]
) -> None:
    agreement = in_force("0117", date(2024, 6, 1), base=2024)
    told = do.page_text(desk(cast.reader).get(address("show", agreement)))
    year = date.today().year  # noqa: DTZ011 the page asks the clock too
    assert "76 499 kr om året i prisnivå 2021" in told
    assert "2 % varje år, räknat från 2024" in told
    assert "7/12 av 2024" in told
    assert f"Varför detta belopp {year}?" in told
    assert f"Uppräkning med 2 % per år från 2024 till {year}" in told
    assert told.count("<td role=") >= 20
    for base in (2024, 2021):
        assert f"</span>{base}</td>" in told
    for clause in ("3", "6", "11"):
        assert f"#paragraf-{clause}" in told
    assert f"{reverse('invoicing:list')}?kommun=0117" in told


def test_a_draft_shows_the_fee_it_would_have(cast: SimpleNamespace, desk: Desk) -> None:
    agreement = do.draft(cast.steward, agreed_start=date(2030, 6, 1))
    told = do.page_text(desk(cast.reader).get(address("show", agreement)))
    assert "Räknat på att avtalet börjar gälla 1 juni 2030." in told
    assert "Första avgiften, 7/12 av 2030" in told


def test_an_agreement_that_is_over_has_no_fee_to_come(cast: SimpleNamespace, desk: Desk) -> None:
    agreement = do.in_state(cast, "ended")
    assert "Inga fler avgifter" in do.page_text(desk(cast.reader).get(address("show", agreement)))


def test_the_timeline_tells_who_what_and_why_newest_first(
    cast: SimpleNamespace, desk: Desk
) -> None:
    agreement = do.in_state(cast, "in_force")
    do.notice(cast.steward, agreement, reason="Beslut SN 2024/9")
    told = do.page_text(desk(cast.reader).get(address("show", agreement)))
    history = told[told.index('id="handelser"') :]
    places = [history.index(part) for part in ("Avtalet sades upp.", "En part", "utkast lades upp")]
    assert places == sorted(places)
    assert "agreement_administrator" in history
    assert (
        "av kommunen, mottagen 2024-09-10, sista dag 2024-10-10, skäl: Beslut SN 2024/9" in history
    )
    assert "av anordnaren, digitalt, undertecknat 2024-06-01, gäller från 2024-06-01" in history


def test_what_somebody_typed_is_shown_as_text_and_never_run(
    cast: SimpleNamespace, desk: Desk
) -> None:
    evil = "<script>alert(1)</script>"
    agreement = do.draft(cast.steward, reference=evil, reason=evil)
    Party.objects.filter(municipality="0117").update(department=evil, name=evil)
    for name in ("list", "show", "terms", "sign", "withdraw"):
        answer = desk(cast.steward).get(address(name, agreement))
        assert evil not in do.page_text(answer), name
        assert "&lt;script&gt;" in do.page_text(answer), name


def test_the_print_page_has_the_terms_and_claims_to_be_no_original(
    cast: SimpleNamespace, desk: Desk, in_force: Callable[..., Any]
) -> None:
    agreement = in_force("0117", date(2024, 6, 1), base=2024)
    told = do.page_text(desk(cast.reader).get(address("terms", agreement)))
    assert "Det undertecknade avtalet är originalet." in told
    for part in ("Parter (§ 1)", "Stockholms stad", "402011-7026", "7/12 av 2024", "Socialchef"):
        assert part in told
    # Printed, a closed part would be lost.
    assert told.count("<details") == told.count('<details class="govuk-details" open>') == 2


def test_one_agreement_costs_as_many_queries_with_a_long_history_as_with_a_short(
    cast: SimpleNamespace, desk: Desk, django_assert_max_num_queries: Any
) -> None:
    agreement = do.in_state(cast, "in_force")
    browser, url = desk(cast.reader), address("show", agreement)
    with django_assert_max_num_queries(100) as short:
        browser.get(url)
    event = Event.SIGNED
    assert event.value in registered()
    for person in (cast.steward, cast.controller, cast.head, None) * 7:
        audit.record(event, by=person, on=agreement, reason="")
    with django_assert_max_num_queries(len(short)):
        browser.get(url)
