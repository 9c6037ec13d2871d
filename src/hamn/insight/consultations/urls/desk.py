"""The desk's addresses of consultations, under `/desk/konsultationer/`."""

from django.urls import path

from ..views import acts, counts, lists

app_name = "consultations"
urlpatterns = [
    path("", lists.inbox, name="list"),
    path("ny/", acts.log_consultation, name="log_consultation"),
    path("antal/", counts.counts, name="counts"),
    path("antal.<str:form>", counts.export, name="export"),
    path("<uuid:consultation_id>/", lists.show, name="show"),
    path("<uuid:consultation_id>/ta/", acts.take_consultation, name="take_consultation"),
    path("<uuid:consultation_id>/svara/", acts.answer_consultation, name="answer_consultation"),
    path("<uuid:consultation_id>/lamna/", acts.hand_consultation, name="hand_consultation"),
    path("<uuid:consultation_id>/ratta/", acts.correct_consultation, name="correct_consultation"),
    path("<uuid:consultation_id>/ta-bort/", acts.remove_consultation, name="remove_consultation"),
]
