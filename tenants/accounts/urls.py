"""Sign-in, on every host. The names are django-allauth's own."""

from __future__ import annotations

from django.urls import path

from tenants.accounts import views

urlpatterns = [
    path("sign-in/", views.AskAddress.as_view(), name="account_request_login_code"),
    path("sign-in/", views.AskAddress.as_view(), name="account_login"),
    path("sign-in/code/", views.AskCode.as_view(), name="account_confirm_login_code"),
    path("sign-out/", views.sign_out, name="account_logout"),
]
