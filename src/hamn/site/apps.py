"""At start-up each room's permits and events are read into the guards' tables."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SiteConfig(AppConfig):
    """The site, which knows every room."""

    name = "hamn.site"
    label = "site"

    def ready(self) -> None:
        """Read the tables of every room, and tell access what only the rooms above it know."""
        autodiscover_modules("permits", "events", "checks")

        from hamn.agreement.invoicing.queries import is_example
        from hamn.agreement.tariffs.rules import SERVICES
        from hamn.guards.access.queries import register_demo
        from hamn.guards.access.rules import register_units

        register_demo(is_example)
        register_units(SERVICES)
