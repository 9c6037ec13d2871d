"""What the door answers when something is amiss, as pages for a browser to look at.

Usage: python -m tests.stories.browser.door_faults LANGUAGE, on a served centre. Prints JSON: for
each page its address, status and text, and a code that was read out and is to be changed.
"""

import json
import os
import re
import secrets
import sys
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "hamn.site.door.settings"
TEXT = "Påhittade ord. مرحبا"
_HIDDEN = re.compile(r'name="(token|proof)" value="([^"]+)"')


class Browser:
    """Somebody at the door in a language; what she is answered, by the page's name."""

    def __init__(self, language: str) -> None:
        from django.test import Client

        self.client = Client(SERVER_NAME="localhost")
        self.prefix = "" if language == "sv" else f"/{language}"
        self.pages: dict[str, dict[str, Any]] = {}

    def visits(self, path: str) -> dict[str, str]:
        """What the page's form carries."""
        page = self.client.get(self.prefix + path).content.decode()
        return dict(_HIDDEN.findall(page))

    def sends(self, path: str, fields: dict[str, str], **headers: str) -> Any:
        return self.client.post(self.prefix + path, fields, **headers)  # type: ignore[arg-type]

    def keeps(self, name: str, path: str, answer: Any) -> None:
        """The answer is one of the pages."""
        told = {"status": answer.status_code, "text": answer.content.decode()}
        self.pages[name] = {"path": self.prefix + path, **told}


def main(language: str) -> dict[str, Any]:
    """The pages in the language."""
    from tests.at_the_door import away

    she = Browser(language)
    comes_in(she)
    first, more = "/kontakt/1/", "/svar/dialog/"
    written = {"text": TEXT, "age": "adult"}
    begun = {**she.visits(first), **written}
    proof = {"proof": she.visits(more)["proof"]}
    with away():
        she.keeps("kept, a first message", first, she.sends(first, begun))
        she.keeps("kept, a further message", more, she.sends(more, {**proof, "text": TEXT}))
        for name, fields in (("namn", {"called": "Robin"}), ("ring", {"phone": "070-174 06 05"})):
            she.keeps(
                f"kept, {name}", f"{more}{name}/", she.sends(f"{more}{name}/", proof | fields)
            )
        she.keeps("503", first, she.client.get(she.prefix + first))
    if language in ("sv", "en"):
        ask = "/yrkesverksam/fraga/"
        question = {**she.visits(ask), "text": TEXT, "name": "Robin", "phone": "070-174 06 05"}
        chosen = {"topic": "sex_for_compensation", "kind": "advice", "urgency": "soon"}
        who = {"profession": "social_services", "municipality": "0180"}
        with away():
            she.keeps("kept, a question", ask, she.sends(ask, question | chosen | who))
    she.keeps("403", first, she.sends(first, begun, HTTP_SEC_FETCH_SITE="cross-site"))
    she.keeps("404", "/finns-inte/", she.client.get(f"{she.prefix}/finns-inte/"))
    she.keeps("413", first, she.sends(first, begun | {"text": "x" * 400_000}))
    return {"pages": she.pages, "one_time": read_out(language)}


def comes_in(she: Browser) -> None:
    """She has written, and has her dialogue open."""
    code = opened(TEXT, is_one_time=False)
    she.sends("/svar/", {**she.visits("/svar/"), "code": code})


def read_out(language: str) -> str:
    """The code of a dialogue that staff opened for her, in her language."""
    return opened("", is_one_time=True, language=language)


def opened(text: str, *, is_one_time: bool, language: str = "sv") -> str:
    from django.utils import timezone

    from hamn.support.door.actions.dialogues import open_dialogue
    from hamn.support.door.rules.codes import new_code

    code = new_code()
    open_dialogue(
        code=code,
        text=text or TEXT,
        situation="compensation",
        service="mika",
        language=language,
        is_child=False,
        origin="web",
        token=secrets.token_bytes(16),
        now=timezone.now(),
        is_one_time=is_one_time,
    )
    return code


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(main(sys.argv[1])))
