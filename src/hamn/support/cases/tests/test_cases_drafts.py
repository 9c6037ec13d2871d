"""Drafts: sealed while one types, hers alone, offered again, gone when saved."""

import html
import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from hamn.core.errors import BadInput, NotVisible
from hamn.guards.audit.models import Entry
from hamn.guards.vault.models import Grant, SealedBox, UnitKey
from hamn.support.cases import actions
from hamn.support.cases.models import Draft, Record
from hamn.support.cases.queries.drafts import draft_of, drafts_of
from hamn.support.cases.rules.drafts import LARGEST, address_of, page_of, place_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PLACE = "cases:write_note"
TEXT = "Påhittade ord om en båt som aldrig lade till"
TO = reverse("cases:keep_draft", urlconf="hamn.site.desk.urls")
THROW = reverse("cases:throw_draft", urlconf="hamn.site.desk.urls")


def keep(by: Any, now: datetime, fields: str = "text=ord", **more: Any) -> Draft:
    given = {"place": PLACE, "unit": "mika", "case_id": None, **more}
    return actions.keep_draft(fields=fields, by=by, now=now, **given)


def token_in(page: str, name: str = "draft") -> str:
    """Of the form itself: the buttons that throw what waits stand before it."""
    return re.findall(rf'name="{name}" value="([^"]*)"', page)[-1]


def go_on(page: str) -> str:
    """The address of the draft that the page offers."""
    found = re.search(r'href="([^"]*utkast=[^"]*)">Fortsätt med det', page)
    assert found
    return html.unescape(found[1])


@pytest.fixture
def second_service() -> str:
    """Another service of Mika's unit."""
    from hamn.support.services.models import Service

    row = Service.objects.get(pk="mika")
    row.pk = "mika_kvall"
    row.save(force_insert=True)
    return row.pk


@pytest.fixture
def page(open_case: Any) -> str:
    return reverse("cases:write_note", args=[open_case().case.pk])


def typed(page: str, client: Client, **fields: str) -> dict[str, str]:
    """What the script sends of the form that the page shows."""
    shown = client.get(page).text
    day = {"on_ar": "2026", "on_manad": "3", "on_dag": "2"}
    own = {"draft": token_in(shown), "form": token_in(shown, "once"), "steg": ""}
    return {**own, **day, "title": "", "text": TEXT, **fields}


def test_a_draft_is_sealed_and_hers_alone(cast: SimpleNamespace, now: datetime) -> None:
    draft = keep(cast.mika_worker, now, fields="text=k%C3%B6l")
    assert b"k%C3%B6l" not in bytes(draft.sealed)
    found = draft_of(cast.mika_worker, PLACE, draft.pk)
    assert found == ("text=k%C3%B6l", now, PLACE)
    for other in (cast.mika_second, cast.mika_head, cast.kast_worker, cast.administrator):
        assert draft_of(other, PLACE, draft.pk) is None
        assert drafts_of(other, PLACE) == []


def test_a_draft_replaces_the_one_before_and_destroys_its_key(
    cast: SimpleNamespace, now: datetime
) -> None:
    boxes, grants = SealedBox.objects.count(), Grant.objects.count()
    first = keep(cast.mika_worker, now)
    second = keep(cast.mika_worker, now + timedelta(seconds=5), fields="text=fler")
    assert second.pk == first.pk
    assert not SealedBox.objects.filter(pk=first.box).exists()
    assert (SealedBox.objects.count(), Grant.objects.count()) == (boxes + 1, grants + 1)
    assert actions.throw_draft(place=PLACE, by=cast.mika_worker)
    assert (SealedBox.objects.count(), Grant.objects.count()) == (boxes, grants)
    # A draft is no reason to exchange the unit's key.
    assert not UnitKey.objects.filter(erased_at__isnull=False).exists()


def test_a_draft_is_kept_also_while_the_unit_is_locked(
    cast: SimpleNamespace, now: datetime
) -> None:
    from hamn.guards.vault import actions as vault

    vault.lock(unit="mika", by=cast.mika_head)
    assert keep(cast.mika_worker, now).pk


def test_a_draft_is_refused_outside_the_unit_and_over_the_limit(
    cast: SimpleNamespace, now: datetime
) -> None:
    for who in (cast.kast_worker, cast.administrator, cast.controller, cast.stranger):
        with pytest.raises(NotVisible):
            keep(who, now)
    with pytest.raises(BadInput, match="för långt"):
        keep(cast.mika_worker, now, fields="a" * (LARGEST + 1))
    assert not Draft.objects.exists()


def test_nobody_throws_anothers_draft(cast: SimpleNamespace, now: datetime) -> None:
    keep(cast.mika_worker, now)
    assert not actions.throw_draft(place=PLACE, by=cast.mika_second)
    assert Draft.objects.count() == 1


def test_drafts_older_than_two_weeks_are_gone_the_next_day(
    cast: SimpleNamespace, now: datetime
) -> None:
    keep(cast.mika_worker, now - timedelta(days=14, seconds=1))
    keep(cast.mika_worker, now - timedelta(days=13), place="cases:note_objection")
    assert actions.purge_drafts(now=now) == 1
    assert Draft.objects.get().place == "cases:note_objection"
    assert actions.purge_drafts(now=now) == 0
    assert Entry.objects.get(event="cases.drafts_purged").facts == '{"count":1}'


def test_the_daily_routine_purges_drafts(
    cast: SimpleNamespace, tmp_path: Any, settings: Any
) -> None:
    from hamn.site.worker import daily

    settings.TRAIL_HEADS = tmp_path / "heads.jsonl"
    keep(cast.mika_worker, datetime(2020, 1, 1, tzinfo=UTC))
    daily.func("2026-03-02")
    assert not Draft.objects.exists()


def test_the_trail_tells_once_that_there_is_a_draft_and_none_of_its_words(
    cast: SimpleNamespace, now: datetime
) -> None:
    keep(cast.mika_worker, now, fields="text=hemligheten")
    keep(cast.mika_worker, now, fields="text=hemligheten+igen")
    kept = Entry.objects.get(event="cases.draft_kept")
    assert "cases:write_note" in kept.facts
    assert not any("hemligheten" in str(one.__dict__) for one in Entry.objects.all())


def test_a_place_tells_its_address() -> None:
    ids = ("6a3c1f0e-6f8b-4b8a-9d5b-2d1b6f0a7c11", "6a3c1f0e-6f8b-4b8a-9d5b-2d1b6f0a7c12")
    place = place_of("cases:change_note", ids, service="mika", key="0a1b2c3d")
    assert address_of(place) == ("cases:change_note", ids, "mika")
    assert page_of(place) == place_of("cases:change_note", ids, service="mika")
    assert address_of(place_of("cases:change_note", ids)) == ("cases:change_note", ids, "")
    with pytest.raises(ValueError, match="ord"):
        place_of("cases:write_note", ("fria ord",))


# Pages.


def test_what_was_typed_is_offered_when_the_form_is_opened_again_and_gone_when_it_is_saved(
    page: str, cast: SimpleNamespace, desk: Any
) -> None:
    client = desk(cast.mika_worker)
    answer = client.post(TO, typed(page, client, title="Rubriken"))
    saved = answer.json()["saved"]
    assert re.fullmatch(r"\d\d:\d\d", saved)
    offered = client.get(page).text
    assert f"Du har ett utkast från {saved}." in offered
    assert TEXT not in offered
    again = go_on(offered)
    shown = client.get(again).text
    assert f"Ett utkast från {saved} är ilagt." in shown
    assert f">{TEXT}</textarea>" in shown
    assert 'value="Rubriken"' in shown
    assert f'href="{page}">Börja på en ny' in shown
    assert shown.count('autocomplete="off"') == 1
    assert not Record.objects.exists()
    assert client.post(again, typed(again, client)).status_code == 302
    assert Record.objects.count() == 1
    assert not Draft.objects.exists()
    assert "Du har ett utkast" not in client.get(page).text


def test_who_begins_anew_keeps_what_she_wrote_before(
    page: str, cast: SimpleNamespace, desk: Any
) -> None:
    client = desk(cast.mika_worker)
    client.post(TO, typed(page, client))
    second = typed(page, client, text="Den som ringde mitt i")
    client.post(TO, second)
    assert Draft.objects.count() == 2
    assert client.post(page, {**second, "once": second["form"]}).status_code == 302
    (left,) = Draft.objects.all()
    shown = client.get(f"{page}?utkast={left.pk}").text
    assert f">{TEXT}</textarea>" in shown


def test_each_service_has_drafts_of_its_own(
    cast: SimpleNamespace, desk: Any, second_service: str
) -> None:
    page = reverse("cases:new_contact")
    client = desk(cast.mika_worker)
    client.post(TO, typed(f"{page}?verksamhet={second_service}", client))
    assert Draft.objects.get().place.startswith(f"cases:new_contact@{second_service}#")
    assert "Du har ett utkast" not in client.get(f"{page}?verksamhet=mika").text
    offered = client.get(f"{page}?verksamhet={second_service}").text
    assert f"verksamhet={second_service}&amp;utkast={Draft.objects.get().pk}" in offered


def test_nobody_lays_in_anothers_draft_or_one_of_another_page(
    page: str, open_case: Any, cast: SimpleNamespace, desk: Any
) -> None:
    client = desk(cast.mika_worker)
    client.post(TO, typed(page, client))
    draft = Draft.objects.get()
    other_page = reverse("cases:write_note", args=[open_case().case.pk])
    assert TEXT not in client.get(f"{other_page}?utkast={draft.pk}").text
    assert TEXT not in desk(cast.mika_head).get(f"{page}?utkast={draft.pk}").text
    assert client.get(f"{page}?utkast=skräp").status_code == 200


def test_a_form_that_is_refused_keeps_its_draft(
    page: str, cast: SimpleNamespace, desk: Any
) -> None:
    client = desk(cast.mika_worker)
    client.post(TO, typed(page, client))
    assert client.post(page, typed(page, client, text="")).status_code == 422
    assert Draft.objects.count() == 1


def test_a_draft_keeps_only_what_was_typed(page: str, cast: SimpleNamespace, desk: Any) -> None:
    client = desk(cast.mika_worker)
    client.post(TO, typed(page, client, csrfmiddlewaretoken="x"))
    (kept,) = Draft.objects.all()
    found = draft_of(cast.mika_worker, page_of(kept.place), kept.pk)
    assert found is not None
    assert set(parse_qs(found.fields, keep_blank_values=True)) == {
        *("on_ar", "on_manad", "on_dag", "title", "text")
    }


def test_the_draft_is_thrown_from_the_page(page: str, cast: SimpleNamespace, desk: Any) -> None:
    client = desk(cast.mika_worker)
    sent = typed(page, client)
    client.post(TO, sent)
    answer = client.post(THROW, {"draft": sent["draft"]})
    assert (answer.status_code, answer.headers["Location"]) == (302, page)
    assert not Draft.objects.exists()


def test_another_persons_place_is_refused(page: str, cast: SimpleNamespace, desk: Any) -> None:
    sent = typed(page, desk(cast.mika_worker))
    desk(cast.mika_worker).post(TO, sent)
    for who in ("mika_second", "mika_head", "kast_worker"):
        client = desk(getattr(cast, who))
        assert client.post(TO, {**sent, "text": "annans"}).status_code == 422
        assert client.post(THROW, sent).status_code == 422
    assert Draft.objects.get().owner == cast.mika_worker


@pytest.mark.parametrize("token", ["", "påhittat", "WzEsImEiXQ:1abc:x"])
def test_a_place_that_was_never_given_is_refused(
    token: str, cast: SimpleNamespace, desk: Any
) -> None:
    assert desk(cast.mika_worker).post(TO, {"draft": token, "text": "x"}).status_code == 422
    assert not Draft.objects.exists()


def test_drafts_are_not_there_for_those_who_meet_nobody(cast: SimpleNamespace, desk: Any) -> None:
    for who in ("administrator", "controller", "reader", "stranger"):
        assert desk(getattr(cast, who)).post(TO, {"draft": "x"}).status_code == 404


def test_a_draft_from_another_site_is_refused(page: str, cast: SimpleNamespace, desk: Any) -> None:
    sent = typed(page, desk(cast.mika_worker))
    strict = desk(cast.mika_worker, enforce_csrf_checks=True)
    assert strict.post(TO, sent).status_code == 403
    assert not Draft.objects.exists()


def test_what_comes_after_the_form_was_sent_is_no_draft(
    page: str, cast: SimpleNamespace, desk: Any
) -> None:
    client = desk(cast.mika_worker)
    sent = typed(page, client)
    assert client.post(page, {**sent, "once": sent["form"]}).status_code == 302
    assert client.post(TO, sent).json() == {"saved": ""}
    assert not Draft.objects.exists()


def test_what_was_sent_when_the_session_had_ended_is_her_draft_and_not_in_any_session(
    page: str, cast: SimpleNamespace, desk: Any, client: Client
) -> None:
    hers = desk(cast.mika_worker)
    sent = typed(page, hers)
    answer = client.post(page, {**sent, "once": sent["form"]})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_login"))
    assert not any("kept_form" in one.get_decoded() for one in Session.objects.all())
    assert not Record.objects.exists()
    back = parse_qs(urlsplit(answer.headers["Location"]).query)["next"][0]
    assert back == f"{page}?utkast={Draft.objects.get().pk}"
    assert f">{TEXT}</textarea>" in hers.get(back).text
    assert TEXT not in desk(cast.mika_head).get(back).text


def test_an_autosave_without_a_session_keeps_nothing_and_says_so(
    page: str, cast: SimpleNamespace, desk: Any, client: Client
) -> None:
    answer = client.post(TO, typed(page, desk(cast.mika_worker)))
    assert answer.status_code == 302
    assert not Draft.objects.exists()


def test_who_has_left_the_unit_leaves_no_draft_in_it(
    page: str, cast: SimpleNamespace, desk: Any, client: Client
) -> None:
    from hamn.guards.access.models import UnitMembership

    sent = typed(page, desk(cast.mika_worker))
    UnitMembership.objects.filter(person=cast.mika_worker).delete()
    client.post(page, {**sent, "once": sent["form"]})
    assert not Draft.objects.exists()


def test_a_draft_typed_against_an_older_text_meets_the_newer_one_when_it_is_saved(
    open_case: Any, cast: SimpleNamespace, desk: Any, now: datetime
) -> None:
    case = open_case(mine=False).case
    given = {"case_id": case.pk, "title": "", "on": now.date(), "now": now}
    note = actions.write_note(text="Först", by=cast.mika_worker, **given)
    page = reverse("cases:change_note", args=[case.pk, note.pk])
    client = desk(cast.mika_worker)
    client.post(TO, typed(page, client, text="Hennes utkast", seen="1"))
    actions.change_note(record_id=note.pk, seen=1, text="Den andras", by=cast.mika_second, **given)
    again = go_on(client.get(page).text)
    shown = client.get(again).text
    assert ">Hennes utkast</textarea>" in shown
    assert token_in(shown, "seen") == "1"
    answer = client.post(again, typed(again, client, text="Hennes utkast", seen="1"))
    assert answer.status_code == 422
    assert "Den andras" in answer.text


def test_what_is_longer_than_a_form_may_be_is_told_to_be_shortened(
    page: str, cast: SimpleNamespace, desk: Any
) -> None:
    client = desk(cast.mika_worker)
    answer = client.post(page, typed(page, client, text="x" * 2_700_000))
    assert answer.status_code == 413
    assert "Texten är för lång" in answer.text
    assert "öppna sidan på nytt" not in answer.text
    assert not Record.objects.exists()
