"""The story of a day at a centre in which everything is typed that is to be sealed."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from tools.centres import new_centre

from tests.stories.casework import ENDS, LAST, ROOM, TAKES_AWAY, Casework, lists, name_of, verb_of
from tests.stories.planter import SECRET, UNITS
from tests.stories.planting import (
    Find,
    Words,
    files_with,
    picture,
    postgresql_tables,
    rows_with,
    sqlite_tables,
)
from tests.stories.post import post_office
from tests.stories.surfing import Page, Surfer
from tests.stories.test_serve import answer, free, wait_for
from tests.stories.watching import watched

HAMN = ("-m", "hamn.site.cli.main")
PLANTER = Path(__file__).with_name("planter.py")
HEADS = {unit: names[0] for unit, names in UNITS.items()}
OPEN = "an open field"
LATER = (*ENDS, *TAKES_AWAY, *LAST)
# Addresses that are no page and no form of a person's: a script's, and a month's that is not over.
NOT_WALKED = {"keep_draft", "throw_draft", "review"}
# Sealed fields that hold a code or an id that a program chose, never what somebody typed.
_CODES = {
    "Action": "channel who",
    "BrokenGlass": "kind",
    "CaseContent": "age_group closure_outcome closure_reason form identity_level municipality"
    " residence source",
    "CaseLink": "form other",
    "Child": "handed_ground own_case",
    "ChildWelfareReport": "about municipality sent_how unit",
    "Closure": "outcome reason referred_to",
    "Consent": "given_by how purpose recipient",
    "ContactContent": "age_group answer_offer channel entitlement form handed_from handed_ground"
    " joint_with kind municipality residence service source",
    "Counted": "fact kind",
    "Disclosure": "act consent ground recipient used_for",
    "FileContent": "hash media_type",
    "GivenPiece": "code title",
    "Identity": "now was",
    "LeftOut": "provision title",
    "Piece": "code",
    "OutcomeFollowUp": "unit",
    "PracticalSupport": "counterpart",
    "Referral": "consent counterpart disclosure outcome purpose taken_back way",
    "RequestContent": "asked_as outcome source",
    "ShareReason": "consent",
    "Told": "label",
}
CODES = {f"{kind}.{name}" for kind, names in _CODES.items() for name in names.split()}


class Story:
    """One centre, its processes, and what was planted in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.words = Words()
        self.work = Casework(self.words)
        self.people: dict[str, Surfer] = {}
        self.faults: list[tuple[int, bytes]] = []
        self.letters: list[bytes] = []
        self.strange: set[str] = set()
        self.fields: set[str] = set()
        self.planted: set[str] = set()
        self.vanished: list[tuple[str, list[tuple[bytes]]]] = []
        self.password = self.words.new("a password")
        self.passphrases = {unit: self.words.new("a passphrase") for unit in UNITS}
        for name in ("tmp", "spoken", "letters"):
            (folder / name).mkdir()
        self.centre = new_centre(folder / "home")
        self.centre.environment |= {"TMPDIR": str(folder / "tmp"), "HAMN_LOG": "debug"}
        self._processes: list[subprocess.Popen[bytes]] = []

    def run(self) -> None:
        """The whole day; afterwards every process has ended."""
        with post_office(self.letters) as post:
            self._say_where_letters_go(post)
            self.centre.run(PLANTER, "build", self.password)
            with watched(self.folder / "tmp", self.centre.home) as watch:
                agent = self._start("agent", "vault", "agent")
                self.port = free()
                self._start("desk", "serve", "--face", "desk", "--workers", 1, "--port", self.port)
                wait_for(lambda: answer(self.port, "/halsa/")[0] == 200, seconds=120)
                self._sign_in()
                self._plant()
                self._provoke(agent)
                self._copy_database("before the end")
                self.centre.run(*HAMN, "backup", "--with-secret")
                self.end_processes()
                self.vanished = [(name, [(data,)]) for name, data in watch.contents()]
        (self.folder / "letters" / "all").write_bytes(b"".join(self.letters))
        self._dump()

    def end(self) -> None:
        """The processes have ended, and a database on a server is gone."""
        self.end_processes()
        self.centre.remove()

    def end_processes(self) -> None:
        for process in reversed(self._processes):
            if process.poll() is None:
                process.terminate()
                process.wait(60)

    @property
    def folders(self) -> list[Path]:
        """Where the system has written: its own folder, a temporary one, what it said, letters."""
        return [self.folder, *_of_server(self.centre.environment["HAMN_DATABASE"])]

    def tables(self) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
        """Every table with its rows."""
        if address := self.centre.environment["HAMN_DATABASE"]:
            return postgresql_tables(address)
        return sqlite_tables(self.centre.home / "hamn.sqlite3")

    @cached_property
    def finds(self) -> list[Find]:
        """Every planted word in every byte that was written, also where that was taken away."""
        return [
            *files_with(self.words, self.folders),
            *rows_with(self.words, self.tables()),
            *rows_with(self.words, self.vanished),
        ]

    def unvisited(self) -> set[str]:
        """Addresses of casework that nobody has met: no link led there."""
        from hamn.support.cases.urls import urlpatterns

        met = {verb_of(name) for name in (*self.work.met, *map(name_of, self.work.pages))}
        return {str(one.name) for one in urlpatterns} - met - NOT_WALKED

    def _say_where_letters_go(self, port: int) -> None:
        told = f'[system.mail]\nhost = "127.0.0.1"\nport = {port}\ntls = false\n'
        (self.centre.home / "centre.toml").write_text(told, encoding="utf-8")

    def _start(self, name: str, *words: object) -> subprocess.Popen[bytes]:
        command = [sys.executable, *HAMN, *map(str, words)]
        with (self.folder / "spoken" / name).open("ab") as said:
            process = subprocess.Popen(
                command, env=self.centre.environment, stdout=said, stderr=said
            )
        self._processes.append(process)
        return process

    def _surfer(self, who: str) -> Surfer:
        return Surfer(self.port, who, self.words, self.work.chosen)

    def _sign_in(self) -> None:
        """Everyone is in, and every head has made her unit's key."""
        for unit, names in UNITS.items():
            for who in names:
                self.people[who] = self._surfer(who)
                self._enter(self.people[who])
            phrase = self.passphrases[unit]
            form = self.people[HEADS[unit]].get(f"/desk/valvet/{unit}/nyckel/").form("new")
            given = [("name", "Chefen"), ("new", phrase), ("again", phrase)]
            page = self.people[HEADS[unit]].send(form, [*form.hidden, *given])
            assert page.path == "/desk/valvet/", page.errors
        steward = self._surfer("steward")
        self._enter(steward)
        form = steward.get("/desk/kommuner/0187/uppgifter/").form("buyer_reference")
        typed = {"organisation_number": "402018-7219", "buyer_reference": self.words.new(OPEN)}
        shown = [one for one in form.shown if one[0] not in typed]
        page = steward.send(form, [*shown, *typed.items()])
        assert page.status == 200 and page.path != form.path, page.errors

    def _enter(self, by: Surfer, *, steps: int = 0) -> Page:
        form = by.get("/desk/").form("login")
        given = [("login", f"{by.who}@test.example"), ("password", self.password)]
        form = by.send(form, [*form.hidden, *given]).form("code")
        code = format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + steps))
        page = by.send(form, [*form.hidden, ("code", code)])
        assert page.status == 200 and "/konto/" not in page.path, page.errors
        return page

    def _plant(self) -> None:
        """Every form filled in by whoever may, those that take something away last."""
        work, worker, colleague = self.work, "mika_worker", "mika_second"
        # The colleague breaks the glass that the head then judges.
        self._walk(worker, colleague, *HEADS.values(), leaving=LATER)
        # She rewrites what the worker has written, so that both wordings are kept.
        work.saved["change_note"] -= 1
        self._walk(colleague, leaving=LATER)
        self._walk(worker, "mika_head", leaving=(*TAKES_AWAY, *LAST))
        self._look()
        self._copy_database("before things are taken away")
        # A request that nobody has answered can be taken back.
        work.saved["ask_documents"] -= 1
        self._walk(worker, leaving=("remove_contact", "hand_over_case"))
        # What was handed over and taken back is handed over anew, and accepted.
        work.saved["hand_over"] -= 1
        self._walk(worker, leaving=LAST)
        self._walk(colleague, "mika_head")

    def _walk(self, *names: str, leaving: Iterable[str] = ()) -> None:
        for who in names:
            cases = sorted(path for path in self.work.pages if name_of(path) == "show")
            self.work.walk(self.people[who], [*lists(), *cases], leaving)

    def _look(self) -> None:
        """What the sealed rows hold, opened through the agent."""
        told = json.loads(self.centre.run(PLANTER, "look"))
        self.fields |= set(told["fields"])
        typed = [word.lower() for word in self.words.typed]
        self.planted |= {
            f"{kind}.{name}"
            for kind, name, text in told["texts"]
            if any(word in text.lower() for word in typed)
        }

    def _provoke(self, agent: subprocess.Popen[bytes]) -> None:
        """Each fault that there is, with something typed."""
        by, case = self.people["mika_worker"], self._open_case()
        note, contact = f"{case}anteckningar/ny/", f"{case}kontakt/ny/"
        self._keep_draft(by, note)
        self._send_too_much(by, note, f"{case}filer/ny/")
        self._ask_strangely(by, note)
        self._send_after_the_end(by, note)
        with self._prepared(by, contact, "no table"):
            self.centre.run(PLANTER, "hide", "cases_fact")
        self.centre.run(PLANTER, "show", "cases_fact")
        self._ask_for_letter()
        with self._prepared(by, note, "a locked vault"):
            self._lock()
        self._unseal()
        self._look()
        with self._prepared(by, note, "no agent"):
            agent.terminate()
            agent.wait(20)

    def _open_case(self) -> str:
        """The address of a new case of the worker's."""
        by = self.people["mika_worker"]
        page, _files = by.submit(by.get(f"{ROOM}nytt/").form("called"), "open_case")
        assert name_of(page.path) == "show", page.errors
        return page.path

    @contextmanager
    def _prepared(self, by: Surfer, path: str, why: str) -> Iterator[None]:
        """A form opened before, sent after what goes wrong, and the page looked at once more."""
        form = by.get(path).form("text")
        yield
        self._note(by.submit(form, why)[0])
        self._note(by.get(path))

    def _note(self, page: Page) -> None:
        self.faults.append((page.status, page.body))

    def _keep_draft(self, by: Surfer, path: str) -> None:
        """As the script of the page does it, every few seconds."""
        form = by.get(path).form("text")
        once = dict(form.hidden)["once"]
        fields = [one for one in form.hidden if one[0] != "once"]
        typed = [("form", once), ("text", self.words.new("a draft"))]
        form.action = f"{ROOM}utkast/"
        page = by.send(form, [*fields, *typed])
        assert page.status == 200 and b"saved" in page.body, page.body

    def _send_too_much(self, by: Surfer, note: str, file: str) -> None:
        """A note as long as ten megabytes, a file that may not be so large, and one that may."""
        form = by.get(note).form("text")
        word = self.words.new("a long note")
        self._note(by.send(form, [*form.hidden, ("text", word * (10_000_000 // len(word)))]))
        for size, why in ((26_000_000, "a large file"), (1, "an empty file")):
            form = by.get(file).form("file")
            word = self.words.new(why)
            data = word.encode() * (size // len(word) + 1)
            self._note(by.send(form, form.hidden, {"file": (f"{word}.pdf", data)}))
        form = by.get(file).form("file")
        data = picture(self.words.new("a file that is spooled"), noise=1800)
        assert len(data) > 2_700_000
        name = f"{self.words.new('its name')}.png"
        page = by.send(form, [*form.hidden, ("about", "")], {"file": (name, data)})
        assert page.path != file, page.errors

    def _ask_strangely(self, by: Surfer, path: str) -> None:
        """Addresses, hosts and bodies that no browser of ours sends."""
        word = self.words.new("an address")
        for strange in (f"{ROOM}{word}/", f"{path}?q={word}", f"/{word}"):
            self.strange.add(strange)
            self._note(by.ask("GET", strange, None, {"Referer": f"https://{word}.example/"}))
        text = f"text={self.words.new('a forged form')}".encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        self._note(by.ask("POST", path, text, kind))
        self._note(by.ask("POST", path, text, {**kind, "Host": f"{word}.example"}))
        broken = {"Content-Type": "multipart/form-data; boundary=x"}
        self._note(by.ask("POST", path, b"--x\r\n" + text, broken))

    def _send_after_the_end(self, by: Surfer, path: str) -> None:
        """Forms sent when the session had ended; then she signs in again."""
        forms = [
            by.get(one).form(field)
            for one, field in ((path, "text"), (f"{ROOM}brev/nytt/", "pasted"))
        ]
        del by.cookies["hamn_desk"]
        for form in forms:
            page, _files = by.submit(form, "an ended session")
            assert "/konto/logga-in/" in page.path, (page.path, page.status)
            self._note(page)
        self._enter(by, steps=1)

    def _ask_for_letter(self) -> None:
        """A password is forgotten, and the letter about it comes."""
        stranger = self._surfer("nobody")
        form = stranger.get("/desk/konto/glomt/").form("email")
        stranger.send(form, [*form.hidden, ("email", "mika_second@test.example")])
        wait_for(lambda: self.letters)

    def _lock(self) -> None:
        head = self.people["mika_head"]
        form = head.get("/desk/valvet/mika/stang/").form(action="/desk/valvet/mika/stang/")
        assert head.send(form, form.hidden).path == "/desk/valvet/"

    def _unseal(self) -> None:
        """With a wrong passphrase, then with the right one."""
        head = self.people["mika_head"]
        for phrase in (self.words.new("a wrong passphrase"), self.passphrases["mika"]):
            form = head.get("/desk/valvet/mika/oppna/").form("passphrase")
            page = head.send(form, [*form.hidden, ("passphrase", phrase)])
            self._note(page)
        assert page.path == "/desk/valvet/", page.errors

    def _copy_database(self, when: str) -> None:
        """The files as they stand now: later pages may be written over them."""
        copies = self.folder / "copies" / when
        copies.mkdir(parents=True)
        for path in self.centre.home.glob("hamn.sqlite3*"):
            shutil.copy(path, copies)

    def _dump(self) -> None:
        """What the server would give out."""
        if address := self.centre.environment["HAMN_DATABASE"]:
            target = self.folder / "dump.sql"
            subprocess.run(["pg_dump", "--file", str(target), address], check=True)
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute("CHECKPOINT")


def told(found: Iterable[Find]) -> str:
    """The finds in lines."""
    return "\n".join(sorted(f"{one.typed}: {one.place}" for one in found))


def _of_server(address: str) -> list[Path]:
    """Where the server keeps this database, its journal and its log, as far as it can be read."""
    if not address:
        return []
    with psycopg.connect(address) as connection:
        (place,) = connection.execute("SHOW data_directory").fetchone() or ("",)
        found = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        (oid,) = found.fetchone() or (0,)
    data = Path(place)
    parts = (data / "base" / str(oid), data / "pg_wal", data / "log", data.parent / "log")
    return [one for one in parts if one.exists() and os.access(one, os.R_OK)]
