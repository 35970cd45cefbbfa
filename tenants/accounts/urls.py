"""Sign-in, on every host. The names are django-allauth's own."""

from __future__ import annotations

from django.urls import path

from tenants.accounts import views
from tenants.leaving import stays_open

ask_address = stays_open(views.AskAddress.as_view())

urlpatterns = [
    path("sign-in/", ask_address, name="account_request_login_code"),
    path("sign-in/", ask_address, name="account_login"),
    # Nobody signs up here; allauth looks for the name when it writes to an address without an account.
    path("sign-in/", ask_address, name="account_signup"),
    path("sign-in/code/", stays_open(views.AskCode.as_view()), name="account_confirm_login_code"),
    path("sign-in/as/<slug:key>/", stays_open(views.sign_in_as), name="sign-in-as"),
    path("sign-out/", stays_open(views.sign_out), name="account_logout"),
]
