"""Addresses of notes."""

from django.urls import path

from ..views import notes

_ONE = "<uuid:case_id>/anteckningar/<uuid:record_id>/"
paths = [
    path("<uuid:case_id>/anteckningar/ny/", notes.write_note, name="write_note"),
    path(f"{_ONE}andra/", notes.change_note, name="change_note"),
    path(f"{_ONE}uppratta/", notes.finalise_note, name="finalise_note"),
    path(f"{_ONE}ta-bort/", notes.remove_note, name="remove_note"),
    path(f"{_ONE}tillagg/", notes.add_to_note, name="add_to_note"),
    path("<uuid:case_id>/invandning/", notes.note_objection, name="note_objection"),
]
