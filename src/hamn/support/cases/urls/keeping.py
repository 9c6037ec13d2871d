"""Addresses of how long a case is kept."""

from django.urls import path

from ..views import keeping

paths = [
    path("<uuid:case_id>/gallring/", keeping.keeping, name="keeping"),
    path("<uuid:case_id>/gallring/regel/", keeping.set_rule_class, name="set_rule_class"),
    path("<uuid:case_id>/gallring/undantag/", keeping.hold_case, name="hold_case"),
]
