"""The demo's units and staff: invented people, let in by the same acts as in a real centre."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from allauth.mfa.totp.internal.auth import generate_totp_secret

from hamn.guards.access import actions as access
from hamn.guards.access.queries import by_email
from hamn.guards.access.rules import Role
from hamn.register.staff import actions as staff
from hamn.register.staff.rules import AbsenceKind, Funding, Qualification

from .sign_ins import PASSWORD

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

FROM = date(2021, 1, 1)
COVERS_FROM = date(2026, 1, 1)
AWAY_FROM = date(2026, 1, 12)
HEAD = "enhetschef@centrum.example"  # heads both Mika and KAST
HEADED = ("mika", "kast")
COORDINATORS = {
    "coordinator_adult": "koordinator.vuxna@centrum.example",
    "coordinator_child": "koordinator.barn@centrum.example",
}


@dataclass(frozen=True, slots=True)
class Worker:
    """One of the demo's staff with her post; signs_in: whether everyone may sign in as her."""

    email: str
    title: str
    unit: str
    percent: int
    funding: Funding
    qualification: Qualification
    signs_in: bool = True


WORKERS = (
    Worker(
        "mika@centrum.example",
        "Socionom A, Mika",
        "mika",
        100,
        Funding.SHARED,
        Qualification.SOCIONOM,
    ),
    Worker(
        "mika2@centrum.example",
        "Socionom B, Mika",
        "mika",
        100,
        Funding.SHARED,
        Qualification.SOCIONOM,
    ),
    Worker(
        "mika3@centrum.example",
        "Socionom C, Mika",
        "mika",
        100,
        Funding.PROVIDER,
        Qualification.SOCIONOM,
        signs_in=False,
    ),
    Worker(
        "mika4@centrum.example",
        "Socionom D, Mika",
        "mika",
        100,
        Funding.PROVIDER,
        Qualification.SOCIONOM,
        signs_in=False,
    ),
    Worker(
        "kast@centrum.example",
        "Socionom A, KAST",
        "kast",
        100,
        Funding.SHARED,
        Qualification.SOCIONOM,
    ),
    Worker(
        "kast2@centrum.example",
        "Samtalsbehandlare, KAST",
        "kast",
        100,
        Funding.PROVIDER,
        Qualification.OTHER,
        signs_in=False,
    ),
    Worker(
        COORDINATORS["coordinator_adult"],
        "Regionkoordinator vuxna",
        "coordinator_adult",
        100,
        Funding.SHARED,
        Qualification.SOCIONOM,
    ),
    Worker(
        COORDINATORS["coordinator_child"],
        "Regionkoordinator barn och unga",
        "coordinator_child",
        100,
        Funding.SHARED,
        Qualification.SOCIONOM,
    ),
)
AWAY = "mika4@centrum.example"


def build_staff(by: "Person") -> None:
    """Units with heads, people, posts and covers: five posts shared, 8.5 in fact (Z18).

    by: the demo's administrator, who proposes; each unit's own head decides.
    """
    chief = _chief(by)
    for unit in HEADED:
        _take_over(chief, unit, chief, by)
        fields = _fields("Enhetschef", 50, Funding.PROVIDER, chief, Qualification.SOCIONOM)
        staff.save_post(
            unit=unit, post_id=None, fields={**fields, "is_management": True}, seen=0, by=by
        )
    for worker in WORKERS:
        _employ(worker, chief, by)
    # A post that a grant pays and nobody holds yet: 4.5 at Mika, 6.5 with KAST.
    vacant = _fields("Socionom, halvtid", 50, Funding.GRANT, None, "")
    staff.save_post(unit="mika", post_id=None, fields=vacant, seen=0, by=by)
    _cover_each_other(by)
    away = by_email(AWAY)
    staff.save_absence(
        absence_id=None,
        person_id=away.pk,
        kind=AbsenceKind.LONG,
        starts_on=AWAY_FROM,
        ends_on=None,
        seen=0,
        by=away,
    )


def _chief(by: "Person") -> "Person":
    chief = by_email(HEAD)
    held = chief.roles()
    return access.change_roles(
        person_id=chief.pk, roles=held | {Role.CASEWORKER}, seen_roles=held, by=by
    )


def _take_over(person: "Person", unit: str, chief: "Person", by: "Person") -> None:
    """The person heads the unit: by her own word as the centre's first head, else by the first."""
    row = access.propose_member(person_id=person.pk, unit=unit, is_head=True, by=by)
    if person == chief:
        access.accept_headship(membership_id=row.pk, by=person)
    else:
        access.grant_member(membership_id=row.pk, by=chief)


def _employ(worker: Worker, chief: "Person", by: "Person") -> None:
    heads = worker.unit not in HEADED
    roles = [Role.CASEWORKER, Role.HEAD_OF_UNIT] if heads else [Role.CASEWORKER]
    person = access.add_person(email=worker.email, title=worker.title, roles=roles, by=by)
    if worker.signs_in:
        access.prepare_demo_sign_in(
            person=person, password=PASSWORD, totp_secret=generate_totp_secret()
        )
    if heads:
        _take_over(person, worker.unit, chief, by)
    else:
        row = access.propose_member(person_id=person.pk, unit=worker.unit, is_head=False, by=by)
        access.grant_member(membership_id=row.pk, by=chief)
    fields = _fields(
        worker.title.partition(",")[0], worker.percent, worker.funding, person, worker.qualification
    )
    staff.save_post(unit=worker.unit, post_id=None, fields=fields, seen=0, by=by)


def _fields(
    title: str, percent: int, funding: Funding, person: "Person | None", qualification: str
) -> dict[str, object]:
    return {
        "title": title,
        "percent": percent,
        "funding": funding,
        "is_management": False,
        "person_id": person.pk if person else None,
        "qualification": qualification,
        "starts_on": FROM,
        "ends_on": None,
    }


def _cover_each_other(by: "Person") -> None:
    """Each coordinator covers the other: asked, let in by the unit's head, accepted by herself."""
    for unit, other in zip(COORDINATORS, reversed(COORDINATORS), strict=True):
        head, cover_of = by_email(COORDINATORS[unit]), by_email(COORDINATORS[other])
        asked = staff.offer_cover(
            unit=unit,
            person_id=cover_of.pk,
            starts_on=COVERS_FROM,
            ends_on=None,
            today=COVERS_FROM,
            by=by,
        )
        access.grant_member(membership_id=asked.membership_id, by=head)
        staff.accept_cover(cover_id=asked.pk, today=COVERS_FROM, by=cover_of)
