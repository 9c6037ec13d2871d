"""Forms of sign-in, of one's own account, and of the administration of people and units."""

from .account import (
    ChangePasswordForm,
    ChoosePasswordForm,
    ForgottenForm,
    ReauthenticateForm,
    SetPasswordForm,
    SignInForm,
)
from .keys import AddKeyForm, ConfirmKeyForm, NameKeyForm, ShowKeyForm, SignInKeyForm
from .people import (
    ComeBackForm,
    InviteForm,
    LeaveForm,
    ProposeForm,
    ResetForm,
    RolesForm,
)
from .second_factor import AddAppForm, CodeForm, ConfirmCodeForm, RecoveryCodesForm, RemoveAppForm

__all__ = [
    "AddAppForm",
    "AddKeyForm",
    "ChangePasswordForm",
    "ChoosePasswordForm",
    "CodeForm",
    "ComeBackForm",
    "ConfirmCodeForm",
    "ConfirmKeyForm",
    "ForgottenForm",
    "InviteForm",
    "LeaveForm",
    "NameKeyForm",
    "ProposeForm",
    "ReauthenticateForm",
    "RecoveryCodesForm",
    "RemoveAppForm",
    "ResetForm",
    "RolesForm",
    "SetPasswordForm",
    "ShowKeyForm",
    "SignInForm",
    "SignInKeyForm",
]
