"""Addresses of sign-in, of one's own account, of people and of units; names as allauth has them."""

from django.urls import include, path, re_path

from .views import account, keys, own, people, second_factor, units

_ACCOUNT = [
    path("logga-in/", account.sign_in, name="account_login"),
    path("logga-ut/", account.sign_out, name="account_logout"),
    path("bekrafta/", account.reauthenticate, name="account_reauthenticate"),
    path("losenord/", account.change_password, name="account_change_password"),
    path("losenord/valj/", account.set_password, name="account_set_password"),
    path("glomt/", account.forgotten, name="account_reset_password"),
    path("glomt/skickat/", account.forgotten_done, name="account_reset_password_done"),
    re_path(
        r"^lank/(?P<uidb36>[0-9a-z]{1,13})-(?P<key>[0-9a-z-]{1,100})/$",
        account.choose_password,
        name="account_reset_password_from_key",
    ),
    path("", own.account, name="mfa_index"),
    path("andra-steget/", second_factor.authenticate, name="mfa_authenticate"),
    path("bekrafta/kod/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("app/", second_factor.add_app, name="mfa_activate_totp"),
    path("app/ta-bort/", second_factor.remove_app, name="mfa_deactivate_totp"),
    path("reservkoder/", second_factor.recovery_codes, name="mfa_view_recovery_codes"),
    path("reservkoder/nya/", second_factor.make_recovery_codes, name="mfa_generate_recovery_codes"),
    path(
        "reservkoder/fil/",
        second_factor.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("nycklar/", second_factor.account_instead, name="mfa_list_webauthn"),
    path("nycklar/logga-in/", keys.sign_in, name="mfa_login_webauthn"),
    path("nycklar/ny/", keys.add, name="mfa_add_webauthn"),
    path("nycklar/<int:pk>/namn/", keys.rename, name="mfa_edit_webauthn"),
    path("nycklar/<int:pk>/ta-bort/", keys.remove, name="mfa_remove_webauthn"),
    path("bekrafta/nyckel/", keys.confirm, name="mfa_reauthenticate_webauthn"),
    path("inloggningar/", own.sessions, name="usersessions_list"),
]
_ACCESS = [
    path("konto/inloggningar/ovriga/avsluta/", own.end_other_sessions, name="end_other_sessions"),
    path("konto/inloggningar/<int:session_id>/avsluta/", own.end_session, name="end_session"),
    path("personer/", people.people, name="people"),
    path("personer/ny/", people.invite, name="invite"),
    path("personer/<int:person_id>/", people.person, name="person"),
    path("personer/<int:person_id>/inbjudan/", people.invite_again, name="invite_again"),
    path("personer/<int:person_id>/roller/", people.change_roles, name="change_roles"),
    path("personer/<int:person_id>/slutar/", people.leave, name="leave"),
    path("personer/<int:person_id>/tillbaka/", people.come_back, name="come_back"),
    path(
        "personer/<int:person_id>/andra-faktor/",
        people.reset_second_factor,
        name="reset_second_factor",
    ),
    path("personer/<int:person_id>/enhet/", people.propose_member, name="propose_member"),
    path("enhet/", units.unit, name="unit"),
    path("enhet/<int:membership_id>/beslut/", units.grant_member, name="grant_member"),
    path("enhet/<int:membership_id>/ta-over/", units.accept_headship, name="accept_headship"),
    path("enhet/<int:membership_id>/avsluta/", units.end_member, name="end_member"),
]
urlpatterns = [
    path("konto/", include(_ACCOUNT)),
    path("", include((_ACCESS, "access"))),
]
