"""What casework holds for disposal (gallring): cases, and contacts and requests without one.

A case dies whole: what was written in it, its contacts, files, drafts, shares and log of reads.
The identity-free facts stay. The boxes are erased by disposal, in the same transaction.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from hamn.core.errors import _
from hamn.guards.disposal.queries import is_due
from hamn.guards.disposal.rules import Candidate, Destroyed, register_holding

from ..models import Attachment, Case, Contact, ContactDetails, Draft, Record, Request, Share
from ..queries.keeping import KIND

Boxes = dict[UUID, tuple[UUID, ...]]


class Cases:
    """Cases, by the last note in each and the rule class that it follows."""

    kind = KIND
    name: str = _("Ärenden")

    def candidates(
        self, *, unit: str | None, due_before: date, after_id: UUID | None, limit: int
    ) -> Sequence[Candidate]:
        """As the register asks."""
        return _candidates(_page(self._due(unit, due_before), after_id, limit))

    def count(self, *, unit: str | None, due_before: date) -> int:
        """As the register asks."""
        return self._due(unit, due_before).count()

    def locked(self, *, ids: Collection[UUID]) -> Sequence[Candidate]:
        """As the register asks; whoever writes in a case waits for the same lock."""
        return _candidates(list(Case.objects.select_for_update().filter(pk__in=ids).order_by("pk")))

    def destroy(self, *, ids: Collection[UUID]) -> Destroyed:
        """As the register asks."""
        kinds = Record.objects.filter(case__in=ids).values_list("kind").annotate(Count("pk"))
        counts = Counter(dict(kinds.order_by("kind")))
        counts += _removed(Case.objects.filter(pk__in=ids))
        del counts["record"]  # counted by its kind
        return Destroyed(dict(counts))

    def address(self, thing: UUID) -> str:
        """The case's page, for those to whom it opens."""
        return reverse("cases:show", args=[thing])

    def _due(self, unit: str | None, before: date) -> QuerySet[Case]:
        return _of_unit(Case.objects.filter(is_due(before, born_on="born_on")), unit)


class Contacts:
    """Contacts without a case, by the day on which something was last written in them."""

    kind = "cases.contact"
    name: str = _("Kontakter utan ärende")

    def candidates(
        self, *, unit: str | None, due_before: date, after_id: UUID | None, limit: int
    ) -> Sequence[Candidate]:
        """As the register asks."""
        return _contact_candidates(_page(self._due(unit, due_before), after_id, limit))

    def count(self, *, unit: str | None, due_before: date) -> int:
        """As the register asks."""
        return self._due(unit, due_before).count()

    def locked(self, *, ids: Collection[UUID]) -> Sequence[Candidate]:
        """As the register asks; one that has become part of a case meanwhile is left out."""
        rows = Contact.objects.select_for_update().filter(pk__in=ids, case__isnull=True)
        return _contact_candidates(list(rows.order_by("pk")))

    def destroy(self, *, ids: Collection[UUID]) -> Destroyed:
        """As the register asks."""
        return Destroyed(dict(_removed(Contact.objects.filter(pk__in=ids, case__isnull=True))))

    def address(self, thing: UUID) -> str:
        """The contact's page, for those to whom it opens."""
        return reverse("cases:contact", args=[thing])

    def _due(self, unit: str | None, before: date) -> QuerySet[Contact]:
        due = is_due(before, rule_class="")
        return _of_unit(Contact.objects.filter(due, case__isnull=True), unit)


class Requests:
    """Requests that are about no case, by their last note; the others die with their case."""

    kind = "cases.request"
    name: str = _("Begäran utan ärende")

    def candidates(
        self, *, unit: str | None, due_before: date, after_id: UUID | None, limit: int
    ) -> Sequence[Candidate]:
        """As the register asks."""
        return _request_candidates(_page(self._due(unit, due_before), after_id, limit))

    def count(self, *, unit: str | None, due_before: date) -> int:
        """As the register asks."""
        return self._due(unit, due_before).count()

    def locked(self, *, ids: Collection[UUID]) -> Sequence[Candidate]:
        """As the register asks."""
        rows = Request.objects.select_for_update().filter(pk__in=ids, case__isnull=True)
        return _request_candidates(list(rows.order_by("pk")))

    def destroy(self, *, ids: Collection[UUID]) -> Destroyed:
        """As the register asks."""
        return Destroyed(dict(_removed(Request.objects.filter(pk__in=ids, case__isnull=True))))

    def address(self, thing: UUID) -> str:
        """The request's page, for those to whom it opens."""
        return reverse("cases:request", args=[thing])

    def _due(self, unit: str | None, before: date) -> QuerySet[Request]:
        due = is_due(before, rule_class="")
        return _of_unit(Request.objects.filter(due, case__isnull=True), unit)


def register() -> None:
    """Tell disposal of all three, at start-up."""
    register_holding(Cases())
    register_holding(Contacts())
    register_holding(Requests())


def _of_unit(rows: QuerySet[Any], unit: str | None) -> QuerySet[Any]:
    return rows if unit is None else rows.filter(unit=unit)


def _page(rows: QuerySet[Any], after_id: UUID | None, limit: int) -> list[Any]:
    if after_id is not None:
        rows = rows.filter(pk__gt=after_id)
    return list(rows.order_by("pk")[:limit])


def _candidates(cases: Sequence[Case]) -> list[Candidate]:
    boxes = _boxes_of_cases([case.pk for case in cases])
    shares = Share.objects.filter(case__in=[case.pk for case in cases]).order_by("unit")
    readers: defaultdict[UUID, set[str]] = defaultdict(set)
    for case_id, unit in shares.values_list("case", "unit"):
        readers[case_id].add(unit)
    return [
        Candidate(
            case.pk,
            case.unit,
            case.last_note_on,
            rule_class=case.rule_class,
            box_ids=(case.box, *boxes.get(case.pk, ())),
            born_on=case.born_on,
            read_by=tuple(sorted(readers[case.pk] - {case.unit})),
        )
        for case in cases
    ]


def _contact_candidates(contacts: Sequence[Contact]) -> list[Candidate]:
    ids = [one.pk for one in contacts]
    details = ContactDetails.objects.filter(contact__in=ids).values_list("contact", "box")
    files = Attachment.objects.filter(contact__in=ids).values_list("contact", "box")
    boxes = _gathered(details, files)
    return [
        Candidate(
            one.pk,
            one.unit,
            one.last_note_on,
            box_ids=tuple(dict.fromkeys((one.box, *boxes.get(one.pk, ())))),
        )
        for one in contacts
    ]


def _request_candidates(requests: Sequence[Request]) -> list[Candidate]:
    return [Candidate(one.pk, one.unit, one.last_note_on, box_ids=(one.box,)) for one in requests]


def _boxes_of_cases(ids: Collection[UUID]) -> Boxes:
    """Every box beside its own that dies with each case."""
    in_case = Q(case__in=ids)
    contacts = Contact.objects.filter(in_case).values_list("case", "box")
    details = ContactDetails.objects.filter(in_case).values_list("case", "box")
    theirs = ContactDetails.objects.filter(contact__case__in=ids).values_list(
        "contact__case", "box"
    )
    files = Attachment.objects.filter(in_case).values_list("case", "box")
    their_files = Attachment.objects.filter(contact__case__in=ids)
    drafts = Draft.objects.filter(in_case).values_list("case", "box")
    requests = Request.objects.filter(in_case).values_list("case", "box")
    own = dict(Case.objects.filter(pk__in=ids).values_list("pk", "box"))
    found = _gathered(
        contacts,
        details,
        theirs,
        files,
        their_files.values_list("contact__case", "box"),
        drafts,
        requests,
    )
    return {pk: tuple(box for box in boxes if box != own[pk]) for pk, boxes in found.items()}


def _gathered(*pairs: Any) -> Boxes:
    found: defaultdict[UUID, dict[UUID, None]] = defaultdict(dict)
    for rows in pairs:
        for pk, box in rows:
            found[pk][box] = None
    return {pk: tuple(boxes) for pk, boxes in found.items()}


def _removed(rows: QuerySet[Any]) -> Counter[str]:
    """How many rows of each kind are gone with these, counted by the names of their models."""
    _total, by_model = rows.delete()
    return Counter({label.rpartition(".")[2].lower(): count for label, count in by_model.items()})
