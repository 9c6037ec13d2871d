"""Addresses of attachments; a file's name never stands in one."""

from django.urls import path

from ..views import files

_CASE, _CONTACT = "<uuid:case_id>/filer/", "kontakt/<uuid:contact_id>/filer/"
_WORKING, _ORIGINAL = {"copy": "working"}, {"copy": "original"}

paths = [
    path(_CASE, files.files, name="files"),
    path(f"{_CASE}ny/", files.add_file, name="add_file"),
    path(f"{_CASE}<uuid:attachment_id>/", files.file, _WORKING, name="file"),
    path(f"{_CASE}<uuid:attachment_id>/original/", files.file, _ORIGINAL, name="original_file"),
    path(f"{_CASE}<uuid:attachment_id>/ta-bort/", files.remove_file, name="remove_file"),
    path(_CONTACT, files.contact_files, name="contact_files"),
    path(f"{_CONTACT}ny/", files.add_contact_file, name="add_contact_file"),
    path(f"{_CONTACT}<uuid:attachment_id>/", files.contact_file, _WORKING, name="contact_file"),
    path(
        f"{_CONTACT}<uuid:attachment_id>/original/",
        files.contact_file,
        _ORIGINAL,
        name="original_contact_file",
    ),
    path(
        f"{_CONTACT}<uuid:attachment_id>/ta-bort/",
        files.remove_contact_file,
        name="remove_contact_file",
    ),
]
