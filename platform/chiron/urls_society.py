"""A society's portal, on its own host."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tenants import brands

urlpatterns: list[URLPattern | URLResolver] = [
    path("brand/<slug:digest>.css", brands.stylesheet, name="brand-stylesheet"),
    path("brand/<slug:digest>.png", brands.logo, name="brand-logo"),
]
