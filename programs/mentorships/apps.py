from django.apps import AppConfig


class MentorshipsConfig(AppConfig):
    name = "programs.mentorships"
    label = "mentorships"
