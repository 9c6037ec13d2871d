"""A form whose texts may not tell of a client; what was found can be said to be nobody's."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from hamn.core.errors import _
from hamn.ui.forms import SeenForm

from ..rules.identity import ClientIdentity


class NoClientForm(SeenForm):
    """The box is drawn only once something was found that may be a client's."""

    is_confirmed = forms.BooleanField(
        label=gettext_lazy(_("Det som pekades ut gäller ingen klient")), required=False
    )

    @property
    def asks_to_confirm(self) -> bool:
        """Whether something was found that its writer can answer for."""
        refusal = getattr(self.request, "refusal", None)
        is_doubt = isinstance(refusal, ClientIdentity) and not refusal.is_certain
        return is_doubt or self["is_confirmed"].value() in (True, "on")

    @property
    def drawn_fields(self) -> list[Any]:
        """The fields in their order, the box last and only when it is asked for."""
        fields = [field for field in self.visible_fields() if field.name != "is_confirmed"]
        return [*fields, self["is_confirmed"]] if self.asks_to_confirm else fields
