"""The door's frame as an app of its own, so that its template and style are found and collected."""

from django.apps import AppConfig


class DoorSiteConfig(AppConfig):
    """Templates and static files of the public pages' frame."""

    name = "hamn.site.door"
    label = "door_site"
