from django.apps import AppConfig


class MentorshipsConfig(AppConfig):
    name = "programs.mentorships"
    label = "mentorships"

    def ready(self) -> None:
        from programs.enrollment import pairs
        from programs.enrollment import room as rooms
        from programs.enrollment.importing import pairing
        from programs.mentorships import (
            demonstration,
            due,  # noqa: F401, it registers what becomes due
            existing,
            room,
            withdrawing,
        )

        demonstration.offer_participants()
        pairing.offer(existing)
        pairs.offer(withdrawing)
        rooms.offer(room)
