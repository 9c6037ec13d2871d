"""Attachments: both copies sealed, nothing in the clear anywhere, nothing half-written."""

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pikepdf
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from hamn.core.errors import NotVisible
from hamn.guards.audit.models import Entry
from hamn.papers.cleaning import MOST_BYTES, UnfitFile
from hamn.papers.tests.attachments import MARK, document, photograph, screenshot, talkative
from hamn.support.cases import actions
from hamn.support.cases.models import Attachment, AttachmentPart
from hamn.support.cases.queries.files import files_in
from hamn.support.cases.rules.content import ContactContent
from hamn.support.cases.rules.files import PART_BYTES, BrokenFile, Copy
from hamn.support.cases.rules.states import ClosedToYou, WrongState

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OUTSIDE = ("kast_worker", "adult_coordinator", "administrator", "controller", "reader", "stranger")


@pytest.fixture
def attached(cast: SimpleNamespace, open_case: Any, now: datetime) -> Callable[..., Any]:
    """A function that attaches a file to a case, a new one unless told: `attached(data, name)`."""

    def made(data: bytes, name: str = "bild.jpg", case_id: UUID | None = None, **more: Any) -> Any:
        case_id = case_id or open_case().case.pk
        told = {"by": cast.mika_worker, "now": now} | more
        return actions.attach_to_case(case_id=case_id, name=name, data=data, **told)

    return made


def fetched(file: Any, copy: Copy, by: Any, now: datetime) -> bytes:
    _file, parts = actions.fetch_from_case(
        case_id=file.row.case_id, attachment_id=file.row.pk, copy=copy, by=by, now=now
    )
    return b"".join(parts)


def a_contact(cast: SimpleNamespace, now: datetime, **more: Any) -> Any:
    content = ContactContent(channel="phone", kind="counselling")
    return actions.log_contact(
        service="mika", on=now.date(), content=content, by=cast.mika_worker, now=now, **more
    )


def everything_stored() -> bytes:
    """Every byte of every row of casework and of the trail."""
    told = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("cases_", "audit_", "vault_", "site_cache", "django_session")):
                cursor.execute(f'SELECT * FROM "{table}"')
                told += [value for row in cursor.fetchall() for value in row]
    return b"\n".join(
        bytes(one) if isinstance(one, bytes | memoryview) else str(one).encode() for one in told
    )


@pytest.mark.parametrize(
    ("data", "name"),
    [(photograph(), "HEMLIGT Ek.jpg"), (document(talkative), "x.pdf"), (screenshot(), "s.png")],
)
def test_what_was_hidden_in_the_file_is_in_the_sealed_original_and_nowhere_else(
    data: bytes, name: str, attached: Any, cast: SimpleNamespace, now: datetime
) -> None:
    file = attached(data, name, about="HEMLIGT läkarintyg")
    assert fetched(file, Copy.ORIGINAL, cast.mika_worker, now) == data
    assert MARK.encode() in data
    working = fetched(file, Copy.WORKING, cast.mika_worker, now)
    assert working
    assert MARK.encode() not in working
    assert MARK.encode() not in everything_stored()


def test_the_parts_are_bound_to_their_rows_and_to_their_order(
    attached: Any, cast: SimpleNamespace, now: datetime
) -> None:
    file = attached(noisy(3 * PART_BYTES), "brus.png")
    parts = AttachmentPart.objects.filter(attachment=file.row, copy="original").order_by("number")
    assert len(parts) == 4
    first, second = parts[0], parts[1]
    first_sealed, second_sealed = bytes(first.sealed), bytes(second.sealed)
    AttachmentPart.objects.filter(pk=first.pk).update(sealed=second_sealed)
    AttachmentPart.objects.filter(pk=second.pk).update(sealed=first_sealed)
    with pytest.raises(BrokenFile):
        fetched(file, Copy.ORIGINAL, cast.mika_worker, now)
    AttachmentPart.objects.filter(pk=second.pk).delete()
    with pytest.raises(BrokenFile):
        fetched(file, Copy.ORIGINAL, cast.mika_worker, now)


def noisy(least: int) -> bytes:
    """A PNG that cannot be packed, a little larger than so many bytes."""
    import io
    import random

    from PIL import Image

    side = int((least / 3) ** 0.5) + 1
    picture = Image.frombytes("RGB", (side, side), random.Random(7).randbytes(side * side * 3))
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=0)
    return out.getvalue()


def test_a_file_of_exactly_25_mb_is_taken_and_one_byte_more_is_not(
    attached: Any, open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    data = photograph()
    whole = data + bytes(MOST_BYTES - len(data))
    file = attached(whole)
    assert file.content.size == MOST_BYTES
    assert fetched(file, Copy.ORIGINAL, cast.mika_worker, now) == whole
    with pytest.raises(UnfitFile, match="större än 25 MB"):
        attached(whole + b"\0")
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "tom.pdf", "tom"),
        (b"MZ\x90 ett program", "bild.jpg", "varken"),
        (photograph(), "brev.pdf", "slutar på .pdf"),
        (photograph()[:300], "halv.jpg", "skadad"),
        (document(encryption=pikepdf.Encryption(owner="a", user="b")), "last.pdf", "lösenord"),
    ],
)
def test_an_unfit_file_is_told_in_one_sentence_and_leaves_nothing(
    data: bytes, name: str, said: str, attached: Any
) -> None:
    with pytest.raises(UnfitFile, match=said):
        attached(data, name)
    assert not Attachment.objects.exists()
    assert not AttachmentPart.objects.exists()
    assert not Entry.objects.filter(event="cases.file_attached").exists()


@pytest.mark.parametrize("who", OUTSIDE)
def test_outside_the_unit_there_is_no_file(
    who: str, attached: Any, cast: SimpleNamespace, now: datetime
) -> None:
    file = attached(photograph())
    with pytest.raises(NotVisible):
        fetched(file, Copy.WORKING, getattr(cast, who), now)


def test_a_colleague_who_may_not_open_the_case_gets_no_file(
    attached: Any, cast: SimpleNamespace, now: datetime
) -> None:
    file = attached(photograph())
    with pytest.raises(ClosedToYou):
        fetched(file, Copy.WORKING, cast.mika_second, now)
    with pytest.raises(ClosedToYou):
        attached(photograph(), case_id=file.row.case_id, by=cast.mika_second)


def test_a_file_is_found_only_through_its_own_case(
    attached: Any, open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    file, other = attached(photograph()), open_case().case
    told = {"case_id": other.pk, "attachment_id": file.row.pk, "by": cast.mika_worker, "now": now}
    with pytest.raises(NotVisible):
        actions.fetch_from_case(copy=Copy.ORIGINAL, **told)
    with pytest.raises(NotVisible):
        actions.remove_from_case(**told)
    contact = a_contact(cast, now).contact
    with pytest.raises(NotVisible):
        actions.fetch_from_contact(
            contact_id=contact.pk,
            attachment_id=file.row.pk,
            copy=Copy.ORIGINAL,
            by=cast.mika_worker,
            now=now,
        )


def test_who_fetched_which_copy_is_in_the_trail_under_the_keyed_name(
    attached: Any, cast: SimpleNamespace, now: datetime
) -> None:
    file = attached(photograph())
    fetched(file, Copy.ORIGINAL, cast.mika_worker, now)
    entry = Entry.objects.order_by("-place").first()
    assert entry is not None
    assert (entry.event, entry.on) == ("cases.file_fetched", file.box.trail_name)
    assert file.box.name_of(file.row.pk) in entry.facts
    assert "original" in entry.facts
    assert file.row.case.reads.latest("id").what == "file_original"


def test_of_two_who_remove_the_same_file_the_second_is_told_that_it_is_gone(
    attached: Any, cast: SimpleNamespace, now: datetime
) -> None:
    file = attached(photograph())
    told = {"attachment_id": file.row.pk, "by": cast.mika_worker, "now": now}
    actions.remove_from_case(case_id=file.row.case_id, **told)
    assert not AttachmentPart.objects.exists()
    with pytest.raises(NotVisible):
        actions.remove_from_case(case_id=file.row.case_id, **told)


def test_a_closed_case_takes_no_file_and_still_gives_those_it_has(
    attached: Any, cast: SimpleNamespace, now: datetime
) -> None:
    from hamn.support.cases.models import Case

    file = attached(photograph())
    Case.objects.filter(pk=file.row.case_id).update(state="closed", closed_on=now.date())
    assert fetched(file, Copy.WORKING, cast.mika_worker, now)
    with pytest.raises(WrongState):
        attached(photograph(), case_id=file.row.case_id)


def test_a_contacts_file_goes_with_it_into_its_case(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    contact, data = a_contact(cast, now).contact, photograph()
    told = {"by": cast.mika_worker, "now": now}
    file = actions.attach_to_contact(contact_id=contact.pk, name="a.jpg", data=data, **told)
    opened = open_case()
    actions.join_contact(contact_id=contact.pk, case_id=opened.case.pk, **told)
    [moved] = files_in(opened.case, opened.box)
    assert moved.content == file.content
    _file, parts = actions.fetch_from_case(
        case_id=opened.case.pk, attachment_id=file.row.pk, copy=Copy.ORIGINAL, **told
    )
    assert b"".join(parts) == data


# The pages


@pytest.fixture
def page_of(desk: Any, cast: SimpleNamespace, open_case: Any) -> SimpleNamespace:
    """A case with its worker's browser and the address of the form for a file."""
    opened = open_case()
    add = reverse("cases:add_file", args=[opened.case.pk])
    return SimpleNamespace(opened=opened, browser=desk(cast.mika_worker), add=add)


def test_a_file_is_attached_listed_fetched_and_taken_away_on_the_pages(
    page_of: SimpleNamespace,
) -> None:
    browser: Client = page_of.browser
    sent = {"file": SimpleUploadedFile("Intyg.jpg", photograph()), "about": "Ett påhittat intyg"}
    answer = browser.post(page_of.add, sent, follow=True)
    page = answer.content.decode()
    assert "Filen är förseglad och sparad." in page
    assert "Intyg.jpg" in page
    assert "Ett påhittat intyg" in page
    assert "<img" not in page.partition("<main")[2]
    pk = Attachment.objects.get().pk
    case_id = page_of.opened.case.pk
    for name in ("file", "original_file"):
        got = browser.get(reverse(f"cases:{name}", args=[case_id, pk]))
        content = b"".join(got.streaming_content)
        assert int(got.headers["Content-Length"]) == len(content)
        assert got.headers["Content-Disposition"].startswith("attachment; filename=")
        assert "Intyg" not in got.headers["Content-Disposition"]
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        assert got.headers["Content-Security-Policy"].startswith("sandbox;")
        assert got.headers["Cache-Control"] == "no-store"
    gone = reverse("cases:remove_file", args=[case_id, pk])
    assert "Det kan inte ångras" in browser.get(gone).content.decode()
    assert Attachment.objects.exists()
    assert "Filen är borttagen." in browser.post(gone, follow=True).content.decode()
    assert not AttachmentPart.objects.exists()


def test_nothing_of_an_upload_lies_on_disk(
    page_of: SimpleNamespace, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither while it is read, cleaned and sealed, nor after; even when it is large."""
    written: list[str] = []
    real = tempfile.NamedTemporaryFile
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    monkeypatch.setattr(
        "django.core.files.uploadedfile.tempfile.NamedTemporaryFile",
        lambda *a, **k: written.append("one") or real(*a, **k),
    )
    seen: list[Any] = []
    from hamn.papers import cleaning

    accept = cleaning.accept

    def watched(data: bytes, name: str) -> Any:
        clean = accept(data, name)
        seen.append(list(tmp_path.rglob("*")))
        return clean

    monkeypatch.setattr(cleaning, "accept", watched)
    data = photograph() + bytes(4 * 1024 * 1024)
    page_of.browser.post(page_of.add, {"file": SimpleUploadedFile("stor.jpg", data)})
    assert Attachment.objects.count() == 1
    assert (seen, written, list(tmp_path.rglob("*"))) == ([[]], [], [])


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "tom.pdf", "Filen är tom"),
        (b"%PDF-1.7 " + bytes(MOST_BYTES), "stor.pdf", "större än 25 MB"),
        (photograph(), "brev.pdf", "innehållet är JPEG"),
    ],
)
def test_the_form_says_in_one_sentence_what_is_wrong_with_a_file(
    data: bytes, name: str, said: str, page_of: SimpleNamespace
) -> None:
    answer = page_of.browser.post(page_of.add, {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Attachment.objects.exists()


def test_a_form_without_a_file_says_so(page_of: SimpleNamespace) -> None:
    answer = page_of.browser.post(page_of.add, {"about": "x"})
    assert answer.status_code == 422
    assert "Fil: fyll i fältet." in answer.content.decode()


def test_what_someone_who_is_not_signed_in_sends_is_not_even_kept_in_memory(
    rf: Any, page_of: SimpleNamespace
) -> None:
    for user, kept in ((AnonymousUser(), b""), (page_of.opened.case.responsible, b"x" * 9)):
        request = rf.post(page_of.add, {"file": SimpleUploadedFile("a.jpg", b"x" * 9)})
        request.user = user
        assert request.FILES["file"].read() == kept


def test_other_pages_read_their_files_as_before(cast: SimpleNamespace, desk: Any) -> None:
    browser: Client = desk(cast.controller)
    sent = {"file": SimpleUploadedFile("a.csv", b"x" * 3_000_000)}
    answer = browser.post(reverse("invoicing:take_back"), sent)
    assert type(answer.wsgi_request.FILES["file"]).__name__ == "TemporaryUploadedFile"


def test_a_contact_without_a_case_has_files_of_its_own(
    cast: SimpleNamespace, desk: Any, now: datetime
) -> None:
    contact, browser = a_contact(cast, now).contact, desk(cast.mika_worker)
    add = reverse("cases:add_contact_file", args=[contact.pk])
    sent = {"file": SimpleUploadedFile("a.jpg", photograph())}
    assert "a.jpg" in browser.post(add, sent, follow=True).content.decode()
    pk = Attachment.objects.get().pk
    got = browser.get(reverse("cases:contact_file", args=[contact.pk, pk]))
    assert b"".join(got.streaming_content).startswith(b"\xff\xd8\xff")
    address = reverse("cases:contact_file", args=[contact.pk, pk])
    assert desk(cast.kast_worker).get(address).status_code == 404
    assert desk(cast.kast_worker).get(add).status_code == 404
    gone = reverse("cases:remove_contact_file", args=[contact.pk, pk])
    browser.post(gone)
    assert not Attachment.objects.exists()
