"""The mails of a demonstration can be read, where there is a demonstration and nowhere else."""

from __future__ import annotations

import mailbox
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from importlib import import_module, reload
from pathlib import Path

import pytest
from django.test import Client
from django.urls import clear_url_caches
from pytest_django import Settings

pytestmark = pytest.mark.django_db
Visitor = Callable[[str], Client]


@pytest.fixture
def urls(settings: Settings) -> Iterator[Callable[[bool], None]]:
    """Build the public site's addresses anew, with a demonstration or without."""

    def build(demo: bool) -> None:
        settings.DEMO = demo
        reload(import_module("chiron.urls_public"))
        clear_url_caches()

    yield build
    build(False)


@pytest.fixture
def maildir(settings: Settings, tmp_path: Path) -> mailbox.Maildir:
    settings.CHIRON_HOME = tmp_path
    return mailbox.Maildir(tmp_path / "mail")


def catch(maildir: mailbox.Maildir, *, to: str, subject: str) -> str:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Sierra <sierra@localhost>", to, subject
    message["Date"] = "Sat, 21 Nov 2026 22:00:00 +0000"
    message.set_content("Open it: https://sierra.localhost/me/")
    message.add_alternative("<p>Open <script>alert(1)</script> it</p>", subtype="html")
    return maildir.add(message.as_bytes())


def test_caught_mails_can_be_listed_and_read(
    urls: Callable[[bool], None], maildir: mailbox.Maildir, visitor: Visitor
) -> None:
    urls(True)
    catch(maildir, to="jo@example.org", subject="Your code is 493-817")
    key = catch(maildir, to="sam@example.org", subject="Something for <b>Sam</b>")
    public = visitor("localhost")
    page = public.get("/mail/").content.decode()
    assert "Your code is 493-817" in page
    assert "Something for &lt;b&gt;Sam&lt;/b&gt;" in page
    mail = public.get(f"/mail/{key}/").content.decode()
    assert '<a href="https://sierra.localhost/me/" rel="nofollow">' in mail
    assert "Your code is 493-817" not in public.get("/mail/?to=sam@example.org").content.decode()


def test_a_mail_as_its_reader_sees_it_runs_and_fetches_nothing(
    urls: Callable[[bool], None], maildir: mailbox.Maildir, visitor: Visitor
) -> None:
    urls(True)
    key = catch(maildir, to="jo@example.org", subject="Hello")
    response = visitor("localhost").get(f"/mail/{key}/html/")
    assert "Open" in response.content.decode()
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script" not in policy


def test_an_empty_sink_says_what_comes_here(
    urls: Callable[[bool], None], maildir: mailbox.Maildir, visitor: Visitor
) -> None:
    urls(True)
    assert "No mail yet" in visitor("localhost").get("/mail/").content.decode()


@pytest.mark.parametrize("key", ["nothing", "..%2f..%2fsettings.json", "."])
def test_no_name_leads_out_of_the_sink(
    urls: Callable[[bool], None], maildir: mailbox.Maildir, visitor: Visitor, key: str
) -> None:
    urls(True)
    (Path(str(maildir._path)).parent / "settings.json").write_text("{}")
    assert visitor("localhost").get(f"/mail/{key}/").status_code == 404


def test_without_a_demonstration_and_on_a_portal_there_is_no_such_page(
    urls: Callable[[bool], None], maildir: mailbox.Maildir, visitor: Visitor
) -> None:
    catch(maildir, to="jo@example.org", subject="Your code is 493-817")
    urls(True)
    assert visitor("localhost").get("/mail/").status_code == 200
    assert visitor("sierra.localhost").get("/mail/").status_code == 404
    urls(False)
    assert visitor("localhost").get("/mail/").status_code == 404
