"""How a seat votes is seen by nobody but its holder: not by staff, not in a table, an export, the trail or a mail."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from matching.council import ballots
from matching.council.links import path_for
from matching.council.models import Vote
from matching.council.voting import cast, key_of, vote_of
from tenants import context
from tenants.archive.export import export_society
from tenants.audit.models import Entry
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tests.council.making import ALL, HELP, NEAR, PREFERENCE, all_for, manager, opened, vote
from tests.factories.staff import browser_of

Visitor = Callable[[str], Client]
# Nobody else would say exactly this.
TELLING = dict.fromkeys(ALL, 0) | {PREFERENCE: 83, HELP: 17}


def rows_of_all_tables() -> dict[str, list[str]]:
    """Every row of the society as text, by table."""
    found = {}
    for model in apps.get_models():
        table = model._meta.db_table
        if table in connection.introspection.table_names():
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT t::text FROM "{table}" t')
                found[table] = [row for (row,) in cursor.fetchall()]
    return found


def test_no_row_beside_the_vote_says_what_it_says_and_the_vote_does_not_say_whose_it_is(commonwealth: Society) -> None:
    ballot, voters = opened(4)
    cast(voter=voters[2], percents=TELLING)
    vote([voters[0], voters[1], voters[3]], HELP, NEAR, HELP)
    tables = rows_of_all_tables()
    telling = f'{PREFERENCE}"": 83'
    said = [(table, row) for table, rows in tables.items() for row in rows if telling in row]
    assert [table for table, _row in said] == ["council_vote"]
    ids = [str(each.pk) for voter in voters for each in (voter, voter.seat, voter.person)]
    ids += [voter.person.email for voter in voters]
    assert [each for each in ids for row in tables["council_vote"] if each in row] == []
    assert str(ballot.pk) in said[0][1]


def test_the_order_in_which_votes_lie_and_their_age_tell_nothing(commonwealth: Society) -> None:
    """Whoever votes, all votes are written anew in one go; the trail says who voted after whom, the table does not."""
    _ballot, voters = opened(9)
    orders = set()
    for _time in range(4):
        for voter in voters:
            cast(voter=voter, percents=TELLING)
        with connection.cursor() as cursor:
            cursor.execute("SELECT key, xmin::text FROM council_vote ORDER BY ctid")
            rows = cursor.fetchall()
        assert len({age for _key, age in rows}) == 1
        orders.add(tuple(key for key, _age in rows))
    assert len(orders) > 1
    assert {field.name for field in Vote._meta.get_fields()} == {
        "id", "ballot", "key", "percents", "levels", "changes"
    }  # fmt: skip


def test_the_key_of_a_vote_needs_the_secret_of_the_platform(commonwealth: Society, settings: Settings) -> None:
    _ballot, voters = opened(3)
    cast(voter=voters[0], percents=TELLING)
    key = key_of(voters[0])
    settings.SECRET_KEY = "another one, as somebody would have who took the tables alone"
    assert key_of(voters[0]) != key
    assert vote_of(voters[0]) is None
    assert ballots.remind(ballot=voters[0].ballot) == 3  # they are asked anew, and the vote before does not count


def test_the_trail_says_that_somebody_voted_and_not_what(commonwealth: Society) -> None:
    ballot, voters = opened(3)
    cast(voter=voters[0], percents=TELLING)
    vote(voters[1:], HELP, NEAR)
    ballots.close_ballot(ballot=ballot)
    facts = list(Entry.objects.filter(verb__in=["council.voted", "council.ballot_closed"]).values_list("facts"))
    assert facts.count(({},)) == 3
    assert not [each for each in facts if PREFERENCE in json.dumps(each)]


def test_staff_see_who_voted_and_not_what_before_and_after_the_close(commonwealth: Society) -> None:
    ballot, voters = opened(5)
    cast(voter=voters[0], percents=TELLING)
    vote(voters[1:4], HELP, HELP, HELP)
    browser = browser_of(manager(), commonwealth)
    page = reverse("council:council", args=[ballot.cycle_id])
    before = browser.get(page).content.decode()
    assert (before.count(">has voted<"), before.count(">not yet<")) == (4, 1)
    ballots.close_ballot(ballot=ballot)
    after = browser.get(page).content.decode()
    for told in (before, after):
        assert "83%" not in told
    assert "4 of 5 seats voted" in after
    assert ">has voted<" not in after
    # The page of the mail is for its reader: without the link staff do not come to it.
    assert browser.get(reverse("council:vote", args=[ballot.cycle_id]))["Location"] == page


def test_a_member_sees_their_own_vote_and_no_other(commonwealth: Society) -> None:
    ballot, voters = opened(3)
    cast(voter=voters[0], percents=TELLING)
    vote(voters[1:], HELP, HELP)
    ballots.close_ballot(ballot=ballot)
    page = reverse("council:council", args=[ballot.cycle_id])
    own, other = (browser_of(voter.person, commonwealth).get(page).content.decode() for voter in voters[:2])
    assert "83%" in own
    assert "83%" not in other


def test_the_words_of_a_mail_whose_link_opens_a_vote_go_when_it_has_left(commonwealth: Society) -> None:
    """An export holds mails, and whoever has the link sees and changes the vote."""
    ballot, voters = opened(3)
    ballots.remind(ballot=ballot)
    mails = OutboxMail.objects.filter(template__in=["council_asked", "council_reminder"])
    assert {mail.secret for mail in mails} == {True}
    for mail in mails:
        assert "/council/" in mail.text
        mail.state, mail.sent_at = OutboxMail.State.SENT, mail.leaves_at
        mail.forget_secret()
        mail.save()
    token = path_for(voters[0]).split("/")[2]
    assert [row for rows in rows_of_all_tables().values() for row in rows if token in row or "/council/" in row] == []


@pytest.mark.django_db(transaction=True)
def test_an_export_does_not_say_how_a_seat_voted(
    societies: dict[str, Society], owner_url: str, tmp_path: Path, settings: Settings
) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    with context.society(societies["commonwealth"]):
        _ballot, voters = opened(4)
        cast(voter=voters[2], percents=TELLING)
        vote([voters[0], voters[1], voters[3]], HELP, NEAR, HELP)
        names = [key_of(voter) for voter in voters]
        OutboxMail.objects.all().delete()
    export_society(societies["commonwealth"], tmp_path / "out.zip")
    with ZipFile(tmp_path / "out.zip") as archive:
        lines = {
            name: archive.read(name).decode().splitlines() for name in archive.namelist() if name.endswith(".ndjson")
        }
    votes = lines["tables/council_vote.ndjson"]
    assert len(votes) == 4
    assert [name for name, rows in lines.items() for row in rows if any(key in row for key in names)] == [
        "tables/council_vote.ndjson"
    ] * 4
    people = [str(each) for voter in voters for each in (voter.pk, voter.seat_id, voter.person_id)]
    assert [row for row in votes for each in people if each in row] == []


def test_numbers_of_another_ballot_are_not_read_by_the_same_link(commonwealth: Society) -> None:
    """Who voted before votes anew in the next ballot."""
    ballot, voters = opened(3)
    vote(voters, HELP, HELP, NEAR)
    ballots.call_off(ballot=ballot, by=manager())
    again = ballots.open_ballot(cycle=ballot.cycle, closes_on=ballot.last_day, by=manager())
    assert {key_of(voter) for voter in again.voters.all()}.isdisjoint({key_of(voter) for voter in voters})
    assert all_for(HELP)[HELP] == 100
