"""Whom to call at once: the national numbers, and those that the centre's file names."""

from hamn.support.door.rules import emergency


def phones(door: dict[str, str], *, is_child: bool = False) -> list[str]:
    return [one.phone for one in emergency.lines(door, is_child=is_child)]


def test_the_national_numbers_stand_without_a_word_in_the_file() -> None:
    assert phones({}) == ["112", "020-50 50 50"]
    assert phones({}, is_child=True) == ["112", "116 111"]


def test_the_social_emergency_service_stands_right_after_the_alarm() -> None:
    assert phones({"emergency_service_phone": "08-465 004 99"})[:2] == ["112", "08-465 004 99"]


def test_a_national_number_that_has_changed_is_named_in_the_file_and_the_alarm_never() -> None:
    door = {"children_phone": "116 999", "women_phone": "020-11 22 33", "alarm_phone": "911"}
    assert phones(door) == ["112", "020-11 22 33"]
    assert phones(door, is_child=True) == ["112", "116 999"]
    assert phones({"women_phone": " "}) == ["112", "020-50 50 50"]
