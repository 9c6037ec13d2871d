"""Addresses of requests."""

from django.urls import path

from ..views import requests

_ONE = "begaran/<uuid:request_id>/"

paths = [
    path("begaran/", requests.requests, name="requests"),
    path("begaran/ny/egna-uppgifter/", requests.ask_own_data, name="ask_own_data"),
    path("begaran/ny/handlingar/", requests.ask_documents, name="ask_documents"),
    path(_ONE, requests.show_request, name="request"),
    path(f"{_ONE}prova/", requests.assess_request, name="assess_request"),
    path(f"{_ONE}besluta/", requests.decide_request, name="decide_request"),
    path(f"{_ONE}aterta/", requests.withdraw_request, name="withdraw_request"),
    path(f"{_ONE}svar.pdf", requests.request_file, {"file_format": "pdf"}, name="request_pdf"),
    path(f"{_ONE}svar.json", requests.request_file, {"file_format": "json"}, name="request_json"),
]
