from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "chiron.design"

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        from chiron.design.wording import speak_plainly

        speak_plainly()  # here and not once all is ready: by then some forms are made
