"""Addresses of the dialogue, under /kontakt/ and /svar/; none of them names anything of anyone.

What opens a dialogue is never in an address: while somebody reads it lies in a sealed cookie.
"""

from django.urls import URLPattern, URLResolver, path

from ..views.public import choices, come_back, contact, conversation, ending

paths: list[URLPattern | URLResolver] = [
    path("kontakt/", contact.contact, name="contact"),
    path("kontakt/kvitto/", contact.receipt, name="receipt"),
    path("kontakt/<int:number>/", contact.write, name="write"),
    path("kontakt/<slug:address>/", contact.write_to, name="write_to"),
    path("svar/", come_back.come_back, name="come_back"),
    path("svar/dialog/", conversation.conversation, name="conversation"),
    path("svar/dialog/namn/", choices.name, name="name"),
    path("svar/dialog/annan/", choices.other_worker, name="other_worker"),
    path("svar/dialog/meddelande/", choices.notice, name="notice"),
    path("svar/dialog/ring/", choices.call, name="call"),
    path("svar/dialog/kod/", ending.new_code, name="new_code"),
    path("svar/dialog/radera/", ending.erase, name="erase"),
    path("svar/dialog/avsluta/", ending.end, name="end"),
]
