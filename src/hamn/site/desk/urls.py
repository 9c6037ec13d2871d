"""Every address of the desk. Each view carries its permit; one without answers as if not there."""

from django.urls import include, path

from . import errors, what_if
from .command_key import command_key
from .components import components
from .front import language, start
from .help import help_page
from .overview import overview
from .trail import export_trail, trail, verified_trail, verify_trail

desk = (
    [
        path("", start, name="start"),
        path("oversikt/", overview, name="overview"),
        path("sprak/", language, name="language"),
        path("hjalp/", help_page, name="help"),
        path("konto/kommandorad/", command_key, name="command_key"),
        path("komponenter/", components, name="components"),
        path("sparet/", trail, name="trail"),
        path("sparet/kontroll/", verify_trail, name="verify_trail"),
        path("sparet/kontroll/<uuid:result_id>/", verified_trail, name="verified_trail"),
        path("sparet/fil.<str:form>", export_trail, name="export_trail"),
        path("taxor/jamfor/", what_if.what_if, name="what_if"),
        path("taxor/jamfor.svg", what_if.what_if_chart, name="what_if_chart"),
        path("taxor/jamfor.<str:form>", what_if.what_if_file, name="what_if_file"),
    ],
    "desk",
)
urlpatterns = [
    path("desk/", include(desk)),
    path("desk/", include("hamn.guards.access.urls")),
    path("desk/valvet/", include("hamn.guards.vault.urls")),
    path("desk/gallring/", include("hamn.guards.disposal.urls")),
    path("desk/personal/", include("hamn.register.staff.urls")),
    path("desk/kommuner/", include("hamn.register.organisations.urls")),
    path("desk/taxor/", include("hamn.agreement.tariffs.urls")),
    path("desk/avtal/", include("hamn.agreement.agreements.urls")),
    path("desk/", include("hamn.agreement.invoicing.urls")),
    path("desk/arenden/", include("hamn.support.cases.urls")),
    path("desk/verksamheter/", include("hamn.support.services.urls")),
    path("desk/", include("hamn.support.door.urls.desk")),
    path("desk/konsultationer/", include("hamn.insight.consultations.urls.desk")),
    path("desk/uppfoljning/", include("hamn.insight.followup.urls")),
    path("", start, name="root"),
    path("halsa/", include("hamn.site.desk.health")),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
