"""How the provider invoices."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hamn.core import identifiers
from hamn.core.errors import BadInput, _
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit

from ..events import Event
from ..models import InvoicingProfile

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@transaction.atomic
def save_profile(*, fields: Mapping[str, Any], by: "Person") -> InvoicingProfile:
    """The profile, new or changed; issued invoices keep what they said.

    Raises BadInput for a giro number that fails its check digit, none or two of them, an unknown
    VAT category or exemption without the VAT number and reason that it demands (finance 1).
    """
    permits.require(by, "invoicing.save_profile")
    checked = {
        **fields,
        "bankgiro": identifiers.giro_number(fields["bankgiro"], name="Bankgiro", shortest=7),
        "plusgiro": identifiers.giro_number(fields["plusgiro"], name="Plusgiro", shortest=2),
    }
    _check(checked)
    profile, _created = InvoicingProfile.objects.update_or_create(pk=1, defaults=checked)
    audit.record(Event.PROFILE_SAVED, by=by, on=profile, **checked)
    return profile


def _check(fields: Mapping[str, Any]) -> None:
    if bool(fields["bankgiro"]) == bool(fields["plusgiro"]):
        raise BadInput(
            _("Ange antingen bankgiro eller plusgiro i centre.toml: ett av dem, inte båda.")
        )
    if fields["vat_category"] not in ("O", "E"):
        raise BadInput(_("Momskategorin ska vara O (utanför momsens område) eller E (undantagen)."))
    if not fields["vat_reason"]:
        raise BadInput(_("Ange varför ingen moms tas ut. Texten står på fakturan."))
    if fields["vat_category"] == "E" and not fields["vat_number"]:
        raise BadInput(_("Momskategori E kräver säljarens momsregistreringsnummer."))
    if not re.fullmatch("[0-9]*", fields["series_prefix"]):
        raise BadInput(_("Nummerseriens början ska bara ha siffror, för OCR-numrets skull."))
    if fields["ledger_counterparty"] not in ("organisation_number", "municipality_code"):
        raise BadInput(
            _("Motparten i underlaget ska vara organisation_number eller municipality_code.")
        )
