from django.apps import AppConfig


class RenewingConfig(AppConfig):
    name = "programs.renewing"
    label = "renewing"

    def ready(self) -> None:
        from programs.enrollment import admitting
        from programs.mentorships import room
        from programs.renewing import due, selectors, together  # noqa: F401, what becomes due registers itself

        admitting.admit_by(selectors.is_asked)
        room.count_once(together.counted_elsewhere)
