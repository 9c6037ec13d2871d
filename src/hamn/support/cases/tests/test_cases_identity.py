"""How much a person is known: her choice, both ways; nothing earlier is filled in."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hamn.core.errors import BadInput, NotVisible
from hamn.guards.vault import actions as vault
from hamn.guards.vault import queries as vaults
from hamn.guards.vault.rules import IndexKind
from hamn.support.cases import actions
from hamn.support.cases.models import Contact, ContactDetails, Record
from hamn.support.cases.queries.details import identity_changes
from hamn.support.cases.queries.opened import content_of
from hamn.support.cases.queries.timeline import timeline
from hamn.support.cases.rules.content import CaseContent, ContactContent
from hamn.support.cases.rules.details import Details, NothingKept
from hamn.support.cases.rules.identity import changed, level_at
from hamn.support.cases.rules.notes import Identity
from hamn.support.cases.rules.states import Changed, ClosedToYou
from hamn.support.services.rules import IdentityNeeded

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NUMBER = "19900101-0017"
NAME = "Påhittad Ekblad"


def read(case: Any, by: Any, now: datetime) -> Any:
    return actions.read_case(case_id=case.case.pk, what="test", by=by, now=now)


def choose(case: Any, by: Any, now: datetime, level: str, **more: Any) -> Any:
    seen = read(case, by, now).case.version
    given = {"called": "", "number": "", "seen": seen, **more}
    return actions.choose_identity(case_id=case.case.pk, level=level, by=by, now=now, **given)


def log(case: Any, by: Any, now: datetime, **more: Any) -> Any:
    content = ContactContent(**{"channel": "visit", "kind": "counselling", **more})
    return actions.log_contact(
        service="mika", on=now.date(), content=content, case_id=case.case.pk, by=by, now=now
    )


def test_going_named_leaves_what_was_written_before_as_it_was(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case, by = open_case(), cast.mika_worker
    note = actions.write_note(
        case_id=case.case.pk, text="Kvinnan vid kajen", title="", on=now.date(), by=by, now=now
    )
    before = bytes(note.sealed)
    named = choose(case, by, now, "named", called=NAME, number=NUMBER).content
    assert (named.called, named.personal_number, named.named_on) == (
        NAME,
        "199001010017",
        now.date(),
    )
    note.refresh_from_db()
    assert bytes(note.sealed) == before
    entries = timeline(read(case, by, now))
    changes = identity_changes(entries)
    written: Any = next(one.row for one in entries if one.row.pk == note.pk)
    assert level_at(changes, written.written_at, current="named") == "anonymous"
    assert level_at(changes, timezone.now(), current="named") == "named"


def test_the_timeline_says_how_little_was_known_when_a_note_was_written(
    open_case: Any, cast: SimpleNamespace, now: datetime, desk: Any
) -> None:
    case, by = open_case(), cast.mika_worker
    note = {"case_id": case.case.pk, "title": "", "on": now.date(), "by": by, "now": now}
    actions.write_note(text="Före", **note)
    choose(case, by, now, "named", called=NAME)
    actions.write_note(text="Efter", **note)
    shown = desk(by).get(reverse("cases:show", args=[case.case.pk])).text
    assert shown.count("skrivet när personen var: anonym") == 1
    assert NAME in shown


def test_who_goes_back_to_anonymous_is_found_by_neither_name_nor_number(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case, by = open_case(), cast.mika_worker
    log(case, by, now, called="Ekblad")
    choose(case, by, now, "named", called=NAME, number=NUMBER)
    assert vaults.find(["mika"], IndexKind.NAME, "Ekblad") == {case.box.id}
    assert vaults.find(["mika"], IndexKind.PERSONAL_NUMBER, NUMBER) == {case.box.id}
    content = choose(case, by, now, "anonymous").content
    assert (content.called, content.personal_number, content.named_on) == ("", "", None)
    assert not vaults.find(["mika"], IndexKind.NAME, "Ekblad")
    assert not vaults.find(["mika"], IndexKind.PERSONAL_NUMBER, NUMBER)
    assert vaults.find(["mika"], IndexKind.CASE_NUMBER, content.number) == {case.box.id}
    contact = Contact.objects.get()
    assert content_of(contact, case.box, ContactContent).called == ""


def test_the_record_of_a_choice_holds_levels_and_a_day_and_nothing_else(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case, by = open_case(), cast.mika_worker
    choose(case, by, now, "pseudonymous", called="Ekan")
    choose(case, by, now, "pseudonymous", called="Eken")
    choose(case, by, now, "anonymous")
    rows = Record.objects.filter(kind="identity").order_by("written_at")
    assert [content_of(row, case.box, Identity) for row in rows] == [
        Identity("anonymous", "pseudonymous", now.date()),
        Identity("pseudonymous", "anonymous", now.date()),
    ]


@pytest.mark.parametrize(
    ("level", "more", "told"),
    [
        ("named", {"called": ""}, "vill kallas"),
        ("pseudonymous", {"called": "  "}, "vill kallas"),
        ("anonymous", {"called": NAME}, "inget namn"),
        ("pseudonymous", {"called": "Ekan", "number": NUMBER}, "bara för den som vill vara"),
        ("named", {"called": NAME, "number": "19900101-0018"}, "kontrollsiffran stämmer inte"),
        ("named", {"called": NAME, "number": "20990101-0018"}, "inte har varit än"),
        ("named", {"called": NAME, "number": "20150101-2387"}, "går inte ihop"),
        ("secret", {}, "välj något"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_and_nothing_changes(
    open_case: Any,
    cast: SimpleNamespace,
    now: datetime,
    level: str,
    more: dict[str, Any],
    told: str,
) -> None:
    case = open_case()
    with pytest.raises(BadInput, match=told):
        choose(case, cast.mika_worker, now, level, **more)
    assert read(case, cast.mika_worker, now).case.version == case.case.version


def test_a_number_gives_the_age_that_was_unknown() -> None:
    now = datetime(2026, 3, 2).date()  # noqa: DTZ001 a day
    case = CaseContent(number="M", age_group="unknown")
    named = changed(case, level="named", called=NAME, number=NUMBER, today=now)
    assert (named.age_group, named.birth_year) == ("adult", 1990)


def test_interventions_that_need_a_name_hold_back_who_would_be_anonymous_again(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    """Z30: a unit without the board's decision documents interventions with a name."""
    from hamn.support.services.models import Service

    Service.objects.filter(pk="mika").update(regime="full")
    case, by = open_case(), cast.mika_worker
    choose(case, by, now, "named", called=NAME)
    log(case, by, now, kind="practical_support")
    for level, called in (("anonymous", ""), ("pseudonymous", "Ekan")):
        with pytest.raises(IdentityNeeded):
            choose(case, by, now, level, called=called)
    assert read(case, by, now).content.called == NAME


def test_protection_keeps_no_number_and_no_contact_details(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case, by = open_case(), cast.mika_worker
    choose(case, by, now, "named", called=NAME, number=NUMBER)
    who = {"case_id": case.case.pk, "by": by, "now": now}
    actions.keep_details(seen=0, details=Details(phone="070-174 06 05"), **who)
    box = ContactDetails.objects.get().box
    sender = vault.new_box(["mika"])
    letter = log(case, by, now, channel="email").contact
    ContactDetails.objects.create(contact=letter, box=sender.id, sealed=b"")
    seen = read(case, by, now).case.version
    actions.protect_identity(seen=seen, is_protected=True, **who)
    assert read(case, by, now).content.personal_number == ""
    assert not ContactDetails.objects.exists()
    assert not vaults.open_boxes([box, sender.id], ["mika"])
    with pytest.raises(NothingKept):
        actions.keep_details(seen=0, details=Details(phone="070-174 06 05"), **who)
    with pytest.raises(BadInput, match="skyddade"):
        choose(case, by, now, "named", called=NAME, number=NUMBER)


def test_contact_details_are_sealed_apart_and_erased_alone(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case, by = open_case(), cast.mika_worker
    who = {"case_id": case.case.pk, "by": by, "now": now}
    assert actions.read_details(**who)[1:] == (None, 0)
    actions.keep_details(seen=0, details=Details("070-174 06 05", "ek@example.org"), **who)
    row = ContactDetails.objects.get()
    assert row.box != case.case.box
    _opened, kept, version = actions.read_details(**who)
    assert kept == Details("+46701740605", "ek@example.org")
    with pytest.raises(Changed):
        actions.keep_details(seen=0, details=Details("070-174 06 06"), **who)
    actions.keep_details(seen=version, details=Details(address="Påhittade vägen 1"), **who)
    actions.erase_details(**who)
    assert not ContactDetails.objects.exists()
    assert not vaults.open_boxes([row.box], ["mika"])
    assert read(case, by, now).content.number


@pytest.mark.parametrize("email", ["ek", "ek@", "@example.org", "Ek <ek@example.org>", "a@b"])
def test_an_address_that_reaches_nobody_is_refused(
    open_case: Any, cast: SimpleNamespace, now: datetime, email: str
) -> None:
    case = open_case()
    with pytest.raises(BadInput, match="e-postadress"):
        actions.keep_details(
            case_id=case.case.pk,
            seen=0,
            details=Details(email=email),
            by=cast.mika_worker,
            now=now,
        )


def test_contact_details_are_read_and_erased_only_where_the_case_opens(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case = open_case()
    for act in (actions.read_details, actions.erase_details):
        with pytest.raises(ClosedToYou):
            act(case_id=case.case.pk, by=cast.mika_second, now=now)
        for who in ("kast_worker", "administrator"):
            with pytest.raises(NotVisible):
                act(case_id=case.case.pk, by=getattr(cast, who), now=now)


def test_two_who_choose_at_once_meet(open_case: Any, cast: SimpleNamespace, now: datetime) -> None:
    case, by = open_case(), cast.mika_worker
    choose(case, by, now, "pseudonymous", called="Ekan")
    with pytest.raises(Changed):
        choose(case, by, now + timedelta(minutes=1), "anonymous", seen=1)


PAGES = (
    "choose_identity",
    "correct_situation",
    "set_safe_contact",
    "contact_details",
    "erase_details",
    "protect_identity",
    "note_informed",
)


@pytest.mark.parametrize("name", PAGES)
def test_each_form_opens_for_the_responsible_and_is_not_there_for_others(
    name: str, open_case: Any, cast: SimpleNamespace, desk: Any
) -> None:
    page = reverse(f"cases:{name}", args=[open_case(called="<b>Ek</b>").case.pk])
    shown = desk(cast.mika_worker).get(page)
    assert shown.status_code == 200
    assert "<b>Ek</b>" not in shown.text
    assert desk(cast.mika_second).get(page).status_code == 403
    for who in ("kast_worker", "administrator", "stranger"):
        assert desk(getattr(cast, who)).get(page).status_code == 404


def test_the_choices_are_made_on_the_pages(
    open_case: Any, cast: SimpleNamespace, desk: Any
) -> None:
    case = open_case()
    client = desk(cast.mika_worker)

    def post(name: str, **fields: Any) -> int:
        seen = type(case.case).objects.get().version
        page = reverse(f"cases:{name}", args=[case.case.pk])
        return int(client.post(page, {"seen": seen, **fields}).status_code)

    assert post("choose_identity", level="named", called=NAME, number="19900101-0018") == 422
    assert post("choose_identity", level="named", called=NAME, number=NUMBER) == 302
    assert post("note_informed", is_informed="on", on="") == 422
    assert post("note_informed", is_informed="on", on="2026-01-05") == 302
    page = reverse("cases:contact_details", args=[case.case.pk])
    assert client.post(page, {"seen": "0", "phone": "070-174 06 05"}).status_code == 302
    assert "+46701740605" in client.get(page).text
    shown = client.get(reverse("cases:details", args=[case.case.pk])).text
    assert NAME in shown
    assert NUMBER in shown
    assert "+46701740605" not in shown
    assert post("protect_identity", is_protected="on") == 302
    assert client.get(page).status_code == 422
    assert not ContactDetails.objects.exists()


def test_the_page_of_details_asks_as_many_questions_whatever_the_case_holds(
    open_case: Any, cast: SimpleNamespace, now: datetime, desk: Any
) -> None:
    case, client = open_case(), desk(cast.mika_worker)
    page = reverse("cases:details", args=[case.case.pk])

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        return len(queries)

    asked()
    few = asked()
    for _each in range(5):
        log(case, cast.mika_worker, now)
    assert asked() == few
