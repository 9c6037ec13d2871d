"""Addresses of invoicing: the invoices, and the year's runs."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from .views import acts, invoices, one, runs


class RunId(IntConverter):
    """A row's number, short enough for every database."""

    regex = "[0-9]{1,15}"


class CalendarYear(IntConverter):
    """Four digits."""

    regex = "[0-9]{4}"


register_converter(RunId, "run_id")
register_converter(CalendarYear, "calendar_year")

app_name = "invoicing"
# Other systems' numbers may hold a slash, hence `path`; what is done with one stands before it.
urlpatterns = [
    path("fakturor/", invoices.invoices, name="list"),
    path("fakturor/fil.<str:form>", invoices.export, name="export"),
    path("fakturor/las-in/", invoices.import_invoices, name="import"),
    path("fakturor/prova/", invoices.check, name="check"),
    path("fakturor/<path:number>/fil.<str:form>", invoices.file, name="file"),
    path("fakturor/<path:number>/mottagen/", acts.receipt, name="receipt"),
    path("fakturor/<path:number>/betalning/", acts.payment, name="payment"),
    path("fakturor/<path:number>/leverans/", acts.delivery, name="delivery"),
    path("fakturor/<path:number>/lamna-igen/", acts.deliver, name="deliver"),
    path("fakturor/<path:number>/kreditera/", acts.credit, name="credit"),
    path("fakturor/<path:number>/pa-nytt/", acts.reissue, name="reissue"),
    path("fakturor/<path:number>/", one.show, name="show"),
    path("fakturering/", runs.runs, name="runs"),
    path("fakturering/nummer/", runs.take_back, name="take_back"),
    path("fakturering/<calendar_year:year>/", runs.preview, name="preview"),
    path("fakturering/<calendar_year:year>/fil.<str:form>", runs.preview_file, name="preview_file"),
    path("fakturering/<calendar_year:year>/forbered/", runs.prepare, name="prepare"),
    path("fakturering/<calendar_year:year>/underlag/", runs.basis, name="basis"),
    path("fakturering/<calendar_year:year>/beslut/<str:code>/", runs.decide, name="decide"),
    path("fakturering/korning/<run_id:run_id>/", runs.run, name="run"),
    path("fakturering/korning/<run_id:run_id>/fil.<str:form>", runs.run_file, name="run_file"),
    path("fakturering/korning/<run_id:run_id>/godkann/", runs.release, name="release"),
    path("fakturering/korning/<run_id:run_id>/ta-bort/", runs.withdraw_run, name="withdraw_run"),
    path("fakturering/korning/<run_id:run_id>/avbryt/", runs.cancel_run, name="cancel_run"),
]
