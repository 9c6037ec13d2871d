"""The addresses of agreements, under /desk/avtal/."""

from django.urls import path

from . import views

app_name = "agreements"
urlpatterns = [
    path("", views.all_agreements, name="list"),
    path("fil.<str:form>", views.export, name="export"),
    path("nytt/", views.draft, name="draft"),
    path("nytt/<str:code>/", views.draft_for, name="draft_for"),
    path("las-in/", views.import_agreements, name="import"),
    path("<int:agreement_id>/", views.show, name="show"),
    path("<int:agreement_id>/villkor/", views.terms, name="terms"),
    path("<int:agreement_id>/underskrift/", views.sign, name="sign"),
    path("<int:agreement_id>/uppsagning/", views.give_notice, name="give_notice"),
    path("<int:agreement_id>/aterkalla/", views.withdraw, name="withdraw"),
]
