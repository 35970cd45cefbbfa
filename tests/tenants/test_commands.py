"""`chiron society` and `chiron migrate`: what they answer to people and to programs, and how they end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pytest_django import Settings

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants import context
from tenants.commands import society
from tenants.migration.commands import SOME_STAYED_BEHIND, migrate
from tenants.models import Society, Spare
from tenants.people.models import Person, StaffRole
from tests.tenants.conftest import Tomorrow

commits = pytest.mark.django_db(transaction=True)


def chiron(*arguments: str) -> Result:
    """Run a command to its end; a DomainError, which `chiron` turns into its sentence, is raised."""
    command = {"society": society, "migrate": migrate}[arguments[0]]
    result = CliRunner().invoke(command, list(arguments[1:]))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def answer(*arguments: str) -> Any:
    """What a command answers in JSON."""
    result = chiron(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def find(slug: str) -> Society:
    with context.platform():
        return Society.objects.get(slug=slug)


@commits
def test_create_makes_a_society_with_its_owner(owner_url: str) -> None:
    made = answer(
        "society", "create", "Lakes Medical Society", "--slug", "lakes", "--host", "mentoring.lakes.example.org",
        "--owner-mail", "Ann@lakes.example.org", "--time-zone", "America/Chicago",
    )  # fmt: skip
    assert (made["slug"], made["host"], made["hosts"]) == ("lakes", "lakes.localhost", ["mentoring.lakes.example.org"])
    assert (made["time_zone"], made["contact_mail"]) == ("America/Chicago", "Ann@lakes.example.org")
    with context.society(find("lakes")):
        role = StaffRole.objects.get()
        assert (role.kind, role.person.email, role.person.account.email) == (
            "owner",
            "ann@lakes.example.org",
            "ann@lakes.example.org",
        )


@commits
def test_create_makes_a_schema_where_none_lies_ready(owner_url: str) -> None:
    with context.platform():
        Spare.objects.all().delete()
    assert "http://lakes.localhost:" in chiron("society", "create", "Lakes", "--slug", "lakes").output


@commits
def test_without_the_owner_create_takes_what_lies_ready_and_then_says_what_it_needs() -> None:
    with context.platform():
        ready = Spare.objects.count()
    for number in range(ready):
        chiron("society", "create", "Lakes", "--slug", f"lakes-{number}")
    with pytest.raises(DomainError, match="Set DATABASE_ADMIN_URL"):
        chiron("society", "create", "Lakes", "--slug", "lakes")
    with context.platform():
        assert not Society.objects.filter(slug="lakes").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["create", "Sierra", "--slug", "sierra"], "The address “sierra” is taken"),
        (["create", "Lakes", "--slug", "lakes", "--owner-mail", "nobody"], "contact_mail: Enter a valid email address"),
        (["create", "Lakes", "--slug", "lakes", "--time-zone", "Mars"], "no time zone"),
        (["show", "nobody"], "There is no society “nobody”"),
        (["export", "sierra", "--out", "x.zip"], "Set DATABASE_ADMIN_URL"),
        (["leave", "sierra", "--yes"], "Set DATABASE_ADMIN_URL"),
        (["leave", "sierra", "--undo"], "has not left"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    societies: dict[str, Society], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DomainError, match=sentence):
        chiron("society", *arguments)
    assert list(tmp_path.iterdir()) == []
    assert find("sierra").state == "trial"


@pytest.mark.django_db
def test_list_shows_every_society(societies: dict[str, Society]) -> None:
    listed = answer("society", "list")
    assert {(each["slug"], each["name"], each["host"]) for each in listed} == {
        (slug, society.name, society.host) for slug, society in societies.items()
    }
    shown = chiron("society", "list").output
    assert all(society.name in shown and society.url() in shown for society in societies.values())


@pytest.mark.django_db
def test_show_counts_people_of_that_society_alone(societies: dict[str, Society]) -> None:
    for slug, number in {"sierra": 2, "northstar": 1}.items():
        with context.society(societies[slug]):
            for _ in range(number):
                Person.objects.create(given_name="Ada", created_at=clock.now())
    shown = answer("society", "show", "sierra")
    assert (shown["people"], shown["migrations_behind"]) == (2, 0)
    assert "people             2" in chiron("society", "show", "sierra").output


@commits
def test_show_says_how_far_a_society_is_behind(societies: dict[str, Society], tomorrow: Tomorrow) -> None:
    tomorrow.migration("0100_more", 'migrations.AddField("Person", "more", models.IntegerField(default=1))')
    assert answer("society", "show", "sierra")["migrations_behind"] == 1


@commits
def test_a_society_goes_out_and_comes_back_by_command(
    owner_url: str, societies: dict[str, Society], tmp_path: Path, settings: Settings
) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    file = str(tmp_path / "sierra.zip")
    told = answer("society", "export", "sierra", "--out", file)
    assert (told["file"], told["tables"]["people_person"]) == (file, 0)
    assert answer("society", "restore", file, "--slug", "copy", "--name", "A copy")["name"] == "A copy"
    assert "is back, at http://again.localhost" in chiron("society", "restore", file, "--slug", "again").output


@commits
def test_leaving_asks_first(lakes: Society) -> None:
    assert chiron("society", "leave", "lakes").exit_code == 1  # nobody says yes
    assert find("lakes").state == "trial"
    assert "will be deleted in 30 days" in chiron("society", "leave", "lakes", "--yes").output
    assert find("lakes").state == "left"
    assert answer("society", "purge") == []
    assert answer("society", "leave", "lakes", "--undo")["state"] == "active"


@commits
def test_migrate_says_what_became_of_each_and_ends_with_a_status(
    owner_url: str, societies: dict[str, Society], tomorrow: Tomorrow
) -> None:
    for _ in range(2):
        with context.society(societies["northstar"]):
            Person.objects.create(given_name="Ada", created_at=clock.now())
    tomorrow.migration(
        "0100_unique",
        'migrations.AddConstraint("Person", models.UniqueConstraint(fields=["biosketch"], name="one_biosketch"))',
    )
    result = chiron("migrate")
    assert result.exit_code == SOME_STAYED_BEHIND
    assert "  sierra: 1 migration\n" in result.stdout
    assert "northstar: stayed as it was: could not create unique index" in result.stderr
    assert "1 failed" in result.stdout

    again = chiron("migrate", "--json")
    assert again.exit_code == SOME_STAYED_BEHIND
    assert [each["slug"] for each in json.loads(again.stdout)["schemas"] if each["error"]] == ["northstar"]

    with context.society(societies["northstar"]):
        Person.objects.all().delete()
    done = answer("migrate", "--canary", "northstar")
    assert [(each["slug"], each["error"]) for each in done["schemas"]] == [("northstar", "")]


@commits
def test_migrate_lays_spares_ready(owner_url: str) -> None:
    with context.platform():
        Spare.objects.all().delete()
    assert answer("migrate")["spares_made"] == 3


def test_a_database_that_is_away_is_one_sentence_and_a_status(tmp_path: Path) -> None:
    away = {"DATABASE_URL": "postgresql://chiron_app:x@127.0.0.1:1/chiron", "CHIRON_HOME": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-m", "chiron", "society", "list"],
        env={"PATH": os.environ["PATH"], **away},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("chiron: The database cannot be reached: connection failed:")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["create", "list", "show", "export", "restore", "leave", "purge"])
def test_every_command_explains_itself(command: str) -> None:
    told = CliRunner().invoke(society, [command, "--help"]).output
    assert len(told.splitlines()) > 6
    assert command in CliRunner().invoke(society, ["--help"]).output
