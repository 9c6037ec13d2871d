"""Where the demo's cases meet others: colleagues, a couple, children, other units, recipients."""

from typing import TYPE_CHECKING, Any

from hamn.guards.access.queries import by_email
from hamn.support.cases import actions
from hamn.support.cases.actions.consents import give_consent
from hamn.support.cases.actions.referrals import send_referral, write_referral
from hamn.support.cases.actions.shares import share_case
from hamn.support.cases.rules.assigning import seen_people
from hamn.support.cases.rules.children import Child, ChildWelfareReport
from hamn.support.cases.rules.content import ContactContent
from hamn.support.cases.rules.referrals import Consent, Referral

from .cases_told import ADULT, CHILD, KAST, KAST_2, MIKA, MIKA_2

if TYPE_CHECKING:
    from hamn.support.cases.queries.opened import OpenCase

    from .cases import Calendar

Cases = dict[str, "OpenCase"]


def build_together(cases: Cases, days: "Calendar") -> None:
    """Deputy and break-glass, the couple, children, a referral, a share, an end."""
    _work_together(cases, days)
    _couple(cases, days)
    _children(cases, days)
    _refer(cases, days)
    _share(cases, days)
    _end(cases, days)


def _given(cases: Cases, key: str, by: str, days: "Calendar", ago: int) -> dict[str, Any]:
    """Case, person and moment, as every action takes them."""
    return {"case_id": cases[key].case.pk, "by": by_email(by), "now": days.at(ago)}


def _work_together(cases: Cases, days: "Calendar") -> None:
    """A deputy, and a case opened with a reason that a head has not reviewed yet."""
    ek = _given(cases, "ek", MIKA, days, 60)
    responsible, deputy = ek["by"].pk, by_email("mika3@centrum.example").pk
    actions.assign_case(
        responsible_id=responsible, deputy_id=deputy, seen=seen_people(responsible, None), **ek
    )
    actions.break_glass(
        kind="away",
        reason="Exempel: personen ringde akut medan den ansvariga var på kurs.",
        **_given(cases, "ek", MIKA_2, days, 1),
    )


def _couple(cases: Cases, days: "Calendar") -> None:
    """Two cases of a couple, each its own, and a talk that stands in both."""
    asp = _given(cases, "asp", KAST, days, 20)
    number = cases["aven"].content.number
    actions.link_cases(number=number, form="couple", words="", **asp)
    content = ContactContent(
        channel="visit",
        kind="counselling",
        form="couple",
        minutes=60,
        age_group="adult",
        text="Exempel: samtal med båda.",
    )
    actions.log_contact(
        service="kast",
        on=asp["now"].date(),
        content=content,
        also_in=[cases["aven"].case.pk],
        **asp,
    )


def _children(cases: Cases, days: "Calendar") -> None:
    """A child of a client, and a report of concern that is not sent yet."""
    child = Child(
        called="Exempel Knopp",
        birth_year=days.today.year - 8,
        needs="Exempel: någon att leka med på eftermiddagarna.",
        own_view="Exempel: tycker om att rita båtar.",
        lives_with="Exempel: hos mormor varannan vecka.",
    )
    hassel = _given(cases, "hassel", ADULT, days, 10)
    row = actions.add_child(child=child, **hassel)
    actions.plan_for_child(
        record_id=row.pk, text="Exempel: fråga skolan om fritids", due_on=days.day(5), **hassel
    )
    report = ChildWelfareReport(
        municipality="0126",
        concern="Exempel: vi är oroliga för att barnet utnyttjas.",
        child="Exempel Vide",
        is_client=True,
    )
    actions.add_child_report(report=report, **_given(cases, "vide", CHILD, days, 0))


def _refer(cases: Cases, days: "Calendar") -> None:
    """A referral that the person has consented to, and an answer that is late."""
    ek = _given(cases, "ek", MIKA, days, 30)
    on = ek["now"].date()
    name = "Traumamottagningen i Påhittsby"
    consent = Consent(
        purpose="referral",
        recipient="trauma_care",
        recipient_name=name,
        covers="Exempel: att personen behöver traumabehandling.",
        until=days.day(60),
        how="spoken",
        is_read_aloud=True,
    )
    consented = give_consent(consent=consent, on=on, **ek)
    referral = Referral(
        counterpart="trauma_care",
        counterpart_name=name,
        text="Exempel: personen behöver traumabehandling.",
        way="letter",
    )
    row = write_referral(referral=referral, **ek)
    send_referral(
        record_id=row.pk,
        seen=row.version,
        chosen=[],
        consent=str(consented.pk),
        disclosure="",
        answer_by=days.day(-3),
        **ek,
    )


def _share(cases: Cases, days: "Calendar") -> None:
    """A case that another unit of the board may read for a while."""
    share_case(
        unit="mika",
        ground="need_to_know",
        consent="",
        reason="Exempel: Mika träffar personen medan boendet ordnas och behöver planen.",
        until=days.day(40),
        **_given(cases, "hassel", ADULT, days, 7),
    )


def _end(cases: Cases, days: "Calendar") -> None:
    """One case followed up and closed, one in follow-up."""
    lind = _given(cases, "lind", MIKA_2, days, 25)
    on = lind["now"].date()
    answers = {"positive_influence": "very_well", "got_support": "yes"}
    actions.follow_up(answers=answers, words="Exempel: nöjd med stödet.", on=on, **lind)
    cases["lind"].case.refresh_from_db()
    actions.close_case(
        seen=cases["lind"].case.version,
        reason="goals_reached",
        outcome="better",
        referred_to="",
        words="Exempel: målen är nådda.",
        on=on,
        **lind,
    )
    ronn = _given(cases, "ronn", KAST_2, days, 20)
    answers = {"stopped_porn_surfing": "less", "positive_influence": "well"}
    actions.follow_up(answers=answers, words="", on=ronn["now"].date(), **ronn)
    actions.to_follow_up(text="Exempel: ring om tre månader", due_on=days.day(70), **ronn)
