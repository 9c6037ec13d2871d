"""One-time links for choosing a password, sent by e-mail from outside the request.

The link is made when it is sent, so that no table and no log ever holds one. Whether an address
is known is never told: the request does the same work for any address (docs/security.md).
"""

from enum import StrEnum

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.http import base36_to_int, int_to_base36
from django.utils.translation import gettext
from django_tasks import task

from hamn.core.errors import _
from hamn.guards.audit import actions as audit

from .. import permits, queries
from ..events import Event
from ..models import Person
from ..rules import INVITATION_SECONDS, NEW_PASSWORD_SECONDS, NoMail, WrongStanding


class Kind(StrEnum):
    """What a link is for."""

    INVITATION = "invitation"
    NEW_PASSWORD = "new_password"  # noqa: S105 the name of a kind


_SUBJECTS = {
    Kind.INVITATION: _("Du är inbjuden till Hamn"),
    Kind.NEW_PASSWORD: _("Välj ett nytt lösenord till Hamn"),
}
_TEMPLATES = {
    Kind.INVITATION: "access/email/invitation.txt",
    Kind.NEW_PASSWORD: "access/email/new_password.txt",
}


class Links(PasswordResetTokenGenerator):
    """Keys that die when they are used, when she signs in or leaves, and when their time is up."""

    key_salt = "hamn.guards.access.links"

    def _make_hash_value(self, user: Person, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.is_active}"

    def check_token(self, user: Person | None, token: str | None) -> bool:
        """Whether the key is hers and still holds; an invitation lives longer than the rest."""
        if not (user and token and user.is_active and super().check_token(user, token)):
            return False
        lives = NEW_PASSWORD_SECONDS if user.has_usable_password() else INVITATION_SECONDS
        made = base36_to_int(token.partition("-")[0])
        return self._num_seconds(self._now()) - made <= lives


links = Links()


def refuse_without_mail() -> None:
    """Raise NoMail where nothing can be sent; the demonstration keeps its letters as files."""
    if not (getattr(settings, "MAIL", None) or settings.DEMO):
        raise NoMail(
            _(
                "Hamn kan inte skicka e-post, så länken går inte att skicka. Den som sköter "
                "servern anger en e-postserver under [system.mail] i centre.toml."
            )
        )


def request_link(email: str, origin: str) -> None:
    """Have a link sent to the person with the address, if there is one who may sign in.

    The same row is written for any address, so that neither answer nor time tells who exists.
    Raises NoMail without a post office, whoever asks.
    """
    refuse_without_mail()
    person = queries.with_address(email)
    deliver_link.enqueue(person.pk if person else 0, origin, Kind.NEW_PASSWORD.value)


@task()
def deliver_link(person_id: int, origin: str, kind: str) -> None:
    """Make the link and send it; nothing for one who is not here."""
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        return
    # An invitation that was never used is what a forgotten password then is.
    sort = Kind(kind) if person.has_usable_password() else Kind.INVITATION
    with translation.override(settings.LANGUAGE_CODE):
        body = render_to_string(_TEMPLATES[sort], {"link": origin + path_of(person)})
        EmailMessage(gettext(_SUBJECTS[sort]), body, to=[person.email]).send()
    audit.record(Event.LINK_SENT, by=None, on=person, kind=sort)


def path_of(person: Person) -> str:
    """The path of a new link."""
    key = {"uidb36": int_to_base36(person.pk), "key": links.make_token(person)}
    return reverse("account_reset_password_from_key", kwargs=key)


@transaction.atomic
def first_link(*, email: str, by: Person) -> str:
    """The path of a link for a first password, given at the command line where mail cannot be.

    Raises WrongStanding for one who has a password: nobody takes over an account this way.
    """
    permits.require(by, "access.invite")
    person = queries.by_email(email)
    if person.has_usable_password():
        raise WrongStanding(
            _("{title} har redan valt lösenord. Glömt lösenord går via sidan för inloggning."),
            title=person.title,
        )
    audit.record(Event.LINK_SENT, by=by, on=person, kind="first")
    return path_of(person)
