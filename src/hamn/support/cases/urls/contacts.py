"""Addresses of contacts and of opening a case."""

from django.urls import path

from ..views import contacts, intake, mail

paths = [
    path("nytt/", intake.open_case, name="open_case"),
    path("kontakt/ny/", contacts.new_contact, name="new_contact"),
    path("kontakter/", contacts.contacts, name="contacts"),
    path("kontakter/lediga/", contacts.free_contacts, name="free_contacts"),
    path("kontakter/svar/", contacts.answers, name="answers"),
    path("kontakt/<uuid:contact_id>/", contacts.contact, name="contact"),
    path("kontakt/<uuid:contact_id>/andra/", contacts.change_contact, name="change_contact"),
    path("kontakt/<uuid:contact_id>/tillagg/", contacts.add_to_contact, name="add_to_contact"),
    path("kontakt/<uuid:contact_id>/ta/", contacts.take_contact, name="take_contact"),
    path("kontakt/<uuid:contact_id>/ta-bort/", contacts.remove_contact, name="remove_contact"),
    path("kontakt/<uuid:contact_id>/for-till/", contacts.join_contact, name="join_contact"),
    path("kontakt/<uuid:contact_id>/flytta/", contacts.move_contact, name="move_contact"),
    path("kontakt/<uuid:contact_id>/svarad/", contacts.mark_answered, name="mark_answered"),
    path("kontakt/<uuid:contact_id>/koordinator/", contacts.hand_contact, name="hand_contact"),
    path("kontakt/<uuid:contact_id>/arende/", intake.open_case_from, name="open_case_from"),
    path(
        "kontakt/<uuid:contact_id>/orosanmalan/",
        intake.report_from_contact,
        name="report_from_contact",
    ),
    path("brev/nytt/", mail.new_mail, name="new_mail"),
    path("kontakt/<uuid:contact_id>/adress/", mail.address, name="address"),
    path("kontakt/<uuid:contact_id>/adress/radera/", mail.remove_address, name="remove_address"),
    path("kontakt/<uuid:contact_id>/svar/", mail.offer_answer, name="offer_answer"),
    path("<uuid:case_id>/kontakt/ny/", contacts.log_contact, name="log_contact"),
]
