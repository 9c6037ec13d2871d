"""allauth's hooks for second factors: secrets sealed, names and errors in Swedish."""

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.utils.translation import gettext, gettext_lazy

from hamn.core.errors import _

from .. import queries
from ..actions.sealing import seal, unseal
from ..models import Person


class SecondFactorAdapter(DefaultMFAAdapter):
    """Seals each secret to its owner; refuses to leave her with the password alone."""

    error_messages = {  # noqa: RUF012 as allauth has it
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": gettext_lazy(
            _("Det här är din enda andra faktor. Lägg till en annan innan du tar bort den.")
        ),
        "cannot_generate_recovery_codes": gettext_lazy(
            _("Lägg först till en app eller en nyckel. Reservkoder finns bara tillsammans med den.")
        ),
        "incorrect_code": gettext_lazy(
            _("Koden stämmer inte eller har redan använts. Vänta på nästa kod och försök igen.")
        ),
        "incorrect_key": gettext_lazy(
            _("Nyckeln godtogs inte. Försök igen, eller använd ett annat sätt.")
        ),
    }

    def encrypt(self, text: str) -> str:
        """The secret as it is stored."""
        return seal(text, owner=_owner())

    def decrypt(self, encrypted_text: str) -> str:
        """The secret as it was."""
        return unseal(encrypted_text, owner=_owner())

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Whether another app or key remains."""
        others = authenticator.user.authenticator_set.exclude(pk=authenticator.pk)
        return bool(others.exclude(type=queries.RECOVERY_CODES).exists())

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 allauth's
        """What a new key is called until its owner gives it a name."""
        number = user.authenticator_set.filter(type=type).count() + 1
        return gettext("Nyckel {number}").format(number=number)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Who a passkey belongs to: the desk's own host name, which must not change afterwards."""
        host = getattr(settings, "HOST", "") or context.request.get_host().partition(":")[0]
        return {"id": host, "name": "Hamn"}


def factor_of(person: Person, code: str) -> str:
    """The sort of second factor that the code is right for; empty for a wrong code.

    It counts as a try, and is told to the trail, as on the page of sign-in.
    """
    from ..forms import CodeForm  # which stands on this module

    form = CodeForm({"code": code}, user=person)
    return str(form.authenticator.type) if form.is_valid() else ""


def _owner() -> int:
    """Whose secret is handled: a person only ever meets her own, signed in or on her way in."""
    request = context.request
    if queries.is_person(request.user):
        return request.user.pk
    return int(request._login_stage.login.user.pk)


def unused_codes(authenticator: Any) -> int:
    """How many recovery codes are left of a person's set; 0 without one."""
    return len(authenticator.wrap().get_unused_codes()) if authenticator else 0
