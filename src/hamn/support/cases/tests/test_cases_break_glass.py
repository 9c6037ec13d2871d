"""Break-glass: a reason, four hours, seen by the responsible worker, signed by a head."""

import io
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from hamn.core.errors import BadInput, NotVisible
from hamn.guards.audit.models import Entry
from hamn.support.cases import actions
from hamn.support.cases.models import BreakGlass, CaseRead, ContactDetails
from hamn.support.cases.queries import walls
from hamn.support.cases.queries.access import to_review
from hamn.support.cases.rules.access import AlreadyOpen, OnlyBrokenOpen
from hamn.support.cases.rules.assigning import NotAssigned
from hamn.support.cases.rules.details import Details
from hamn.support.cases.rules.reviews import AlreadySigned
from hamn.support.cases.rules.states import ClosedToYou

pytestmark = pytest.mark.django_db
REASON = "Påhittad anledning: kollegan är sjuk och personen står i receptionen"
OUTSIDE = ("kast_worker", "kast_head", "adult_coordinator", "administrator", "controller", "reader")


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(out, "PNG")
    return out.getvalue()


def smash(case_id: UUID, by: Any, now: datetime, reason: str = REASON) -> BreakGlass:
    return actions.break_glass(case_id=case_id, kind="here", reason=reason, by=by, now=now)


def test_a_colleague_reads_and_writes_for_four_hours_and_no_longer(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    case = open_case(called="Påhittad Ek").case
    smash(case.pk, cast.mika_second, now)
    almost = now + timedelta(hours=4) - timedelta(seconds=1)
    opened = actions.read_case(case_id=case.pk, what="timeline", by=cast.mika_second, now=almost)
    assert (opened.why, opened.content.called) == ("break_glass", "Påhittad Ek")
    for later in (timedelta(hours=4), timedelta(days=30)):
        with pytest.raises(ClosedToYou):
            actions.read_case(
                case_id=case.pk, what="timeline", by=cast.mika_second, now=now + later
            )


@pytest.mark.parametrize("who", OUTSIDE)
def test_nobody_outside_the_unit_breaks_its_glass(
    who: str, cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    with pytest.raises(NotVisible):
        smash(open_case().case.pk, getattr(cast, who), now)


def test_the_reason_is_sealed_and_the_trail_has_its_code_alone(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    opened = open_case()
    row = smash(opened.case.pk, cast.mika_second, now)
    assert b"receptionen" not in bytes(row.sealed)
    entry = Entry.objects.get(event="cases.glass_broken")
    assert entry.on == opened.box.trail_name
    assert '"kind":"here"' in entry.facts
    assert not [one for one in Entry.objects.all() if "receptionen" in one.facts]


def test_no_glass_is_broken_where_the_case_is_open_or_without_a_reason(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    case = open_case().case
    with pytest.raises(AlreadyOpen):
        smash(case.pk, cast.mika_worker, now)
    with pytest.raises(BadInput):
        smash(case.pk, cast.mika_second, now, reason="för att")
    smash(case.pk, cast.mika_second, now)
    with pytest.raises(AlreadyOpen):
        smash(case.pk, cast.mika_second, now)
    assert BreakGlass.objects.count() == 1


def test_who_broke_the_glass_lets_nobody_in_and_cannot_stay(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    case = open_case().case
    smash(case.pk, cast.mika_second, now)
    by = cast.mika_second
    with pytest.raises(NotAssigned):
        actions.add_participant(case_id=case.pk, person_id=by.pk, by=by, now=now)
    with pytest.raises(NotAssigned):
        actions.assign_case(
            case_id=case.pk,
            responsible_id=cast.mika_worker.pk,
            deputy_id=by.pk,
            seen=f"{cast.mika_worker.pk}-",
            by=by,
            now=now,
        )
    case.refresh_from_db()
    assert (case.responsible_id, case.deputy_id) == (cast.mika_worker.pk, None)


def test_who_broke_the_glass_neither_shares_nor_hands_over_nor_erases(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    opened = open_case(called="Påhittad Ek", identity_level="pseudonymous")
    by = cast.mika_second
    case_id, mine = opened.case.pk, {"by": cast.mika_worker, "now": now}
    to = {"unit": "kast", "ground": "need_to_know", "consent": "", "reason": REASON}
    until = timezone.localdate(now)
    share = actions.share_case(case_id=case_id, until=until, **to, **mine)
    details = Details(phone="070-174 06 05")
    actions.keep_details(case_id=case_id, seen=0, details=details, **mine)
    file = actions.attach_to_case(case_id=case_id, name="a.png", data=picture(), **mine)
    smash(case_id, by, now)
    opened.case.refresh_from_db()
    hers = {"case_id": case_id, "by": by, "now": now}
    seen = opened.case.version
    refused = (
        lambda: actions.share_case(until=until, **to | {"unit": "coordinator_adult"}, **hers),
        lambda: actions.end_share(share_id=share.pk, **hers),
        lambda: actions.hand_over_case(
            seen=seen, reads_until=None, takes_details=True, **to, **hers
        ),
        lambda: actions.erase_details(**hers),
        lambda: actions.keep_details(seen=1, details=Details(), **hers),
        lambda: actions.remove_from_case(attachment_id=file.row.pk, **hers),
        lambda: actions.protect_identity(seen=seen, is_protected=True, **hers),
        lambda: actions.choose_identity(seen=seen, level="anonymous", called="", number="", **hers),
    )
    for act in refused:
        with pytest.raises(OnlyBrokenOpen, match="nödöppnat"):
            act()
    opened.case.refresh_from_db()
    assert opened.case.unit == "mika"
    assert ContactDetails.objects.filter(case=opened.case).exists()


def test_the_form_for_sharing_says_so_before_anything_is_written(
    cast: SimpleNamespace, open_case: Any, desk: Any
) -> None:
    case = open_case(now=timezone.now()).case
    smash(case.pk, cast.mika_second, timezone.now())
    client = desk(cast.mika_second)
    for name in ("share_case", "hand_over_case"):
        page = client.get(reverse(f"cases:{name}", args=[case.pk]))
        assert page.status_code == 422, name
        assert "inte dela det" in page.text


def test_a_head_signs_and_never_her_own(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    case = open_case().case
    hers = smash(case.pk, cast.mika_head, now)
    theirs = smash(case.pk, cast.mika_second, now)
    assert to_review(cast.mika_head, now) == [theirs]
    for who in ("mika_second", "mika_worker", "kast_head", "administrator", "controller"):
        assert to_review(getattr(cast, who), now) == []
        with pytest.raises(NotVisible):
            actions.read_break_glass(break_glass_id=theirs.pk, by=getattr(cast, who), now=now)
    with pytest.raises(NotVisible):
        actions.read_break_glass(break_glass_id=hers.pk, by=cast.mika_head, now=now)
    one = actions.read_break_glass(break_glass_id=theirs.pk, by=cast.mika_head, now=now)
    assert (one.says.reason, one.says.kind) == (REASON, "here")
    sign = {"break_glass_id": theirs.pk, "was_right": True, "by": cast.mika_head, "now": now}
    actions.review_break_glass(comment="Påhittat: det var rätt", **sign)
    assert to_review(cast.mika_head, now) == []
    with pytest.raises(AlreadySigned):
        actions.review_break_glass(comment="", **sign)


def test_a_heads_own_is_signed_by_the_units_cover(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    from hamn.register.staff import actions as staff

    day = timezone.localdate(now)
    cover = staff.offer_cover(
        unit="mika",
        person_id=cast.mika_second.pk,
        starts_on=day,
        ends_on=None,
        today=day,
        by=cast.mika_head,
    )
    staff.accept_cover(cover_id=cover.pk, today=day, by=cast.mika_second)
    case = open_case().case
    row = smash(case.pk, cast.mika_head, now)
    assert to_review(cast.mika_second, now) == [row]
    actions.review_break_glass(
        break_glass_id=row.pk, was_right=False, comment="", by=cast.mika_second, now=now
    )
    row.refresh_from_db()
    assert (row.was_right, row.reviewed_by) == (False, cast.mika_second)


def test_the_head_who_reviews_is_told_the_reason_and_cannot_open_the_case(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    case = open_case().case
    row = smash(case.pk, cast.mika_second, now)
    actions.read_break_glass(break_glass_id=row.pk, by=cast.mika_head, now=now)
    with pytest.raises(ClosedToYou):
        walls.case_for(cast.mika_head, case.pk, now)
    assert CaseRead.objects.filter(person=cast.mika_head, what="review_break_glass").exists()


def test_a_colleague_meets_a_page_that_says_whom_to_ask_on_every_part_of_the_case(
    cast: SimpleNamespace, open_case: Any, desk: Any
) -> None:
    case = open_case(called="Påhittad Ek").case
    client = desk(cast.mika_second)
    for name in ("show", "access", "plan", "details", "write_note", "add_participant"):
        page = client.get(reverse(f"cases:{name}", args=[case.pk]))
        assert page.status_code == 403, name
        assert "Fråga mika_worker" in page.text
        assert reverse("cases:break_glass", args=[case.pk]) in page.text
        assert "Påhittad Ek" not in page.text
    foreign = desk(cast.kast_worker).get(reverse("cases:show", args=[case.pk]))
    assert foreign.status_code == 404
    assert Entry.objects.filter(event="access.refused").exists()


def test_from_the_reason_to_the_signature_by_the_pages(
    cast: SimpleNamespace, open_case: Any, desk: Any
) -> None:
    case = open_case(called="Påhittad Ek", now=timezone.now()).case
    address = reverse("cases:break_glass", args=[case.pk])
    client = desk(cast.mika_second)
    assert client.get(address).status_code == 200
    short = client.post(address, {"kind": "here", "reason": "nu"})
    assert short.status_code == 422
    done = client.post(address, {"kind": "here", "reason": REASON})
    assert done.status_code == 302
    page = client.get(reverse("cases:show", args=[case.pk])).text
    assert "Påhittad Ek" in page
    assert "nödöppnade ärendet" in page
    assert "Ärenden som du har nödöppnat" in client.get(reverse("cases:today")).text
    owner = desk(cast.mika_worker)
    assert "Nödöppnat av en kollega" in owner.get(reverse("cases:today")).text
    assert REASON in owner.get(reverse("cases:access", args=[case.pk])).text
    head = desk(cast.mika_head)
    assert "Nödöppningar att granska: 1" in head.get(reverse("cases:today")).text
    row = BreakGlass.objects.get()
    review = reverse("cases:review_break_glass", args=[row.pk])
    assert review in head.get(reverse("cases:reviews")).text
    shown = head.get(review).text
    assert REASON in shown
    assert "Påhittad Ek" not in shown
    sent = head.post(review, {"verdict": "ratt", "comment": "Påhittat: rätt"})
    assert sent.status_code == 302
    assert "Påhittat: rätt" in owner.get(reverse("cases:access", args=[case.pk])).text


def test_an_open_case_leads_from_break_glass_to_the_case(
    cast: SimpleNamespace, open_case: Any, desk: Any
) -> None:
    case = open_case().case
    answer = desk(cast.mika_worker).get(reverse("cases:break_glass", args=[case.pk]))
    assert answer.headers["Location"] == reverse("cases:show", args=[case.pk])
