"""Sets of questions in versions, what people answered, and the files they brought; and surveys, most without names.

Of a survey without names nothing is kept that ties an answer to a person. Who was asked, and whether they answered,
stands apart from what was answered, which has neither an id nor a time nor an order of its own; when the survey closes,
answers are added up as far as they may be told of, and all the rest is deleted.
"""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from chiron.kernel.models import Record
from programs.policy.document import Question
from programs.policy.models import Cycle, Program
from tenants.people.models import Person


class Instrument(Record):
    """A set of questions that is asked for one purpose, and goes on being the same set as its wording changes."""

    class Purpose(models.TextChoices):
        INTAKE = "intake", _("Sign-up")
        OUTCOME = "outcome", _("Survey")

    purpose = models.CharField(max_length=10, choices=Purpose)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # What tells the sets of one purpose apart: a part and a role, or the name of a survey.
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["purpose", "name"]
        constraints = [
            models.UniqueConstraint(
                "purpose", "program", "name", name="sets_of_questions_differ", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.name


class InstrumentVersion(Record):
    """The questions word for word. Written when they are first answered, and never changed."""

    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["instrument", "-number"]
        constraints = [
            models.UniqueConstraint("instrument", "number", name="question_versions_count_up"),
            models.UniqueConstraint("instrument", "digest", name="question_versions_differ"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.number}"

    @cached_property
    def questions(self) -> list[Question]:
        """The questions as typed values."""
        return [Question.model_validate(each) for each in self.content]


class Response(Record):
    """What one person answered on one occasion. It is kept question by question, so that nothing is lost on the way."""

    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(InstrumentVersion, on_delete=models.PROTECT, related_name="responses")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="responses")
    # What it is answered for: a session's id.
    occasion = models.UUIDField()
    # By question, then by blank. A question that stands here was answered or left empty on purpose.
    answers = models.JSONField(default=dict)
    # Where an answer came from that was not asked again: {"languages": "your sign-up for …"}.
    sources = models.JSONField(default=dict)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-changed_at", "-id"]
        constraints = [
            models.UniqueConstraint("instrument", "occasion", "person", name="one_answer_per_person_and_occasion"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.instrument}"


def _place(upload: Upload, name: str) -> str:
    """Where a file lies: its own name says nothing."""
    return f"uploads/{uuid4().hex}"


class Upload(Record):
    """A file that somebody brought with an answer. Its person sees it, and the program's staff."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="uploads")
    file = models.FileField(upload_to=_place, max_length=100)
    name = models.CharField(max_length=140)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    brought_at = models.DateTimeField()

    class Meta:
        ordering = ["brought_at"]

    def __str__(self) -> str:
        return self.name


class Wave(Record):
    """One sending of a set of questions to people of a session. It stays, with what may be told of its answers."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="waves")
    # Which of the surveys of its settings it is, counted from nought.
    position = models.PositiveSmallIntegerField()
    version = models.ForeignKey(InstrumentVersion, on_delete=models.PROTECT, related_name="waves")
    # Under which name the questions ship.
    name = models.CharField(max_length=200)
    moment = models.CharField(max_length=20)
    anonymous = models.BooleanField()
    sent_at = models.DateTimeField()
    closes_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)
    # Once it is closed: how many of each role were asked and answered, and what may be told of their answers.
    asked = models.JSONField(default=dict)
    answered = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)

    class Meta:
        ordering = ["cycle", "position"]
        constraints = [models.UniqueConstraint("cycle", "position", name="a_survey_is_sent_once")]

    def __str__(self) -> str:
        return f"{self.cycle}, {self.name}"


class Asked(models.Model):
    """Somebody who was asked, and whether they answered; never when. It goes when the survey closes."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="surveys")
    role = models.CharField(max_length=10)
    answered = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint("wave", "person", name="a_person_once_per_survey")]

    def __str__(self) -> str:
        return f"{self.wave}: {self.person}"


class Box(models.Model):
    """Answers without names, shuffled whenever one is put in, so that no row is anybody's. It goes with the closing."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="boxes")
    sheets = models.JSONField(default=list)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.wave}: {len(self.sheets)}"


class Draft(models.Model):
    """Answers without a name that are not sent yet. Only the browser in which they were begun knows which they are."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="drafts")
    answers = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.wave)


class Comment(models.Model):
    """What somebody wrote, once their survey is closed; with their name only where it was asked under names."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="comments")
    ask = models.CharField(max_length=200)
    text = models.TextField()
    role = models.CharField(max_length=10, blank=True)
    may_quote = models.BooleanField(default=False)
    # Where it was asked under names; it goes with its person.
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    # The part of it that staff put into the report.
    quote = models.CharField(max_length=300, blank=True)
    released = models.BooleanField(null=True)

    class Meta:
        ordering = ["wave", "ask", "id"]
        constraints = [
            models.CheckConstraint(
                name="only_what_may_be_quoted_is",
                condition=Q(released=True, may_quote=True) & ~Q(quote="")
                | (Q(released=None) | Q(released=False)) & Q(quote=""),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]
