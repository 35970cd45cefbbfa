"""A concern goes to the one who was picked; its words are nowhere else, and nowhere at all once it has left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from cryptography.fernet import InvalidToken
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client
from django.urls import reverse

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.mentorships import leaving
from programs.mentorships.concerns.recipients import Recipient, name_recipients, recipients_for
from programs.mentorships.concerns.reporting import MOST_TRIES, bring, report
from programs.mentorships.links import link_for
from programs.mentorships.models import Concern, ConcernContact, Participation
from tenants import context
from tenants.models import Society
from tenants.outbox.models import SEALED, OutboxMail
from tenants.people.models import StaffRole
from tenants.sealing import seal, unseal
from tests.factories.staff import browser_of, make_staff
from tests.mentorships.making import proposed

Visitor = Callable[[str], Client]
WORDS = "He asked me to change a chart."
OMBUDS = Recipient("Olive Budd", "olive@university.example.org", "Ombudsperson of the university")


def outside(mentee: Participation) -> Recipient:
    make_staff(StaffRole.Kind.OWNER, given="Odile")
    return recipients_for(mentee.mentorship)[1]


def everywhere() -> str:
    """Every text of every table of the society."""
    found = []
    for entry in settings.TENANT_APPS:
        for model in apps.get_app_config(entry.rpartition(".")[2]).get_models():
            names = [
                field.name
                for field in model._meta.concrete_fields
                if isinstance(field, models.TextField | models.CharField | models.JSONField)
            ]
            found += [str(row) for row in model._default_manager.values_list(*names)] if names else []
    return " ".join(found)


def test_where_nobody_is_named_it_is_an_owner_and_the_platform(sierra: Society) -> None:
    _mentor, mentee = proposed("nobody")
    owner = make_staff(StaffRole.Kind.OWNER, given="Odile")
    assert [each.email for each in recipients_for(mentee.mentorship)] == [owner.email, settings.CHIRON_CONTACT]


def test_one_of_the_two_is_never_of_the_staff_nor_anybody_of_the_mentorship(sierra: Society) -> None:
    mentor, mentee = proposed("nobody")
    owner = make_staff(StaffRole.Kind.OWNER, given="Odile")
    manager = make_staff(given="Mia")
    inside = [Recipient(each.name, each.email, "Staff") for each in (owner, manager)]
    with pytest.raises(DomainError, match="must not work for your programs"):
        name_recipients(recipients=inside, by=owner)
    with pytest.raises(DomainError, match="two people"):
        name_recipients(recipients=[OMBUDS, OMBUDS], by=owner)
    name_recipients(recipients=[inside[0], OMBUDS], by=owner)
    assert recipients_for(mentee.mentorship) == [inside[0], OMBUDS]
    ConcernContact.objects.filter(place=1).update(email=mentor.person.email.upper())
    assert [each.email for each in recipients_for(mentee.mentorship)] == [OMBUDS.email, settings.CHIRON_CONTACT]
    ConcernContact.objects.filter(place=1).update(email=owner.email)
    ConcernContact.objects.filter(place=2).update(email=manager.email)
    assert [each.email for each in recipients_for(mentee.mentorship)] == [owner.email, settings.CHIRON_CONTACT]


def test_the_words_go_to_the_one_who_was_picked_and_are_gone_once_they_left(sierra: Society) -> None:
    mentor, mentee = proposed("nobody")
    concern = report(participation=mentee, to=outside(mentee), words=WORDS, key=uuid4())
    assert WORDS not in everywhere()
    assert mentee.person.email not in concern.sealed
    bring(concern=concern)
    mail = OutboxMail.objects.get(template="concern")
    assert WORDS not in everywhere(), "not even in the mail that waits"
    assert mail.text.startswith(SEALED)
    assert (mail.recipient, mail.reply_to, mail.html, mail.secret) == (settings.CHIRON_CONTACT, "", "", True)
    leaves = OutboxMail.objects.get(pk=mail.pk).opened()
    assert leaves.reply_to == mentee.person.email
    assert WORDS in leaves.text
    assert WORDS in leaves.html
    assert mentor.person.name in leaves.text
    mail.state, mail.sent_at = OutboxMail.State.SENT, clock.now()
    mail.forget_secret()
    mail.save()
    for _twice in range(2):
        bring(concern=Concern.objects.get())
    assert WORDS not in everywhere()
    assert Concern.objects.get().sealed == ""
    assert mail.reply_to == ""
    assert OutboxMail.objects.filter(template="concern").count() == 1
    trail = list(apps.get_model("audit", "Entry").objects.filter(verb__startswith="concern"))
    assert [(entry.verb, entry.actor_id, entry.subject_id, entry.facts) for entry in trail] == [
        ("concern.sent", None, "", {})
    ]


@pytest.mark.parametrize(("place", "greeting"), [(0, "Dear Odile"), (1, "Hello,")])
def test_a_person_is_greeted_by_name_and_the_platform_like_nobody(sierra: Society, place: int, greeting: str) -> None:
    _mentor, mentee = proposed("nobody")
    outside(mentee)
    bring(concern=report(participation=mentee, to=recipients_for(mentee.mentorship)[place], words=WORDS, key=uuid4()))
    mail = OutboxMail.objects.get(template="concern").opened()
    assert greeting in mail.text
    assert "Dear The" not in mail.text


def test_a_mail_that_does_not_arrive_is_written_again_and_at_last_the_reporter_is_told(sierra: Society) -> None:
    _mentor, mentee = proposed("nobody")
    concern = report(participation=mentee, to=outside(mentee), words=WORDS, key=uuid4())
    for number in range(MOST_TRIES + 1):
        with clock.moved_by(timedelta(hours=5 * number)):
            bring(concern=concern)
            OutboxMail.objects.filter(secret=True).update(
                state=OutboxMail.State.FAILED, subject="", text="", html="", reply_to=""
            )
    assert OutboxMail.objects.filter(template="concern").count() == MOST_TRIES
    assert OutboxMail.objects.get(template="concern_not_delivered").recipient == mentee.person.email
    assert Concern.objects.get().sealed == ""


def test_what_is_sealed_in_one_society_is_nothing_in_another(sierra: Society, societies: dict[str, Society]) -> None:
    sealed = seal({"words": WORDS})
    assert unseal(sealed) == {"words": WORDS}
    other = next(society for society in societies.values() if society.pk != sierra.pk)
    with context.society(other), pytest.raises(InvalidToken):
        unseal(sealed)


def test_a_concern_by_the_page_once_however_often_it_is_sent(sierra: Society, visitor: Visitor) -> None:
    _mentor, mentee = proposed("nobody")
    to = outside(mentee)
    where = "/" + link_for(mentee).split("/", 3)[3] + "concern/"
    browser = visitor(sierra.host)
    page = browser.get(where).content.decode()
    assert "call 911 first" in page
    assert to.name in page
    assert browser.post(where, {"to": "mallory@example.org", "words": WORDS, "key": uuid4()}).status_code == 422
    data = {"to": to.email, "words": WORDS, "key": str(uuid4())}
    for _twice in range(2):
        said = browser.post(where, data, follow=True).content.decode()
    assert "to nobody else" in said
    assert Concern.objects.count() == 1


def test_the_owner_names_the_two(sierra: Society) -> None:
    _mentor, mentee = proposed("nobody")
    owner = make_staff(StaffRole.Kind.OWNER, given="Odile")
    browser, where = browser_of(owner, sierra), reverse("concerns:recipients")
    assert "Nobody is named yet" in browser.get(where).content.decode()
    data = {"name_1": owner.name, "email_1": owner.email, "about_1": "Owner"}
    assert browser.post(where, data).status_code == 422
    data |= {"name_2": OMBUDS.name, "email_2": OMBUDS.email, "about_2": OMBUDS.about}
    assert "picks one of these two" in browser.post(where, data, follow=True).content.decode()
    assert recipients_for(mentee.mentorship)[1] == OMBUDS


def test_it_can_be_said_when_it_is_over_and_is_on_that_page(sierra: Society, visitor: Visitor) -> None:
    _mentor, mentee = proposed("nobody")
    to = outside(mentee)
    leaving.end(participation=mentee, case=leaving.Case.FIT)
    link, browser = "/" + link_for(mentee).split("/", 3)[3], visitor(sierra.host)
    assert f'href="{link}concern/"' in browser.get(link).content.decode()
    data = {"to": to.email, "words": WORDS, "key": str(uuid4())}
    assert browser.post(f"{link}concern/", data).status_code == 302
    assert unseal(Concern.objects.get().sealed)["words"] == WORDS
    assert browser.get(f"{link}met/").status_code == 302, "the other pages are for those who go on"
