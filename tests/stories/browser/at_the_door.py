"""How stories move about at the door: a browser of a phone's size, in a language of their own."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import polib
from playwright.sync_api import BrowserContext, Locator, Page, ViewportSize, expect
from tools.catalogues import LOCALE

from tests.stories.browser.visiting import Desk, runs_over, watched

PHONE: ViewportSize = {"width": 360, "height": 640}
AWAY = "https://www.smhi.se/"
ELSEWHERE = "<!doctype html><title>Väder</title><h1>Väder</h1>"
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}")


@cache
def catalogue(language: str) -> dict[str, str]:
    """What each Swedish sentence is in the language."""
    path = Path(LOCALE) / language / "LC_MESSAGES" / "django.po"
    return {one.msgid: one.msgstr for one in polib.pofile(str(path)) if one.msgstr}


@dataclass
class Visit:
    """Somebody at the door. language: her own, by its code; what she reads is in it."""

    site: Desk
    language: str = "sv"
    has_script: bool = True
    said: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def browser(self) -> Page:
        """A browser that has never been here; who leaves in a hurry meets a page of ours."""
        context = self.site.browser.new_context(
            viewport=PHONE,
            is_mobile=True,
            has_touch=True,
            java_script_enabled=self.has_script,
            base_url=self.site.address,
            locale=self.language,
        )
        context.route(
            f"{AWAY}**",
            lambda route: route.fulfill(body=ELSEWHERE, content_type="text/html; charset=utf-8"),
        )
        self._contexts.append(context)
        return context.new_page()

    def close(self) -> None:
        """Every browser is closed."""
        for context in self._contexts:
            context.close()

    def words(self, sentence: str) -> str:
        """The Swedish sentence as she reads it."""
        if self.language == "sv":
            return sentence
        return catalogue(self.language).get(sentence, sentence)

    def path(self, path: str) -> str:
        """The page's address in her language."""
        return path if self.language == "sv" else f"/{self.language}{path}"

    def follow(self, page: Page, name: str) -> None:
        """The link of that name in the page's own text."""
        link = page.locator("main").get_by_role("link", name=self.words(name), exact=True)
        with page.expect_navigation():
            link.first.click()

    def press(self, page: Page, name: str) -> None:
        """The button of that name."""
        with page.expect_navigation():
            self.button(page, name).click()

    def button(self, page: Page, name: str) -> Locator:
        """The button of that name."""
        return page.locator("main").get_by_role("button", name=self.words(name), exact=True).first

    def label(self, page: Page, name: str) -> Locator:
        """The field whose name begins so."""
        return page.locator("main").get_by_label(self.words(name)).first

    def heading(self, page: Page, name: str) -> None:
        """Wait until the page is the one of that name, in her language and fit for her phone."""
        expect(page.get_by_role("heading", level=1)).to_have_text(self.words(name))
        self.fits(page)

    def fits(self, page: Page) -> None:
        """The page is in her language, tells nothing in title or address, and is not too wide."""
        expect(page.locator("html")).to_have_attribute("lang", self.language)
        address = urlsplit(page.url)
        assert not address.query and not any(code in page.url for code in self.said)
        if self.has_script:
            assert runs_over(page) == []

    def code_on(self, page: Page) -> str:
        """The code that she writes on paper."""
        groups = page.locator(".door-code__group").all_inner_texts()
        assert len(groups) == 5 and all(CODE.fullmatch(one) for one in groups)
        self.said += groups
        return " ".join(groups)

    @contextmanager
    def uncomplaining(self, page: Page) -> Iterator[None]:
        """Meanwhile the browser complains of nothing, and asks nobody else for anything."""
        with watched(page, self.site.address) as complaints:
            yield
        assert [one for one in complaints if AWAY not in one] == []


Visitor = Callable[..., Visit]
