"""What a society shares of a session, in plain words from its settings: a paragraph, a mail, a button, and a code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from io import BytesIO

import segno
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from chiron.design.brand import ACCENT, palette
from programs.policy.describing import Line, what_it_takes
from programs.policy.models import Cycle
from programs.policy.page import page_of
from tenants.models import Society


@dataclass(frozen=True)
class Kit:
    """Everything that is shared of one session."""

    cycle: Cycle
    society: Society
    today: date

    @property
    def name(self) -> str:
        return self.cycle.program.name

    @property
    def link(self) -> str:
        """The program's own page: what it is, who can take part, and the way to sign up."""
        return self.society.url(reverse("enrollment:program", args=[self.cycle.program.slug]))

    @property
    def short_link(self) -> str:
        """The same to read and to type."""
        return self.link.partition("://")[2].rstrip("/")

    @property
    def rolls(self) -> bool:
        """Whether people can sign up all year."""
        return self.cycle.version.policy.calendar.rolling

    @cached_property
    def by_invitation(self) -> bool:
        """Whether nobody can sign up unasked."""
        part = self.cycle.settings
        return all(part.way_in(role) == "invitation" for role in part.roles)

    @cached_property
    def until(self) -> str:
        return date_format(self.cycle.sign_up_closes_on, "F j, Y")

    @cached_property
    def takes(self) -> list[Line]:
        """What it takes: time, length, how often and how people meet."""
        return what_it_takes(self.cycle.version.policy, self.cycle.settings)

    @cached_property
    def who(self) -> list[Line]:
        """Who can take part, by role, as the program's page says it to them."""
        page = page_of(self.cycle.version.policy, self.cycle.settings, above="")
        return [Line(role.called, "; ".join(_go_on(role.asked)) or _("Everybody is welcome")) for role in page.roles]

    @property
    def runs(self) -> str:
        days = {"starts": self.cycle.starts_on, "ends": self.cycle.ends_on}
        return _("%(starts)s to %(ends)s") % {name: date_format(day, "F j, Y") for name, day in days.items()}

    @property
    def called(self) -> str:
        """Whom it looks for: “mentors and mentees”."""
        *most, last = [_("%(role)ss") % {"role": line.label.lower()} for line in self.who]
        return _("%(most)s and %(last)s") % {"most": ", ".join(most), "last": last} if most else last

    @property
    def when(self) -> str:
        """From when until when people can sign up."""
        if self.by_invitation:
            return _("One takes part by invitation: tell us if you would like to be invited.")
        opens = date_format(self.cycle.sign_up_opens_on, "F j, Y")
        if self.rolls:
            later = self.cycle.sign_up_opens_on > self.today
            return (
                _("You can sign up from %(opens)s on.") % {"opens": opens} if later else _("You can sign up any time.")
            )
        if self.cycle.sign_up_opens_on > self.today:
            return _("Sign-up is open from %(opens)s until %(until)s.") % {"opens": opens, "until": self.until}
        return _("Sign-up is open until %(until)s.") % {"until": self.until}

    @property
    def lead_on(self) -> str:
        """What stands before the link."""
        return _("Read more:") if self.by_invitation else _("Read more and sign up:")

    @property
    def paragraph(self) -> str:
        """For a newsletter."""
        policy = self.cycle.version.policy
        sentences = [
            _("%(society)s is looking for %(called)s for %(name)s.")
            % {"society": self.society.name, "called": self.called, "name": self.name},
            _sentence(policy.purpose),
            _("The time it takes: %(time)s") % {"time": _sentence(policy.time_commitment)},
            self.when,
            f"{self.lead_on} {self.link}",
        ]
        return " ".join(sentences)

    @property
    def subject(self) -> str:
        if self.by_invitation or self.rolls:
            return _("%(name)s: we are looking for %(called)s") % {"name": self.name, "called": self.called}
        return _("%(name)s: sign up by %(until)s") % {"name": self.name, "until": self.until}

    @property
    def mail(self) -> str:
        """For the society's own mailing list."""
        policy, who = self.cycle.version.policy, [f"- {line.label}: {line.text}" for line in self.who]
        takes = [f"- {line.label}: {line.text}" for line in self.takes]
        blocks = [
            _("Dear colleagues,"),
            _("We are looking for %(called)s for %(name)s. %(purpose)s")
            % {"called": self.called, "name": self.name, "purpose": _sentence(policy.purpose)},
            "\n".join([_("Who can take part"), *who]),
            "\n".join([_("What it takes"), *takes]),
            self.when if self.rolls else _("It runs from %(runs)s. %(when)s") % {"runs": self.runs, "when": self.when},
            f"{self.lead_on}\n{self.link}",
            _("Questions? Write to %(contact)s.") % {"contact": self.cycle.program.contact},
            "\n".join(filter(None, [self.society.name, self.society.postal_address])),
        ]
        return "\n\n".join(blocks)

    @property
    def button_label(self) -> str:
        words = _("More about %(name)s") if self.by_invitation else _("Sign up for %(name)s")
        return words % {"name": self.name}

    @property
    def button(self) -> str:
        """A link that looks like a button, as HTML that any website takes: no script, nothing fetched from here."""
        colors = palette(self.society.brand_color, ACCENT, "light")
        style = (
            "display:inline-block;padding:14px 24px;border-radius:8px;text-decoration:none;font-weight:600;"
            f"font-family:sans-serif;background:{colors.fill};color:{colors.on_fill}"
        )
        return format_html('<a href="{}" style="{}">{}</a>', self.link, style, self.button_label)

    def qr(self) -> segno.QRCode:
        """The link as a code that phones read, also with a fold or a coffee stain over a quarter of it."""
        return segno.make_qr(self.link, error="q")

    def qr_svg(self) -> bytes:
        return self._drawn("svg", scale=8, title=self.link, xmldecl=False, unit="")

    def qr_png(self) -> bytes:
        """Large enough for a poster's corner."""
        return self._drawn("png", scale=24)

    def _drawn(self, kind: str, **how: object) -> bytes:
        out = BytesIO()
        self.qr().save(out, kind=kind, border=4, light="#fff", **how)
        return out.getvalue()


def _go_on(sentences: list[str]) -> list[str]:
    """Sentences that stand in one line, the later ones without their capital."""
    return [each if not at else each[:1].lower() + each[1:] for at, each in enumerate(sentences)]


def _sentence(text: str) -> str:
    """A text that ends."""
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."
