"""One thing wrong with an e-invoice, said so that an official can mend it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

from lxml.etree import QName, _Element

from hamn.agreement.invoicing.peppol import rule_texts
from hamn.agreement.invoicing.peppol.write import CAC, CBC

MOST_PLACES: Final = 20

_PREFIX = {CAC: "cac:", CBC: "cbc:"}
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A rule that a document breaks.

    rule_id: the publisher's ("SE-R-013"), or Hamn's own ("HAMN-OCR").
    text: Swedish, what is wrong and what to do. text_en: the rule's own words.
    field: Swedish name of what to mend; may be empty. location: the element's path, or empty.
    """

    rule_id: str
    text: str
    text_en: str
    field: str
    is_fatal: bool
    location: str


def of_rule(
    rule_id: str, text_en: str, *, is_fatal: bool, location: str, line: int = 0
) -> Violation:
    """A published rule's finding, with its Swedish sentence and field."""
    told = rule_texts.told(rule_id, location=location, text_en=text_en, line=line)
    return Violation(
        rule_id=rule_id,
        text=told.text,
        text_en=text_en,
        field=told.field,
        is_fatal=is_fatal or rule_id in rule_texts.WARNINGS_MADE_FATAL,
        location=location,
    )


def of_hamn(code: str, text_en: str, location: str = "", *, line: int = 0) -> Violation:
    """A finding of Hamn's own, always fatal; `code` is what follows "HAMN-"."""
    return of_rule(f"HAMN-{code}", text_en, is_fatal=True, location=location, line=line)


def path_of(element: _Element) -> str:
    """Where an element stands: "/Invoice/cac:InvoiceLine[2]/cbc:ID", numbered where repeated."""
    steps = [_step(one) for one in (element, *element.iterancestors())]
    return "/" + "/".join(reversed(steps))


def _step(element: _Element) -> str:
    name = QName(element)
    step = _PREFIX.get(name.namespace, "") + name.localname
    same = [] if (parent := element.getparent()) is None else parent.findall(element.tag)
    return f"{step}[{same.index(element) + 1}]" if len(same) > 1 else step


def distinct(found: Iterable[Violation]) -> list[Violation]:
    """Each rule once for each place, fatal ones first, otherwise in the order found."""
    first: dict[tuple[str, str], Violation] = {}
    for violation in found:
        first.setdefault((violation.rule_id, violation.location), violation)
    return sorted(first.values(), key=lambda violation: not violation.is_fatal)


def few_of_each(found: Iterable[_T], rule_of: Callable[[_T], str]) -> Iterator[_T]:
    """At most MOST_PLACES findings of each rule: nobody mends the same fault in 50,000 lines."""
    seen: Counter[str] = Counter()
    for one in found:
        seen[rule_of(one)] += 1
        if seen[rule_of(one)] <= MOST_PLACES:
            yield one
