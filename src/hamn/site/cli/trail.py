"""The trail: `hamn trail verify|export`."""

import argparse
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from hamn.core.errors import in_words
from hamn.guards.access import permits
from hamn.guards.audit import actions, queries
from hamn.guards.audit.rules import FINDINGS, Finding

from . import arguments as given


def add_to(verbs: Any) -> None:
    """The verbs of the trail."""
    trail = verbs.add_parser("trail", help=_("spåret av allt som gjorts"))
    kinds = trail.add_subparsers(dest="subverb", metavar="VERB", required=True)
    verify = kinds.add_parser("verify", help=_("pröva att inget är ändrat eller borttaget"))
    verify.set_defaults(run=run_verify)
    export = kinds.add_parser("export", help=_("spara spårets ände utanför databasen"))
    export.set_defaults(run=run_export)


def run_verify(arguments: argparse.Namespace) -> int:
    """The whole chain, and every exported head; 1 when anything is wrong."""
    permits.require(given.person(arguments), "audit.see")
    verdict = queries.verify(settings.TRAIL_HEADS)
    for finding in verdict.findings:
        print(_told(finding))
    for trigger in verdict.missing_triggers:
        print(_("Spärren {trigger} saknas i databasen.").format(trigger=trigger))
    if not verdict.heads:
        print(
            _("Filen med sparade ändar saknas, så ett avklippt slut kan inte upptäckas. Hämta den.")
        )
    told = _("Kedjan är hel") if verdict.is_sound else _("Kedjan är bruten")
    print(
        _("{told}: {entries} poster, {anchored} förankrade, {later} ännu inte förankrade.").format(
            told=told,
            entries=verdict.entries,
            anchored=min(verdict.anchored, verdict.entries),
            later=verdict.unanchored,
        )
    )
    return int(not (verdict.is_sound and verdict.heads))


def run_export(arguments: argparse.Namespace) -> None:
    """The chain's end, written outside the database."""
    permits.require(given.person(arguments), "audit.see")
    head = actions.export_head(settings.TRAIL_HEADS)
    if head is None:
        print(_("Inget nytt sedan förra gången."))
    else:
        print(f"{head.place} {head.hash} → {settings.TRAIL_HEADS}")


def _told(finding: Finding) -> str:
    facts = {"place": finding.place, "other": finding.other}
    return in_words(FINDINGS[finding.fault], facts, _)
