"""Who is entitled: the five answers, in the order of docs/adr/0019, over the whole grid."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamn.core.errors import BadInput
from hamn.support.services import rules
from hamn.support.services.rules import AgeGroup, NotTurnedAway, Result, Terms

PROVIDER = "0180"
JOINED = date(2024, 6, 1)  # Österåker, by the statement of May 2024
START = date(2018, 1, 1)
ADULTS = ("young_adult", "adult")
SERVICES = {
    "mika": Terms(
        code="mika",
        age_groups=ADULTS,
        needs_affiliation=True,
        valid_from=START,
        refers_to=("coordinator_adult",),
        refers_children_to="coordinator_child",
    ),
    "kast": Terms(
        code="kast",
        age_groups=ADULTS,
        needs_affiliation=True,
        valid_from=START,
        refers_children_to="coordinator_child",
    ),
    "coordinator_adult": Terms(
        code="coordinator_adult",
        age_groups=ADULTS,
        needs_affiliation=False,
        valid_from=START,
        refers_children_to="coordinator_child",
    ),
    "coordinator_child": Terms(
        code="coordinator_child",
        age_groups=("child", "young_adult"),
        needs_affiliation=False,
        valid_from=START,
        refers_to=("coordinator_adult",),
    ),
}
MUNICIPALITIES = ("0180", "0117", "0114", "0980", "1480", rules.UNKNOWN, rules.DECLINED)
grid = given(
    code=st.sampled_from(sorted(SERVICES)),
    municipality=st.sampled_from(MUNICIPALITIES),
    age=st.sampled_from(AgeGroup),
    acute=st.booleans(),
    trafficking=st.booleans(),
    affiliated=st.sets(st.sampled_from(["0117", "0114", "0980"])),
    on=st.dates(START, date(2030, 12, 31)),
)


def ask(
    code: str,
    municipality: str = rules.UNKNOWN,
    *,
    age: AgeGroup = AgeGroup.ADULT,
    acute: bool = False,
    trafficking: bool = False,
    on: date = date(2024, 7, 1),
    affiliated: set[str] | None = None,
) -> rules.Answer:
    return rules.entitlement(
        SERVICES[code],
        municipality,
        age=age,
        is_acute=acute,
        is_trafficking_suspected=trafficking,
        on=on,
        affiliated=(({"0117"} if on >= JOINED else set()) if affiliated is None else affiliated),
        provider=PROVIDER,
    )


def as_the_issue_says(
    code: str,
    municipality: str,
    age: AgeGroup,
    acute: bool,
    trafficking: bool,
    affiliated: set[str],
) -> str:
    """The five answers, first match, written apart from the rule."""
    first_match = [
        (acute or trafficking, "always_served"),
        (age == "child" and code != "coordinator_child", "refer_child_coordinator"),
        (code.startswith("coordinator"), "always_served"),
        (municipality == PROVIDER or municipality in affiliated, "entitled"),
        (municipality in ("unknown", "declined"), "unknown_served"),
        (True, "not_affiliated"),
    ]
    return next(answer for holds, answer in first_match if holds)


@grid
def test_the_answer_is_the_first_that_fits_in_the_issues_order(
    code: str,
    municipality: str,
    age: AgeGroup,
    acute: bool,
    trafficking: bool,
    affiliated: set[str],
    on: date,
) -> None:
    answer = ask(
        code,
        municipality,
        age=age,
        acute=acute,
        trafficking=trafficking,
        on=on,
        affiliated=affiliated,
    )
    expected = as_the_issue_says(code, municipality, age, acute, trafficking, affiliated)
    assert answer.result == expected
    assert answer.clause and answer.say and answer.steps


@grid
def test_a_child_an_emergency_and_suspected_trafficking_are_never_pointed_elsewhere(
    code: str,
    municipality: str,
    age: AgeGroup,
    acute: bool,
    trafficking: bool,
    affiliated: set[str],
    on: date,
) -> None:
    answer = ask(
        code,
        municipality,
        age=age,
        acute=acute,
        trafficking=trafficking,
        on=on,
        affiliated=affiliated,
    )
    is_safe = age is AgeGroup.CHILD or acute or trafficking
    assert not (is_safe and answer.result is Result.NOT_AFFILIATED)
    may_be = answer.result is Result.NOT_AFFILIATED and age is not AgeGroup.UNKNOWN
    if may_be:
        rules.check_turned_away(answer, age)
    else:
        with pytest.raises(NotTurnedAway):
            rules.check_turned_away(answer, age)


@pytest.mark.parametrize(
    ("code", "municipality", "on", "result", "clause"),
    [
        ("mika", "0117", date(2024, 5, 31), Result.NOT_AFFILIATED, "avtalet § 4, SoL 29:1"),
        ("mika", "0117", date(2024, 6, 1), Result.ENTITLED, "avtalet § 4"),
        ("kast", "0117", date(2024, 5, 31), Result.NOT_AFFILIATED, "avtalet § 4, SoL 29:1"),
        ("kast", "0114", date(2024, 7, 1), Result.NOT_AFFILIATED, "avtalet § 4, SoL 29:1"),
        ("kast", "0180", date(2020, 1, 1), Result.ENTITLED, "SoL 29:1"),
        ("coordinator_adult", "0980", date(2020, 1, 1), Result.ALWAYS_SERVED, "avtalet § 3"),
        ("mika", rules.DECLINED, date(2024, 7, 1), Result.UNKNOWN_SERVED, "avtalet § 3"),
    ],
)
def test_the_answers_of_the_source_documents(
    code: str, municipality: str, on: date, result: Result, clause: str
) -> None:
    answer = ask(code, municipality, on=on)
    assert (answer.result, answer.clause) == (result, clause)


def test_who_is_pointed_elsewhere_is_told_so_kindly_and_never_called_turned_away() -> None:
    say = ask("mika", "0114").say
    assert "hänvisad vidare (kommunen saknar avtal)" in say
    assert "avvis" not in say.lower() and "bort" not in say.lower()
    assert "berättar inte för kommunen" in say


def test_an_emergency_rests_on_the_municipality_of_stay_and_trafficking_on_the_mission() -> None:
    assert ask("mika", "0114", acute=True).clause == "SoL 29:4"
    assert ask("mika", "0114", trafficking=True).clause == "SoL 13:1, avtalet § 3"
    both = ask("mika", "0114", acute=True, trafficking=True, age=AgeGroup.CHILD)
    assert both.clause == "SoL 29:4"
    assert any("19:1" in step for step in both.steps)


def test_a_child_at_an_adult_service_is_helped_meanwhile() -> None:
    answer = ask("kast", "0180", age=AgeGroup.CHILD)
    assert answer.result is Result.REFER_CHILD_COORDINATOR
    assert "hjälper dig redan nu" in answer.say


def test_who_is_between_18_and_20_may_use_either_coordinator() -> None:
    for code in ("coordinator_adult", "coordinator_child"):
        answer = ask(code, age=AgeGroup.YOUNG_ADULT)
        assert answer.result is Result.ALWAYS_SERVED
        assert answer.say == rules.answers.SAY_COORDINATOR


def test_an_adult_at_the_childrens_coordinator_is_helped_to_the_right_one() -> None:
    answer = ask("coordinator_child", age=AgeGroup.ADULT)
    assert answer.result is Result.ALWAYS_SERVED
    assert answer.say == rules.answers.SAY_OTHER_AGE


@pytest.mark.parametrize(
    ("code", "age", "acute", "trafficking", "others"),
    [
        ("mika", AgeGroup.CHILD, False, False, ["coordinator_child"]),
        ("mika", AgeGroup.ADULT, False, False, ["coordinator_adult"]),
        ("kast", AgeGroup.ADULT, False, False, []),
        ("kast", AgeGroup.ADULT, False, True, ["coordinator_adult"]),
        ("mika", AgeGroup.YOUNG_ADULT, False, True, ["coordinator_adult", "coordinator_child"]),
        ("kast", AgeGroup.CHILD, True, False, ["coordinator_child"]),
        ("coordinator_child", AgeGroup.ADULT, False, False, ["coordinator_adult"]),
        ("coordinator_adult", AgeGroup.ADULT, False, True, []),
    ],
)
def test_the_others_who_help_are_open_to_everyone_and_of_the_right_age(
    code: str, age: AgeGroup, acute: bool, trafficking: bool, others: list[str]
) -> None:
    answer = ask(code, "0114", age=age, acute=acute, trafficking=trafficking)
    found = rules.helped_by(
        answer,
        SERVICES[code],
        age=age,
        is_trafficking_suspected=trafficking,
        catalogue=SERVICES.values(),
    )
    assert found == others


def test_a_service_is_not_asked_about_before_it_began_or_after_it_ended() -> None:
    with pytest.raises(BadInput, match="finns från 2018-01-01"):
        ask("mika", on=date(2017, 12, 31))
    ended = Terms(
        code="ended",
        age_groups=ADULTS,
        needs_affiliation=True,
        valid_from=START,
        valid_until=date(2020, 12, 31),
    )
    rules.check_offered(ended, date(2020, 12, 31))
    with pytest.raises(BadInput, match="upphörde"):
        rules.check_offered(ended, date(2021, 1, 1))
