"""Addresses of who may open a case."""

from django.urls import path

from ..views import access

paths = [
    path("<uuid:case_id>/atkomst/", access.access, name="access"),
    path("<uuid:case_id>/deltagare/ny/", access.add_participant, name="add_participant"),
    path(
        "<uuid:case_id>/deltagare/<uuid:participant_id>/ta-bort/",
        access.remove_participant,
        name="remove_participant",
    ),
]
