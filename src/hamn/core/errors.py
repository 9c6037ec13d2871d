"""The two ways Hamn says no, each with one sentence that can be translated where it is shown.

A sentence is a Swedish template with `{facts}`; it is also the key of the English catalogue.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar


class Sentence(str):
    """A text of Hamn's own, which the catalogue can translate; what people typed never is one."""

    __slots__ = ()


def _(sentence: str) -> Sentence:
    """The sentence itself; the name marks it for the catalogue (docs/adr/0004)."""
    return Sentence(sentence)


def in_words(sentence: str, facts: Mapping[str, Any], translate: Callable[[str], str] = str) -> str:
    """The sentence with its facts, in the language that `translate` gives it.

    Facts may be Hamn's own texts, lists of them, refusals, and plain values, which stay as they
    are. The parts of a list are Hamn's own also when they have been stored since.
    """

    def shown(fact: Any) -> Any:
        if isinstance(fact, Refusal):
            return in_words(fact.sentence, fact.facts, translate)
        if isinstance(fact, list | tuple):
            return ", ".join(translate(str(part)) for part in fact)
        return translate(fact) if isinstance(fact, Sentence) else fact

    return translate(sentence).format(**{name: shown(fact) for name, fact in facts.items()})


class Refusal(Exception):
    """Hamn says no: what, where and what to do next, in one sentence.

    code: stable name of the refusal for programs and the trail, `room.reason`.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, sentence: str, **facts: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.facts = facts

    def __str__(self) -> str:
        return in_words(self.sentence, self.facts)


class BadInput(Refusal):
    """What was sent cannot be read or cannot be true; nothing is stored, nothing is recorded."""

    code = "bad_input"


class FaultsInFile(BadInput):
    """A file was refused whole; every fault is listed, so that it can be mended in one go.

    Only the wrong sort of file has more than a thousand; the rest of those are counted, not shown.
    """

    code = "bad_file"
    MOST_SHOWN: ClassVar[int] = 1000

    def __init__(self, name: str, faults: list[BadInput]) -> None:
        super().__init__(
            _(
                "Filen {name} har {count} fel och ingenting har sparats. "
                "Rätta raderna och läs in filen igen."
            ),
            name=name,
            count=len(faults),
        )
        self.faults = faults[: self.MOST_SHOWN]


class NotVisible(Refusal):
    """The thing does not exist for this viewer; the same answer whether or not it exists at all."""

    code = "not_visible"


class PermissionDenied(Refusal):
    """The viewer may see the thing but not do this; recorded in the trail."""

    code = "permission_denied"
