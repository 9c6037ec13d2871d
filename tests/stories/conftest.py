"""What the stories share: the demonstration, built once by each process of the tests."""

from collections.abc import Iterator

import pytest
from tools.centres import Centre, new_centre


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """The demonstration's centre; a story that changes anything takes a copy of its own."""
    centre = new_centre(tmp_path_factory.mktemp("demo") / "home")
    centre.environment["HAMN_DEMO"] = "1"
    centre.run("-m", "hamn.site.cli.main", "demo", "--no-serve")
    yield centre
    centre.remove()
