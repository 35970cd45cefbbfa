"""A concern leaves as one mail to the one person who was picked.

Its words are kept encrypted until that mail has left, in the mail that waits too, and then not at all. Neither the
trail nor a list says who wrote it or about whom; the log of mail says that some mail went to that address.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.mentorships.concerns.recipients import Recipient, recipients_for
from programs.mentorships.models import Concern, Participation
from tenants import audit, due, outbox
from tenants.outbox.models import OutboxMail
from tenants.sealing import seal, unseal

# A concern on its way; the reference is its id.
KIND = "mentorship.concern"
LOOK_AGAIN, TRY_AGAIN = timedelta(minutes=5), timedelta(hours=4)
MOST_TRIES = 12
ON_ITS_WAY = (OutboxMail.State.WAITING, OutboxMail.State.LEAVING)


@transaction.atomic
def report(*, participation: Participation, to: Recipient, words: str, key: UUID) -> Concern:
    """Have somebody's concern go to one of the two, once for each form that was sent.

    DomainError for somebody who is none of the two. It may be over by then: that is when some can say it.
    """
    mentorship = participation.mentorship
    if to not in recipients_for(mentorship):
        raise DomainError(_("Choose one of the people who are named here."), field="to")
    if there := Concern.objects.filter(pk=key).first():
        return there
    said = {
        "words": words.strip(),
        "name": participation.person.name,
        "email": participation.person.email,
        "program": mentorship.cycle.program.name,
        "to": [to.in_a_sentence, to.email],
        "greets": to.name if to.is_person else "",
        "others": [each.person.name for each in _others(participation)],
    }
    concern = Concern.objects.create(pk=key, sealed=seal(said), written_at=clock.now())
    due.schedule(KIND, str(concern.pk), at=clock.now())
    return concern


@transaction.atomic
def bring(*, concern: Concern) -> None:
    """Send it, or look what became of its mail: once it left, the words go; if it cannot, the reporter is told."""
    locked = Concern.objects.select_for_update().get(pk=concern.pk)
    if not locked.sealed:
        return
    mail = OutboxMail.objects.filter(pk=locked.mail_id).first() if locked.mail_id else None
    if mail is not None and mail.state in ON_ITS_WAY:
        due.schedule(KIND, str(locked.pk), at=clock.now() + LOOK_AGAIN)
    elif mail is not None and mail.state == OutboxMail.State.SENT:
        _forget(locked)
        audit.record("concern.sent")
    elif mail is not None and clock.now() < mail.written_at + TRY_AGAIN:
        due.schedule(KIND, str(locked.pk), at=mail.written_at + TRY_AGAIN)
    elif locked.tries < MOST_TRIES:
        _send(locked)
        due.schedule(KIND, str(locked.pk), at=clock.now() + LOOK_AGAIN)
    else:
        _say_that_it_failed(locked)
        _forget(locked)
        audit.record("concern.not_delivered")


def _send(concern: Concern) -> None:
    said = unseal(concern.sealed)
    name, address = said["to"]
    (mail,) = outbox.mail("concern", to=address, context={**said, "to": name}, reply_to=said["email"], sealed=True)
    concern.mail_id, concern.tries = mail.pk, concern.tries + 1
    concern.save(update_fields=["mail_id", "tries"])


def _say_that_it_failed(concern: Concern) -> None:
    said = unseal(concern.sealed)
    if said["email"]:
        outbox.mail("concern_not_delivered", to=said["email"], context={**said, "to": said["to"][0]}, sealed=True)


def _forget(concern: Concern) -> None:
    """Only that there was one stays, so that a form that is sent again is not sent twice."""
    concern.sealed, concern.mail_id = "", None
    concern.save(update_fields=["sealed", "mail_id"])


def _others(participation: Participation) -> list[Participation]:
    there = participation.mentorship.participations.filter(answer=Participation.Answer.YES)
    return list(there.exclude(pk=participation.pk).select_related("person"))
