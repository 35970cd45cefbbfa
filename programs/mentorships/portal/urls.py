"""Addresses of mentorships, on a society's host."""

from __future__ import annotations

from django.urls import path

from programs.mentorships.portal import concerns, content, directory, keeping, touch, views

app_name = "mentorships"
urlpatterns = [
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/agree/", views.agree, name="agree"),
    path("<uuid:pk>/yes/", views.yes, name="yes"),
    path("<uuid:pk>/not-this-one/", views.no, name="no"),
    path("<uuid:pk>/met/", touch.met, name="met"),
    path("<uuid:pk>/not-met/", touch.not_met, name="not_met"),
    path("<uuid:pk>/pause/", touch.pause, name="pause"),
    path("<uuid:pk>/back/", touch.back, name="back"),
    path("<uuid:pk>/not-working/", touch.not_working, name="not_working"),
    path("<uuid:pk>/concern/", concerns.concern, name="concern"),
    path("<uuid:pk>/goals/", content.goals, name="goals"),
    path("<uuid:pk>/goals/<uuid:goal>/", content.goal, name="goal"),
    path("<uuid:pk>/goals/<uuid:goal>/mark/", content.mark, name="mark_goal"),
    path("<uuid:pk>/goals/<uuid:goal>/take-out/", content.take_out_goal, name="take_out_goal"),
    path("<uuid:pk>/notes/new/", content.new_note, name="new_note"),
    path("<uuid:pk>/notes/<uuid:note>/", content.note, name="note"),
    path("<uuid:pk>/notes/<uuid:note>/take-out/", content.take_out_note, name="take_out_note"),
    path("word/<str:token>/", touch.word, name="word"),
    path("word/<str:token>/undo/", touch.undo_word, name="undo_word"),
    path("by-mail/<str:token>/", views.by_link, name="by_link"),
    path("by-mail/<str:token>/agree/", views.agree_by_link, name="agree_by_link"),
    path("by-mail/<str:token>/yes/", views.yes_by_link, name="yes_by_link"),
    path("by-mail/<str:token>/not-this-one/", views.no_by_link, name="no_by_link"),
    path("by-mail/<str:token>/met/", touch.met_by_link, name="met_by_link"),
    path("by-mail/<str:token>/not-met/", touch.not_met_by_link, name="not_met_by_link"),
    path("by-mail/<str:token>/pause/", touch.pause_by_link, name="pause_by_link"),
    path("by-mail/<str:token>/back/", touch.back_by_link, name="back_by_link"),
    path("by-mail/<str:token>/concern/", concerns.concern_by_link, name="concern_by_link"),
    path("by-mail/<str:token>/not-working/", touch.not_working_by_link, name="not_working_by_link"),
]

directory_of_people = (
    [
        path("", directory.people, name="people"),
        path("show-me/", directory.show, name="show"),
        path("known/", directory.known, name="known"),
        path("known/<uuid:pk>/take-back/", directory.not_known, name="not_known"),
        path("<uuid:pk>/", directory.person, name="person"),
        path("line/<uuid:pk>/take-out/", directory.forget, name="forget"),
    ],
    "directory_of_people",
)

keeping_in_touch = (
    [
        path("sessions/<uuid:pk>/keeping-in-touch/", keeping.keeping, name="keeping"),
        path("sessions/<uuid:pk>/keeping-in-touch/<uuid:mentorship_pk>/", keeping.one, name="one"),
    ],
    "keeping",
)

concerns_named = ([path("settings/concerns/", concerns.recipients, name="recipients")], "concerns")
