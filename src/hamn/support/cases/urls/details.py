"""Addresses of what a case says of its person, and of safe contact."""

from django.urls import path

from ..views import details, identity, safe_contact

_ALL = "<uuid:case_id>/uppgifter/"
paths = [
    path(_ALL, details.details, name="details"),
    path(f"{_ALL}anonymitet/", identity.choose_identity, name="choose_identity"),
    path(f"{_ALL}situation/", details.correct_situation, name="correct_situation"),
    path(f"{_ALL}saker-kontakt/", safe_contact.set_safe_contact, name="set_safe_contact"),
    path(f"{_ALL}kontaktuppgifter/", identity.contact_details, name="contact_details"),
    path(f"{_ALL}kontaktuppgifter/radera/", identity.erase_details, name="erase_details"),
    path(f"{_ALL}skydd/", identity.protect_identity, name="protect_identity"),
    path(f"{_ALL}ratt-att-ansoka/", details.note_informed, name="note_informed"),
    path("<uuid:case_id>/planera-kontakt/", safe_contact.plan_contact, name="plan_contact"),
]
