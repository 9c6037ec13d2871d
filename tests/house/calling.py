"""What the rooms' actions call, themselves or by other functions of the rooms: by their syntax."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.house.test_rooms import ROOMS


@dataclass(frozen=True)
class Function:
    """A function of a room's actions, or of its walls. home: its file."""

    room: str
    home: Path
    node: ast.FunctionDef

    @property
    def name(self) -> str:
        """As others call it: `room.verb`, or the walls' own; a private one only in its file."""
        return f"{self.home if self.is_private else self.room}.{self.node.name}"

    @property
    def is_private(self) -> bool:
        return self.node.name.startswith("_")

    @property
    def is_done_by_someone(self) -> bool:
        """Whether a person does it: public, with `by`."""
        return not self.is_private and "by" in {one.arg for one in self.node.args.kwonlyargs}


def functions() -> dict[str, Function]:
    """The functions of all rooms' actions and walls, by name; no two have one."""
    found: dict[str, Function] = {}
    for room in ROOMS:
        actions = [room / "actions.py", *sorted((room / "actions").rglob("*.py"))]
        for path in filter(Path.exists, [*actions, room / "queries" / "walls.py"]):
            home = "walls" if path.stem == "walls" else room.name
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef):
                    one = Function(home, path, node)
                    assert one.name not in found, one.name
                    found[one.name] = one
    return found


def calls(node: ast.AST) -> set[str]:
    """The names of all functions that are called within, as they are written."""
    return {ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}


def named(node: ast.AST) -> set[str]:
    """The plain names that are used within: a function may be chosen first and called after."""
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def reached() -> dict[str, frozenset[str]]:
    """By each function's name all that it calls, itself or through others of the rooms."""
    known = functions()
    found = {name: frozenset(_resolved(one, known)) for name, one in known.items()}
    while True:
        wider = {
            name: names.union(*(found[one] for one in names if one in found))
            for name, names in found.items()
        }
        if wider == found:
            return found
        found = wider


def called_in_its_file(one: Function, known: dict[str, Function]) -> set[str]:
    """What the function calls, itself or by the functions beside it, as it is written."""
    beside = {each.node.name: each.node for each in known.values() if each.home == one.home}
    found, todo = set(), [one.node]
    while todo:
        node = todo.pop()
        used = calls(node) | named(node)
        todo += [beside[name] for name in used - found if name in beside]
        found |= used
    return found


def _resolved(one: Function, known: dict[str, Function]) -> Iterator[str]:
    yield from calls(one.node)
    for call in calls(one.node) | named(one.node):
        ways = (f"{one.home}.{call}", f"{one.room}.{call}", call)
        yield from (way for way in ways if way in known and known[way] != one)
