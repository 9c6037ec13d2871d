"""The pages of staff: what each sees, how it is done, what is said when it cannot be."""

from types import SimpleNamespace
from typing import Any

import pytest

from hamn.guards.access import actions as access
from hamn.guards.access.queries import is_member
from hamn.register.staff import actions, queries
from hamn.register.staff.models import Absence, Cover, Post
from hamn.register.staff.rules import AbsenceKind

from .staff_factories import (
    ADULT,
    TODAY,
    cover,
    member,
    newcomer,
    offer,
    save_post,
    text_of,
    url,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

POST = {
    "title": "Socionom A",
    "percent": "75",
    "funding": "shared",
    "qualification": "socionom",
    "starts_on": "2026-01-01",
    "seen": "0",
}


def absent(person: Any, **changed: Any) -> Absence:
    given = {"kind": AbsenceKind.PLANNED, "starts_on": TODAY, "ends_on": None, "seen": 0}
    return actions.save_absence(
        absence_id=None, person_id=person.pk, by=person, **(given | changed)
    )


def test_a_worker_sees_her_own_unit_and_the_head_what_to_do(
    desk: Any, cast: SimpleNamespace
) -> None:
    page = text_of(desk(cast.mika_worker).get(url("overview")))
    assert "Mikamottagningen" in page and "KAST" not in page.replace("Fyren", "")
    unit = desk(cast.mika_worker).get(url("one_unit", "mika"))
    assert "Lägg till befattning" not in text_of(unit)
    head = text_of(desk(cast.mika_head).get(url("one_unit", "mika")))
    assert "Lägg till befattning" in head and "Fråga en ersättare" in head


def test_the_menu_leads_there_for_those_who_have_something_to_see(
    desk: Any, cast: SimpleNamespace
) -> None:
    for who, is_shown in (("mika_worker", True), ("administrator", True), ("reader", False)):
        page = desk(getattr(cast, who)).get("/desk/oversikt/").content.decode()
        assert (f'href="{url("overview")}"' in page) is is_shown


def test_financed_stands_beside_actual(desk: Any, cast: SimpleNamespace) -> None:
    save_post(cast, cast.mika_worker, "mika")
    save_post(cast, None, "mika", percent=50, funding="grant")
    save_post(cast, cast.kast_worker, "kast", funding="provider")
    page = text_of(desk(cast.administrator).get(url("overview")))
    assert "finansierar kommunerna 1 anställningar, och i verkligheten finns 2,5" in page
    unit = text_of(desk(cast.mika_head).get(url("one_unit", "mika")))
    assert "Finansierade av kommunerna 1 " in unit
    assert "1,5, varav 0,5 vakanta" in unit


def test_a_unit_that_nobody_covers_is_warned_about_in_one_sentence(
    desk: Any, cast: SimpleNamespace
) -> None:
    save_post(cast, cast.adult_coordinator, ADULT)
    says = "Ingen ersättare: ingen kan läsa ärendena om adult_coordinator blir sjuk."
    for name, arguments in (("overview", ()), ("one_unit", (ADULT,))):
        assert says in text_of(desk(cast.adult_coordinator).get(url(name, *arguments)))
    cover(cast, cast.child_coordinator, cast.adult_coordinator)
    assert "Ingen ersättare:" not in text_of(desk(cast.adult_coordinator).get(url("overview")))


def test_a_post_is_added_changed_and_given_to_another_on_its_pages(
    desk: Any, cast: SimpleNamespace
) -> None:
    client = desk(cast.mika_head)
    answer = client.post(url("add_post", "mika"), {**POST, "person_id": cast.mika_worker.pk})
    assert answer.status_code == 302
    post = Post.objects.get()
    assert (post.percent, post.person) == (75, cast.mika_worker)
    seen = client.get(url("edit_post", post.pk)).context["form"].initial["seen"]
    changed = {**POST, "person_id": cast.mika_worker.pk, "percent": "80", "seen": seen}
    assert client.post(url("edit_post", post.pk), changed).status_code == 302
    seen = client.get(url("fill_post", post.pk)).context["form"].initial["seen"]
    given = {"person_id": "", "qualification": "", "on": "2026-02-01", "seen": seen}
    assert client.post(url("fill_post", post.pk), given).status_code == 302
    assert Post.objects.filter(person=None, percent=80).exists()
    page = text_of(client.get(url("one_unit", "mika")))
    assert "vakant" in page and "Tidigare och kommande (1)" in page


BAD_POST = {
    "no title": ({"title": " "}, "fyll i fältet"),
    "too long a title": ({"title": "x" * 121}, "texten är för lång"),
    "no percent": ({"percent": "heltid"}, "heltal"),
    "nothing": ({"percent": "0"}, "minst 1"),
    "too much": ({"percent": "101"}, "högst 100"),
    "unknown funding": ({"funding": "lotteri"}, "välj något"),
    "no such day": ({"starts_on": "2026-02-30"}, "inget datum"),
    "ends too early": ({"ends_on": "2025-12-31"}, "före den första"),
    "a stranger": ({"person_id": "999999999"}, "välj något"),
    "no person at all": ({"person_id": "x" * 40}, "välj något"),
    "an educated vacancy": ({"person_id": ""}, "vakant"),
    "no education": ({"qualification": ""}, "Ange utbildningen"),
    "a version that is none": ({"seen": "x"}, "Någon annan har sparat"),
    "a long version": ({"seen": "9" * 90}, "Någon annan har sparat"),
}


@pytest.mark.parametrize(("changed", "says"), BAD_POST.values(), ids=BAD_POST)
def test_a_post_that_cannot_be_right_is_refused_and_stays_in_the_form(
    desk: Any, cast: SimpleNamespace, changed: dict[str, str], says: str
) -> None:
    form = {**POST, "person_id": str(cast.mika_worker.pk), **changed}
    answer = desk(cast.mika_head).post(url("add_post", "mika"), form)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert not Post.objects.exists()
    assert answer.context["form"]["funding"].value() == form["funding"]


def test_the_second_of_two_meets_the_conflict_and_may_go_on_knowingly(
    desk: Any, cast: SimpleNamespace
) -> None:
    post = save_post(cast, cast.mika_worker, "mika")
    client = desk(cast.mika_head)
    form = {**POST, "person_id": cast.mika_worker.pk, "seen": "0", "title": "Min text"}
    met = client.post(url("edit_post", post.pk), form)
    assert met.status_code == 422
    assert "Nu gäller: Socionom A, 100 %" in text_of(met)
    assert met.context["form"]["title"].value() == "Min text"
    again = form | {"seen": met.context["form"]["seen"].value()}
    assert client.post(url("edit_post", post.pk), again).status_code == 302


def test_her_own_absence_is_registered_changed_and_taken_away(
    desk: Any, cast: SimpleNamespace
) -> None:
    client = desk(cast.mika_worker)
    page = client.get(url("add_absence"))
    assert [value for value, _title in page.context["form"].fields["person_id"].choices] == [
        str(cast.mika_worker.pk)
    ]
    form = {
        "person_id": cast.mika_worker.pk,
        "kind": "unplanned",
        "starts_on": "2026-03-02",
        "seen": "0",
    }
    assert client.post(url("add_absence"), form).status_code == 302
    row = Absence.objects.get()
    again = client.post(url("add_absence"), form)
    assert again.status_code == 422 and "finns redan en frånvaro" in text_of(again)
    seen = client.get(url("edit_absence", row.pk)).context["form"].initial["seen"]
    changed = {**form, "ends_on": "2026-03-03", "seen": seen}
    assert client.post(url("edit_absence", row.pk), changed).status_code == 302
    assert client.post(url("withdraw_absence", row.pk), {}).status_code == 302
    assert not Absence.objects.exists()


def test_a_head_chooses_among_her_own_people(desk: Any, cast: SimpleNamespace) -> None:
    form = desk(cast.mika_head).get(url("add_absence")).context["form"]
    chosen = {value for value, _title in form.fields["person_id"].choices}
    people = (cast.mika_head, cast.mika_worker, cast.mika_second)
    assert chosen == {"", *(str(person.pk) for person in people)}
    sent = {"kind": "planned", "starts_on": "2026-03-02", "seen": "0"}
    sent["person_id"] = cast.kast_worker.pk
    assert desk(cast.mika_head).post(url("add_absence"), sent).status_code == 422
    sent["person_id"] = cast.mika_worker.pk
    assert desk(cast.mika_head).post(url("add_absence"), sent).status_code == 302


def test_how_somebody_is_absent_stands_on_no_colleagues_page(
    desk: Any, cast: SimpleNamespace
) -> None:
    absent(cast.mika_worker, kind=AbsenceKind.LONG)
    for name, arguments in (("overview", ()), ("one_unit", ("mika",))):
        page = text_of(desk(cast.mika_second).get(url(name, *arguments)))
        assert "längre, med vikarie" not in page
    assert "borta tills vidare" in text_of(desk(cast.mika_second).get(url("one_unit", "mika")))


def test_a_cover_is_asked_accepted_and_ended_on_its_pages(desk: Any, cast: SimpleNamespace) -> None:
    form = {"person_id": cast.child_coordinator.pk, "starts_on": "2026-01-01", "seen": ""}
    assert desk(cast.administrator).post(url("offer_cover", ADULT), form).status_code == 302
    row = Cover.objects.get()
    hers = desk(cast.child_coordinator)
    assert "frågar om du vill vara ersättare i regionkoordinator vuxna" in text_of(
        hers.get(url("overview"))
    )
    early = hers.post(url("accept_cover", row.pk), {})
    assert early.status_code == 422 and "har inte beslutat än" in text_of(early)
    access.grant_member(membership_id=row.membership_id, by=cast.adult_coordinator)
    assert hers.post(url("accept_cover", row.pk), {}).status_code == 302
    assert is_member(cast.child_coordinator, ADULT)
    page = text_of(desk(cast.adult_coordinator).get(url("one_unit", ADULT)))
    assert "Avsluta child_coordinator" in page and "gäller" in page
    assert hers.post(url("end_cover", row.pk), {}).status_code == 302
    assert not is_member(cast.child_coordinator, ADULT)


def test_a_head_with_nobody_to_ask_is_told_what_to_do(desk: Any, cast: SimpleNamespace) -> None:
    page = text_of(desk(cast.adult_coordinator).get(url("offer_cover", ADULT)))
    assert "Det finns ingen att fråga. Be systemadministratören föreslå en handläggare" in page


BAD_OFFER = {
    "nobody": ({"person_id": ""}, "välj något"),
    "a stranger": ({"person_id": "999999"}, "välj något"),
    "no day": ({"starts_on": ""}, "fyll i fältet"),
    "past": ({"starts_on": "2020-01-01", "ends_on": "2020-02-01"}, "redan varit"),
}


@pytest.mark.parametrize(("changed", "says"), BAD_OFFER.values(), ids=BAD_OFFER)
def test_an_offer_that_cannot_be_is_refused(
    desk: Any, cast: SimpleNamespace, changed: dict[str, str], says: str
) -> None:
    member(cast, newcomer(cast, "second"), ADULT, cast.adult_coordinator)
    member(cast, newcomer(cast), ADULT, cast.adult_coordinator)
    person = cast.adult_coordinator
    people = queries.cover_candidates(person, queries.unit(person, ADULT), on=TODAY)
    form = {"person_id": str(min(people)), "starts_on": "2026-01-01", "seen": "", **changed}
    answer = desk(person).post(url("offer_cover", ADULT), form)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert not Cover.objects.exists()


@pytest.mark.parametrize("who", ["kast_worker", "kast_head", "child_coordinator", "controller"])
def test_another_units_pages_are_not_there(desk: Any, cast: SimpleNamespace, who: str) -> None:
    post, away = save_post(cast, cast.mika_worker, "mika"), absent(cast.mika_worker)
    asked = offer(cast, cast.kast_worker if who != "kast_worker" else cast.mika_worker)
    client = desk(getattr(cast, who))
    for name, arguments in (
        ("one_unit", ("mika",)),
        ("add_post", ("mika",)),
        ("offer_cover", ("mika",)),
        ("edit_post", (post.pk,)),
        ("fill_post", (post.pk,)),
        ("edit_absence", (away.pk,)),
        ("withdraw_absence", (away.pk,)),
        ("accept_cover", (asked.pk,)),
        ("end_cover", (asked.pk,)),
    ):
        assert client.get(url(name, *arguments)).status_code == 404, name
        assert client.post(url(name, *arguments), {}).status_code == 404, name


def test_what_the_pages_cost_does_not_grow_with_rows(
    desk: Any, cast: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(name: str, *arguments: object) -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(url(name, *arguments)).status_code == 200
        return len(found)

    client = desk(cast.mika_head)
    absent(cast.mika_worker)
    save_post(cast, cast.mika_worker, "mika")
    client.get(url("overview"))
    before = cost("overview"), cost("one_unit", "mika")
    for number in range(20):
        person = newcomer(cast, f"new{number}")
        member(cast, person, "mika", cast.mika_head)
        save_post(cast, person, "mika")
        absent(person)
    assert (cost("overview"), cost("one_unit", "mika")) == before
    assert max(before) < 35
