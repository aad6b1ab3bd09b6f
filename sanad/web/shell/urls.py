"""Routes of the frame: home, sign-in, lock, language. allauth's mail and sign-up are left out."""

from allauth.account import views as account
from django.urls import include, path

from sanad.web.shell import views

urlpatterns = [
    path("home/", views.home, name="home"),
    path("seat/", views.seat, name="seat"),
    path("lock/", views.lock_screen, name="lock"),
    path("unlock/", views.unlock, name="unlock"),
    path("alive/", views.alive, name="alive"),
    path("language/", views.language, name="language"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/", account.password_change, name="account_change_password"),
    path("accounts/forgotten/", views.forgotten, name="account_reset_password"),
    # allauth asks for this address; sign-up is closed and the page says who may invite.
    path("accounts/signup/", account.signup, name="account_signup"),
    path("accounts/security/", include("allauth.mfa.urls")),
]
