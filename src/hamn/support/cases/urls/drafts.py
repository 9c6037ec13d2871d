"""Addresses that drafts are sent to."""

from django.urls import path

from ..views import drafts

paths = [
    path("utkast/", drafts.keep_draft, name="keep_draft"),
    path("utkast/kasta/", drafts.throw_draft, name="throw_draft"),
]
