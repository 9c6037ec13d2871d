"""Addresses of referrals, consents, disclosures, and of sharing between units."""

from django.urls import path

from ..views import consents, disclosures, referrals, shares

_OUT = "<uuid:case_id>/remisser/"
_ONE = f"{_OUT}<uuid:record_id>/"
_GIVEN = "<uuid:case_id>/utlamnanden/"
paths = [
    path("utlamnanden/", disclosures.to_decide, name="disclosures_to_decide"),
    path("delade/", shares.shared_with_us, name="shared_with_us"),
    path(_OUT, referrals.referrals, name="referrals"),
    path(f"{_OUT}ny/", referrals.write_referral, name="write_referral"),
    path(f"{_OUT}inkommen/", referrals.take_in_referral, name="take_in_referral"),
    path(f"{_ONE}andra/", referrals.change_referral, name="change_referral"),
    path(f"{_ONE}skicka/", referrals.send_referral, name="send_referral"),
    path(f"{_ONE}samtycke/", consents.give_consent_for, name="give_consent_for"),
    path(f"{_ONE}brev.pdf", referrals.letter, name="referral_letter"),
    path(f"{_ONE}svar/", referrals.answer_referral, name="answer_referral"),
    path(f"{_ONE}utfall/", referrals.end_referral, name="end_referral"),
    path(f"{_ONE}aterta/", referrals.take_back_referral, name="take_back_referral"),
    path(f"{_ONE}ratta/", referrals.correct_referral_in, name="correct_referral_in"),
    path("<uuid:case_id>/samtycken/nytt/", consents.give_consent, name="give_consent"),
    path(
        "<uuid:case_id>/samtycken/<uuid:record_id>/aterkalla/",
        consents.revoke_consent,
        name="revoke_consent",
    ),
    path(f"{_GIVEN}nytt/", disclosures.choose_ground, name="choose_ground"),
    path(f"{_GIVEN}nytt/<int:place>/", disclosures.ask_disclosure, name="ask_disclosure"),
    path(
        f"{_GIVEN}<uuid:record_id>/prova/",
        disclosures.decide_disclosure,
        name="decide_disclosure",
    ),
    path("<uuid:case_id>/dela/", shares.share_case, name="share_case"),
    path("<uuid:case_id>/dela/<uuid:share_id>/avsluta/", shares.end_share, name="end_share"),
    path("<uuid:case_id>/lamna-over/", shares.hand_over_case, name="hand_over_case"),
]
