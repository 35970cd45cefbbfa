"""Something to be seen behind every address, and a browser for everybody who might ask for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from django.core.files.base import ContentFile
from django.test import Client

from billing.links import link_for as pay_link
from billing.models import Discount, Invoice, Override, Plan, TaxCertificate
from billing.quotes.links import link_for as quote_link
from billing.quotes.models import Quote
from billing.subscriptions import begin_trial
from chiron.console.services import add_operator
from chiron.demo.societies import EXAMPLES
from chiron.kernel import clock, signing
from matching.council.ballots import open_ballot
from matching.council.links import path_for
from matching.council.seats import appoint
from matching.council.selectors import seats_named
from matching.models import PairDecision
from matching.publishing.models import NextBest, Publication
from matching.publishing.others import link_for as keep_me_link
from matching.services import decide_pair, suggest_pairs
from programs.enrollment import interests, pausing
from programs.enrollment.importing.imports import look_at_sheet
from programs.enrollment.interests import say_interest
from programs.enrollment.models import Enrollment, Role, SheetImport
from programs.enrollment.services import sign_up
from programs.enrollment.signing_up import start_sign_up
from programs.invitations import links as invitation_links
from programs.invitations.models import Round
from programs.invitations.nominations import nominate
from programs.invitations.services import invite
from programs.invitations.spoken import start
from programs.mentorships.circles import Place, introduce_group
from programs.mentorships.links import link_for
from programs.mentorships.models import Mentorship, Word
from programs.mentorships.services import Proposal, answer_yes, propose
from programs.mentorships.touch.links import word_link
from programs.policy import templates
from programs.policy.document import store_policy
from programs.policy.models import Cycle, PolicyVersion, Program
from programs.policy.services import change_state, create_program, keep_logo, move_dates, open_cycle
from programs.renewing import links as renewing_links
from programs.renewing.models import Asked, Renewal
from programs.surveys.links import link_for as survey_link
from programs.surveys.models import Upload, Wave
from programs.surveys.waves import send_survey
from tenants import context, outbox
from tenants.accounts.models import Account
from tenants.brands import brand_of
from tenants.models import Due, Society
from tenants.outbox.mailings import begin
from tenants.people.models import Person, StaffRole
from tenants.services import change_society
from tests.desk.making import MENTEE, small_cycle
from tests.factories.programs import sample
from tests.factories.staff import browser_of, make_staff

Kind = StaffRole.Kind
Visitor = Callable[[str], Client]
HOLE = re.compile("<.*>")


@dataclass(frozen=True)
class Planted:
    """What fills the holes of addresses, each hole with what stands around it; and what forms say."""

    holes: Mapping[str, object]
    forms: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    def path(self, route: str) -> str:
        """The address with its holes filled."""
        for hole in sorted(self.holes, key=len, reverse=True):
            route = route.replace(hole, HOLE.sub(str(self.holes[hole]), hole))
        assert "<" not in route, f"nothing is planted for {route}"
        return route

    def form(self, route: str) -> dict[str, object]:
        """What the form of an address sends; most answer nothing."""
        return {"csrfmiddlewaretoken": "", **self.forms.get(route, {})}


def plant(sierra: Society) -> tuple[Mentorship, Planted]:
    """A session with a draft and two people who were asked; one thing of every kind that has an address."""
    cycle, council = _with_council(small_cycle(mentors=3, mentees=3))
    mentorship = _asked(cycle)
    run = suggest_pairs(cycle=cycle, by=None)
    pair = run.pairs.order_by("pk")[0]
    decision = decide_pair(
        cycle=cycle, mentee=pair.mentee, mentor=pair.mentor, kind=PairDecision.Kind.KEEP, reason="", by=_somebody()
    )
    (mail,) = outbox.mail("sign_in_unknown", to="jo@example.org", wait=timedelta(hours=1))
    sierra = change_society(society=sierra, logo=EXAMPLES[0].logo(), by=None)
    begin_trial(society=sierra)
    brand = brand_of(sierra)
    opened = _open_for_sign_up(cycle, mentorship)
    survey = _survey(cycle, mentorship)
    holes = {
        "programs/<slug:slug>": cycle.program.slug,
        "/sessions/<uuid:pk>/sign-up": opened.pk,
        "<slug:ask>": "languages",
        "files/<uuid:pk>": _brought(opened, mentorship).pk,
        "<role:role>": Role.MENTEE,
        "templates/<slug:name>": "premed-mentorship",
        "settings/<slug:name>": "about",
        "view-as/<int:part>": 0,
        "<slug:who>": "mentor",
        "<page:page>": "me/",
        "<int:part>/<slug:name>": "0/who",
        "versions/<int:number>": 1,
        "first-mails/<int:number>": 1,
        "who-qualifies/<int:part>": 0,
        "interest/<str:token>": _interested(cycle.program),
        "back/<str:token>": pausing.link_for(pair.mentor.person).rstrip("/").rpartition("/")[2],
        **_invitations(opened),
        **_asked_again(cycle, opened, mentorship),
        "logos/<slug:digest>": keep_logo(content=EXAMPLES[0].logo()),
        "staff/sessions/<uuid:pk>": cycle.pk,
        "sign-ups/<uuid:pk>": pair.mentee_id,
        "/people/<uuid:pk>": pair.mentor_id,
        "line/<uuid:pk>": uuid4(),
        "wishes/<uuid:pk>": uuid4(),
        "<uuid:other>": uuid4(),
        "known/<uuid:pk>": uuid4(),
        "staff/people/<uuid:pk>": pair.mentee.person_id,
        "imports/<uuid:pk>": _looked_at(cycle).pk,
        "<uuid:cycle_pk>": cycle.pk,
        "seats/<int:number>": 0,
        "/council/<str:token>": council,
        "pairs/<uuid:pk>": pair.pk,
        "<uuid:run>": run.pk,
        "<uuid:mentee>": pair.mentee_id,
        "<uuid:mentor>": pair.mentor_id,
        "<uuid:decision>": decision.pk,
        "<uuid:mentorship>": mentorship.pk,
        "<uuid:next_best>": NextBest.objects.create(
            cycle=cycle,
            mentee=pair.mentee,
            mentor=pair.mentor,
            score=pair.score,
            facts=pair.facts,
            after=mentorship,
            found_at=clock.now(),
        ).pk,
        "keep-me/<str:token>": keep_me_link(pair.mentor).rstrip("/").rpartition("/")[2],
        "<uuid:publication>": Publication.objects.create(run=run, state=Publication.State.STOPPED).pk,
        "mentorships/<uuid:pk>": mentorship.pk,
        "<uuid:goal>": uuid4(),
        "<uuid:note>": uuid4(),
        "certificates/<uuid:pk>": mentorship.pk,
        "<uuid:mentorship_pk>": _begun(cycle).pk,
        "mentorships/word/<str:token>": _token(
            word_link(mentorship.participations.get(role=Role.MENTOR), Word.Said.MET)
        ),
        "<str:token>": link_for(mentorship.participations.get(role=Role.MENTOR)).rstrip("/").rpartition("/")[2],
        "surveys/<uuid:pk>": survey.pk,
        "<int:position>": 0,
        "comments/<uuid:pk>": survey.comments.create(ask="comment", text="Kind.", may_quote=True).pk,
        "/surveys/by-mail/<str:token>": _token(survey_link(survey.people.get())),
        "staff/mail/<uuid:pk>": mail.pk,
        "mail/many/<uuid:pk>": begin(key="round:1", title="Invitations", people=3).pk,
        "people-and-roles/<uuid:pk>": StaffRole.objects.get(person=_somebody(kind=Kind.SUPPORT)).pk,
        "<slug:digest>.css": brand.stylesheet.rpartition("/")[2].removesuffix(".css"),
        "<slug:digest>.png": brand.logo.rpartition("/")[2].removesuffix(".png"),
        "<slug:key>": "owner",
    }
    desk = "/staff/sessions/<uuid:cycle_pk>/pairs/"
    forms: dict[str, Mapping[str, object]] = {
        "/staff/sessions/<uuid:pk>/move/": {"to": Cycle.State.RECRUITING},
        f"{desk}publish/": {"run": run.pk},
        f"{desk}say/<uuid:mentee>/<uuid:mentor>/": {"kind": PairDecision.Kind.NEVER},
    }
    return mentorship, Planted(holes, forms)


def askers_of(sierra: Society, commonwealth: Society, visitor: Visitor, mentorship: Mentorship) -> Iterator[Client]:
    """A browser for each of `matrix.SOCIETY_WHO`, in that order."""
    yield visitor(sierra.host)
    with context.society(commonwealth):
        elsewhere = browser_of(_somebody(kind=Kind.OWNER), commonwealth)
    copied = visitor(sierra.host)
    copied.cookies["session"] = elsewhere.cookies["session"].value
    yield copied
    stranger = visitor(sierra.host)
    stranger.force_login(Account.objects.create(email="stranger@example.org"))
    yield stranger
    for role in (Role.MENTEE, Role.MENTOR):
        yield browser_of(mentorship.participations.get(role=role).person, sierra)
    other = create_program(policy=templates.load("premed-mentorship"), by=None)
    for person in (
        _somebody(kind=Kind.COMMITTEE),
        _somebody(kind=Kind.SUPPORT),
        _somebody(kind=Kind.MANAGER, program_id=other.pk),
        _somebody(kind=Kind.MANAGER, program_id=mentorship.cycle.program_id),
        _somebody(kind=Kind.MANAGER),
        _somebody(kind=Kind.OWNER),
    ):
        yield browser_of(person, sierra)


def plant_platform(sierra: Society) -> Planted:
    """A society, and a job that was given up."""
    stuck = Due.objects.create(kind="mail", ref="7", due_at=clock.now(), parked_at=clock.now())
    begun = {"go-on/<uuid:pk>": sierra.pk, **_plant_money(sierra)}
    return Planted({**begun, "societies/<uuid:pk>": sierra.pk, "jobs/<uuid:pk>": stuck.pk, "<slug:key>": "operator"})


def _plant_money(sierra: Society) -> dict[str, object]:
    """Something given beside a plan, and an invoice."""
    begin_trial(society=sierra)
    given = Override.objects.create(society=sierra, kind="sso", reason="To try it", by="Ann")
    promised = Discount.objects.create(society=sierra, percent=20, lasts="forever", reason="Founders", by="Ann")
    billed = {"stripe_id": "in_1", "state": "open", "method": "card", "currency": "usd", "total": 7900}
    invoice = Invoice.objects.create(society=sierra, made_at=clock.now(), **billed)
    TaxCertificate.objects.create(society=sierra, name="form.pdf", content=b"%PDF-", brought_at=clock.now())
    plan = Plan.objects.get(key="band-25")
    quote = Quote.objects.create(
        society=sierra, number="Q-2026-0001", plan=plan, interval="year", cents=79000, currency="usd",
        contact_name="Tess", contact_mail="t@sierra.example", address="1 Pine", made_at=clock.now(),
        valid_until=clock.today() + timedelta(days=60),
    )  # fmt: skip
    token = quote_link(quote).rstrip("/").rpartition("/")[2]
    return {
        "<uuid:override>": given.pk,
        "<uuid:discount>": promised.pk,
        "<uuid:invoice>": invoice.pk,
        "quotes/<str:token>": token,
        "left/<str:token>": signing.seal("no uuid", purpose="other", society=None, until=clock.now()),
        "for/<str:token>": pay_link(sierra).rstrip("/").rpartition("/")[2],
    }


def askers_of_platform(sierra: Society, visitor: Visitor) -> Iterator[Client]:
    """A browser for each of `matrix.PUBLIC_WHO`, in that order."""
    yield visitor("localhost")
    with context.society(sierra):
        elsewhere = browser_of(_somebody(kind=Kind.OWNER), sierra)
    copied = visitor("localhost")
    copied.cookies["session"] = elsewhere.cookies["session"].value
    yield copied
    for account in (
        Account.objects.create(email="former@chiron.example.org"),
        add_operator(email="ann@chiron.example.org", name="Ann Lee").account,
    ):
        client = visitor("localhost")
        client.force_login(account)
        yield client


def _asked(cycle: Cycle) -> Mentorship:
    """The mentor said yes, and the mentee has the question."""
    places = Enrollment.objects.filter(cycle=cycle).order_by("pk")
    mentor, mentee = places.filter(role=Role.MENTOR)[0], places.filter(role=Role.MENTEE)[0]
    mentorship = propose(
        cycle=cycle,
        proposal=Proposal(mentor=mentor, mentee=mentee, aspects=[], why_for_mentor=[], why_for_mentee=[]),
        by=None,
    )
    answer_yes(participation=mentorship.participations.get(role=Role.MENTOR))
    return mentorship


def _begun(cycle: Cycle) -> Mentorship:
    """Two people who are a pair already."""
    places = Enrollment.objects.filter(cycle=cycle).order_by("-pk")
    both = [places.filter(role=role)[0] for role in (Role.MENTOR, Role.MENTEE)]
    return introduce_group(cycle=cycle, places=[Place(each) for each in both], by=None)


def _looked_at(cycle: Cycle) -> SheetImport:
    """A sheet that was shown and not taken yet."""
    looked, _plan = look_at_sheet(
        kind=SheetImport.Kind.MENTORS, content=sample("sierra-mentors"), file_name="mentors.csv", cycle=cycle, by=None
    )
    return looked


def _survey(cycle: Cycle, mentorship: Mentorship) -> Wave:
    """A survey that the mentee was asked to answer."""
    mentee = mentorship.participations.get(role=Role.MENTEE).person
    return send_survey(cycle=cycle, position=0, people=[(mentee, Role.MENTEE)], by=None)


def _with_council(cycle: Cycle) -> tuple[Cycle, str]:
    """The session with a council whose ballot is open, and the link of one who was asked."""
    document = store_policy(cycle.version.policy)
    document["parts"][0]["matching"]["council"] = {"seats": ["residents", "students", "women physicians"]}
    PolicyVersion.objects.filter(pk=cycle.version_id).update(document=document)
    cycle = Cycle.objects.select_related("program", "version").get(pk=cycle.pk)
    for number, seat in enumerate(seats_named(cycle)):
        address = f"seat{number}@example.org"
        appoint(cycle=cycle, seat=seat, email=address, given_name=f"Seat{number}", by=_somebody())
    today = clock.today()
    cycle = move_dates(
        cycle=cycle, by=None, publish_on=today + timedelta(days=30), starts_on=today + timedelta(days=40)
    )
    ballot = open_ballot(cycle=cycle, closes_on=today + timedelta(days=9), by=_somebody())
    return cycle, path_for(ballot.voters.all()[0]).rstrip("/").rpartition("/")[2]


def _interested(program: Program) -> str:
    """The link of somebody who would like to take part some time."""
    ida = {"given_name": "Ida", "family_name": "Nilsen", "email": "ida@example.org"}
    said = say_interest(program=program, **ida, role="mentee", stage="", text="")
    return interests.link_for(said).rstrip("/").rpartition("/")[2]


def _asked_again(cycle: Cycle, opened: Cycle, mentorship: Mentorship) -> dict[str, object]:
    """The mentor was asked whether they come again to the session that follows."""
    mentor = mentorship.participations.get(role=Role.MENTOR).person
    renewal = Renewal.objects.create(last=cycle, coming=opened, created_at=clock.now())
    asked = Asked.objects.create(renewal=renewal, person=mentor, written_at=clock.now())
    together = {"with/<uuid:pk>": mentorship.pk}
    return {"again/<str:token>": renewing_links.token_of(asked), "<slug:role>": "mentor", **together}


def _invitations(opened: Cycle) -> dict[str, object]:
    """Somebody invited, one of many, named by a member, and filled in for over the phone."""
    by = _somebody()
    ida = {"given_name": "Ida", "family_name": "Nilsen"}
    invitation = invite(cycle=opened, role="mentor", **ida, email="ida@example.org", by=by)
    round_ = Round.objects.create(cycle=opened, role="mentor", key=uuid4(), by=by, created_at=clock.now())
    named = nominate(program=opened.program, role="mentor", **ida, email="", sentence="Kind.", may_name=False, by=by)
    spoken = start(
        cycle=opened, role="mentee", person=None, **ida, email="i@example.org", facts={"stage": "resident"}, by=by
    )
    return {
        "/invitations/<str:token>": _token(invitation_links.link_for(invitation)),
        "/invitations/<str:token>/no-more": _token(invitation_links.no_more_link("ida@example.org"), back=2),
        "sign-ups/by-phone/<str:token>": _token(invitation_links.spoken_link(spoken)),
        "staff/invitations/<uuid:pk>": invitation.pk,
        "rounds/<uuid:pk>": round_.pk,
        "nominations/<uuid:pk>": named.pk,
        "staff/sign-ups/by-phone/<uuid:pk>": spoken.pk,
    }


def _token(address: str, *, back: int = 1) -> str:
    return address.rstrip("/").split("/")[-back]


def _open_for_sign_up(cycle: Cycle, mentorship: Mentorship) -> Cycle:
    """The next session of the same program, to which the mentee has signed up."""
    today = clock.today()
    starts = today + timedelta(days=60)
    opened = open_cycle(program=cycle.program, part=cycle.part, starts_on=starts, today=today, by=None)
    opened = move_dates(
        cycle=opened, by=None, sign_up_opens_on=today - timedelta(days=9), sign_up_closes_on=today + timedelta(days=9)
    )
    opened = change_state(cycle=opened, to=Cycle.State.RECRUITING, by=None)
    mentee = mentorship.participations.get(role=Role.MENTEE).person
    sign_up(cycle=opened, person=mentee, role=Role.MENTEE, answers=MENTEE, by=None)
    return opened


def _brought(opened: Cycle, mentorship: Mentorship) -> Upload:
    """A file that the mentee brought, with a sign-up that is on its way."""
    mentee = mentorship.participations.get(role=Role.MENTEE).person
    draft = start_sign_up(person=mentee, cycle=opened, role=Role.MENTEE, facts={"stage": "resident"})
    draft.response.answers.pop("languages", None)
    draft.response.save()
    upload = Upload(response=draft.response, name="cv.pdf", content_type="application/pdf", size=5)
    upload.brought_at = clock.now()
    upload.file.save("cv.pdf", ContentFile(b"%PDF-"))
    return upload


def _somebody(**role: object) -> Person:
    """A member of the staff whom nobody else is."""
    return make_staff(given=f"P{uuid4().hex[:8]}", **role)  # type: ignore[arg-type]
