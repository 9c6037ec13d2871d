"""The forms that a professional meets; none of them keeps anything between two requests."""

import base64
import os
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Self

from django import forms
from django.http import HttpRequest

from hamn.core import identifiers
from hamn.core.errors import _
from hamn.register.organisations.rules import email
from hamn.ui.forms import Choice, CleanLongText, CleanText, Email, HamnForm, Radio, Text
from hamn.ui.words import said

from ..rules.words import (
    KINDS,
    LONGEST_LINE,
    LONGEST_TEXT,
    NO_MUNICIPALITY,
    PROFESSIONS,
    TOPICS,
    URGENCIES,
)
from .identity import NoClientForm

_TOKEN_BYTES = 24


class CoverageForm(HamnForm):
    """Which municipality the question is about. municipalities: name by code, the nearest first."""

    kommun = Choice(_("Kommun"), {}, required=False)

    def __init__(self, *arguments: Any, municipalities: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        fields: Any = self.fields
        fields["kommun"].choices = [("", said(_("Välj"))), *municipalities.items()]


class RequestForm(NoClientForm):
    """A question: what about, how soon, and from whom. token: made with the form, random."""

    topic = Radio(_("Vad gäller det?"), TOPICS)
    kind = Radio(_("Vad önskar du?"), KINDS, initial="advice")
    urgency = Radio(_("Hur snart behöver du svar?"), URGENCIES, initial="later")
    text = CleanLongText(
        _("Din fråga"),
        hint=_(
            "Beskriv läget utan att avslöja vem någon är: inga namn, personnummer, adresser, "
            "telefonnummer eller annat som pekar ut en klient."
        ),
        longest=LONGEST_TEXT,
        rows=6,
    )
    name = CleanText(_("Ditt namn"), longest=LONGEST_LINE, width=30)
    profession = Choice(_("Var arbetar du?"), PROFESSIONS)
    workplace = CleanText(
        _("Titel och arbetsplats"), required=False, longest=LONGEST_LINE, width=30
    )
    municipality = Choice(_("Arbetsplatsens kommun"), {})
    phone = Text(
        _("Telefon i arbetet"),
        hint=_("Skriv telefon eller e-post, så att vi kan svara."),
        required=False,
        longest=40,
        width=20,
        check=identifiers.phone,
    )
    email = Email(_("E-post i arbetet"), required=False, longest=254, width=30, check=email)
    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)
    # Nobody else changes what is not sent yet.
    seen = None  # type: ignore[assignment]

    def __init__(self, *arguments: Any, municipalities: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        fields: Any = self.fields
        none = (NO_MUNICIPALITY, said(_("Ingen kommun: region, myndighet eller förening")))
        fields["municipality"].choices = [("", said(_("Välj"))), *municipalities.items(), none]
        fields["profession"].choices = [("", said(_("Välj"))), *fields["profession"].choices]
        fields["token"].initial = base64.urlsafe_b64encode(os.urandom(_TOKEN_BYTES)).decode()

    @classmethod
    def of(cls, request: HttpRequest, **more: Any) -> Self:
        """The form as it was sent, or fresh: there is no session here to keep anything in."""
        form = cls(request.POST, **more) if request.method == "POST" else cls(**more)
        form.request = request
        return form

    @property
    def token_digest(self) -> bytes:
        """What tells this form as it was filled in from any other: gone back to, changed and sent
        again it is another question. A random one where the form brought no token.
        """
        given = self.cleaned_data
        if len(given.get("token", "")) < _TOKEN_BYTES:
            return os.urandom(32)
        return sha256(repr(sorted(given.items())).encode()).digest()
