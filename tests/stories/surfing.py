"""A browser without a screen: pages, links and forms over HTTP, with cookies, as a person would.

It fills every field of a form: each text with a word of its own. What it heard is kept: addresses,
headers, titles, and which pages may be stored.
"""

import http.client
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any, NamedTuple
from urllib.parse import urlencode, urljoin, urlsplit
from zoneinfo import ZoneInfo

import lxml.html

from tests.stories.planting import Words

SWEDEN = ZoneInfo("Europe/Stockholm")
Fields = list[tuple[str, str]]
Files = dict[str, tuple[str, bytes]]
_DATE_PARTS = ("_ar", "_manad", "_dag")
# Days that lie ahead; every other is today's.
_AHEAD = ("due_on", "until", "answer_by", "reads_until", "respond_by")
_STEP = "steg"


class Heard(NamedTuple):
    """What an answer told beside its body. title: what a browser's history remembers of it."""

    method: str
    path: str
    status: int
    headers: tuple[tuple[str, str], ...]
    title: str

    def header(self, name: str) -> str:
        """What a header says; nothing where it is not there."""
        return next((text for at, text in self.headers if at.lower() == name), "")


@dataclass
class Page:
    """An answer, at the address where the browser ended."""

    path: str
    status: int
    body: bytes
    headers: dict[str, str]
    _tree: Any = None

    @property
    def tree(self) -> Any:
        """The parsed page; an empty one for what is no page."""
        if self._tree is None:
            is_page = self.headers.get("content-type", "").startswith("text/html")
            text = self.body.decode() if is_page and self.body else "<html><body></body></html>"
            self._tree = lxml.html.fromstring(text)  # type: ignore[no-untyped-call]
        return self._tree

    @property
    def forms(self) -> list["Form"]:
        """Its forms that change something."""
        found = [Form(self.path, one) for one in self.tree.forms]
        return [one for one in found if one.method == "POST"]

    def form(self, name: str = "", action: str = "") -> "Form":
        """The form with a field of that name, or to that address."""
        for one in self.forms:
            if (name and name in one.names) or (action and one.action == action):
                return one
        raise AssertionError((self.path, self.status, name or action, self.errors))

    @property
    def links(self) -> list[str]:
        """Paths that it leads to, without what a list was filtered by."""
        hrefs = (str(one) for one in self.tree.xpath("//a/@href"))
        return [urlsplit(urljoin(self.path, href)).path for href in hrefs if href[:1] != "#"]

    @property
    def title(self) -> str:
        return " ".join(self.tree.xpath("string(//title)").split())

    @property
    def errors(self) -> str:
        """What the page says was wrong."""
        found = self.tree.xpath(
            "//*[contains(@class, 'govuk-error-summary__body')] | //main[.//*[@class='refused']]"
        )
        return " ".join(" ".join(one.text_content().split()) for one in found)[:300]


class Form:
    """A form of a page, as its elements stand there."""

    def __init__(self, path: str, element: Any) -> None:
        self.path, self.element = path, element
        self.method = (element.get("method") or "get").upper()
        self.action = urlsplit(urljoin(path, element.get("action") or path)).path
        self.is_multipart = element.get("enctype") == "multipart/form-data"

    @property
    def controls(self) -> Iterator[Any]:
        """Its fields, in their order."""
        found: list[Any] = self.element.xpath(".//input | .//textarea | .//select")
        return (one for one in found if one.get("name"))

    @property
    def names(self) -> list[str]:
        return [one.get("name") for one in self.controls]

    @property
    def hidden(self) -> Fields:
        """What the page put in it itself."""
        hidden = (one for one in self.controls if one.get("type") == "hidden")
        return [(one.get("name"), one.get("value") or "") for one in hidden]

    @property
    def shown(self) -> Fields:
        """Everything as the page shows it; of a choice, what is chosen."""
        return [(str(name), str(value)) for name, value in self.element.form_values()]

    @property
    def step(self) -> str:
        """The value of the button that confirms what the page shows; empty where there is none."""
        values = self.element.xpath(f".//button[@name='{_STEP}']/@value")
        return next((str(one) for one in values if one != "andra"), "")


@dataclass
class Surfer:
    """Somebody at a browser. chosen: what a field is filled with, by address name and field."""

    port: int
    who: str
    words: Words
    chosen: Callable[[str, str], Any] = lambda _name, _field: None
    cookies: dict[str, str] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)

    def get(self, path: str) -> Page:
        """The page, wherever that leads."""
        return self._follow(self.ask("GET", path))

    def send(self, form: Form, fields: Fields, files: Files | None = None) -> Page:
        """The form sent, and the page that it led to."""
        if form.is_multipart:
            body, kind = multipart(fields, files or {})
        else:
            body, kind = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        headers = {"Content-Type": kind, "Referer": self.origin + form.path}
        return self._follow(self.ask("POST", form.action, body, headers))

    def submit(self, form: Form, name: str) -> tuple[Page, Files]:
        """The form filled in and sent, and what it then shows confirmed; where that led."""
        fields, files = self.filled(form, name)
        page = self.send(form, fields, files)
        if page.status == 200:
            for again in page.forms:
                if again.step:
                    page = self.send(again, [*again.hidden, (_STEP, again.step)], files)
                    break
        return page, files

    @property
    def origin(self) -> str:
        return f"https://localhost:{self.port}"

    def ask(
        self, method: str, path: str, body: bytes | None = None, more: dict[str, str] | None = None
    ) -> Page:
        """One request and its answer."""
        headers = {
            "Host": f"localhost:{self.port}",
            "X-Forwarded-Proto": "https",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **({"Origin": self.origin} if method == "POST" else {}),
            **(more or {}),
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        # What is too much is answered, or cut off, before all of it has come.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.request(method, path, body, headers)
        try:
            response = connection.getresponse()
        except ConnectionError:
            return Page(path, 0, b"", {})
        page = Page(path, response.status, response.read(), {})
        connection.close()
        page.headers = {name.lower(): value for name, value in response.getheaders()}
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                self._keep(value)
        told = tuple(response.getheaders())
        self.heard.append(Heard(method, path, page.status, told, page.title))
        return page

    def filled(self, form: Form, name: str) -> tuple[Fields, Files]:
        """Every field with something in it: what is chosen for it, a word, a day, the first."""
        fields, files = list(form.hidden), dict[str, tuple[str, bytes]]()
        for control in form.controls:
            at, kind = control.get("name"), control.get("type") or control.tag
            chosen = self.chosen(name, at) if kind != "hidden" else None
            if kind == "file" and chosen is not None:
                files[at] = chosen
            elif kind not in ("file", "hidden"):
                fields += self._given(form, control, kind, name, chosen)
        return fields, files

    def _given(self, form: Form, control: Any, kind: str, name: str, chosen: Any) -> Fields:
        """What the control adds to what is sent; of several with a name the first speaks."""
        at = str(control.get("name"))
        if kind == "radio":
            first = next(one for one in form.controls if one.get("name") == at)
            value = _radio(form, at, chosen) if control is first else None
            return [(at, value)] if value is not None else []
        if kind == "checkbox":
            return [(at, control.get("value") or "on")] if _is_ticked(control, chosen) else []
        return [(at, self._text(control, kind, name, chosen))]

    def _text(self, control: Any, kind: str, name: str, chosen: Any) -> str:
        at = control.get("name")
        if chosen is not None and (kind != "select" or chosen == ""):
            return str(chosen)
        if at.endswith(_DATE_PARTS):
            return control.get("value") or _part_of_date(at)
        if kind == "select":
            values = [str(one) for one in control.xpath(".//option/@value")]
            wanted = [one for one in values if chosen is not None and str(chosen) in ("*", one)]
            selected = [str(one) for one in control.xpath(".//option[@selected]/@value")]
            return next((one for one in (*wanted, *selected, *values) if one), "")
        if control.get("inputmode") == "numeric":
            return control.get("value") or ""
        return self.words.new(f"{name} {at}")

    def _keep(self, header: str) -> None:
        for name, morsel in SimpleCookie(header).items():
            if morsel.value and morsel["max-age"] != "0":
                self.cookies[name] = morsel.value
            else:
                self.cookies.pop(name, None)

    def _follow(self, page: Page) -> Page:
        for _turn in range(5):
            if page.status not in (301, 302, 303):
                break
            to = urlsplit(urljoin(page.path, page.headers["location"]))
            page = self.ask("GET", to.path + (f"?{to.query}" if to.query else ""))
        return page


def multipart(fields: Fields, files: Files) -> tuple[bytes, str]:
    """A body with files, and its content type."""
    boundary = secrets.token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    ]
    for name, (title, data) in files.items():
        told = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{title}"'
        parts.append(f"{told}\r\nContent-Type: application/octet-stream\r\n\r\n".encode() + data)
        parts.append(b"\r\n")
    parts.append(f"--{boundary}--\r\n".encode())
    return b"".join(parts), f"multipart/form-data; boundary={boundary}"


def _radio(form: Form, name: str, chosen: Any) -> str | None:
    """The chosen one, else the one that stands, else the first that says something."""
    items = [one for one in form.controls if one.get("name") == name]
    values = [str(one.get("value")) for one in items]
    if chosen is not None and str(chosen) in values:
        return str(chosen)
    stands = (str(one.get("value")) for one in items if one.get("checked") is not None)
    return next((one for one in (*stands, *values) if one), None)


def _is_ticked(control: Any, chosen: Any) -> bool:
    """One of several is ticked unless told which; one alone as it stands unless told."""
    if isinstance(chosen, bool):
        return chosen
    if chosen is not None:
        return control.get("value") in chosen
    return control.get("value") not in (None, "on") or control.get("checked") is not None


def _part_of_date(name: str) -> str:
    ahead = re.sub(r"_(ar|manad|dag)$", "", name) in _AHEAD
    day = datetime.now(SWEDEN).date() + timedelta(days=30 if ahead else 0)
    return {"ar": str(day.year), "manad": str(day.month), "dag": str(day.day)}[
        name.rpartition("_")[2]
    ]
