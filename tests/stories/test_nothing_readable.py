"""Nothing that is sealed can be read in any byte that the system writes.

A real centre: the key agent, the desk, its worker and a post office are processes of their own.
Words are planted through the web in every form of casework, faults are provoked, a backup is made;
then every file, row, log line, letter, header and address is searched.
"""

import base64
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pikepdf
import pytest

from tests.stories.casework import ROOM
from tests.stories.planting import Words, files_with, rows_with
from tests.stories.test_serve import wait_for
from tests.stories.unreadable import CODES, OPEN, Story, told
from tests.stories.watching import watched


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Everything done that can be done in a case, and everything stopped again."""
    made = Story(tmp_path_factory.mktemp("readable"))
    try:
        made.run()
        yield made
    finally:
        made.end()


@pytest.mark.slow
def test_nothing_planted_can_be_read_in_anything_that_was_written(story: Story) -> None:
    found = [one for one in story.finds if one.typed != OPEN]
    assert not found, told(found)


@pytest.mark.slow
def test_a_word_in_an_open_field_is_found_in_the_database_its_rows_and_its_backup(
    story: Story,
) -> None:
    places = {one.place for one in story.finds if one.typed == OPEN}
    assert any(place.endswith(".tar") for place in places)
    assert any(Path(place).name in ("hamn.sqlite3", "dump.sql") for place in places)
    assert "organisations_party" in places


@pytest.mark.slow
def test_every_sealed_field_was_planted_and_holds_what_was_typed(story: Story) -> None:
    assert sorted(story.fields - story.planted - CODES) == []
    assert "Draft.fields" in story.planted
    # Nothing is excused that was planted after all, or is no longer there.
    assert sorted(CODES & story.planted) == []
    assert sorted(CODES - story.fields) == []


@pytest.mark.slow
def test_every_form_of_casework_was_found_filled_in_and_saved(story: Story) -> None:
    assert story.work.refused == {}
    assert sorted(story.unvisited()) == []


@pytest.mark.slow
def test_no_address_header_or_title_tells_anything_and_no_page_may_be_stored(story: Story) -> None:
    heard = [one for surfer in story.people.values() for one in surfer.heard]
    assert len(heard) > 400
    rows = [
        (f"{one.path} {one.headers} {one.title}",) for one in heard if one.path not in story.strange
    ]
    assert rows_with(story.words, [("heard", rows)]) == []
    pages = [one for one in heard if one.path.startswith(ROOM)]
    stored = [one for one in pages if "no-store" not in one.header("cache-control")]
    assert stored == []


@pytest.mark.slow
def test_every_fault_was_met_and_told_without_what_was_typed(story: Story) -> None:
    assert {status for status, _body in story.faults} >= {400, 403, 404, 422, 500}
    silent = [body for status, body in story.faults if status in (400, 403, 404, 500)]
    typed = {typed for body in silent for typed in story.words.within(body)}
    # A page may say again the address that it was asked for at.
    assert typed <= {"an address"}
    assert story.letters


def _pdf(text: bytes) -> bytes:
    made = pikepdf.new()
    page = made.add_blank_page(page_size=(300, 200))
    page.obj.Contents = made.make_stream(b"BT (" + text + b") Tj ET")
    out = io.BytesIO()
    made.save(out, compress_streams=True, recompress_flate=True)
    return out.getvalue()


def _zip(text: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("en fil", text)
    return out.getvalue()


@pytest.mark.parametrize(
    "written",
    [
        bytes,
        lambda text: text.upper(),
        lambda text: text.decode().encode("utf-16-le"),
        lambda text: b"\0" + text.decode().encode("utf-16-be"),
        lambda text: text.hex().encode(),
        lambda text: text.hex().upper().encode(),
        base64.b64encode,
        lambda text: base64.b64encode(b"x" + text),
        lambda text: base64.urlsafe_b64encode(b"xy" + text + b"?>"),
        zlib.compress,
        lambda text: b"before" + gzip.compress(text) + b"after",
        _zip,
        _pdf,
        lambda text: gzip.compress(_zip(text)),
        lambda text: b"." + base64.urlsafe_b64encode(zlib.compress(text * 9)).rstrip(b"=") + b":x",
    ],
)
def test_a_word_is_found_however_it_is_written_or_packed(
    written: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    words = Words()
    word = words.new("here")
    assert words.within(written(b'{"text": "' + word.encode() + b'"}'))
    assert not words.within(written(b'{"text": "' + word[::-1].encode() + b'"}'))
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "file").write_bytes(written(word.encode()))
    assert [one.place for one in files_with(words, [tmp_path])]


def test_a_word_in_a_files_name_is_found(tmp_path: Path) -> None:
    words = Words()
    (tmp_path / f"{words.new('name')}.png").touch()
    assert [one.typed for one in files_with(words, [tmp_path])] == ["name"]


def _has(held: Callable[[], set[bytes]], count: int) -> bool:
    return len(held()) == count


def test_a_file_that_was_taken_away_again_is_read_all_the_same(tmp_path: Path) -> None:
    with watched(tmp_path) as watch:

        def held() -> set[bytes]:
            return {data for _name, data in watch.contents()}

        for count, text in enumerate((b"first", b"second"), 1):
            (tmp_path / "passing").write_bytes(text)
            wait_for(partial(_has, held, count))
            (tmp_path / "passing").unlink()
        assert held() == {b"first", b"second"}
