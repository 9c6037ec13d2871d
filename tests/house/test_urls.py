"""Every address of the desk, asked by every role and by nobody, and held against the permit table.

A new address without a permit, or one whose arguments nobody has told here, fails the build.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.core.context import request_context
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from hamn.guards.access import permits
from hamn.guards.access.permits import EVERYONE, SIGNED_IN
from hamn.guards.access.rules import Role
from hamn.register.staff.rules import AbsenceKind
from tests import walled
from tests.at_the_desk import at_the_desk
from tests.walled import peopled

pytestmark = pytest.mark.slow

CAST = {
    "steward": Role.AGREEMENT_ADMINISTRATOR,
    "controller": Role.CONTROLLER,
    "head": Role.HEAD_OF_UNIT,
    "reader": Role.READER,
    "administrator": Role.SYSTEM_ADMINISTRATOR,
    "mika_worker": Role.CASEWORKER,
    "officer": Role.INFORMATION_OFFICER,
}
# What an address with this argument is tried with; the rest of them are made by `things`.
FIXED = {
    "code": "0117",
    "year": 2026,
    "form": "csv",
    "file_format": "pdf",
    "place": 1,
    "unit": "mika",
    "result_id": "00000000-0000-0000-0000-000000000000",
    "event_id": "00000000-0000-0000-0000-000000000000",
    "share_id": "00000000-0000-0000-0000-000000000000",
    "service": "mika",
    "list_id": 1,
    "item_id": 1,
    "hold_id": 1,
    "certificate_id": 1,
    "uidb36": "1",
    **dict.fromkeys(
        ("dialogue_id", "slot_id", "consultation_id"), f"{0:08}-0000-0000-0000-{0:012}"
    ),
    **dict.fromkeys(("template_id", "rule_id"), 1),
    **{"language": "en", "page_code": "start"},
    "key": "set-password",
}
# The same argument means another thing here.
OF_ITS_OWN = {"invoicing:file": {"form": "pdf"}, "door:text_version": {"number": 1}}
# Found only when the thing is in a certain state; the room's own tests meet them there.
MAY_BE_MISSING = {
    # Of disposal: for those of that unit alone.
    *("plan_list", "show_list", "approve_list", "withdraw_list", "start_run", "exclude_item"),
    *("lift_hold", "certificate", "certificate_file"),
    # Of casework: hers to give and not to receive, no letter, no share any more.
    *("accept_handover", "address", "end_share"),
    # Of the door: for those of that unit, and in another state than this one.
    *("keep", "release", "end_expiry", "edit_template", "remove_template", "number", "called_back"),
    # Of staff: for those of that unit, and an administrator, who cannot be absent or accept.
    *("one_unit", "add_post", "edit_post", "fill_post", "edit_absence", "withdraw_absence"),
    *("offer_cover", "accept_cover", "end_cover"),
    # Of the vault: for the head of that unit alone.
    *("unseal", "lock", "new_unit", "add_passphrase", "remove_passphrase"),
    *("verified_trail", "mfa_edit_webauthn", "mfa_remove_webauthn"),
    *("mfa_reauthenticate_webauthn", "reissue", "release", "withdraw_run", "take_back"),
}
UNSTORED = ("no-store", "max-age=0, no-cache, no-store", "private, no-cache")
OPENS = {200, 302, 303, 400, 405, 409, 422}


def addresses() -> Iterator[tuple[str, Any, tuple[str, ...]]]:
    """Name, view and names of arguments of every address."""
    yield from _in(get_resolver(), ())


def _in(
    resolver: URLResolver, spaces: tuple[str, ...]
) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            more = (*spaces, each.namespace) if each.namespace else spaces
            yield from _in(each, more)
        elif isinstance(each, URLPattern):
            assert each.name, each.pattern
            name = ":".join((*spaces, each.name))
            yield name, each.callback, tuple(each.pattern.regex.groupindex)


ALL = list(addresses())
NAMES = [name for name, _view, _arguments in ALL]


@pytest.fixture
def things(cast: SimpleNamespace, in_force: Any, run_year: Any) -> dict[str, Any]:
    """Something of everything that an address can be about."""
    from hamn.agreement.invoicing import queries
    from hamn.agreement.tariffs import queries as tariffs

    agreement = in_force("0117", date(2024, 6, 1))
    run = run_year(2026)
    invoice = queries.invoices_for(cast.controller).first()
    contact = agreement.party.contacts.first()
    assert invoice is not None and contact is not None
    return {
        **FIXED,
        "agreement_id": agreement.pk,
        "tariff_id": tariffs.in_use(cast.steward).pk,
        "number": str(invoice),
        "run_id": run.pk,
        "contact_id": contact.pk,
        "total_id": published(cast.controller).pk,
        **staffed(cast),
        **at_the_desk(cast),
        "walled": peopled(cast.mika_worker, cast.mika_second, cast.mika_head, "mika", "Påhittad"),
        "person_id": cast.reader.pk,
        "membership_id": 1,
        "session_id": 1,
        "pk": 1,
    }


def staffed(cast: SimpleNamespace) -> dict[str, Any]:
    """A post, an absence and a cover that waits for an answer."""
    from hamn.register.staff import actions

    day = date(2026, 1, 1)
    period = {"starts_on": day, "ends_on": None}
    fields = {"title": "Socionom", "percent": 100, "funding": "shared", "is_management": False}
    fields |= {"person_id": None, "qualification": "", **period}
    post = actions.save_post(
        unit="mika", post_id=None, fields=fields, seen=0, by=cast.administrator
    )
    hers = {"person_id": cast.mika_worker.pk, **period}
    absence = actions.save_absence(
        absence_id=None, kind=AbsenceKind.PLANNED, seen=0, by=cast.mika_worker, **hers
    )
    cover = actions.offer_cover(unit="coordinator_adult", today=day, by=cast.administrator, **hers)
    return {"post_id": post.pk, "absence_id": absence.pk, "cover_id": cover.pk}


def published(by: Any) -> Any:
    """A published total."""
    from datetime import UTC, datetime

    from hamn.insight.followup import actions, rules

    figure = rules.Figure(
        measure=rules.Measure.CLIENTS,
        service="mika",
        residence=rules.Residence.EVERYONE,
        from_year=2018,
        to_year=2018,
        is_partial=False,
        unit=rules.Unit.COUNT,
        low=Decimal(106),
        high=Decimal(106),
        wording="",
        base_state=rules.Base.NONE,
        base=None,
        source="Påhittad årsrapport, sidan 3",
    )
    return actions.enter_total(figure=figure, now=datetime(2026, 1, 1, tzinfo=UTC), by=by)


def address_of(name: str, arguments: tuple[str, ...], things: dict[str, Any]) -> str:
    """The address, about the things that were made for it."""
    if name.startswith("cases:"):
        return walled.address(name, arguments, things["walled"])
    told = {**things, **OF_ITS_OWN.get(name, {})}
    return reverse(name, kwargs={one: told[one] for one in arguments})


def with_second_factor(person: Any) -> None:
    """The person has an app and recovery codes, as everyone who signs in has."""
    request = RequestFactory().get("/")
    request.user = person
    with request_context(request):
        TOTP.activate(person, generate_totp_secret())
        RecoveryCodes.activate(person)


def allowed(view: Any, person: Any) -> bool:
    """Whether the table gives the person the view's permit."""
    return view.permit in (EVERYONE, SIGNED_IN) or permits.allows(person, view.permit)


def test_every_address_carries_a_permit_that_the_table_has() -> None:
    table = permits.registered()
    lacking = [
        name
        for name, view, _arguments in ALL
        if getattr(view, "permit", None) not in {*table, EVERYONE, SIGNED_IN}
    ]
    assert not lacking


def test_no_two_addresses_have_one_name() -> None:
    assert len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize("role", CAST)
def test_an_address_opens_for_those_with_its_permit_and_is_not_there_for_others(
    role: str, cast: SimpleNamespace, desk: Any, things: dict[str, Any]
) -> None:
    person = getattr(cast, role)
    with_second_factor(person)
    client: Client = desk(person)
    wrong = []
    for name, view, arguments in ALL:
        if view.permit == EVERYONE or name.partition("_")[0] == "account":
            continue
        address = address_of(name, arguments, things)
        status = client.get(address).status_code
        is_right = status in OPENS if allowed(view, person) else status == 404
        may_miss = name.rpartition(":")[2] in MAY_BE_MISSING or any(
            one in ("membership_id", "session_id", "pk") for one in arguments
        )
        if not is_right and not (may_miss and status == 404):
            wrong.append((name, status))
    assert not wrong


@pytest.mark.parametrize("role", CAST)
def test_nothing_can_be_sent_to_an_address_above_the_role(
    role: str, cast: SimpleNamespace, desk: Any, things: dict[str, Any]
) -> None:
    person = getattr(cast, role)
    client: Client = desk(person)
    opened = []
    for name, view, arguments in ALL:
        if not allowed(view, person):
            address = address_of(name, arguments, things)
            if client.post(address, {}).status_code != 404:
                opened.append(name)
    assert not opened


def test_nobody_is_shown_the_way_to_sign_in_and_nothing_else(
    db: None, client: Client, things: dict[str, Any]
) -> None:
    sign_in = reverse("account_login")
    wrong = []
    for name, view, arguments in ALL:
        if view.permit == EVERYONE:
            continue
        address = address_of(name, arguments, things)
        answer = client.get(address)
        if answer.status_code != 302 or not answer.headers["Location"].startswith(sign_in):
            wrong.append((name, answer.status_code))
    assert not wrong


def test_a_signed_in_stranger_without_a_role_meets_nothing_but_her_own_account(
    cast: SimpleNamespace, desk: Any, things: dict[str, Any]
) -> None:
    client: Client = desk(cast.stranger)
    opened = []
    for name, view, arguments in ALL:
        if view.permit not in (EVERYONE, SIGNED_IN):
            address = address_of(name, arguments, things)
            if client.get(address).status_code != 404:
                opened.append(name)
    assert not opened


def test_every_answer_forbids_what_the_desk_forbids(
    cast: SimpleNamespace, desk: Any, things: dict[str, Any]
) -> None:
    """On pages, files, refusals and errors alike."""
    client: Client = desk(cast.controller)
    wrong = []
    for name, _view, arguments in ALL:
        if name == "account_logout":
            continue
        answer = client.get(address_of(name, arguments, things))
        policy = answer.headers.get("Content-Security-Policy", "")
        holds = (
            "default-src 'none'" in policy
            and "unsafe" not in policy
            and "frame-ancestors 'none'" in policy
            and answer.headers.get("X-Content-Type-Options") == "nosniff"
            and answer.headers.get("Referrer-Policy") == "same-origin"
            # A chart is asked for again, and answered with "as before" when it is.
            and answer.headers.get("Cache-Control", "").startswith(UNSTORED)
        )
        if not holds:
            wrong.append((name, answer.status_code, dict(answer.headers)))
    assert not wrong
