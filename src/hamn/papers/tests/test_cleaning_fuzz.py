"""Whatever bytes come in, out comes a clean file or one sentence; a parser's fault stays inside."""

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hamn.papers.cleaning import Fault, Kind, UnfitFile, accept, file_name
from hamn.papers.cleaning.child import MOST_MEMORY, _answer
from hamn.papers.tests.attachments import MARK, document, photograph, screenshot, talkative

pytestmark = pytest.mark.slow


@cache
def wholes() -> tuple[bytes, ...]:
    return photograph(), screenshot(), document(), document(talkative, pages=2)


changes = st.lists(st.tuples(st.integers(0, 1 << 16), st.binary(max_size=8)), max_size=6)


def garbled(whole: bytes, parts: list[tuple[int, bytes]], end: int) -> bytes:
    """The file with pieces overwritten, and cut."""
    data = bytearray(whole)
    for place, piece in parts:
        start = place % len(data)
        data[start : start + len(piece)] = piece
    return bytes(data[: max(len(data) - end, 1)])


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=300, deadline=None)
@given(st.integers(0, 3), changes, st.sampled_from([0, 0, 1, 40, 700]))
def test_a_garbled_file_is_cleaned_or_refused(
    which: int, parts: list[tuple[int, bytes]], end: int
) -> None:
    answer, clean = _answer(garbled(wholes()[which], parts, end), "clean")
    assert ("fault" in answer) != bool(clean)
    assert MARK.encode() not in clean
    if "kind" in answer:
        assert _answer(clean, "examine")[0] == answer


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([b"", b"%PDF-1.7\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]),
    st.binary(max_size=300),
)
@example(b"%PDF-1.7\n", b"1 0 obj\n<</Pages 1 0 R/Type/Catalog>>\ntrailer<</Root 1 0 R>>\n%%EOF")
def test_random_bytes_are_refused(start: bytes, rest: bytes) -> None:
    assert _answer(start + rest, "clean")[0].get("fault") in set(Fault)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 3), changes, st.text(max_size=20))
def test_the_same_holds_through_the_process_of_its_own(
    which: int, parts: list[tuple[int, bytes]], name: str
) -> None:
    try:
        assert accept(garbled(wholes()[which], parts, 0), name).content
    except UnfitFile as refused:
        assert str(refused).endswith(".") and "{" not in str(refused)


@given(st.text(max_size=200), st.sampled_from(Kind))
def test_any_name_becomes_a_harmless_one(name: str, kind: Kind) -> None:
    stored = file_name(name, kind)
    assert stored.endswith(kind.suffix) and len(stored) <= 100
    assert not set(stored) & set('/\\\x00<>"\u202e') and not stored.startswith(".")
    assert file_name(stored, kind) == stored


def child(lines: str) -> int:
    """How a child ends that is bound as the one that opens files, and then runs these lines."""
    bound = "from hamn.papers.cleaning import child; child._bind(); " + lines
    return subprocess.run(
        [sys.executable, "-c", bound], stderr=subprocess.DEVNULL, check=False
    ).returncode


@pytest.mark.parametrize(
    "lines",
    [
        f"bytearray({MOST_MEMORY})",
        "from pathlib import Path; Path('x').write_bytes(b'x')",
        "import resource; assert resource.getrlimit(resource.RLIMIT_CORE) != (0, 0)",
    ],
)
def test_the_process_that_opens_files_can_take_no_more_memory_and_write_no_file(
    lines: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert child("pass") == 0
    assert child(lines) == 1
    assert not any(path.stat().st_size for path in tmp_path.iterdir())
