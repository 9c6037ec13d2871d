"""Addresses of one case."""

from django.urls import path

from ..views import show

paths = [path("<uuid:case_id>/", show.show, name="show")]
