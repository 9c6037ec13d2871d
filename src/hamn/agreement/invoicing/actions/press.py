"""Writing an invoice's documents and holding them to the rules, before anything is stored."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hamn.core.errors import BadInput, _

from ..document import InvoiceDocument
from ..peppol.violation import Violation
from ..peppol.write import to_xml
from ..rules import Stopped


def judged(xml: bytes, rules_folder: Path | None = None) -> list[Violation]:
    """What is wrong with the e-invoice by the rules that come with Hamn, or by the operator's."""
    from ..peppol.validate import validate  # the rules weigh 15 MB: only for those who judge

    return validate(xml, rules_folder=rules_folder)


def drawn(document: InvoiceDocument, xml: bytes) -> bytes:
    """The invoice as PDF, with the e-invoice inside."""
    from ..paper import invoice_pdf  # Typst and its fonts weigh 30 MB: only for those who print

    return invoice_pdf(document, xml)


@dataclass(frozen=True, slots=True)
class Pressed:
    """An invoice with the bytes that its receiver gets."""

    document: InvoiceDocument
    xml: bytes
    pdf: bytes


@dataclass(frozen=True, slots=True)
class Press:
    """The writer, judge and printer of documents; `make bench` times them one by one."""

    write: Callable[[InvoiceDocument], bytes] = to_xml
    judge: Callable[[bytes], Sequence[Violation]] = judged
    draw: Callable[[InvoiceDocument, bytes], bytes] = drawn

    def press(self, document: InvoiceDocument) -> Pressed:
        """The document's e-invoice, validated, and its PDF.

        Raises Stopped with every fatal violation; nothing has been stored or numbered then.
        """
        try:
            xml = self.write(document)
            fatal = [violation for violation in self.judge(xml) if violation.is_fatal]
            if not fatal:
                return Pressed(document, xml, self.draw(document, xml))
        except BadInput as fault:
            raise stopped("HAMN-TEXT", str(fault), "") from fault
        first = fatal[0]
        raise stopped(", ".join(dict.fromkeys(v.rule_id for v in fatal)), first.text, first.field)


def configured(rules_folder: str | None) -> Press:
    """The press with the official rules in the operator's folder, where there is one."""
    folder = Path(rules_folder) if rules_folder else None
    return Press(judge=lambda xml: judged(xml, folder))


def stopped(rule_ids: str, text: str, field: str) -> Stopped:
    """The refusal to issue, with the rules' ids, the first rule's text and the field to mend."""
    mend = _("Fält att rätta: {field}.").format(field=field) if field else ""
    return Stopped(
        _("E-fakturan bryter mot {rules}. {text}"), rules=rule_ids, text=f"{text} {mend}".strip()
    )
