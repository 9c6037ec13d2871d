"""At start-up each room's permits and events are read into the guards' tables."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SiteConfig(AppConfig):
    """The site, which knows every room."""

    name = "hamn.site"
    label = "site"

    def ready(self) -> None:
        """Read the tables of every room."""
        autodiscover_modules("permits", "events")
