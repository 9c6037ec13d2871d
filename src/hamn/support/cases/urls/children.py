"""Addresses of children, reports of concern and links between cases."""

from django.urls import path

from ..views import child_reports, children

_CHILDREN, _REPORTS = "<uuid:case_id>/barn/", "<uuid:case_id>/orosanmalan/"
_CHILD, _REPORT = f"{_CHILDREN}<uuid:record_id>/", f"{_REPORTS}<uuid:record_id>/"
paths = [
    path(_CHILDREN, children.children, name="children"),
    path(f"{_CHILDREN}nytt/", children.add_child, name="add_child"),
    path(f"{_CHILD}andra/", children.change_child, name="change_child"),
    path(f"{_CHILD}att-gora/", children.plan_for_child, name="plan_for_child"),
    path(f"{_CHILD}arende/", children.open_case_for_child, name="open_case_for_child"),
    path(f"{_CHILD}orosanmalan/", child_reports.report_child, name="report_child"),
    path(f"{_REPORTS}ny/", child_reports.add_child_report, name="add_child_report"),
    path(f"{_REPORT}andra/", child_reports.change_child_report, name="change_child_report"),
    path(f"{_REPORT}fil/", child_reports.child_report_file, name="child_report_file"),
    path(f"{_REPORT}lamnad/", child_reports.send_child_report, name="send_child_report"),
    path(f"{_REPORT}svar/", child_reports.answer_child_report, name="answer_child_report"),
    path(f"{_REPORT}skickas-inte/", child_reports.drop_child_report, name="drop_child_report"),
    path("<uuid:case_id>/koppla/", children.link_cases, name="link_cases"),
    path(
        "<uuid:case_id>/koppla/<uuid:record_id>/ta-bort/",
        children.unlink_cases,
        name="unlink_cases",
    ),
]
