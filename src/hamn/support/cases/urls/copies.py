"""Address of the person's printed copy."""

from django.urls import path

from ..views import copies

paths = [path("<uuid:case_id>/kopia/", copies.case_copy, name="case_copy")]
