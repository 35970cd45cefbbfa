"""What the next session would be: its days by the program's calendar, and what its settings say otherwise."""

from __future__ import annotations

from datetime import date, timedelta

from programs.policy.document import Part, diff
from programs.policy.models import Cycle, PolicyVersion

State = Cycle.State
# Sessions that have begun to run may have one that follows.
HAS_RUN = (State.RUNNING, State.CLOSING, State.CLOSED)
# Sessions to which people can still be asked to sign up.
TO_COME = (State.DRAFT, State.RECRUITING)
# People need some days to answer, so a start whose sign-up closes sooner is no proposal.
TO_ANSWER = timedelta(days=14)
A_WEEK = timedelta(days=7)
Days = dict[str, date]


def newest_settings(last: Cycle) -> PolicyVersion:
    """The settings that the next session has: the program's newest."""
    return PolicyVersion.objects.filter(program=last.program_id).order_by("-number")[0]


def has_part(last: Cycle, version: PolicyVersion) -> bool:
    """Whether the newest settings still have what the last session was about."""
    return last.part in {part.name for part in version.policy.parts}


def days_proposed(last: Cycle, version: PolicyVersion, today: date) -> Days:
    """The days of the next session. Days that would be over already are today."""
    calendar = version.policy.calendar
    starts = calendar.next_start(max(last.starts_on, today)) or max(last.ends_on, today) + timedelta(days=1)
    while calendar.sign_up and calendar.sign_up.closes.of(starts) < today + TO_ANSWER:
        later = calendar.next_start(starts) if calendar.starts else starts + A_WEEK
        starts = later or starts + A_WEEK
    return days_from(version, starts, today)


def days_from(version: PolicyVersion, starts: date, today: date) -> Days:
    """The days of a session that starts then, as the program's calendar counts them."""
    calendar = version.policy.calendar
    dates = calendar.dates_from(starts)
    closes = dates.sign_up_closes or (dates.ends if calendar.rolling else starts)
    return {
        "sign_up_opens_on": min(max(dates.sign_up_opens or today, today), closes),
        "sign_up_closes_on": closes,
        "publish_on": dates.published or starts - A_WEEK,
        "starts_on": starts,
        "ends_on": dates.ends,
    }


def prepared_already(last: Cycle) -> Cycle | None:
    """A later session of the same part that waits for its people and follows no other one."""
    later = Cycle.objects.filter(
        program=last.program_id, part=last.part, starts_on__gt=last.starts_on, state__in=TO_COME, renews=None
    )
    return later.select_related("program", "version").order_by("starts_on", "pk").first()


def differences(last: Cycle, version: PolicyVersion) -> list[str]:
    """What the settings say otherwise than those of the last session, in words, as far as it concerns the part."""
    changes = diff(last.version.policy, version.policy)
    return [str(change) for change in changes if change.part in (None, last.part)]


def part_of(version: PolicyVersion, name: str) -> Part:
    """The part of these settings that is called so."""
    return version.policy.part(name)
