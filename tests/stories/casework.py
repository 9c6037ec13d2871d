"""Every form of casework filled in over HTTP, by whoever may, found by following links.

What a field must hold that a random word would not do for stands in CHOSEN. Nothing else is told
here of what forms there are: a new one is found by its link, and by its address if it has none.
"""

import re
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import Resolver404, resolve, reverse

from tests.stories.planting import Words, picture
from tests.stories.surfing import Form, Page, Surfer

ROOM = "/desk/arenden/"
# Of those that end something the last are sent last, when everything else has been written.
ENDS = (
    *("close_case", "reopen_case", "to_follow_up", "back_to_active", "take_back_referral"),
    *("drop_child_report", "end_referral"),
    # What is answered then tells of all the rest.
    *("ask_own_data", "ask_documents", "assess_request", "decide_request"),
)
TAKES_AWAY = (
    *("remove_file", "remove_contact_file", "remove_address", "erase_details"),
    *("protect_identity", "unlink_cases", "revoke_consent", "remove_participant", "end_share"),
    *("hand_over", "withdraw_request", "remove_note"),
)
# After which nobody comes to the rest.
LAST = ("end_handover", "remove_contact", "hand_over_case")
# Sent more than once, for what comes after is of several kinds.
TIMES = {
    **{"new_contact": 4, "new_mail": 2, "open_case": 2, "write_referral": 2, "add_child": 2},
    **{"write_note": 3, "answer_referral": 2, "add_child_report": 2},
    **{"ask_documents": 2, "assess_request": 3, "decide_request": 3, "to_follow_up": 2},
}
ONCE_EACH = (
    "assess_request",
    "decide_request",
    "answer_referral",
)  # of those, once about one thing
MOST_TRIES = 4
_NUMBER = re.compile(rb">[^<]*?\b([A-Z]-[0-9A-Z]{4}-[0-9A-Z]{3})\b")
_OF_THE_HINT = "M-7K3F-92W"


@dataclass
class Casework:
    """The forms of casework on their way to be filled in. saved: how often each was."""

    words: Words
    numbers: list[str] = field(default_factory=list)
    saved: Counter[str] = field(default_factory=Counter)
    refused: dict[str, str] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)
    # The number of the case that each form was saved in last, by the address's name.
    saved_in: dict[str, str] = field(default_factory=dict)
    _tries: Counter[str] = field(default_factory=Counter)
    _once: dict[str, str] = field(default_factory=dict)

    def chosen(self, name: str, at: str) -> Any:
        """What the field holds; None for a word of its own, a day, or the first choice."""
        found = CHOSEN.get((name.partition("/")[0], at), CHOSEN.get(("", at)))
        if callable(found):
            return found(self)
        return found[self.saved[name] % len(found)] if isinstance(found, tuple) else found

    def shared(self, at: str) -> str:
        """One word for a field that must say the same in several forms."""
        return self._once.setdefault(at, self.words.new(at))

    def walk(self, by: Surfer, starts: Iterable[str], leaving: Iterable[str] = ()) -> None:
        """Every page from the starts, and each form that is not one of those to leave for later."""
        left, seen, waiting = frozenset(leaving), set[str](), deque(starts)
        while waiting:
            path = waiting.popleft()
            if path in seen or not path.startswith(ROOM) or self._is_done(path, left):
                continue
            seen.add(path)
            page = by.get(path)
            self.pages.add(page.path)
            self._note_numbers(page)
            for to in self._sent(by, page, left):
                seen.discard(to)
                waiting.append(to)
            waiting.extend(page.links)

    def _note_numbers(self, page: Page) -> None:
        """The numbers of cases that the page tells: they are sealed too."""
        for number in _numbers_on(page):
            if number not in self.numbers:
                self.numbers.append(self.words.also(number, "a case's number"))

    def _is_done(self, path: str, left: frozenset[str]) -> bool:
        """Whether the page is a form that need not be sent again, or not yet."""
        name = name_of(path)
        if verb_of(name) in left:
            return True
        return name in self.met and (
            self.saved[name] >= TIMES.get(verb_of(name), 1) or self._tries[name] >= MOST_TRIES
        )

    def _sent(self, by: Surfer, page: Page, left: frozenset[str]) -> list[str]:
        """Where each form of the page led that was sent and saved."""
        to = []
        for form in page.forms:
            name = name_of(form.action)
            if not form.action.startswith(ROOM) or verb_of(name) in (*left, "throw_draft"):
                continue
            self.met.add(name)
            while not self._is_done(form.action, left):
                self._tries[name] += 1
                after = self._send(by, form, name)
                if after is None:
                    break
                to.append(after)
                if self.saved[name] >= TIMES.get(verb_of(name), 1) or name in ONCE_EACH:
                    break
                again = [one for one in by.get(form.path).forms if one.action == form.action]
                if not again:
                    break
                form = again[0]
        return to

    def _send(self, by: Surfer, form: Form, name: str) -> str | None:
        page, _files = by.submit(form, name)
        # A search and a copy to print answer at once with what was asked for.
        if page.status == 200 and (page.path != form.action or not page.errors):
            self.saved[name] += 1
            self._tries[name] = 0
            self.refused.pop(name, None)
            self.saved_in[name] = next(iter(_numbers_on(page)), "")
            return page.path
        self.refused[name] = f"{by.who} {page.status} {page.errors or page.title}"
        return None


def lists() -> list[str]:
    """The addresses of casework that are about no case: whence everything else is found."""
    from hamn.support.cases.urls import urlpatterns

    names = (one.name for one in urlpatterns if not one.pattern.converters)
    return [reverse(f"cases:{name}") for name in names if "draft" not in str(name)]


def name_of(path: str) -> str:
    """An address by its name, with what is no id: `cases:ask_disclosure/3`."""
    try:
        match = resolve(path)
    except Resolver404:
        return path
    plain = [str(one) for one in match.kwargs.values() if isinstance(one, int)]
    return "/".join([match.view_name.rpartition(":")[2], *plain])


def verb_of(name: str) -> str:
    return name.partition("/")[0]


def _numbers_on(page: Page) -> list[str]:
    return [one.decode() for one in _NUMBER.findall(page.body) if one.decode() != _OF_THE_HINT]


def _number(work: Casework) -> str:
    """The number of a case that is there; another at each try."""
    turn = sum(work._tries.values())
    return work.numbers[turn % len(work.numbers)] if work.numbers else ""


def _file(work: Casework) -> tuple[str, bytes]:
    title = f"{work.words.new('a file name')}.png"
    return title, picture(work.words.new("a picture's metadata"))


def _pasted(work: Casework) -> str:
    new = work.words.new
    return (
        f"Från: {new('who sent it on')} <{new('an address')}@test.example>\r\nÄmne: VB:\r\n\r\n"
        f"Från: {new('a sender')} <{new('an address')}@test.example>\r\n"
        f"Ämne: {new('a subject')}\r\n\r\n"
        f"Hej! {new('an e-mail')} {new('an address')}@test.example\r\n"
    )


def _personal_number(work: Casework) -> str:
    return work.words.also("199001010017", "a personal number")


def _phone(work: Casework) -> str:
    return f"0{work.words.also('701740655', 'a telephone number')}"


def _email(work: Casework) -> str:
    return f"{work.words.new('contact details email')}@test.example"


CHOSEN: dict[tuple[str, str], Any] = {
    ("open_case", "identity_level"): "pseudonymous",
    ("open_case_from", "identity_level"): "pseudonymous",
    ("choose_identity", "level"): "named",
    ("choose_identity", "number"): _personal_number,
    ("contact_details", "phone"): _phone,
    ("contact_details", "email"): _email,
    ("link_cases", "number"): _number,
    ("join_contact", "case"): "",
    ("join_contact", "number"): _number,
    ("move_contact", "case"): "",
    ("move_contact", "number"): _number,
    ("new_contact", "number"): "",
    ("new_contact", "age_group"): ("child", "adult", "child", "child"),
    ("new_contact", "to"): "sjalv",
    ("new_mail", "pasted"): _pasted,
    ("add_file", "file"): _file,
    ("add_contact_file", "file"): _file,
    ("plan_contact", "clock"): "14.30",
    ("plan_contact", "on_ar"): "2099",
    ("give_consent", "recipient"): "trauma_care",
    ("give_consent", "recipient_name"): lambda work: work.shared("recipient"),
    ("give_consent_for", "recipient"): "trauma_care",
    ("give_consent_for", "recipient_name"): lambda work: work.shared("recipient"),
    ("write_referral", "counterpart"): "trauma_care",
    ("write_referral", "counterpart_name"): lambda work: work.shared("recipient"),
    ("take_in_referral", "counterpart"): "trauma_care",
    ("take_in_referral", "counterpart_name"): lambda work: work.shared("recipient"),
    ("", "kind"): "accompaniment",
    ("", "safe"): frozenset(),
    ("", "forbidden"): frozenset(),
    ("", "days"): frozenset(),
    ("", "ground"): "need_to_know",
    ("", "unit"): "",
    ("ask_own_data", "unit"): "mika",
    ("ask_own_data", "case_number"): lambda work: work.saved_in["send_referral"],
    ("ask_documents", "unit"): "mika",
    ("assess_request", "outcome"): "partly",
    ("hand_over", "scope"): "alla",
    ("share_case", "unit"): "kast",
    ("hand_over_case", "unit"): "kast",
    ("", "is_informed"): True,
    ("", "is_protected"): True,
    ("", "is_child_told"): "yes",
    ("", "is_guardian_told"): "yes",
}
