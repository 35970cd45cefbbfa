"""Addresses of the desk, under a session in the staff area."""

from __future__ import annotations

from django.urls import path

from matching.portal import apart, pool, runs, swapping, views, weights, why_not
from matching.publishing.portal import urls as publishing

app_name = "desk"
urlpatterns = [
    path("", views.pairs, name="pairs"),
    path("suggest/", views.suggest, name="suggest"),
    path("begin/", apart.begin_session, name="begin"),
    path("stop/", weights.stop_suggesting, name="stop"),
    path("at-a-glance/", pool.glance, name="glance"),
    path("at-a-glance/people/", pool.people, name="glance_people"),
    path("at-a-glance/one-more/", pool.one_more, name="one_more"),
    path("what-matters/", weights.weights, name="weights"),
    path("what-matters/try/", weights.try_weights, name="try_weights"),
    path("what-matters/keep/", weights.keep, name="keep_weights"),
    path("left/", views.left, name="left"),
    path("why-not/", why_not.why_not, name="why_not"),
    path("why-not/try/", why_not.try_it, name="try_it"),
    path("hold/<uuid:mentee>/<uuid:mentor>/", why_not.hold, name="hold"),
    path("note/<uuid:mentee>/<uuid:mentor>/", why_not.note, name="note"),
    path("say/<uuid:mentee>/<uuid:mentor>/", views.say, name="say"),
    path("take-back/<uuid:decision>/", views.take_back, name="take_back"),
    path("runs/<uuid:run>/fair/", runs.fair, name="fair"),
    path("runs/<uuid:run>/take-out/", runs.take_out, name="take_out"),
    *publishing.urlpatterns,
    path("what-changed/", swapping.changes, name="changes"),
    path("<uuid:pk>/", views.pair, name="pair"),
    path("<uuid:pk>/swap/", swapping.swap, name="swap"),
]
