from django.apps import AppConfig


class MentorshipsConfig(AppConfig):
    name = "programs.mentorships"
    label = "mentorships"

    def ready(self) -> None:
        from programs.mentorships import (
            demonstration,
            due,  # noqa: F401, it registers what becomes due
        )

        demonstration.offer_participants()
