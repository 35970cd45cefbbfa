"""Which session follows which, who of the last one was asked to come again, and what they answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chiron.kernel.models import Record
from programs.enrollment.models import Enrollment
from programs.mentorships.models import Mentorship
from programs.policy.models import Cycle, Interest
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person


class Renewal(Record):
    """A session that follows another one. Each has one at most, so that two tabs prepare one."""

    last = models.OneToOneField(Cycle, on_delete=models.PROTECT, related_name="renewal")
    coming = models.OneToOneField(Cycle, on_delete=models.CASCADE, related_name="renews")
    # A few lines of staff's own in the mail.
    words = models.CharField(max_length=600, blank=True)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    # When the mails are written; empty as long as nobody is to be written to.
    asks_at = models.DateTimeField(null=True, blank=True)
    # When everybody had been written to.
    asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.last} → {self.coming}"


class Asked(Record):
    """Somebody of the last session who was asked, in one mail for all their roles, and what they answered."""

    class Answer(models.TextChoices):
        AGAIN = "again", _("Again, same details")
        CHANGE = "change", _("Again, but let me change something")
        NOT_NOW = "not_now", _("Not this time")
        LATER = "later", _("Ask me next session")
        MENTOR = "mentor", _("I would like to mentor")

    renewal = models.ForeignKey(Renewal, on_delete=models.PROTECT, related_name="asked")
    # As with an invitation, to have been asked is nothing that must be kept with a person.
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    mail = models.ForeignKey(OutboxMail, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["renewal", "person__family_name", "person__given_name", "id"]
        constraints = [
            models.UniqueConstraint("renewal", "person", name="asked_once_about_a_next_session"),
            models.CheckConstraint(
                name="an_answer_has_its_time", condition=Q(answer="") ^ Q(answered_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_answer_display()}"


class Made(Record):
    """What an answer brought about, so that it can be taken back with it: a sign-up, or a line of the standing list."""

    asked = models.ForeignKey(Asked, on_delete=models.CASCADE, related_name="made")
    sign_up = models.OneToOneField(Enrollment, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    interest = models.OneToOneField(Interest, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = "made"
        constraints = [
            models.CheckConstraint(
                name="an_answer_makes_one_thing", condition=Q(sign_up__isnull=True) ^ Q(interest__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked}: {self.sign_up or self.interest}"


class Wish(Record):
    """Whether somebody would like to go on with whom they have now. Nobody else reads a no."""

    asked = models.ForeignKey(Asked, on_delete=models.CASCADE, related_name="wishes")
    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="+")
    yes = models.BooleanField()
    said_at = models.DateTimeField()

    class Meta:
        ordering = ["said_at", "id"]
        verbose_name_plural = "wishes"
        constraints = [models.UniqueConstraint("asked", "mentorship", name="one_wish_per_pair_and_person")]

    def __str__(self) -> str:
        return str(self.asked.person)


class GoingOn(Record):
    """A mentorship of the last session that goes on as another one in the next, because both wish it.

    The last session keeps its own, so that what is told of it stays true; the next one counts its places.
    """

    old = models.OneToOneField(Mentorship, on_delete=models.CASCADE, related_name="goes_on_as")
    new = models.OneToOneField(Mentorship, on_delete=models.CASCADE, related_name="goes_on_from")
    since = models.DateTimeField()

    class Meta:
        ordering = ["since", "id"]
        verbose_name_plural = "going on"

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"
