"""Whether a society is who it says, and what waits until that is known: all but writing to many people.

It is when its owner reads mail at the domain of its own website: a registrable domain, as the Public Suffix List has
them, so that two who share a host for websites are two. Else an operator has looked.
"""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from tenants.models import Society

# So many can be written to as a society that nobody has confirmed.
MOST_UNCONFIRMED = 25
# Where anybody gets an address. As a website these are no society's, so the large ones are enough.
_FREE_MAIL = """
    aol.com att.net bellsouth.net comcast.net cox.net duck.com earthlink.net fastmail.com gmail.com gmx.com gmx.net
    googlemail.com hey.com hotmail.com hushmail.com icloud.com inbox.com juno.com live.com mac.com mail.com mail.ru
    me.com msn.com netscape.net outlook.com pm.me proton.me protonmail.com qq.com rocketmail.com roadrunner.com
    sbcglobal.net tutanota.com verizon.net yahoo.com yandex.com yandex.ru ymail.com zoho.com zohomail.com
"""
FREE_MAIL = frozenset(_FREE_MAIL.split())


def plain(name: str) -> str:
    """A name without what does not make it another one: case, spaces, points and the like."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def may_write_to(society: Society, people: int) -> bool:
    """Whether a society may write to so many people at once, those counted whom it has invited so far."""
    return society.is_confirmed or people <= MOST_UNCONFIRMED


def clean_website(typed: str) -> str:
    """A website as it is kept, "https://…"; DomainError if it is none."""
    website = typed.strip()
    if "://" not in website:
        website = f"https://{website}"
    refused = DomainError(_("This does not look like a website. It looks like www.example.org."), field="website")
    try:
        URLValidator(schemes=["https", "http"])(website)
    except ValidationError:
        raise refused from None
    if not domain_of(website):
        raise refused
    return website


def domain_of(address: str) -> str:
    """The domain that somebody registered, of a website or a mail address; empty where there is none."""
    try:
        host = address.rpartition("@")[2] if "://" not in address else urlsplit(address).hostname or ""
        host = host.encode("idna").decode().lower()
    except ValueError:  # of an address that is none; UnicodeError is one too
        return ""
    return str(_extract()(host).top_domain_under_public_suffix)


def proves(mail: str, website: str) -> bool:
    """Whether somebody who reads this mail address speaks for whoever has this website."""
    domain = domain_of(mail)
    return bool(domain) and domain == domain_of(website) and domain not in FREE_MAIL


@cache
def _extract() -> Any:
    """By the list that came with the library; nothing is fetched, and nothing is kept on disk."""
    from tldextract import TLDExtract  # not with every start of the platform

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
