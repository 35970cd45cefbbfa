"""A program's page, generated from its settings: every rule that touches a participant, in words, time first."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.policy.describing import Line, promises, what_it_takes
from programs.policy.document import Part, Policy
from programs.policy.lengths import Length
from programs.policy.overview import MATTERS, NEVER
from programs.policy.rules.asked import asked_of_you
from programs.policy.words import ROLES_OF

ANYBODY = "open"


@dataclass(frozen=True)
class RolePage:
    """A role as somebody reads about it who might take it."""

    role: str
    called: str
    asked: list[str]
    way_in: str
    sought: list[str]


@dataclass(frozen=True)
class PartPage:
    """A part as participants read it."""

    part: Part
    takes: list[Line]
    roles: list[RolePage]
    matched: list[str]
    never: list[str]
    course: list[Line]
    promises: list[Line]


def pages_of(policy: Policy) -> list[PartPage]:
    """Every part of a program."""
    return [page_of(policy, part, above=policy.time_commitment) for part in policy.parts]


def page_of(policy: Policy, part: Part, *, above: str) -> PartPage:
    """One part; the time that it takes is left out where it stands above already."""
    return PartPage(
        part=part,
        takes=[*(line for line in what_it_takes(policy, part) if line.text != above), *_places(part)],
        roles=[_role(part, role) for role in ROLES_OF[part.format]],
        matched=list(_matched(part)),
        never=[str(NEVER[rule]) for rule in part.matching.never],
        course=_evening(part) if part.evening else _course(part),
        promises=promises(policy, part),
    )


def _role(part: Part, role: str) -> RolePage:
    ways = {
        "open": _("Anybody who fits can sign up."),
        "apply": _("You apply, and staff look at each application."),
        "invitation": _("By invitation. If you would like to be invited, tell us that you are interested."),
    }
    return RolePage(
        role=role,
        called=part.roles[role].called,
        asked=[_capital(str(each)) for each in asked_of_you(part.eligible.get(role))],
        way_in=ways[part.way_in(role)],
        sought=[str(each) for each in asked_of_you(part.focus.get(role))],
    )


def _places(part: Part) -> list[Line]:
    lines = []
    for role in part.roles.values():
        for most, text in ((role.places.most, _("up to %d mentees")), (role.mentors.most, _("up to %d mentors"))):
            if most > 1:
                said = text % most
                if role.mentors.by_aspect:
                    said = _("%(count)s, each for one thing they would like help with") % {"count": said}
                lines.append(Line(_("A %(role)s can have") % {"role": role.called.lower()}, said))
    if part.size:
        size = {"least": part.size.at_least, "most": part.size.most}
        lines.append(Line(_("Together you are"), _("%(least)d to %(most)d people") % size))
    if part.cap.pairs:
        lines.append(Line(_("Places"), _cap(part)))
    return lines


def _cap(part: Part) -> str:
    pairs = ngettext("at most %d pair", "at most %d pairs", part.cap.pairs or 0) % (part.cap.pairs or 0)
    if part.cap.beyond == "refuse":
        return _("%(pairs)s; who comes later is told so") % {"pairs": pairs}
    if part.cap.order == "lot":
        return _("%(pairs)s; others wait on a list, in an order drawn by lot") % {"pairs": pairs}
    return _("%(pairs)s; others wait on a list, by the date of sign-up") % {"pairs": pairs}


def _matched(part: Part) -> list[str]:
    """How people come together, and what counts for it; no points."""
    matching, said = part.matching, []
    if part.evening:
        return []
    how = {
        "hand": _("Staff put people together by hand."),
        "solver": _("Chiron suggests who fits, and staff confirm every pair."),
        "wishes": _wishes(part),
        "directory": _(
            "You can look for each other in the directory, and have a first conversation before you commit."
        ),
    }
    if part.in_groups:
        how["solver"] = _("Chiron suggests groups that suit each other, and staff confirm every one.")
    said += [how[method] for method in matching.by]
    weights = sorted(matching.weights.items(), key=lambda item: -item[1].points)
    if counts := [str(MATTERS[name]).lower() for name, weight in weights if weight.points]:
        said.append(_("What counts, the most important first: %(list)s.") % {"list": ", ".join(counts)})
    if part.mentors.most > 1 and part.mentors.first_before_second:
        said.append(_("Everybody gets a first mentor before anybody gets a second one."))
    if matching.council:
        said.append(_("An advisory council decides how much each of these counts."))
    if part.in_groups:
        return [*said, _("Everybody of a group is introduced at once, without being asked first.")]
    waits = {"waits": matching.offer_waits}
    first = {
        "mentor": _("The mentor is asked first, then the mentee; each has %(waits)s to answer, and may say no."),
        "mentee": _("The mentee is asked first, then the mentor; each has %(waits)s to answer, and may say no."),
        "both": _("Both are asked at once; each has %(waits)s to answer, and may say no."),
        "nobody": _("You are introduced without being asked first."),
    }
    return [*said, first[matching.asked_first] % waits]


def _wishes(part: Part) -> str:
    wishes = part.matching.wishes
    if wishes is None:
        return ""
    if wishes.ranked_by == "mentee":
        called = part.roles["mentee"].called.lower()
        return _("A %(mentee)s can say whom they would like; nobody else learns of it but staff.") % {"mentee": called}
    if wishes.pairs_by == "lists":
        return _(
            "You can say whom you would like, and pairs follow what both sides say; nobody else learns of it but staff."
        )
    return _("You can say whom you would like; nobody else learns of it but staff.")


def _course(part: Part) -> list[Line]:
    """What happens from the introduction to the end."""
    frame = part.mentorship
    shares = {"biosketch": _("what you say of yourselves"), "mail": _("your mail addresses")}
    learn = _(" and ").join(shares[each] for each in frame.introduction.shares)
    lines = [Line(_("You learn of each other"), learn)]
    if frame.goals.at_the_outset:
        whose = {"mentee": _("the mentee’s"), "mentor": _("the mentor’s"), "both": _("both’s")}
        lines.append(Line(_("Goals"), _("%(whose)s, asked for at the outset") % {"whose": whose[frame.goals.owner]}))
    if frame.directs_itself:
        lines.append(Line(_("Who decides"), _("you decide together how to go about it")))
    asks = _("how it goes") if not frame.check_in.asks else ", ".join(frame.check_in.asks)
    lines.append(
        Line(
            _("We ask how it goes"),
            _("after %(first)s, then every %(then)s: %(asks)s")
            % {"first": frame.check_in.first_after, "then": _every(frame.check_in.then_every), "asks": asks},
        )
    )
    ends = []
    if frame.ends.without_blame:
        ends.append(_("either of you can end it early, without blame"))
    if frame.ends.continue_if_both_wish:
        in_group = _("you can go on afterwards with those of your group who wish it")
        ends.append(in_group if part.in_groups else _("you can go on afterwards if both wish"))
    if frame.ends.pay_it_forward:
        ends.append(_("we ask whether you would like to be a mentor one day"))
    if ends:
        lines.append(Line(_("The end"), "; ".join(ends)))
    return [*lines, *_surveys(part)]


def _surveys(part: Part) -> list[Line]:
    if not part.surveys:
        return []
    when = {
        "baseline": _("at the beginning"),
        "day 30": _("after 30 days"),
        "midpoint": _("halfway"),
        "end": _("at the end"),
        "six months after": _("six months after the end"),
    }
    moments = list(dict.fromkeys(when[survey.wave] for survey in part.surveys))
    said = ", ".join(moments)
    if all(survey.anonymous for survey in part.surveys):
        return [Line(_("Surveys"), _("%(when)s, without names") % {"when": said})]
    return [Line(_("Surveys"), said)]


def _evening(part: Part) -> list[Line]:
    evening = part.evening
    assert evening is not None
    lines = [Line(_("Altogether"), _("about %d minutes") % evening.length_in_minutes)]
    if evening.breaks:
        lines.append(
            Line(_("Breaks"), _("after conversation %s") % ", ".join(str(each.after_round) for each in evening.breaks))
        )
    if evening.seats:
        seats = ", ".join(f"{count} {part.roles[role].called.lower()}s" for role, count in evening.seats.items())
        lines.append(Line(_("Room for"), seats))
    if evening.refreshments:
        lines.append(Line(_("To eat and drink"), evening.refreshments))
    return [*lines, *_surveys(part)]


def _every(length: Length) -> str:
    """“Every month”, not “every 1 month”."""
    return length.unit if length.count == 1 else str(length)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
