"""Agreements and what belongs to them. Affiliation on a date is `affiliated_on`, nothing else."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from hamn.agreement.tariffs import queries as tariffs
from hamn.agreement.tariffs.rules import SERVICES
from hamn.core.errors import BadInput, NotVisible, _
from hamn.guards.access import permits
from hamn.guards.audit import queries as audit
from hamn.guards.audit.actions import thing_id
from hamn.register.organisations import queries as organisations
from hamn.register.organisations.rules import NEEDED_TO_INVOICE, NEEDED_TO_SIGN, Missing, missing

from ..models import Agreement, Signature
from ..rules import LIVING, NAMES, AlreadyAgreed, Status

if TYPE_CHECKING:
    from hamn.agreement.tariffs.models import TariffLine
    from hamn.guards.access.models import Person
    from hamn.guards.audit.models import Entry
    from hamn.register.organisations.models import Party


def affiliated_on(day: date) -> QuerySet[Agreement]:
    """The agreements that hold on the date: the municipalities that are affiliated then (ansluten).

    The one answer to "is this municipality affiliated?"; by dates, so that it holds for any day.
    """
    return Agreement.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day
    ).select_related("party__municipality")


def affiliated_codes(viewer: "Person", day: date) -> frozenset[str]:
    """The codes of the municipalities that are affiliated on the date."""
    permits.require(viewer, "agreements.see")
    return frozenset(affiliated_on(day).values_list("party__municipality", flat=True))


def agreements_for(viewer: "Person") -> QuerySet[Agreement]:
    """The agreements that the viewer may see."""
    permits.require(viewer, "agreements.see")
    return Agreement.objects.select_related("party__municipality", "tariff")


def the_only(rows: QuerySet[Agreement]) -> Agreement:
    """The row that was asked for.

    Raises NotVisible when there is none.
    """
    found = rows.first()
    if found is None:
        raise NotVisible(_("Avtalet finns inte. Kontrollera vad du skrev."))
    return found


def agreement(viewer: "Person", agreement_id: int) -> Agreement:
    """The agreement.

    Raises NotVisible to outsiders and for what does not exist.
    """
    return the_only(agreements_for(viewer).filter(pk=agreement_id))


def locked(by: "Person", agreement_id: int) -> Agreement:
    """The agreement, locked until the transaction ends.

    Raises NotVisible to outsiders and for what does not exist.
    """
    return the_only(agreements_for(by).select_for_update(of=("self",)).filter(pk=agreement_id))


def signatures(row: Agreement) -> list[Signature]:
    """The signatures, in the order of their dates."""
    return list(row.signatures.order_by("signed_on", "pk"))


def version(row: Agreement) -> str:
    """A digest of the agreement as it stands; a form that was opened before a change has another.

    What the register says about the parties is not part of it.
    """
    terms = (
        *(row.status, row.index_base_year, row.reference, row.agreed_start_on, row.starts_on),
        *(row.notice_received_on, row.notice_by, row.ends_on),
        *((one.side, one.signed_on) for one in signatures(row)),
    )
    return hashlib.sha256(repr([str(term) for term in terms]).encode()).hexdigest()[:16]


def latest(viewer: "Person", code: str) -> Agreement:
    """The municipality's living agreement, or else its last one.

    Raises BadInput for an unknown code, NotVisible when it never had one.
    """
    municipality = organisations.municipality(viewer, code)
    rows = agreements_for(viewer).filter(party__municipality=municipality).order_by("-pk")
    found = rows.filter(status__in=LIVING).first() or rows.first()
    if found is None:
        raise NotVisible(
            _("{name} ({code}) har inget avtal. Lägg upp ett utkast först."),
            name=municipality.name,
            code=municipality.code,
        )
    return found


def holding_in(viewer: "Person", code: str, year: int) -> list[Agreement]:
    """The municipality's agreements that hold, or held, some day of the year, oldest first.

    Raises BadInput when it had none then, or no municipality has the code.
    """
    code = organisations.municipality(viewer, code).code
    rows = agreements_for(viewer).filter(party__municipality=code, starts_on__year__lte=year)
    found = list(rows.exclude(ends_on__year__lt=year).order_by("starts_on", "pk"))
    if not found:
        raise BadInput(
            _("Kommun {code} hade inget avtal {year}. Läs in avtalet först, eller rätta året."),
            code=code,
            year=year,
        )
    return found


def living_with(party: "Party") -> Agreement | None:
    """The party's living agreement, when it has one."""
    return Agreement.objects.filter(party=party, status__in=LIVING).first()


def party_to_draft_with(viewer: "Person", code: str) -> "Party":
    """The party that the municipality is, by the code in an address.

    Raises NotVisible for a code that no municipality has, or without party data.
    """
    permits.require(viewer, "agreements.see")
    try:
        return organisations.party(viewer, code)
    except BadInput as fault:
        raise NotVisible(fault.sentence, **fault.facts) from None


def refuse_second(party: "Party") -> None:
    """Pass only a party that a new agreement can be drafted with.

    Raises BadInput for the provider, AlreadyAgreed beside a living agreement.
    """
    if party.is_provider:
        raise BadInput(
            _("{name} är anordnare och tecknar inget avtal med sig själv. Välj en annan kommun."),
            name=party.name,
        )
    living = living_with(party)
    if living is not None:
        raise AlreadyAgreed(
            _(
                "{name} har redan ett avtal ({status}). Säg upp det eller återkalla utkastet innan "
                "ett nytt läggs upp."
            ),
            name=party.name,
            status=NAMES[Status(living.status)],
        )


def missing_before_signing(party: "Party", on: date) -> list[Missing]:
    """What § 1 of the agreement asks for and the party lacks (F1)."""
    return missing(_fields_of(party, on), NEEDED_TO_SIGN)


def missing_before_invoicing(party: "Party") -> list[Missing]:
    """What an invoice to the party needs and the party lacks."""
    return missing(_fields_of(party, None), NEEDED_TO_INVOICE)


def services(row: Agreement) -> list[str]:
    """The names of the services that the agreement includes (F3); keys of the catalogue."""
    codes = row.tariff.posts.order_by("pk").values_list("service", flat=True)
    return [SERVICES[code] for code in codes]


def tariff_lines(rows: Iterable[Agreement]) -> dict[tuple[int, str], "TariffLine"]:
    """The tariff lines of many agreements, by (tariff id, municipality code), in one query."""
    wanted = list(rows)
    return tariffs.lines(
        {row.tariff_id for row in wanted}, [row.party.municipality_id for row in wanted]
    )


def lock(agreement_ids: Sequence[int]) -> None:
    """Lock the agreements until the transaction ends, always in the same order."""
    rows = Agreement.objects.select_for_update().filter(pk__in=agreement_ids).order_by("pk")
    list(rows.values_list("pk", flat=True))


def history(viewer: "Person", agreement: Agreement) -> list["Entry"]:
    """Each move with who, when and why, oldest first."""
    permits.require(viewer, "agreements.see")
    return audit.entries_on(thing_id(agreement))


def _fields_of(party: "Party", on: date | None) -> dict[str, str]:
    fields = {
        name: str(getattr(party, name))
        for name in (*NEEDED_TO_SIGN, *NEEDED_TO_INVOICE)
        if hasattr(party, name)
    }
    if on is not None and organisations.contacts_on([party.pk], on):
        fields["contact"] = "1"
    return fields
