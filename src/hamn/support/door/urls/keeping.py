"""Addresses of what is kept and what goes, under /desk/inkorg/gallring/."""

from django.urls import path

from ..views import keeping

paths = [
    path("inkorg/gallring/", keeping.keeping, name="keeping"),
    path("inkorg/gallring/<uuid:dialogue_id>/behovs/", keeping.keep, name="keep"),
    path("inkorg/gallring/<uuid:dialogue_id>/behovs-inte/", keeping.release, name="release"),
    path("inkorg/gallring/regler/", keeping.expiry_rules, name="expiry_rules"),
    path("inkorg/gallring/regler/ny/", keeping.set_expiry, name="set_expiry"),
    path("inkorg/gallring/regler/<int:rule_id>/avsluta/", keeping.end_expiry, name="end_expiry"),
]
