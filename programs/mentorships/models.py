"""A mentorship and the people in it; who can be found in a directory, and whom they would like to ask."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from chiron.kernel.models import Record
from programs.enrollment.models import Enrollment, Role
from programs.policy.models import Cycle
from tenants.people.models import Person


class Mentorship(Record):
    """A relationship of people in roles, for one cycle, over the aspects it covers."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waiting for an answer")
        TALKING = "talking", _("First conversation")
        ACTIVE = "active", _("Active")
        DECLINED = "declined", _("Declined")
        ENDED = "ended", _("Ended")

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="mentorships")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    aspects = models.JSONField(default=list, blank=True)
    proposed_at = models.DateTimeField()
    answer_by = models.DateField()
    introduced_at = models.DateTimeField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    # In the words of whoever ended it, for the program's staff; the trail has only that it ended.
    ended_because = models.CharField(max_length=200, blank=True)
    # How many of the program's paces lie between two questions: they asked us to ask less often.
    ask_every = models.PositiveSmallIntegerField(default=1)
    next_meeting_on = models.DateField(null=True, blank=True)
    # The last day of a pause, on which and before which nobody is asked anything.
    paused_until = models.DateField(null=True, blank=True)
    # Where one of the two asked the other: in which role, in which words, and whether to talk before deciding.
    requested_by = models.CharField(max_length=10, choices=Role, blank=True)
    words = models.CharField(max_length=500, blank=True)
    talk_first = models.BooleanField(default=False)
    # One of the two says that they are a pair already. Until the other's yes, that one sees nothing of this row.
    known = models.BooleanField(default=False)

    class Meta:
        ordering = ["-proposed_at", "id"]
        constraints = [
            models.CheckConstraint(name="ended_has_a_date", condition=~Q(state="ended") | Q(ended_on__isnull=False)),
            models.CheckConstraint(
                name="active_was_introduced", condition=~Q(state="active") | Q(introduced_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def aspect(self) -> str:
        """The one thing that it is for, where each mentor is for one; empty elsewhere. Reads the session's settings."""
        return self.aspects[0] if self.aspects and self.cycle.settings.mentors.by_aspect else ""


class Participation(Record):
    """One person's place in a mentorship: when they were asked, what they answered, why they suit the other."""

    class Answer(models.TextChoices):
        NOT_ASKED = "not_asked", _("Not asked yet")
        WAITING = "waiting", _("Asked")
        YES = "yes", _("Yes")
        NO = "no", _("Not this one")

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="participations")
    enrollment = models.ForeignKey(Enrollment, on_delete=models.PROTECT, related_name="participations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(max_length=10, choices=Role)
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.NOT_ASKED)
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=200, blank=True)
    # Sentences for this person's eyes: why the two of them.
    why = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["mentorship", "role"]
        constraints = [
            models.UniqueConstraint("mentorship", "person", name="a_person_once_per_mentorship"),
            models.CheckConstraint(
                name="answered_has_a_time", condition=~Q(answer__in=["yes", "no"]) | Q(answered_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}"


class Listing(Record):
    """A sign-up that can be found in its session's directory, because its owner wants to be found."""

    enrollment = models.OneToOneField(Enrollment, on_delete=models.CASCADE, related_name="listing")
    listed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.enrollment)


class Wish(Record):
    """Whom somebody would like to ask next, once those whom they asked before have answered."""

    mine = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="wishes")
    other = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="+")
    words = models.CharField(max_length=500, blank=True)
    talk_first = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [models.UniqueConstraint("mine", "other", name="a_wish_once")]

    def __str__(self) -> str:
        return f"{self.mine}: {self.other}"


class KnownPair(Record):
    """Whom somebody says to be a pair with already, by the address that they typed.

    It stays the same whether or not anybody of the session has the address, and whatever they answer but yes.
    """

    mine = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="known_pairs")
    address = models.EmailField()
    made_at = models.DateTimeField()
    # Empty as long as it waits in line, behind those whom one asked before.
    answer_by = models.DateField(null=True, blank=True)
    mentorship = models.OneToOneField(Mentorship, on_delete=models.SET_NULL, null=True, related_name="known_pair")

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [models.UniqueConstraint(Lower("address"), "mine", name="a_known_pair_once")]

    def __str__(self) -> str:
        return f"{self.mine}: {self.address}"


class Meeting(Record):
    """That the people of a mentorship met, on one day. How and over what is theirs; staff see its day alone."""

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="meetings")
    met_on = models.DateField()
    mode = models.CharField(max_length=10, blank=True)
    activity = models.CharField(max_length=120, blank=True)
    noted_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["met_on"]
        constraints = [models.UniqueConstraint("mentorship", "met_on", name="a_meeting_a_day")]

    def __str__(self) -> str:
        return f"{self.mentorship}, {self.met_on}"


class Question(Record):
    """One time that a mentorship was asked whether its people have met, or a step that followed silence."""

    class Step(models.TextChoices):
        QUESTION = "question", _("Question to everybody")
        WORDS = "words", _("Words for the mentee")
        GOALS = "goals", _("Goals again")
        COORDINATOR = "coordinator", _("To the coordinator")
        CHANGE = "change", _("Change of mentor")

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="questions")
    step = models.CharField(max_length=12, choices=Step, default=Step.QUESTION)
    # “Have you two met since March 3?”
    since = models.DateField()
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["asked_at", "id"]

    def __str__(self) -> str:
        return f"{self.mentorship}, {self.asked_at:%Y-%m-%d}"


class Word(Record):
    """What somebody said about their meetings, to a question or by themselves; one word of one of them is enough."""

    class Said(models.TextChoices):
        MET = "met", _("Yes, we have met")
        DATE = "date", _("Not yet, but we have a date")
        NOT_YET = "not_yet", _("Not yet")
        FINE = "fine", _("We are fine, ask less often")

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="words_said")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, null=True, blank=True, related_name="words")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said = models.CharField(max_length=8, choices=Said)
    said_at = models.DateTimeField()
    # The meeting that came to be known by it, which goes when the word is taken back.
    meeting = models.OneToOneField(Meeting, on_delete=models.SET_NULL, null=True, blank=True, related_name="word")

    class Meta:
        ordering = ["said_at", "id"]
        constraints = [
            models.UniqueConstraint("question", "person", name="a_word_a_question", condition=Q(question__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_said_display()}"


class Letter(Record):
    """That the people of a mentorship were written to about it: at most so many times a month, all causes together."""

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="letters")
    about = models.CharField(max_length=40)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at", "id"]

    def __str__(self) -> str:
        return f"{self.mentorship}: {self.about}"


class ConcernContact(Record):
    """One of the two people who take concerns, named by the society's owner."""

    place = models.PositiveSmallIntegerField(unique=True)
    name = models.CharField(max_length=120)
    email = models.EmailField()
    # Who they are, for whoever has to choose: “Ombudsperson of the university hospital”.
    about = models.CharField(max_length=160)

    class Meta:
        ordering = ["place"]

    def __str__(self) -> str:
        return self.name


class Concern(models.Model):
    """A concern on its way. Its words, its writer and its reader are encrypted, and gone once its mail has left."""

    # Made by the form, so that a form that is sent twice makes one; it says nothing about time.
    id = models.UUIDField(primary_key=True, editable=False)
    sealed = models.TextField(blank=True)
    mail_id = models.UUIDField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class Written(Record):
    """Words of the people of a mentorship, which are theirs alone: encrypted, and no staff page reads this table."""

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="%(class)ss")
    # Whoever is no longer known to the society takes along what they wrote.
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    sealed = models.TextField()
    # So that who changes what they no longer see as it is can be told.
    revision = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["written_at", "id"]

    def __str__(self) -> str:
        return str(self.id)


class Goal(Written):
    """What the people of a mentorship want to reach; each of them reads and changes it."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        REACHED = "reached", _("Reached")
        LET_GO = "let_go", _("Let go")

    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    # Since when it is what it is.
    state_on = models.DateField()


class Note(Written):
    """What one of them keeps for themselves, or for everybody in the mentorship; only its writer changes it."""

    shared = models.BooleanField(default=False)
