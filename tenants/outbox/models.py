"""Mail that waits, leaves or has left: in a society's schema its own, in `public` the platform's."""

from __future__ import annotations

from email.utils import parseaddr

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chiron.kernel import clock
from chiron.kernel.models import Record
from tenants import sealing

# What the text of a sealed mail begins with; no letter does.
SEALED = "sealed\x1f"


class Mailing(Record):
    """One writing to many: it leaves in steps, and stops by hand, or by itself when too much of it comes back."""

    class Stopped(models.TextChoices):
        BY_HAND = "by_hand", _("Stopped by hand")
        CAME_BACK = "came_back", _("Stopped by itself: too many mails came back")
        COMPLAINTS = "complaints", _("Stopped by itself: too many people complained")

    # What it is about, as whoever writes it finds it again: "round:<id>".
    key = models.CharField(max_length=120, unique=True)
    title = models.CharField(max_length=200)
    # To how many it goes; and how many of those are written already.
    people = models.PositiveIntegerField()
    written = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField(default=clock.now)
    # When the first step leaves; the rest follows.
    leaves_at = models.DateTimeField()
    # Who is told if it stops by itself.
    told = models.EmailField(blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    why_stopped = models.CharField(max_length=10, choices=Stopped, blank=True)

    class Meta:
        db_table = "outbox_mailing"
        ordering = ["-begun_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="what_stopped_says_why", condition=Q(why_stopped="") ^ Q(stopped_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title


class OutboxMail(Record):
    """One mail to one person, complete from the moment it was written, so that what was seen is what leaves."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        LEAVING = "leaving", _("Leaving")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Not delivered")
        CANCELED = "canceled", _("Canceled")

    class CameBack(models.TextChoices):
        BOUNCE = "bounce", _("Came back")
        COMPLAINT = "complaint", _("Marked as spam")

    template = models.CharField(max_length=80)
    mailing = models.ForeignKey(Mailing, on_delete=models.SET_NULL, null=True, blank=True, related_name="mails")
    recipient = models.EmailField()
    recipient_name = models.CharField(max_length=200, blank=True)
    sender = models.CharField(max_length=320)
    reply_to = models.EmailField(blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict, blank=True)
    # A code, a link that lets somebody in, a concern: nobody reads it here, and its words go when it is done with.
    secret = models.BooleanField(default=False)

    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    written_at = models.DateTimeField(default=clock.now)
    leaves_at = models.DateTimeField(default=clock.now)
    tried_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # How often it went out again because nobody could say whether it had: each may be a second copy for the reader.
    repeats = models.PositiveSmallIntegerField(default=0)
    trouble = models.TextField(blank=True)
    # What its reader's mail server, or its reader, said of it: at the door, or days later by a notice.
    came_back = models.CharField(max_length=10, choices=CameBack, blank=True, default="", db_default="")
    came_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "outbox_mail"
        ordering = ["-id"]
        indexes = [models.Index("recipient", name="mail_that_came_back", condition=~Q(came_back=""))]
        constraints = [
            models.CheckConstraint(name="a_sent_mail_says_when", condition=Q(state="sent") ^ Q(sent_at__isnull=True)),
            models.CheckConstraint(
                name="no_secret_outlives_its_mail",
                condition=Q(secret=False) | Q(state__in=["waiting", "leaving"]) | Q(subject="", text="", html=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} ({self.get_state_display()})"

    @property
    def message_id(self) -> str:
        """The same at every attempt, so that a mail program that gets two copies can show one.

        It names who sends, so that a notice about it finds the way back (`notices`).
        """
        name, _at, domain = parseaddr(self.sender)[1].rpartition("@")
        return f"<{self.id}.{name}@{domain}>"

    @property
    def is_done(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in (self.State.SENT, self.State.FAILED, self.State.CANCELED)

    def seal(self) -> None:
        """Encrypt what it says and whom an answer would go to, until it leaves; its subject tells nothing."""
        said = {"text": self.text, "html": self.html, "reply_to": self.reply_to}
        self.text, self.html, self.reply_to = SEALED + sealing.seal(said), "", ""

    def opened(self) -> OutboxMail:
        """The mail as it leaves. Never saved so: what is sealed stays sealed in its row."""
        if self.text.startswith(SEALED):
            said = sealing.unseal(self.text.removeprefix(SEALED))
            self.text, self.html, self.reply_to = said["text"], said["html"], said["reply_to"]
        return self

    def forget_secret(self) -> None:
        """Drop the words of a mail that nobody else may read, and whom an answer would go to."""
        if self.secret:
            self.subject = self.text = self.html = self.reply_to = ""
