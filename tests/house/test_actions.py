"""Every action of a person asks for its permit and tells the trail, itself or by what it calls."""

import ast
from collections.abc import Collection

import pytest

from tests.house.calling import called_in_its_file, calls, functions, reached
from tests.house.test_rooms import SRC, sources

# Parts of other actions, within their transaction: these have asked before they call them.
PARTS = {
    *("tariffs.freeze", "invoicing.prepare", "invoicing.store"),
    *("cases.add_record", "cases.begin_case", "cases.end_shares_on", "cases.judged"),
    *("cases.move_into", "cases.propose", "cases.put_in_charge", "cases.set_deputies"),
    *("cases.settle_items", "cases.log_read", "cases.take_effect", "cases.remove_record"),
    *("cases.changed", "cases.moved", "cases.tell_logged"),
    *("cases.tell", "cases.tell_record", "cases.tell_contact"),
    "door.add_message",
}
# Open for a list what the walls leave of it; the walls ask for the permit.
BEHIND_WALLS = {"cases.linked_cases", "cases.list_contacts", "cases.read_names"}
BEHIND_WALLS |= {"cases.read_support"}
# A draft of her own: nobody else's is at hand.
HER_OWN = {"cases.throw_draft"}
# What the trail is not told of: what changes nothing, and what its caller tells of.
UNTOLD = {
    # Prepared or judged; nothing is written.
    *("invoicing.prepare", "cases.judged", "cases.linked_cases"),
    # The case's own log, beside the trail.
    "cases.log_read",
    # The trail tells of the act that a draft became, or of the case that changed hands.
    *("cases.throw_draft", "cases.settle_items"),
    # Locked, opened and noted in the case's own log; the trail tells of the change that follows.
    *("cases.case_to_move", "cases.case_to_write", "cases.record_to_write"),
    *("cases.contact_to_write", "cases.free_to_write"),
    *("door.add_message", "door.dialogue_to_change"),
}
# These ask or tell themselves, so that whatever goes through them has asked and told.
DOORS = {
    "permits.require": ("cases.case_to_move", "cases.read_case", "cases.free_to_write"),
    "cases.tell_record": (
        *("cases.add_record", "cases.change_record", "cases.move_record"),
        "cases.finalise_record",
    ),
    "cases.tell": ("cases.read_case", "cases.tell_record", "cases.tell_contact"),
    "cases.tell_contact": ("cases.read_contact",),
    "audit.record": ("cases.tell",),
    "cases.case_to_move": ("cases.case_to_write",),
    "cases.case_to_write": ("cases.record_to_write", "cases.contact_to_write"),
    "cases.add_record": ("cases.write_record",),
}
FUNCTIONS, REACHED = functions(), reached()
# The trail itself apart, and the walls' questions.
BY_SOMEONE = {
    name
    for name, one in FUNCTIONS.items()
    if one.is_done_by_someone and one.room not in ("audit", "walls")
}
EXCEPTED = PARTS | BEHIND_WALLS | HER_OWN


def acts(names: Collection[str]) -> list[str]:
    """The actions of a person but those named."""
    return sorted(BY_SOMEONE - set(names))


@pytest.mark.parametrize("name", acts(EXCEPTED))
def test_every_action_of_a_person_asks_for_its_permit(name: str) -> None:
    assert "permits.require" in REACHED[name]


@pytest.mark.parametrize("name", acts(UNTOLD))
def test_every_action_that_changes_something_tells_the_trail(name: str) -> None:
    assert REACHED[name] & {"audit.record", "audit.record_many"}


@pytest.mark.parametrize("name", sorted(BEHIND_WALLS))
def test_what_opens_a_list_goes_through_walls_that_ask_for_the_permit(name: str) -> None:
    walls = {one for one in REACHED[name] if one.startswith("walls.") and one in FUNCTIONS}
    assert any("permits.allows" in REACHED[one] for one in walls)


@pytest.mark.parametrize(("told", "door"), [(t, d) for t, doors in DOORS.items() for d in doors])
def test_a_door_of_casework_asks_and_tells_by_itself(told: str, door: str) -> None:
    written = told.removeprefix("cases.")
    assert written in called_in_its_file(FUNCTIONS[door], FUNCTIONS)


def test_a_part_of_an_action_is_called_by_actions_alone() -> None:
    verbs = {name.partition(".")[2] for name in PARTS}
    dotted = PARTS | {f"actions.{verb}" for verb in verbs}
    found = []
    for path in sources():
        if "actions" not in {*path.parts, path.stem}:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            ways = dotted | (verbs & from_actions(tree))
            found += [f"{path.relative_to(SRC)}: {one}" for one in calls(tree) & ways]
    assert not found


def from_actions(tree: ast.Module) -> set[str]:
    """The names that a file imports from some room's actions."""
    return {
        name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and "actions" in (node.module or "").split(".")
        for name in node.names
    }


# What casework may tell the trail past `telling.py`, which adds why the case was open.
OF_NO_ONE_CASE = {
    # Lists and searches: each opens by its own way, and that she looked is all that is told.
    *("CASES_LISTED", "CONTACTS_LISTED", "SUPPORT_LISTED", "CASES_SEARCHED"),
    # How many, of what happened by its day.
    *("CONSENTS_EXPIRED", "SHARES_ENDED_BY_DATE", "DRAFTS_PURGED", "REVIEWS_PURGED"),
    # About workers.
    *("HANDOVER_PROPOSED", "HANDOVER_ACCEPTED", "HANDOVER_ENDED"),
    *("REVIEW_DRAWN", "REVIEW_READ", "READS_JUDGED", "REVIEW_SIGNED"),
    # Sealed by itself, hers alone, and kept without opening anything.
    "DRAFT_KEPT",
}


def test_whatever_casework_tells_of_a_case_goes_with_why_it_was_open() -> None:
    told = [
        ast.unparse(call.args[0])
        for path in sources()
        if "cases" in path.parts and path.stem != "telling"
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("audit.record")
    ]
    assert {one.removeprefix("Event.") for one in told} == OF_NO_ONE_CASE
    (way_out,) = [
        call
        for call in ast.walk(FUNCTIONS["cases.tell"].node)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "audit.record"
    ]
    given = {one.arg: ast.unparse(one.value) for one in way_out.keywords}
    assert (given["on"], given["why"]) == ("opened.box.trail_name", "opened.why")


LOCKS = ("case_to_write", "case_to_move", "record_to_write", "contact_to_write", "free_to_write")


@pytest.mark.parametrize("name", acts({f"cases.{lock}" for lock in LOCKS}))
def test_what_locks_a_row_does_the_rest_in_the_same_transaction(name: str) -> None:
    node = FUNCTIONS[name].node
    if calls(node) & set(LOCKS):
        assert "transaction.atomic" in ast.unparse(node)


def test_no_exception_is_for_an_action_that_is_gone_or_needs_none() -> None:
    assert EXCEPTED | UNTOLD <= BY_SOMEONE
    assert not [name for name in EXCEPTED if "permits.require" in REACHED[name]]
    told = {"audit.record", "audit.record_many"}
    assert not [name for name in UNTOLD if REACHED[name] & told]
