"""Sign-in, on every host. The names are django-allauth's own."""

from __future__ import annotations

from django.urls import path

from tenants.accounts import views

urlpatterns = [
    path("sign-in/", views.AskAddress.as_view(), name="account_request_login_code"),
    path("sign-in/", views.AskAddress.as_view(), name="account_login"),
    # Nobody signs up here; allauth looks for the name when it writes to an address without an account.
    path("sign-in/", views.AskAddress.as_view(), name="account_signup"),
    path("sign-in/code/", views.AskCode.as_view(), name="account_confirm_login_code"),
    path("sign-in/as/<slug:key>/", views.sign_in_as, name="sign-in-as"),
    path("sign-out/", views.sign_out, name="account_logout"),
]
