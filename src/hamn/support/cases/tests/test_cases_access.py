"""The page of access: who may open a case, who did, and the forms that change it."""

import ast
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from hamn.support.cases import actions, views
from hamn.support.cases.actions.disclosures import APPROVER
from hamn.support.cases.rules.access import ALWAYS_REVIEWED, WHYS, what_in_words
from hamn.support.cases.rules.files import Copy
from hamn.support.cases.rules.kinds import KINDS
from hamn.support.cases.views.frame import READ

pytestmark = pytest.mark.django_db
# What writes in the log of a case or a contact, or hands its code on to what does.
LOGGED = (
    *("read_case", "case_to_write", "case_to_move", "change_case", "log_read", "read_contact"),
    *("see_contact", "contact_to_write", "free_to_write", "read_child_report"),
)


def test_the_page_of_access_says_who_may_and_who_did(
    cast: SimpleNamespace, open_case: Any, now: datetime, desk: Any
) -> None:
    case = open_case().case
    actions.add_participant(
        case_id=case.pk, person_id=cast.mika_second.pk, by=cast.mika_worker, now=now
    )
    page = desk(cast.mika_worker).get(reverse("cases:access", args=[case.pk])).text
    for told in ("mika_worker", "ansvarig", "mika_second", "deltar sedan", "öppnade ärendet som"):
        assert told in page
    assert "har ingen ersättare" in page


def test_who_only_opened_a_form_is_not_told_to_have_done_what_it_is_for(
    cast: SimpleNamespace, open_case: Any, desk: Any
) -> None:
    case = open_case().case
    client = desk(cast.mika_worker)
    for form in ("close_case", "write_action", "log_contact", "add_child_report"):
        assert client.get(reverse(f"cases:{form}", args=[case.pk])).status_code == 200
    page = client.get(reverse("cases:access", args=[case.pk])).text
    assert page.count("öppnade ett formulär i ärendet") == 4
    assert "avslutade ärendet" not in page and "skrev: " not in page


def test_who_only_opened_a_contacts_form_is_not_told_to_have_done_what_it_is_for(
    cast: SimpleNamespace, open_case: Any, log: Any, desk: Any
) -> None:
    case = open_case(now=timezone.now()).case
    child = {"age_group": "child", "case_id": case.pk}
    contact = log(**child).contact
    client = desk(cast.mika_worker)
    forms = ("change_contact", "join_contact", "remove_contact", "hand_contact", "offer_answer")
    forms = (*forms, "add_to_contact", "move_contact")
    for form in forms:
        page = client.get(reverse(f"cases:{form}", args=[contact.pk]))
        assert page.status_code == 200, form
    client.get(reverse("cases:open_case_from", args=[contact.pk]))
    whats = list(case.reads.order_by("pk").values_list("what", flat=True))
    assert whats == ["open_case", "log_contact", *(f"form_{one}" for one in (*forms, "open_case"))]
    page = client.get(reverse("cases:access", args=[case.pk])).text
    assert page.count("öppnade ett formulär i ärendet") == 8


def test_every_code_that_a_page_or_an_act_leaves_in_the_log_has_words() -> None:
    codes = set(_codes())
    assert {"timeline", "assign", "share_case", "contact", "found", "write_note"} <= codes
    unknown = what_in_words("nothing that anybody does")
    assert sorted(code for code in codes if what_in_words(code) == unknown) == []


def test_every_way_by_which_a_case_opens_has_words() -> None:
    assert set(ALWAYS_REVIEWED) | {"responsible", "unassigned", "shared", APPROVER} <= set(WHYS)


def _codes() -> Iterator[str]:
    """Every code that is written as what was read or done, in the views and the actions."""
    yield from READ
    for folder in (Path(actions.__file__).parent, Path(views.__file__).parent):
        for file in folder.rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                for told in _told(node):
                    yield from _code(told)


def _told(node: ast.AST) -> list[ast.expr | None]:
    """What the node gives as `what`: a call to what logs, or a function for who leaves it out."""
    if isinstance(node, ast.FunctionDef):
        given = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        return [default for argument, default in given if argument.arg == "what"]
    if not isinstance(node, ast.Call):
        return []
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    return [one.value for one in node.keywords if one.arg == "what" and name in LOGGED]


def _code(told: ast.expr | None) -> Iterator[str]:
    """The code, or all that one put together of parts may become; a form's is always told."""
    if isinstance(told, ast.Constant) and told.value:
        yield told.value
    if not isinstance(told, ast.JoinedStr):
        return
    text = ast.unparse(told)
    if text == "f'file_{copy}'":
        yield from (f"file_{copy}" for copy in Copy)
    elif text in ("f'write_{kind}'", "f'change_{kind}'"):
        yield from (f"{text[2:].partition('_')[0]}_{kind}" for kind in KINDS)
    else:
        assert text.startswith("f'{FORM}"), text


def test_the_forms_of_a_case_by_their_pages(
    cast: SimpleNamespace, open_case: Any, desk: Any
) -> None:
    case = open_case(mine=False).case
    client = desk(cast.mika_worker)

    def sent(name: str, *ids: Any, **fields: Any) -> None:
        address = reverse(f"cases:{name}", args=[case.pk, *ids])
        assert client.get(address).status_code == 200, name
        assert client.post(address, fields).status_code == 302, name

    sent("take_case")
    sent("add_participant", person_id=cast.mika_head.pk)
    sent("remove_participant", case.participants.get().pk)
    sent(
        "assign_case",
        responsible_id=cast.mika_worker.pk,
        deputy_id=cast.mika_second.pk,
        seen=f"{cast.mika_worker.pk}-",
    )
    case.refresh_from_db()
    assert (case.responsible, case.deputy) == (cast.mika_worker, cast.mika_second)
    assert not case.participants.exists()
