"""A case's page of access: who may open it and why, who did, and who broke the glass."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import allows, permit, require, staff
from hamn.register.staff.queries import unit_name
from hamn.ui.forms import ConfirmForm
from hamn.ui.lists import Column, listing
from hamn.ui.pages import done, page
from hamn.ui.words import long_date, said

from .. import actions
from ..forms.access import ParticipantForm
from ..queries import access as reads
from ..queries import walls
from ..queries.assigning import candidates, waiting_for
from ..queries.walls import no_such_case
from ..rules.access import BREAK_GLASS, REASONS, WHYS, what_in_words
from .frame import back_to, case_page, opened_for

if TYPE_CHECKING:
    from hamn.guards.access.models import Person
    from hamn.register.staff.queries import Worker

    from ..models import Case, CaseRead, Participant, Share
    from ..queries.access import Broken
    from ..queries.opened import OpenCase

PAGE = "ui/form_page.html"


@dataclass(frozen=True, slots=True)
class MayOpen:
    """One who may open the case, and why. remove_url: where a participant is taken away."""

    who: str
    why: str
    remove_url: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A break-glass as the page tells it."""

    who: str
    at: datetime
    until: datetime
    kind: str
    reason: str
    review: str
    comment: str


@permit("cases.see")
def access(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Who may open the case, who has, and the ways to change it."""
    opened, person, now = opened_for(request, case_id, "access"), staff(request), timezone.now()
    return case_page(
        request,
        opened,
        "access",
        "cases/access.html",
        may_open=_may_open(opened, person, now),
        glasses=[shown(one) for one in reads.broken(opened)],
        waits=waiting_for(opened.case),
        may_assign=allows(person, "cases.assign", opened.case) and opened.why != BREAK_GLASS,
        reads=listing(
            request,
            reads.reads_of(opened),
            _columns(),
            caption=_("Läsningar och ändringar"),
            default="-nar",
        ),
    )


@permit("cases.assign")
def add_participant(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form for one more who takes part in the case."""
    person, now = staff(request), timezone.now()
    case = walls.case_for(person, case_id, now)
    people = _people(request, case)
    form = ParticipantForm.of(request, people=people)

    def add(given: dict[str, Any]) -> object:
        return actions.add_participant(
            case_id=case_id, person_id=given["person_id"], by=person, now=now
        )

    if form.sent(add):
        return done(request, _("Deltagaren är tillagd."), back_to(case, "access"))
    return page(
        request,
        PAGE,
        form=form,
        heading=_("Ny deltagare i ärendet"),
        lead=_("Den som deltar läser och skriver i ärendet, tills du tar bort den."),
        button=_("Lägg till"),
        back_url=back_to(case, "access"),
    )


@permit("cases.assign")
def remove_participant(request: HttpRequest, case_id: UUID, participant_id: UUID) -> HttpResponse:
    """The question whether a participant shall no longer open the case."""
    person, now = staff(request), timezone.now()
    case = walls.case_for(person, case_id, now)
    row = case.participants.filter(pk=participant_id).select_related("person").first()
    if row is None:
        raise no_such_case()
    form = ConfirmForm.of(request)

    def remove(_given: dict[str, Any]) -> object:
        return actions.remove_participant(
            case_id=case_id, participant_id=participant_id, by=person, now=now
        )

    if form.sent(remove):
        return done(request, _("Deltagaren är borttagen."), _after(case, person, now))
    return page(
        request,
        PAGE,
        form=form,
        heading=_("Ta bort {name} från ärendet").format(name=row.person.title),
        lead=_("Ärendet öppnas inte längre för den som tas bort. Det som är skrivet står kvar."),
        button=_("Ta bort"),
        is_final=True,
        back_url=back_to(case, "access"),
    )


def label_of(one: "Worker") -> str:
    """A worker in a list to choose from, with what one should know before choosing her."""
    title = one.person.title
    if one.is_absent and one.absent_until:
        title = _("{name}, borta till och med {day}").format(
            name=title, day=long_date(one.absent_until)
        )
    elif one.is_absent:
        title = _("{name}, borta").format(name=title)
    return _("{name} (enhetens ersättare)").format(name=title) if one.is_cover else title


def shown(one: "Broken") -> Shown:
    """A break-glass in words."""
    row = one.row
    return Shown(
        who=row.person.title,
        at=row.opened_at,
        until=row.until,
        kind=said(REASONS.get(one.says.kind, REASONS["other"])),
        reason=one.says.reason,
        review=_reviewed(one),
        comment=one.says.comment,
    )


def what_done(read: "CaseRead") -> str:
    """What was done in the case, in words."""
    sentence, kind = what_in_words(read.what)
    return said(sentence, kind=said(kind) if kind else "")


def why_open(read: "CaseRead") -> str:
    """Why the case was open to her, in words."""
    return said(WHYS.get(read.why, WHYS["takes_part"]))


def _reviewed(one: "Broken") -> str:
    row = one.row
    if row.reviewed_by is None:
        return _("väntar på granskning")
    told = _("rätt, enligt {name}") if row.was_right else _("ifrågasatt av {name}")
    return told.format(name=row.reviewed_by.title)


def _may_open(opened: "OpenCase", person: "Person", now: datetime) -> list[MayOpen]:
    """Everyone who may open the case now, the nearest first."""
    case = opened.case
    found = [
        MayOpen(case.responsible.title, said(WHYS["responsible"]))
        if case.responsible
        else MayOpen(_("Alla i enheten"), said(WHYS["unassigned"]))
    ]
    if case.deputy:
        found.append(MayOpen(case.deputy.title, said(WHYS["deputy"])))
    found += [_participant(one) for one in reads.participants(opened)]
    found += [_share(one) for one in reads.open_shares(opened, now)]
    found += [MayOpen(title, said(WHYS["cover"])) for title in reads.covers_of(person, case, now)]
    for glass in reads.open_now(case, now):
        until = timezone.localtime(glass.until).strftime("%H:%M")
        found.append(MayOpen(glass.person.title, _("nödöppning till {time}").format(time=until)))
    return found


def _participant(one: "Participant") -> MayOpen:
    url = reverse("cases:remove_participant", args=[one.case_id, one.pk])
    since = long_date(timezone.localdate(one.added_at))
    return MayOpen(one.person.title, _("deltar sedan {day}").format(day=since), url)


def _share(one: "Share") -> MayOpen:
    until = _("delat till och med {day}").format(day=long_date(one.until))
    return MayOpen(unit_name(one.unit), until if one.until else said(WHYS["shared"]))


def _columns() -> list[Column]:
    return [
        Column("nar", _("När"), lambda read: read.at, "moment", "pk"),
        Column("vem", _("Vem"), lambda read: read.person.title),
        Column("vad", _("Vad"), what_done),
        Column("varfor", _("Skäl"), why_open),
    ]


def _people(request: HttpRequest, case: "Case") -> dict[int, str]:
    """Those of the unit who are not in the case already."""
    taken = {case.responsible_id, case.deputy_id}
    taken |= set(case.participants.values_list("person_id", flat=True))
    person = staff(request)
    require(person, "cases.assign", case)
    found = candidates(person, case.unit)
    return {pk: label_of(one) for pk, one in found.items() if pk not in taken}


def _after(case: "Case", person: "Person", now: datetime) -> str:
    """Back to the case while it is open to her; who took herself away goes to her day."""
    if walls.open_to(person, now).filter(pk=case.pk).exists():
        return back_to(case, "access")
    return reverse("cases:today")
