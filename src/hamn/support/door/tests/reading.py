"""Somebody at the door: what her pages carry, and what she sends from them."""

import re
from html import unescape
from typing import Any

from django.http import HttpResponse

from hamn.support.door.rules import codes

# Behind TLS, as every test meets the door.
COOKIE = "__Host-visit"
TEXT = "Påhittade ord som ingen har skrivit"
_CODE = re.compile(r'class="door-code__group">([0-9A-Z]{4})<')


class Somebody:
    """A person at the door with a browser of her own."""

    def __init__(self, browser: Any) -> None:
        self.browser = browser
        self.page: HttpResponse | None = None

    def visits(self, path: str) -> str:
        """The page at the address, also after it was redirected."""
        self.page = self.browser.get(path, follow=True)
        return self.text

    def sends(self, path: str, **fields: Any) -> str:
        """The page that comes when the form of the page she has is sent, with her fields."""
        self.page = self.browser.post(path, {**self.carried, **fields}, follow=True)
        return self.text

    def writes(self, text: str = TEXT, *, number: int = 1, age: str = "adult", **more: Any) -> str:
        """Her first message; the code that she is shown."""
        self.visits(f"/kontakt/{number}/")
        self.sends(f"/kontakt/{number}/", text=text, age=age, **more)
        assert self.status == 200, self.text
        return self.code

    def comes_back(self, code: str) -> str:
        """The page after she has typed the code."""
        self.visits("/svar/")
        return self.sends("/svar/", code=code)

    @property
    def status(self) -> int:
        """The status of the page she has."""
        assert self.page is not None
        return self.page.status_code

    @property
    def text(self) -> str:
        """The page she has, as it was sent."""
        assert self.page is not None
        return unescape(self.page.content.decode())

    @property
    def code(self) -> str:
        """The code on the page; read as a person would copy it."""
        return codes.read(" ".join(_CODE.findall(self.text)))

    @property
    def carried(self) -> dict[str, str]:
        """The hidden fields of the first form on the page."""
        first = self.text.partition("<form")[2].partition("</form>")[0]
        pairs = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', first)
        return dict(pairs)
