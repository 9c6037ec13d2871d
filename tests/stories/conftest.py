"""What the stories share: the demonstration, built once in a run of the tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tools.centres import Centre, built_once, new_centre


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """The demonstration's centre; a story that changes anything takes a copy of its own."""
    centre = built_once("demo", _build).copy(tmp_path_factory.mktemp("demo") / "home")
    centre.environment["HAMN_DEMO"] = "1"
    yield centre
    centre.remove()


def _build(home: Path) -> Centre:
    centre = new_centre(home)
    centre.environment["HAMN_DEMO"] = "1"
    centre.run("-m", "hamn.site.cli.main", "demo", "--no-serve")
    return centre
