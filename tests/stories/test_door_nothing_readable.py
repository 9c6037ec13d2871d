"""Nothing that a person types at the door can be read in any byte that the system writes.

A real door on a real centre. Words are planted through every public form, in headers, addresses
and files, and every fault is provoked; then all files, rows, log lines, headers and addresses are
searched, also for her code, for what it makes, and for the address she came from.
"""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tools.doors import Door, door_centre

from tests.stories.planting import rows_with
from tests.stories.surfing import Page, Surfer, multipart
from tests.stories.unreadable import HAMN, PLANTER, Story, told
from tests.stories.watching import watched

ADDRESS = "203.0.113.77"
NUMBER, OTHER_NUMBER = "0701740605", "0701740633"
WRITE, COME_BACK, CONVERSATION = "/kontakt/1/", "/svar/", "/svar/dialog/"
SENDER = "hej@brevbarare.example"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class DoorStory(Story):
    """A visit in which everything is typed that the public pages ask for, and more."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.codes: list[str] = []
        self.read_back = ""
        self.sent: set[str] = set()
        for one in (ADDRESS, NUMBER, OTHER_NUMBER):
            self.words.also(one, f"the number {one}")
        self.door = Door(self.centre, "--workers", 1)
        self.her = Surfer(self.door.port, "somebody", self.words, self._chosen)

    def run(self) -> None:
        """The whole visit; afterwards the door has ended, and a backup is made."""
        door_centre(self.centre, self.folder)
        with (self.centre.home / "centre.toml").open("a", encoding="utf-8") as file:
            file.write(f'[door]\nnotice_from = "{SENDER}"\n[system.mail]\nhost = "127.0.0.1"\n')
        with watched(self.folder / "tmp", self.centre.home) as watch:
            self.door.start()
            try:
                self._visit()
                self._provoke_at_the_door()
                self._copy_database("before the end")
                self._end()
            finally:
                self.door.stop()
            self.centre.run(*HAMN, "backup", "--with-secret")
            self.vanished = [(name, [(data,)]) for name, data in watch.contents()]
        self._dump()

    @property
    def secrets(self) -> list[bytes]:
        """What her codes make, as it would stand in memory, in a file, in a row or in a log."""
        from hamn.support.door.rules.keys import derive

        made = [derive(code, self._salt()) for code in self.codes]
        seeds = [one.seed for one in made] + [one.seed[:32] for one in made]
        return [way for seed in seeds for way in (seed, seed.hex().encode(), _coded(seed))]

    def bytes_written(self) -> Iterator[tuple[str, bytes]]:
        """Every file and every value, with its place."""
        for folder in self.folders:
            for path in (path for path in folder.rglob("*") if path.is_file()):
                yield str(path), path.read_bytes()
        for table, rows in self.tables():
            yield from ((table, _raw(value)) for row in rows for value in row)

    def _salt(self) -> bytes:
        rows = next(rows for table, rows in self.tables() if table == "door_doorsalt")
        return next(_raw(value) for value in rows[0] if isinstance(value, bytes | memoryview))

    def _visit(self) -> None:
        """Write, come back, write again, and choose everything there is to choose."""
        self._ask(*self._submit(WRITE, "text"))
        page, _ = self.her.submit(self.her.get(COME_BACK).form("code"), "come_back")
        assert page.path == CONVERSATION, page.errors
        for path, field in (
            (CONVERSATION, "text"),
            (f"{CONVERSATION}namn/", "called"),
            (f"{CONVERSATION}ring/", "phone"),
            (f"{CONVERSATION}meddelande/", "address"),
            (f"{CONVERSATION}annan/", "proof"),
        ):
            self._submit(path, field)
        self.read_back = self.her.get(CONVERSATION).body.decode()
        self._ask(*self._submit(f"{CONVERSATION}kod/", "token"))
        self._submit("/yrkesverksam/fraga/", "workplace")

    def _ask(self, name: str, page: Page) -> None:
        """The page with the code, and whether the paper says the same: wrongly, then rightly."""
        code = "".join(page.tree.xpath("//*[@class='door-code__group']/text()"))
        assert len(code) == 20, (name, page.status, page.errors)
        self.codes.append(code)
        shown = "-".join(code[place : place + 4] for place in range(0, 20, 4))
        for one in (code, shown, shown.replace("-", " ")):
            self.words.also(one, "a code")
        form = page.form("again")
        for typed in (f"{code[:-1]}{'0' if code[-1] != '0' else '1'}", code):
            self.her.send(form, [*form.hidden, ("again", typed)])

    def _submit(self, path: str, field: str) -> tuple[str, Page]:
        """The form there filled in and taken; a page of errors is a fault of the story's."""
        page, _files = self.her.submit(self.her.get(path).form(field), path)
        assert page.status == 200 and not page.errors, (path, page.status, page.errors)
        self.sent.add(path)
        return path, page

    def _chosen(self, _name: str, field: str) -> Any:
        """What is typed where a plain word will not do."""
        letter = f"{self.words.new('an address of hers')}@post.example"
        return {
            "code": self.codes[-1] if self.codes else "",
            "phone": NUMBER,
            "address": letter,
            "email": letter,
            "age": "adult",
            "since": "18",
            "until": "21",
        }.get(field)

    def _provoke_at_the_door(self) -> None:
        """Each fault that there is, with something typed."""
        for path in (WRITE, COME_BACK, CONVERSATION):
            self._type_wrongly(path)
        self._ask_strangely_at_the_door()
        form = self.her.get(WRITE).form("text")
        typed = [*form.hidden, ("text", self.words.new("no table")), ("age", "adult")]
        self.centre.run(PLANTER, "hide", "door_message")
        self._note(self.her.send(form, typed))
        self._note(self.her.get(CONVERSATION))
        self.centre.run(PLANTER, "show", "door_message")

    def _type_wrongly(self, path: str) -> None:
        """What a form does not take: hidden signs, too much, a file, a token that is not ours."""
        form = self.her.get(path).form("code" if path == COME_BACK else "text")
        name = "code" if path == COME_BACK else "text"
        word = self.words.new("typed wrongly")
        hidden = [one for one in form.hidden if one[0] not in ("token", "proof")]
        for text in (f"{word}\0\u202e", word * 2_000, word * 30_000):
            self._note(self.her.send(form, [*form.hidden, (name, text)]))
        self._note(self.her.send(form, [*hidden, ("token", word), (name, word)]))
        body, kind = multipart(
            [*form.hidden, (name, word)], {name: (f"{word}.pdf", word.encode() * 500)}
        )
        self._note(self._ask_as_her("POST", path, body, {"Content-Type": kind}))

    def _ask_strangely_at_the_door(self) -> None:
        word = self.words.new("an address")
        for path in (f"/{word}/", f"/svar/?kod={word}", f"/en/{word}", f"/%ff{word}"):
            self.strange.add(path)
            self._note(self._ask_as_her("GET", path, None, {"Referer": f"https://{word}.example/"}))
        text = f"text={self.words.new('a forged form')}".encode()
        forged = {**FORM, "Sec-Fetch-Site": "cross-site"}
        self._note(self._ask_as_her("POST", WRITE, text, forged))
        self._note(self._ask_as_her("POST", WRITE, text, {**FORM, "Host": f"{word}.example"}))
        broken = {"Content-Type": "multipart/form-data; boundary=x"}
        self._note(self._ask_as_her("POST", WRITE, b"--x\r\n" + text, broken))
        self._note(self._ask_as_her("POST", WRITE, text * 20_000, FORM))
        self._note(self._ask_as_her("GET", CONVERSATION, None, {"Cookie": f"visit={word}"}))

    def _ask_as_her(self, method: str, path: str, body: bytes | None, more: dict[str, str]) -> Page:
        """A request that says all that a browser and a proxy could say of her."""
        word = self.words.new("a header")
        said = {"User-Agent": word, "X-Forwarded-For": ADDRESS, "Accept-Language": word}
        return self.her.ask(method, path, body, {**said, **more})

    def _end(self) -> None:
        """The dialogue ended; its code opens nothing any more."""
        self._submit(f"{CONVERSATION}avsluta/", "wants_erased")
        form = self.her.get(COME_BACK).form("code")
        page = self.her.send(form, [*form.hidden, ("code", self.codes[-1])])
        assert page.path == COME_BACK and page.errors


def _raw(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def _coded(seed: bytes) -> bytes:
    return base64.urlsafe_b64encode(seed)[:40]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DoorStory]:
    """Everything done that can be done at the door, and the door ended."""
    made = DoorStory(tmp_path_factory.mktemp("readable"))
    try:
        made.run()
        yield made
    finally:
        made.end()


@pytest.mark.slow
def test_nothing_typed_at_the_door_can_be_read_in_anything_that_was_written(
    story: DoorStory,
) -> None:
    assert not story.finds, told(story.finds)


@pytest.mark.slow
def test_what_opens_a_dialogue_stands_nowhere(story: DoorStory) -> None:
    assert len(story.codes) == 2
    hidden = story.secrets
    places = {place for place, data in story.bytes_written() if any(one in data for one in hidden)}
    assert places == set()


@pytest.mark.slow
def test_what_was_typed_was_kept_and_is_read_with_the_code(story: DoorStory) -> None:
    typed = story.words.within(story.read_back.encode())
    assert {f"{WRITE} text", f"{CONVERSATION} text", f"{CONVERSATION}namn/ called"} <= typed
    assert len(story.sent) == 9


@pytest.mark.slow
def test_no_address_header_or_title_tells_anything_and_no_answer_may_be_stored(
    story: DoorStory,
) -> None:
    heard = story.her.heard
    assert len(heard) > 40
    rows = [
        (f"{one.path} {one.headers} {one.title}",) for one in heard if one.path not in story.strange
    ]
    assert rows_with(story.words, [("heard", rows)]) == []
    assert [one.path for one in heard if one.header("cache-control") != "no-store"] == []
    assert {one.title for one in heard if one.title} == {"Information"}


@pytest.mark.slow
def test_no_cookie_is_set_before_a_code_has_opened_something(story: DoorStory) -> None:
    first = next(at for at, one in enumerate(story.her.heard) if one.header("set-cookie"))
    assert (story.her.heard[first].method, story.her.heard[first].path) == ("POST", COME_BACK)
    told = story.her.heard[first].header("set-cookie")
    assert all(word in told for word in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"))


@pytest.mark.slow
def test_every_fault_was_met_and_told_without_what_was_typed(story: DoorStory) -> None:
    met = {status for status, _body in story.faults}
    assert met >= {400, 403, 404, 413, 422}
    # A table that is gone: SQLite calls it a fault that may pass, PostgreSQL one that does not.
    assert met & {500, 503}
    # Where she is to send again what she wrote (422, 503), it stands in the form.
    silent = [body for status, body in story.faults if status in (400, 403, 404, 413, 500)]
    typed = {typed for body in silent for typed in story.words.within(body)}
    # A page that is not there leads to the same address in the other languages.
    assert typed <= {"an address"}
    assert not any(b"Traceback" in body for _status, body in story.faults)
