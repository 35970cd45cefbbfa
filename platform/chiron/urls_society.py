"""A society's portal, on its own host."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from billing.starting.portal import urls as starting_urls
from chiron.front import views as front
from matching.council.portal import urls as council_urls
from matching.publishing.portal import urls as publishing_urls
from programs.enrollment.portal import interest_urls, staff_urls
from programs.invitations.portal import urls as invitation_urls
from programs.mentorships.portal import home, today
from programs.mentorships.portal.urls import concerns_named, directory_of_people, keeping_in_touch
from programs.renewing.portal import urls as renewing_urls
from tenants import brands

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("tenants.accounts.urls")),
    path("", include("tenants.people.portal.urls")),
    path("", include(starting_urls.owner)),
    path("", home.home, name="home"),
    path("", include("programs.enrollment.portal.member_urls")),
    path("", include("programs.own_copy.portal.urls")),
    path("", include(interest_urls.visitors)),
    path("", include(invitation_urls.visitors)),
    path("", include(renewing_urls.visitors)),
    path("privacy/", front.privacy, name="privacy"),
    path("robots.txt", front.robots),
    path("favicon.ico", front.favicon),
    path("staff/sessions/<uuid:cycle_pk>/pairs/", include("matching.portal.urls")),
    path("", include(publishing_urls.visitors)),
    path("staff/sessions/<uuid:cycle_pk>/council/", include("matching.council.portal.urls")),
    path("", include(council_urls.voters)),
    path("mentorships/", include("programs.mentorships.portal.urls")),
    path("people/", include(directory_of_people)),
    path("wishes/", include("programs.wishing.portal.urls")),
    path("staff/", include(keeping_in_touch)),
    path("staff/", include(concerns_named)),
    path("surveys/", include("programs.surveys.portal.urls")),
    path("staff/", today.today, name="today"),
    path("staff/", include("programs.policy.portal.urls")),
    path("staff/", include(interest_urls.staff)),
    path("staff/", include(interest_urls.agreed)),
    path("staff/", include(interest_urls.rules)),
    path("staff/", include(invitation_urls.invited)),
    path("staff/", include(invitation_urls.phone)),
    path("staff/", include(invitation_urls.reminded)),
    path("staff/", include(renewing_urls.sessions)),
    path("staff/", include("programs.outcomes.portal.urls")),
    path("staff/", include("programs.viewing.portal.urls")),
    path("", include("programs.rehearsing.portal.urls")),
    path("staff/", include("programs.opening.portal.urls")),
    path("staff/", include(staff_urls.sessions)),
    path("staff/", include(staff_urls.sheet_pages)),
    path("staff/", include(staff_urls.people)),
    path("staff/settings/", include("tenants.portal.urls")),
    path("staff/", include("billing.leaving.portal.urls")),
    path("staff/", include("billing.portal.urls")),
    path("staff/mail/", include("tenants.outbox.portal.urls")),
    path("brand/<slug:digest>.css", brands.stylesheet, name="brand-stylesheet"),
    path("brand/<slug:digest>.png", brands.logo, name="brand-logo"),
]

handler400 = "chiron.design.errors.bad_request"
handler403 = "chiron.design.errors.forbidden"
handler404 = "chiron.design.errors.not_found"
handler429 = "chiron.design.errors.too_many"
handler500 = "chiron.design.errors.server_error"
