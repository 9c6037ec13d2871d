"""The page of the vault: what each sees, what the head does, and that no passphrase comes back."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from hamn.guards.vault import actions as vault
from hamn.guards.vault import queries as vaults
from hamn.ui.forms.base import KEPT

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PHRASE = "enbart för provningen"  # conftest.PASSPHRASE
OWN = "ersättarens egen fras"
SHOW = "/desk/valvet/"


def unsealed(unit: str) -> bool:
    return {one.unit: one.is_unsealed for one in vaults.status().units}[unit]


def test_the_head_opens_and_closes_her_unit_on_the_page(cast: SimpleNamespace, desk: Any) -> None:
    client = desk(cast.mika_head)
    assert client.post(reverse("vault:lock", args=["mika"]), {}).status_code == 302
    assert not unsealed("mika")
    assert "Stängt" in client.get(SHOW).content.decode()
    page = client.get(reverse("vault:unseal", args=["mika"])).content.decode()
    assert 'autocomplete="off"' in page
    assert 'type="password"' in page
    answer = client.post(
        reverse("vault:unseal", args=["mika"]), {"passphrase": PHRASE}, follow=True
    )
    assert "är öppet" in answer.content.decode()
    assert unsealed("mika")


def test_a_unit_that_has_ended_is_opened_and_closed_as_before(
    cast: SimpleNamespace, desk: Any
) -> None:
    from datetime import date

    from hamn.register.staff.models import Unit

    Unit.objects.filter(pk="mika").update(ends_on=date(2021, 1, 1))
    client = desk(cast.mika_head)
    assert client.post(reverse("vault:lock", args=["mika"]), {}).status_code == 302
    answer = client.post(reverse("vault:unseal", args=["mika"]), {"passphrase": PHRASE})
    assert answer.status_code == 302
    assert "Mikamottagningen" in shown(client)
    assert unsealed("mika")


def test_the_page_tells_when_a_key_is_to_be_exchanged(cast: SimpleNamespace, desk: Any) -> None:
    client = desk(cast.mika_head)
    assert "ska bytas" not in shown(client)
    vault.erase([vault.new_box(["mika"]).id])
    assert "Hamn byter den" in shown(client)
    vault.lock(unit="mika", by=cast.mika_head)
    assert "när valvet är öppet" in shown(client)


def test_a_wrong_passphrase_is_told_and_never_echoed(cast: SimpleNamespace, desk: Any) -> None:
    client = desk(cast.mika_head)
    vault.lock(unit="mika", by=cast.mika_head)
    wrong = "unikt fel 7391 lösenord"
    answer = client.post(reverse("vault:unseal", args=["mika"]), {"passphrase": wrong})
    assert answer.status_code == 422
    assert "stämmer inte" in answer.content.decode()
    assert "7391" not in answer.content.decode()
    assert not unsealed("mika")


def test_a_passphrase_typed_after_the_session_ended_is_kept_nowhere(
    cast: SimpleNamespace, desk: Any
) -> None:
    client = desk(cast.mika_head)
    address = reverse("vault:unseal", args=["mika"])
    page = client.get(address)
    token = page.content.decode().split('name="once" value="')[1].split('"')[0]
    client.logout()
    answer = client.post(address, {"passphrase": PHRASE, "once": token})
    assert answer.status_code == 302
    assert KEPT not in client.session
    assert not any(PHRASE in str(row.get_decoded()) for row in Session.objects.all())


@pytest.mark.parametrize(
    "verb", ["unseal", "lock", "new_unit", "add_passphrase", "remove_passphrase"]
)
@pytest.mark.parametrize("who", ["kast_head", "mika_worker", "head", "reader", "stranger"])
def test_nobody_but_its_head_meets_a_units_forms(
    verb: str, who: str, cast: SimpleNamespace, desk: Any
) -> None:
    client = desk(getattr(cast, who))
    for unit in ("mika", "nowhere"):
        address = reverse(f"vault:{verb}", args=[unit])
        assert client.get(address).status_code == 404
        assert client.post(address, {"passphrase": PHRASE}).status_code == 404
    assert unsealed("mika")


def test_each_sees_her_own_units_and_who_runs_the_system_sees_all(
    cast: SimpleNamespace, desk: Any
) -> None:
    seen = {
        who: {
            name for name in ("Mikamottagningen", "KAST") if name in shown(desk(getattr(cast, who)))
        }
        for who in ("mika_head", "kast_head", "administrator", "head")
    }
    assert seen == {
        "mika_head": {"Mikamottagningen"},
        "kast_head": {"KAST"},
        "administrator": {"Mikamottagningen", "KAST"},
        "head": set(),
    }
    assert desk(cast.mika_worker).get(SHOW).status_code == 404


def shown(client: Any) -> str:
    """The page below its menu."""
    answer = client.get(SHOW)
    assert answer.status_code == 200
    return str(answer.content.decode().split("<main")[1])


def test_the_head_adds_a_passphrase_and_takes_it_back(cast: SimpleNamespace, desk: Any) -> None:
    client = desk(cast.mika_head)
    address = reverse("vault:add_passphrase", args=["mika"])
    given = {"passphrase": PHRASE, "name": "Ersättaren", "new": OWN, "again": OWN + "x"}
    assert "inte lika" in client.post(address, given).content.decode()
    assert "Bara en lösenfras" in shown(client)
    assert client.post(address, {**given, "again": OWN}).status_code == 302
    assert "Ersättaren" in shown(client)
    assert "Bara en lösenfras" not in shown(client)
    address = reverse("vault:remove_passphrase", args=["mika"])
    assert client.get(address).status_code == 200
    assert client.post(address, {"passphrase": PHRASE, "name": "Ersättaren"}).status_code == 302
    assert "Ersättaren" not in shown(client)


def test_a_head_makes_the_key_of_a_unit_that_has_none(
    cast: SimpleNamespace, desk: Any, key_agent: Any
) -> None:
    from hamn.guards.vault.models import UnitKey

    UnitKey.objects.filter(unit="mika").delete()
    key_agent.keeper.lock("mika")
    (key_agent.keeper.files.folder / "mika.json").unlink()
    client = desk(cast.mika_head)
    assert "Saknar nyckel" in shown(client)
    given = {"name": "Chefen", "new": "kort", "again": "kort"}
    address = reverse("vault:new_unit", args=["mika"])
    assert client.get(address).status_code == 200
    assert "minst 12" in client.post(address, given).content.decode()
    assert client.post(address, {**given, "new": OWN, "again": OWN}).status_code == 302
    assert unsealed("mika")
    assert vault.new_box(["mika"])


def test_without_an_agent_the_page_says_so_and_a_form_is_a_refusal(
    cast: SimpleNamespace, desk: Any, settings: Any, tmp_path: Any
) -> None:
    client = desk(cast.mika_head)
    settings.VAULT = tmp_path
    assert "Nyckelagenten svarar inte" in shown(client)
    answer = client.post(reverse("vault:unseal", args=["mika"]), {"passphrase": PHRASE})
    assert answer.status_code == 422
    assert "nyckelagenten svarar inte" in answer.content.decode()


def test_an_error_report_holds_no_passphrase(
    cast: SimpleNamespace, rf: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.views.debug import ExceptionReporter

    from hamn.guards.vault import views

    request = rf.post("/x", {"passphrase": PHRASE})
    request.user, request.session = cast.mika_head, {}

    def burst(**_given: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(views.actions, "unseal", burst)
    import sys

    try:
        views.unseal(request, "mika")
    except ZeroDivisionError:
        told = ExceptionReporter(request, *sys.exc_info()).get_traceback_text()
    assert "ZeroDivisionError" in told
    assert PHRASE not in told
