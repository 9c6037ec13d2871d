"""A case is opened, directly or from a contact; nothing about who the person is, is demanded."""

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.core.errors import BadInput, NotVisible
from hamn.support.cases import actions
from hamn.support.cases.actions.intake import Intake, intake_of
from hamn.support.cases.models import Case, Contact, Fact
from hamn.support.cases.rules.contacts import age_group
from hamn.support.cases.rules.content import ContactContent
from hamn.support.services.rules import AgeGroup

DAY = date(2026, 3, 2)


@pytest.mark.django_db
def test_a_case_opens_with_nothing_said(cast: SimpleNamespace, now: datetime) -> None:
    opened = actions.take_in(intake=Intake("mika"), by=cast.mika_worker, now=now)
    content = opened.content
    assert (content.called, content.identity_level, content.residence) == (
        "",
        "anonymous",
        "unknown",
    )
    assert opened.case.responsible == cast.mika_worker


@pytest.mark.django_db
def test_a_case_opened_from_a_contact_takes_the_contact_with_it(
    cast: SimpleNamespace, now: datetime
) -> None:
    who = {"by": cast.mika_worker, "now": now}
    one = actions.log_contact(
        service="mika",
        on=DAY,
        content=ContactContent(
            channel="visit",
            kind="counselling",
            called="Påhittad Ek",
            municipality="0117",
            grounds=("sexual_violence",),
        ),
        **who,
    )
    opened = actions.take_in(
        intake=intake_of(one.content), contact_id=one.contact.pk, mine=False, **who
    )
    assert (opened.content.called, opened.content.residence, opened.content.grounds) == (
        "Påhittad Ek",
        "surrounding_municipality",
        ("sexual_violence",),
    )
    assert opened.case.responsible is None
    assert Contact.objects.get().case == opened.case
    first = Fact.objects.filter(kind="contact", weight=1, is_first=True)
    assert list(first.values_list("municipality", "year")) == [("0117", 2026)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("says", "told"),
    [
        ({"birth_year": 2027}, "inte varit än"),
        ({"birth_year": 1800}, "för långt bort"),
        ({"birth_year": 1980, "age_group": "child"}, "går inte ihop"),
        ({"identity_level": "named"}, "Skriv namnet"),
        ({"called": "a\u202eb"}, "dolt tecken"),
        ({"grounds": ("buys_sex",)}, "Skäl"),
        ({"form": "crowd"}, "Form"),
    ],
)
def test_what_cannot_be_true_opens_no_case(
    says: dict[str, Any], told: str, cast: SimpleNamespace, now: datetime
) -> None:
    with pytest.raises(BadInput, match=told):
        actions.take_in(intake=Intake("mika", **says), by=cast.mika_worker, now=now)
    assert not Case.objects.exists()
    assert not Fact.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["kast_worker", "adult_coordinator", "administrator", "controller"])
def test_nobody_opens_a_case_in_a_unit_she_does_not_belong_to(
    who: str, cast: SimpleNamespace, now: datetime
) -> None:
    with pytest.raises(NotVisible):
        actions.take_in(intake=Intake("mika"), by=getattr(cast, who), now=now)


@pytest.mark.parametrize(
    ("chosen", "birth_year", "group"),
    [
        ("adult", None, "adult"),
        ("unknown", 2008, "child"),
        ("young_adult", 2008, "young_adult"),
        ("unknown", 2005, "young_adult"),
        ("adult", 2005, "adult"),
        ("unknown", 1990, "adult"),
    ],
)
def test_a_year_of_birth_decides_the_age_group_as_far_as_it_can(
    chosen: str, birth_year: int | None, group: str
) -> None:
    assert age_group(AgeGroup(chosen), birth_year, on=DAY) == group
