"""Help: the agreement's clauses in plain words, what the states mean, who may do what."""

from django.http import HttpRequest, HttpResponse

from hamn.agreement.agreements.rules import NAMES as AGREEMENT_NAMES
from hamn.agreement.agreements.rules import Status
from hamn.core.errors import _
from hamn.guards.access.permits import permit
from hamn.guards.access.rules import DESCRIPTIONS, Role
from hamn.guards.access.rules import NAMES as ROLE_NAMES
from hamn.ui.pages import page

from .clauses import CLAUSES

STATES = {
    Status.DRAFT: _("Avtalet är upplagt men ingen har undertecknat. Det går att återkalla."),
    Status.SIGNED_BY_ONE: _(
        "En part har undertecknat. Avtalet gäller när den andra också har det."
    ),
    Status.IN_FORCE: _("Båda har undertecknat och kommunens invånare omfattas."),
    Status.UNDER_NOTICE: _("Någon har sagt upp avtalet. Det gäller till och med sista dagen."),
    Status.ENDED: _("Sista dagen har passerat. Ett nytt avtal kan läggas upp."),
    Status.WITHDRAWN: _("Utkastet lades undan innan båda hade undertecknat."),
}


@permit("desk.see")
def help_page(request: HttpRequest) -> HttpResponse:
    """Everything on one page, each clause with an address of its own."""
    states = [(AGREEMENT_NAMES[status], told) for status, told in STATES.items()]
    roles = [(ROLE_NAMES[role], DESCRIPTIONS[role]) for role in Role]
    return page(request, "desk/help.html", clauses=CLAUSES, states=states, roles=roles)
