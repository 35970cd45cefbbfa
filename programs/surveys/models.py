"""Sets of questions in versions, what people answered, and the files they brought."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from chiron.kernel.models import Record
from programs.policy.document import Question
from programs.policy.models import Program
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
