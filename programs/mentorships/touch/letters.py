"""At most two mails a month per mentorship, all causes together: what was written is counted here.

Whatever writes to the people of a mentorship about it asks `free_day` first and says so with `note`. Only the mail that
it is over goes out whatever was written before, for it is the last.
"""

from __future__ import annotations

from datetime import date, timedelta

from chiron.kernel import clock
from programs.mentorships.days import day_of, this_day
from programs.mentorships.models import Letter, Mentorship

MOST = 2
# The longest month, so that no month has more.
A_MONTH = timedelta(days=31)


def note(mentorship: Mentorship, about: str) -> Letter:
    """Say that its people are being written to, each at most once."""
    return Letter.objects.create(mentorship=mentorship, about=about, written_at=clock.now())


def free_day(mentorship: Mentorship) -> date:
    """The first day, from today on, on which its people may be written to; the introduction counts too."""
    days = [day_of(letter.written_at) for letter in mentorship.letters.all()]
    if mentorship.introduced_at:
        days.append(day_of(mentorship.introduced_at))
    today = this_day()
    lately = sorted(day for day in days if day + A_MONTH > today)
    return today if len(lately) < MOST else lately[-MOST] + A_MONTH
