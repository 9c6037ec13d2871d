"""What people send, at random by the thousand: read, or refused in words, never a crash."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamn.agreement.invoicing.peppol.validate import validate
from hamn.agreement.tariffs.queries import read_allocation
from hamn.core.errors import BadInput
from hamn.site.centre_file import read_centre
from hamn.site.setup import EXAMPLE

MANY = settings(
    max_examples=3_000,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
CELLS = st.text(max_size=12) | st.sampled_from(["0117", "44831", '"', "=1+1", "\u00a0", "٣", "1e9"])
LINES = st.lists(st.lists(CELLS, max_size=5).map(",".join), max_size=6).map("\n".join)
HEADER = "municipality_code,name,population\n"
TOML = EXAMPLE.read_text(encoding="utf-8")


@pytest.mark.soak
@MANY
@given(st.binary(max_size=400) | LINES.map(lambda text: (HEADER + text).encode("utf-8", "replace")))
def test_any_file_of_populations_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "fil.csv"
    path.write_bytes(content)
    try:
        rows = read_allocation(path)
    except BadInput as refusal:
        assert str(refusal)
    else:
        assert all(len(code) == 4 and count > 0 for code, (_name, count) in rows.items())


@pytest.mark.soak
@MANY
@given(
    st.binary(max_size=300)
    | st.text(max_size=200).map(lambda text: f"<Invoice>{text}".encode("utf-8", "replace"))
)
def test_any_bytes_are_judged_and_never_pass_as_an_invoice(content: bytes) -> None:
    found = validate(content)
    assert any(violation.is_fatal for violation in found)


@pytest.mark.soak
@MANY
@given(st.integers(0, len(TOML) - 1), st.integers(0, 60), st.text(max_size=20))
def test_any_edit_of_the_centre_s_file_is_read_or_refused(
    tmp_path: Path, place: int, gone: int, new: str
) -> None:
    path = tmp_path / "centre.toml"
    text = TOML[:place] + new + TOML[place + gone :]
    path.write_text(text.encode("utf-8", "replace").decode("utf-8"), encoding="utf-8")
    with pytest.raises(BadInput):
        # The example lacks the address that a real centre must fill in, so it never passes.
        read_centre(path)
