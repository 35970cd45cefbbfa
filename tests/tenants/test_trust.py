"""Whether a society is who it says, and what waits until that is known."""

from __future__ import annotations

import pytest

from chiron.kernel.errors import DomainError
from tenants.models import Society
from tenants.trust import MOST_UNCONFIRMED, clean_website, domain_of, may_write_to, proves


def test_whoever_starts_alone_writes_to_few_until_confirmed() -> None:
    alone = Society(slug="bay", name="Bay Medical Society", confirmed_at=None)
    made_by_an_operator = Society(slug="bay", name="Bay Medical Society")
    assert may_write_to(alone, MOST_UNCONFIRMED)
    assert not may_write_to(alone, MOST_UNCONFIRMED + 1)
    assert may_write_to(made_by_an_operator, 20_000)


@pytest.mark.parametrize(
    ("mail", "website", "proved"),
    [
        ("ann@baymed.org", "https://www.baymed.org/about", True),
        ("ann@office.BayMed.org", "http://baymed.org", True),
        ("ann@baymed.org.uk", "https://other.org.uk", False),  # the suffix is anybody's
        ("ann@gmail.com", "https://gmail.com", False),
        ("ann@gmail.com", "https://baymed.org", False),
        ("ann@baymed.org", "https://baymed.org.attacker.com", False),
        ("ann@baymed.org", "https://baymed.org@attacker.com/", False),
        ("ann@attacker.com", "https://baymed.org/@attacker.com", False),
        ("ann@one.wixsite.com", "https://bay.wixsite.com", False),  # both are guests of one host
        ("ann@wixsite.com", "https://wixsite.com", False),
        ("ann@localhost", "https://localhost", False),
        ("ann@ärzte.example.de", "https://xn--rzte-0ra.example.de", True),
    ],
)
def test_mail_at_the_websites_own_domain_proves_whose_it_is(mail: str, website: str, proved: bool) -> None:
    assert proves(mail, website) is proved


def test_a_website_is_kept_as_an_address_or_refused_with_an_example() -> None:
    assert clean_website(" www.baymed.org ") == "https://www.baymed.org"
    assert clean_website("http://baymed.org/x") == "http://baymed.org/x"
    for typed in (
        "",
        "bay",
        "javascript://baymed.org",
        "ftp://baymed.org",
        "http://",
        "https://[",
        "https://10.0.0.1",
        "b m.org",
    ):
        with pytest.raises(DomainError, match="does not look like a website"):
            clean_website(typed)
    assert domain_of("no address") == ""
