"""Files of a case and of a contact: listed, added, fetched, taken away. Never shown in the page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.papers.cleaning import MOST_BYTES
from hamn.papers.cleaning.kinds import Kind
from hamn.ui.exports import to_save
from hamn.ui.forms import ConfirmForm
from hamn.ui.pages import done, page
from hamn.ui.uploads import in_memory

from .. import actions
from ..forms.files import FileForm
from ..queries import walls
from ..queries.files import OpenFile, file_of, files_in
from ..rules.files import Copy
from ..rules.states import OPEN, CaseState, check_open
from .contacts.show import SHARED, contact_page, is_open
from .frame import case_page, opened_for
from .writing import place_for

if TYPE_CHECKING:
    from hamn.ui.forms import HamnForm


@dataclass(frozen=True, slots=True)
class Shown:
    """A file in a list, with where its copies are and where it is taken away."""

    file: OpenFile
    kind: str
    size: str
    urls: dict[str, str]


@permit("cases.see")
def files(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The files of the case, and of the contacts in it."""
    opened = opened_for(request, case_id, "files")
    found = files_in(opened.case, opened.box)
    may_write = opened.why != SHARED and opened.case.state in OPEN
    return case_page(
        request,
        opened,
        "files",
        "cases/files.html",
        files=[_shown(one, "", case_id) for one in found],
        may_write=may_write,
        add_url=reverse("cases:add_file", args=[case_id]),
    )


@in_memory(MOST_BYTES)
@permit("cases.write")
def add_file(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form for a file in the case."""
    place_for(request, case_id)
    act = partial(actions.attach_to_case, case_id=case_id)
    return _add(request, act, reverse("cases:files", args=[case_id]))


@permit("cases.see")
def file(
    request: HttpRequest, case_id: UUID, attachment_id: UUID, copy: str
) -> StreamingHttpResponse:
    """One copy of the file, to save; streamed a part at a time."""
    found = actions.fetch_from_case(
        case_id=case_id,
        attachment_id=attachment_id,
        copy=Copy(copy),
        by=staff(request),
        now=timezone.now(),
    )
    return _streamed(*found, Copy(copy))


@permit("cases.write")
def remove_file(request: HttpRequest, case_id: UUID, attachment_id: UUID) -> HttpResponse:
    """What is about to go, and the button that takes it away."""
    place_for(request, case_id)
    act = partial(actions.remove_from_case, case_id=case_id, attachment_id=attachment_id)

    def asked() -> OpenFile:
        opened = opened_for(request, case_id, "remove_file")
        return file_of(opened.case, opened.box, attachment_id)

    return _remove(request, act, asked, reverse("cases:files", args=[case_id]))


@permit("cases.see")
def contact_files(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """The files of one contact."""
    seen = actions.see_contact(
        contact_id=contact_id, by=staff(request), now=timezone.now(), what="files"
    )
    found = files_in(seen.one.contact, seen.one.box)
    is_shared = seen.case is not None and seen.case.why == SHARED
    return contact_page(
        request,
        seen,
        "cases/contact_files.html",
        files=[_shown(one, "contact_", contact_id) for one in found],
        may_write=is_open(seen) and not is_shared,
        add_url=reverse("cases:add_contact_file", args=[contact_id]),
    )


@in_memory(MOST_BYTES)
@permit("cases.write")
def add_contact_file(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """The form for a file in the contact."""
    _contact_for(request, contact_id)
    act = partial(actions.attach_to_contact, contact_id=contact_id)
    return _add(request, act, reverse("cases:contact_files", args=[contact_id]))


@permit("cases.see")
def contact_file(
    request: HttpRequest, contact_id: UUID, attachment_id: UUID, copy: str
) -> StreamingHttpResponse:
    """One copy of the contact's file, to save."""
    found = actions.fetch_from_contact(
        contact_id=contact_id,
        attachment_id=attachment_id,
        copy=Copy(copy),
        by=staff(request),
        now=timezone.now(),
    )
    return _streamed(*found, Copy(copy))


@permit("cases.write")
def remove_contact_file(
    request: HttpRequest, contact_id: UUID, attachment_id: UUID
) -> HttpResponse:
    """What is about to go, and the button that takes it away."""
    _contact_for(request, contact_id)
    act = partial(actions.remove_from_contact, contact_id=contact_id, attachment_id=attachment_id)

    def asked() -> OpenFile:
        seen = actions.see_contact(contact_id=contact_id, by=staff(request), now=timezone.now())
        return file_of(seen.one.contact, seen.one.box, attachment_id)

    return _remove(request, act, asked, reverse("cases:contact_files", args=[contact_id]))


def _contact_for(request: HttpRequest, contact_id: UUID) -> None:
    """Raises NotVisible, WrongState when the contact's case is closed."""
    contact = walls.contact_for(staff(request), contact_id, timezone.now())
    if contact.case is not None:
        check_open(CaseState(contact.case.state))


def _add(request: HttpRequest, act: Callable[..., object], back_url: str) -> HttpResponse:
    form = FileForm.of(request)

    def attached(given: dict[str, Any]) -> object:
        sent = given["file"]
        return act(
            name=sent.name or "",
            data=sent.read(),
            about=given["about"],
            by=staff(request),
            now=timezone.now(),
        )

    if form.sent(attached):
        return done(request, _("Filen är förseglad och sparad."), back_url)
    return page(
        request,
        "ui/form_page.html",
        form=form,
        is_multipart=True,
        heading=_("Bifoga en fil"),
        lead=_(
            "Originalet förseglas som det är. Till vardags används en kopia utan dolda uppgifter, "
            "som plats och kamera."
        ),
        button=_("Bifoga"),
        back_url=back_url,
    )


def _remove(
    request: HttpRequest,
    act: Callable[..., object],
    asked: Callable[[], OpenFile],
    back_url: str,
) -> HttpResponse:
    form: HamnForm = ConfirmForm.of(request)
    if form.sent(lambda _given: act(by=staff(request), now=timezone.now())):
        return done(request, _("Filen är borttagen."), back_url)
    content = asked().content
    return page(
        request,
        "cases/form.html",
        form=form,
        heading=_("Ta bort filen"),
        about="\n".join(filter(None, (content.name, content.about))),
        warning=_("Både originalet och kopian försvinner. Det kan inte ångras."),
        button=_("Ta bort"),
        is_final=True,
        back_url=back_url,
    )


def _shown(one: OpenFile, of: str, owner_id: UUID) -> Shown:
    """of: what the addresses' names begin with."""
    places = {"working": "file", "original": "original_file", "remove": "remove_file"}
    names = {key: _named(of, name) for key, name in places.items()}
    return Shown(
        one,
        Kind(one.content.media_type).label,
        _in_words(one.content.size),
        {key: reverse(name, args=[owner_id, one.row.pk]) for key, name in names.items()},
    )


def _named(of: str, name: str) -> str:
    return f"cases:{name.replace('file', of + 'file')}"


def _in_words(size: int) -> str:
    if size < 1024 * 1024:
        return _("{size} kB").format(size=max(1, round(size / 1024)))
    return _("{size} MB").format(size=f"{size / 1024 / 1024:.1f}".replace(".", ","))


def _streamed(one: OpenFile, parts: Iterator[bytes], copy: Copy) -> StreamingHttpResponse:
    """Saved by the browser under a name that tells nothing, and never drawn by it."""
    kind = Kind(one.content.media_type)
    suffix = "-original" if copy is Copy.ORIGINAL else ""
    name = f"{str(one.row.pk)[:8]}{suffix}{kind.suffix}"
    return StreamingHttpResponse(
        parts,
        content_type="application/octet-stream" if copy is Copy.ORIGINAL else kind.value,
        headers={**to_save(name), "Content-Length": str(one.content.size_of(copy))},
    )
