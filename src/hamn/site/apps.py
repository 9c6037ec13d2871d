"""At start-up each room's permits and events are read into the guards' tables."""

from django.apps import AppConfig
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules


class SiteConfig(AppConfig):
    """The site, which knows every room."""

    name = "hamn.site"
    label = "site"

    def ready(self) -> None:
        """Read the tables of every room, and tell access what only the rooms above it know."""
        autodiscover_modules("permits", "events", "checks")

        from hamn.agreement.invoicing.queries import is_example
        from hamn.guards.access.queries import register_demo, register_duty, register_resting
        from hamn.guards.access.rules import register_units
        from hamn.guards.vault.permits import register_covers
        from hamn.guards.vault.queries import holds_something
        from hamn.insight.consultations.actions.holding import register as register_consultations
        from hamn.insight.consultations.queries.lists import is_same_consultation
        from hamn.register.staff.queries import covers, every_unit_name, resting, unit_names
        from hamn.support.cases.actions.holding import register as register_cases
        from hamn.support.cases.queries.assigning import check_nothing_left
        from hamn.support.cases.queries.day import register_lines
        from hamn.support.cases.queries.drafts import register_things
        from hamn.support.cases.queries.extracts import register_pieces
        from hamn.support.door.actions.reaching import register as register_ways
        from hamn.support.door.queries.day import lines_of_inbox
        from hamn.support.door.queries.dialogues import is_same_dialogue
        from hamn.support.door.queries.extracts import pieces_of_dialogues

        register_demo(is_example)
        register_units(unit_names, every=every_unit_name, is_kept=holds_something)
        register_resting(resting)
        register_duty(check_nothing_left)
        register_cases()
        register_pieces(pieces_of_dialogues)
        register_lines(lines_of_inbox)
        register_ways()
        register_things("door", is_same_dialogue)
        register_things("consultations", is_same_consultation)
        register_consultations()
        register_covers(lambda person: covers(person, timezone.localdate()))
