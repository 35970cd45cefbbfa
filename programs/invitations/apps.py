from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class InvitationsConfig(AppConfig):
    name = "programs.invitations"
    label = "invitations"

    def ready(self) -> None:
        from programs.enrollment import admitting, agreeing, interests
        from programs.invitations import choosing, due, entering, reminding, services  # noqa: F401, what becomes due registers itself
        from tenants.outbox import notices

        notices.when_complained(services.whoever_complained)
        admitting.admit_by(entering.is_invited)
        interests.invite_by(services.link_for_interested)
        interests.leave_out(choosing.wanting_none)
        agreeing.remind_by(reminding.plan)
        user_logged_in.connect(entering.end_visits_by_link, dispatch_uid="a code ends what a link had opened")
