"""Who signed up to which cycle, what they answered, and whether they may take part."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chiron.kernel.models import Record
from programs.policy.models import Cycle, PolicyVersion
from tenants.people.models import Person


class Role(models.TextChoices):
    """What somebody is in a session: one of two, of three, or one of a circle."""

    MENTOR = "mentor", _("Mentor")
    MENTEE = "mentee", _("Mentee")
    EARLY = "early", _("Early in their career")
    MIDDLE = "middle", _("In mid-career")
    SENIOR = "senior", _("Late in their career")
    PEER = "peer", _("Peer")


class SheetImport(Record):
    """One spreadsheet that staff brought in: looked at, then taken as a whole or not at all, and taken back as a whole.

    What is long is done by a worker: `work` says what it was asked for.
    """

    class Kind(models.TextChoices):
        ROSTER = "roster", _("Membership list")
        MENTORS = "mentors", _("Mentor sign-ups")
        MENTEES = "mentees", _("Mentee sign-ups")
        EARLY = "early", _("Sign-ups of those early in their career")
        MIDDLE = "middle", _("Sign-ups of those in mid-career")
        SENIOR = "senior", _("Sign-ups of those late in their career")
        PEERS = "peers", _("Sign-ups of peers")
        FORM = "form", _("Answers of a web form, all roles together")
        PAIRS = "pairs", _("Pairs that exist already")

    class Work(models.TextChoices):
        NOTHING = "", _("Nothing")
        LOOKING = "looking", _("Looking")
        TAKING = "taking", _("Taking")
        TAKING_BACK = "taking_back", _("Taking back")

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, null=True, blank=True, related_name="sheet_imports")
    kind = models.CharField(max_length=10, choices=Kind)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    # The file itself, compressed, only until the decision.
    content = models.BinaryField(null=True, blank=True)
    is_large = models.BooleanField(default=False)
    # What each column means, and single words in it, as `programs.enrollment.importing.sheets.layout.Layout` says it.
    layout = models.JSONField(default=dict, blank=True)
    work = models.CharField(max_length=12, choices=Work, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    rows = models.PositiveIntegerField(default=0)
    rows_added = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_same = models.PositiveIntegerField(default=0)
    rows_left_out = models.PositiveIntegerField(default=0)
    # The first of what is wrong, and how much is wrong in all.
    faults = models.JSONField(default=list)
    fault_count = models.PositiveIntegerField(default=0)
    # The rows that were not taken as they are, as a sheet to mend, compressed.
    to_mend = models.BinaryField(null=True, blank=True)
    # Every row and what happens to it, compressed.
    fates = models.BinaryField(null=True, blank=True)
    # What was left as it is when the sheet was taken back, and why.
    kept_back = models.JSONField(default=list, blank=True)
    trouble = models.TextField(blank=True)
    brought_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.file_name


class TouchedRow(Record):
    """What an import did to one row of ours, so that it can be taken back; nothing before means that it was made."""

    class What(models.TextChoices):
        PERSON = "person", _("Person")
        SIGN_UP = "sign_up", _("Sign-up")
        PAIR = "pair", _("Pair")

    sheet_import = models.ForeignKey(SheetImport, on_delete=models.CASCADE, related_name="touched")
    line = models.PositiveIntegerField()
    what = models.CharField(max_length=10, choices=What)
    touched_id = models.UUIDField()
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(default=dict)

    class Meta:
        ordering = ["line", "id"]

    def __str__(self) -> str:
        return f"{self.sheet_import}, {self.line}"


class RememberedWord(Record):
    """What the society said a heading means, or a word under it, in a kind of sheet: proposed the next time."""

    kind = models.CharField(max_length=10)
    heading = models.CharField(max_length=300)
    # The word as it stands in the sheet, in lower case; empty for the heading itself.
    said = models.CharField(max_length=300, blank=True)
    means = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["kind", "heading", "said"]
        constraints = [models.UniqueConstraint("kind", "heading", "said", name="a_word_of_a_sheet_once")]

    def __str__(self) -> str:
        return self.said or self.heading


class Enrollment(Record):
    """A person's sign-up to one cycle in one role."""

    class State(models.TextChoices):
        APPLIED = "applied", _("Signed up")
        ELIGIBLE = "eligible", _("Can take part")
        TO_CHECK = "to_check", _("To check")
        NOT_ELIGIBLE = "not_eligible", _("Cannot take part")
        WAITLISTED = "waitlisted", _("On the waiting list")
        MATCHED = "matched", _("Matched")
        FINISHED = "finished", _("Finished")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        PAUSED = "paused", _("Paused")

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="enrollments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="enrollments")
    role = models.CharField(max_length=10, choices=Role)
    state = models.CharField(max_length=12, choices=State, default=State.APPLIED)
    # What the person said, as the fields of `programs.policy.participant.Participant`.
    answers = models.JSONField(default=dict)
    # The last eligibility decision with its reasons, as `programs.policy.rules.Decision` stores itself.
    decision = models.JSONField(default=dict, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    # Set when a member of staff decided instead of the rules ("accept as guest").
    decided_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    source = models.ForeignKey(SheetImport, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    signed_up_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # Since when somebody has stood on the waiting list; empty for whom the list has a place at once.
    waiting_since = models.DateTimeField(null=True, blank=True)
    # While somebody pauses: where their sign-up stood before, and the day on which we ask whether they are back.
    before_pause = models.CharField(max_length=12, choices=State, blank=True)
    paused_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["signed_up_at", "id"]
        constraints = [
            models.UniqueConstraint("cycle", "person", "role", name="one_sign_up_per_role"),
            models.CheckConstraint(
                name="a_pause_knows_what_was_before", condition=Q(state="paused") ^ Q(before_pause="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}"

    @property
    def stands(self) -> str:
        """How it stands, for its owner. A mentee hears of a mentor after the yes and never of a no, so before that it
        must not show that somebody was found.
        """
        found = self.state == self.State.MATCHED
        return str(self.State.ELIGIBLE.label) if found else str(self.get_state_display())

    @property
    def role_called(self) -> str:
        """What the program calls this role."""
        return self.cycle.settings.roles[self.role].called


class Lot(Record):
    """What orders a session's waiting list where a lot is drawn; drawn again, the older draws stay to be read."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="lots")
    seed = models.BigIntegerField()
    drawn_at = models.DateTimeField()
    # Nobody draws the first one, which the first person who waits brings about; later ones have somebody and a reason.
    drawn_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-drawn_at", "-id"]

    def __str__(self) -> str:
        return f"{self.cycle}, {self.drawn_at:%Y-%m-%d %H:%M}"


class Joining(Record):
    """Staff's word that somebody is a member of the list, with the list's row as it was: to be taken back."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    said_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    said_at = models.DateTimeField()
    # The row by column, what the person has of it only because they had said nothing, and which sign-ups came along.
    member = models.JSONField()
    filled_in = models.JSONField(default=list, blank=True)
    sign_ups = models.JSONField(default=list, blank=True)

    def __str__(self) -> str:
        return str(self.person)

    @property
    def named(self) -> str:
        """How the list called the member."""
        return f"{self.member['given_name']} {self.member['family_name']}".strip()


class SettingsMove(Record):
    """A large session that a worker moves to newer settings; it goes when that is done or stopped."""

    cycle = models.OneToOneField(Cycle, on_delete=models.CASCADE, related_name="settings_move")
    version = models.ForeignKey(PolicyVersion, on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # Why it was refused; until then it is under way.
    trouble = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.cycle}, {self.version}"
