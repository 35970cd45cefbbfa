"""Many societies at once, in the threads of one process."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TypeVar

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from chiron.kernel import clock
from tenants import context
from tenants.accounts.models import Account
from tenants.models import Due, Society
from tests.isolation.looking import mail_of, mails, sql

pytestmark = pytest.mark.django_db(transaction=True)

T = TypeVar("T")


def at_once(threads: int, work: Callable[[int], T]) -> list[T]:
    """Do something in several threads that begin together, each with a connection of its own."""
    together = Barrier(threads)

    def one(number: int) -> T:
        try:
            together.wait()
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(threads)))


def test_threads_never_see_each_others_society(planted: dict[str, Society]) -> None:
    societies = list(planted.values())

    def wander(number: int) -> list[tuple[str, list[str]]]:
        chance = random.Random(number)
        seen = []
        for _ in range(40):
            society = chance.choice(societies)
            with context.society(society):
                seen.append((mail_of(society), mails()))
                with context.platform():
                    assert Society.objects.count() == 3
                seen.append((mail_of(society), mails()))
        return seen

    seen = [one for thread in at_once(8, wander) for one in thread]
    assert {expected for expected, _ in seen} == {mail_of(society) for society in societies}
    assert [pair for pair in seen if pair[1] != [pair[0]]] == []


def test_content_types_have_their_own_numbers_in_each_society(planted: dict[str, Society]) -> None:
    """One cache for all threads gave the numbers of another society, as plain django-tenants does."""
    ContentType.objects.clear_cache()
    numbers = {slug: 1000 * step for step, slug in enumerate(planted, start=1)}
    for slug, number in numbers.items():
        with context.society(planted[slug]):
            sql("INSERT INTO django_content_type (id, app_label, model) VALUES (%s, 'accounts', 'account')", number)

    def ask(number: int) -> list[tuple[str, int, str]]:
        chance = random.Random(number)
        answers = []
        for slug in chance.choices(list(planted), k=60):
            with context.society(planted[slug]):
                found = ContentType.objects.get_for_model(Account)
                answers.append((slug, found.pk, ContentType.objects.get_for_id(numbers[slug]).model))
        return answers

    answers = {answer for thread in at_once(8, ask) for answer in thread}
    assert answers == {(slug, number, "account") for slug, number in numbers.items()}


def test_content_types_are_remembered(planted: dict[str, Society]) -> None:
    with context.society(planted["sierra"]):
        kept = ContentType.objects.get_for_model(Account)
    with context.society(planted["northstar"]):
        assert ContentType.objects.get_for_model(Account) is not kept
    with context.society(planted["sierra"]):
        assert ContentType.objects.get_for_model(Account) is kept


def test_twenty_who_want_the_last_five_places_get_five(societies: dict[str, Society]) -> None:
    """Counting behind one door and writing behind another is one transaction, so a lock holds for both."""
    sierra, places = societies["sierra"], 5

    def reserve(number: int) -> bool:
        with context.society(sierra):
            with context.platform():
                Society.objects.select_for_update().get(pk=sierra.pk)
            if Account.objects.count() >= places:
                return False
            Account.objects.create_user(f"guest{number}@sierra.example")
            with context.platform():
                at = clock.now() + timedelta(days=1)
                Due.objects.create(society=sierra, kind="reminder", ref=str(number), due_at=at)
            return True

    assert sum(at_once(20, reserve)) == places
    with context.society(sierra):
        assert Account.objects.count() == places
    with context.platform():
        assert Due.objects.filter(society=sierra).count() == places
