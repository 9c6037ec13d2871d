"""What a page says of each municipality of a run: its outcome, why, and where it is mended."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from hamn.core.errors import _ as marked
from hamn.core.money import kronor
from hamn.guards.access import permits
from hamn.papers.tables import Column as FileColumn
from hamn.ui.lists import Column, Link, Listing, Tag, table
from hamn.ui.words import NONE, said

from ...rules import OUTCOME_NAMES, REASONS, Outcome

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

Row = Mapping[str, Any]
PAGE = 50
CODE_LENGTH = 4
TO_MEND = (Outcome.STOPPED, Outcome.HELD, Outcome.INCOMPLETE)

COLOURS = {
    Outcome.TO_ISSUE: "green",
    Outcome.ISSUED: "green",
    Outcome.HELD: "orange",
    Outcome.STOPPED: "red",
    Outcome.INCOMPLETE: "red",
    Outcome.CREDITED: "yellow",
    Outcome.ALREADY_INVOICED: "blue",
}
# Where the sentence of the command line would tell its reader to give a command.
_ON_SCREEN: dict[Outcome, str] = {
    Outcome.CREDITED: marked(
        "Faktura {number} för {year} är helt krediterad. Ska avgiften ändå betalas, utfärdas den "
        "på nytt."
    ),
    Outcome.HELD: marked(
        "Avtalet är uppsagt med sista dag {ends}. Hela året: {whole_year}. Till sista dagen: "
        "{until_end}. Någon behöver besluta vad som ska faktureras."
    ),
    Outcome.INCOMPLETE: marked("{name} saknar: {fields}."),
}


def reason_of(row: Row) -> str:
    """Why the municipality gets no invoice, in the reader's language; empty for one that does."""
    outcome = Outcome(row["outcome"])
    sentence = _ON_SCREEN.get(outcome) or REASONS.get(outcome, "")
    return said(sentence, **row["facts"]) if sentence else ""


def mend_of(viewer: "Person", row: Row, year: int) -> Link | None:
    """Where this person can mend the row or read more; None when there is no such place."""
    outcome = Outcome(row["outcome"])
    permit, made = _MENDS.get(outcome, ("", None))
    if made is not None and permits.allows(viewer, permit):
        return made(row, year)
    if outcome in _AGREEMENT and row.get("agreement_id"):
        return Link(_("Se avtalet"), reverse("agreements:show", args=[row["agreement_id"]]))
    return None


def municipality(row: Row) -> Link:
    """The municipality as a link to its page."""
    code = row["municipality_code"]
    return Link(row["name"], reverse("organisations:show", args=[code]))


def outcome_tag(row: Row) -> Tag:
    """The outcome as a coloured label."""
    outcome = Outcome(row["outcome"])
    return Tag(said(OUTCOME_NAMES[outcome]), COLOURS.get(outcome, "grey"))


def why(viewer: "Person", year: int) -> Callable[[Row], SafeString | str]:
    """A cell with the reason and, below it, the way to mend it."""

    def cell(row: Row) -> SafeString | str:
        reason, link = reason_of(row), mend_of(viewer, row, year)
        if link is None:
            return reason or NONE
        # Each on a line of its own, and the link's name says whose it is.
        return format_html(
            '<span>{}{}<a class="govuk-link" href="{}">{}<span class="govuk-visually-hidden">: {}'
            "</span></a></span>",
            reason,
            mark_safe("<br>") if reason else "",
            link.url,
            link.text,
            row["name"],
        )

    return cell


def twelfths(row: Row) -> str | None:
    """`7/12`; None without a fee."""
    return f"{row['twelfths']}/12" if row["twelfths"] is not None else None


def preview_columns(viewer: "Person", year: int) -> list[Column]:
    """The preview's columns on screen."""
    return [
        Column("municipality", _("Kommun"), municipality),
        Column("outcome", _("Utfall"), outcome_tag, "tag"),
        Column("twelfths", _("Tolftedelar"), twelfths),
        Column("amount_kr", _("Belopp"), lambda row: row["amount_kr"], "kr"),
        Column("other", _("Andra läsningen av § 6"), _other),
        Column("why", _("Skäl och nästa steg"), why(viewer, year), "html"),
    ]


def result_columns(viewer: "Person", year: int) -> list[Column]:
    """The columns of a run's result on screen."""
    return [
        Column("municipality", _("Kommun"), municipality),
        Column("outcome", _("Utfall"), outcome_tag, "tag"),
        Column("number", _("Faktura"), _invoice),
        Column("twelfths", _("Tolftedelar"), twelfths),
        Column("amount_kr", _("Belopp"), lambda row: row["amount_kr"], "kr"),
        Column("due_on", _("Förfaller"), lambda row: row["due_on"], "date"),
        Column("why", _("Skäl och nästa steg"), why(viewer, year), "html"),
    ]


def file_columns() -> list[FileColumn]:
    """The columns of a preview or result as a file, those of `hamn invoice-run`."""
    return [
        FileColumn("municipality_code", _("Kod"), "text"),
        FileColumn("name", _("Kommun"), "text"),
        FileColumn("outcome", _("Utfall"), "text"),
        FileColumn("number", _("Faktura"), "text"),
        FileColumn("twelfths", _("Tolftedelar"), "integer"),
        FileColumn("amount_kr", _("Belopp kr"), "kr"),
        FileColumn("reason", _("Varför inte"), "text"),
        FileColumn("other_base_year", _("Annat basår"), "text"),
        FileColumn("other_amount_kr", _("Med annat basår kr"), "kr"),
        FileColumn("difference_kr", _("Skillnad kr"), "kr"),
        FileColumn("due_on", _("Förfaller"), "date"),
    ]


def with_reason(row: Row) -> dict[str, Any]:
    """A row of such a file: the outcome is a code for programs, the reason a sentence."""
    return {**row, "outcome": str(row["outcome"]), "reason": reason_of(row)}


def page_by_code(
    request: HttpRequest, rows: Sequence[Row], columns: Sequence[Column], *, caption: str
) -> Listing:
    """One page of municipalities of `PAGE` + 1 asked for, with the way to the next one.

    A municipality's rows always stand together on one page.
    """
    shown = list(rows)
    has_more = len(shown) > PAGE
    if has_more:
        last = shown[-1]["municipality_code"]
        shown = [row for row in shown if row["municipality_code"] != last] or shown
    page = table(shown, columns, caption=caption)
    if has_more:
        page.next_url = _address(request, efter=shown[-1]["municipality_code"])
    return page


def asked_outcome(request: HttpRequest) -> Outcome | None:
    """The outcome that the address asks for; None for all, and for what is none."""
    wanted = request.GET.get("utfall", "")
    return Outcome(wanted) if wanted in set(Outcome) else None


def asked_place(request: HttpRequest) -> str:
    """The code after which the page begins; empty for the first page, and for what is no code."""
    wanted = request.GET.get("efter", "")
    return wanted if len(wanted) == CODE_LENGTH and wanted.isalnum() else ""


def tabs(
    request: HttpRequest, counts: Mapping[Outcome, int], chosen: Outcome | None
) -> list[dict[str, Any]]:
    """All and each outcome with its count, as ways to show only those."""
    total = sum(counts.values())
    named: list[tuple[Outcome | None, str, int]] = [(None, _("alla"), total)]
    named += [(one, said(OUTCOME_NAMES[one]), count) for one, count in counts.items() if count]
    return [
        {
            "text": f"{name[:1].upper()}{name[1:]} ({count})",
            "url": _address(request, utfall=one.value if one else ""),
            "is_here": one == chosen,
        }
        for one, name, count in named
    ]


def to_mend(counts: Mapping[Outcome, int]) -> list[dict[str, str]]:
    """The outcomes that somebody has to do something about, as ways to show only those."""
    return [
        {"text": f"{said(OUTCOME_NAMES[one])} ({counts[one]})", "url": f"?utfall={one}"}
        for one in TO_MEND
        if counts.get(one)
    ]


def _address(request: HttpRequest, **changes: str) -> str:
    asked = request.GET.copy()
    asked.pop("efter", None)
    for name, value in changes.items():
        asked.pop(name, None)
        if value:
            asked[name] = value
    return f"?{asked.urlencode()}" if asked else request.path


def _other(row: Row) -> str | None:
    if row["other_amount_kr"] is None or not row["difference_kr"]:
        return None
    amount, base = kronor(row["other_amount_kr"]), row["other_base_year"]
    sign = "+" if row["difference_kr"] > 0 else ""
    difference = kronor(row["difference_kr"])
    return _("{amount} med basår {year} ({difference})").format(
        amount=amount, year=base, difference=f"{sign}{difference}"
    )


def _invoice(row: Row) -> Link | None:
    if not row["number"]:
        return None
    return Link(row["number"], reverse("invoicing:show", args=[row["number"]]))


def _edit(row: Row, year: int) -> Link:  # noqa: ARG001 the year does not matter here
    to = reverse("organisations:edit", args=[row["municipality_code"]])
    return Link(_("Komplettera uppgifterna"), to)


def _decide(row: Row, year: int) -> Link:
    to = reverse("invoicing:decide", kwargs={"code": row["municipality_code"], "year": year})
    is_new = row["outcome"] == Outcome.HELD
    return Link(_("Besluta") if is_new else _("Ändra beslutet"), to)


def _draft(row: Row, year: int) -> Link:  # noqa: ARG001 the year does not matter here
    to = reverse("agreements:draft_for", args=[row["municipality_code"]])
    return Link(_("Lägg upp ett avtal"), to)


def _reissue(row: Row, year: int) -> Link:  # noqa: ARG001 the year does not matter here
    return Link(_("Utfärda på nytt"), reverse("invoicing:reissue", args=[row["facts"]["number"]]))


def _show_invoice(row: Row, year: int) -> Link | None:  # noqa: ARG001 the year does not matter here
    number = str(row["facts"].get("number", ""))
    # Charged in the same run under the municipality's other agreement: no number yet.
    if not any(sign.isdecimal() for sign in number):
        return None
    return Link(_("Se fakturan"), reverse("invoicing:show", args=[number]))


def _prepare(row: Row, year: int) -> Link | None:
    if year > timezone.localdate().year:
        return None
    to = reverse("invoicing:prepare", args=[year])
    return Link(_("Fakturera bara den här"), f"{to}?kommun={row['municipality_code']}")


_AGREEMENT = {
    Outcome.NOT_IN_FORCE,
    Outcome.STARTS_LATER,
    Outcome.ENDED,
    Outcome.NOTHING_THIS_YEAR,
    Outcome.HELD,
    Outcome.DECIDED_NOTHING,
}
_MENDS: dict[Outcome, tuple[str, Callable[[Row, int], Link | None]]] = {
    Outcome.TO_ISSUE: ("invoicing.prepare", _prepare),
    Outcome.INCOMPLETE: ("organisations.save_party", _edit),
    Outcome.STOPPED: ("organisations.save_party", _edit),
    Outcome.HELD: ("invoicing.decide", _decide),
    Outcome.DECIDED_NOTHING: ("invoicing.decide", _decide),
    Outcome.NO_AGREEMENT: ("agreements.draft", _draft),
    Outcome.CREDITED: ("invoicing.credit", _reissue),
    Outcome.ALREADY_INVOICED: ("invoicing.see", _show_invoice),
    Outcome.PAID_BEFORE: ("invoicing.see", _show_invoice),
}
