"""Cache keys, files and signed values: each belongs to one society, and says so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache, caches
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from pytest_django import Settings

from chiron.kernel import clock, signing
from tenants import context
from tenants.cache import RedisCache
from tenants.models import Society


def test_a_key_carries_the_societys_id(societies: dict[str, Society]) -> None:
    for society in societies.values():
        with context.society(society):
            cache.set("who", society.slug, 60)
            assert str(society.pk) in cache.make_key("who")
    with context.platform():
        assert cache.get("who") is None
        cache.set("who", "platform", 60)
    for society in societies.values():
        with context.society(society):
            assert cache.get("who") == society.slug
            cache.delete("who")
            assert cache.get("who") is None
    with context.platform():
        assert cache.get("who") == "platform"


def test_outside_of_all_doors_there_is_no_key(db: None) -> None:
    with pytest.raises(RuntimeError, match="Enter one of their doors"):
        cache.set("who", "nobody", 60)


def test_the_platforms_own_keys_are_the_same_everywhere(societies: dict[str, Society]) -> None:
    caches["platform"].set("word", "heard", 60)
    with context.society(societies["sierra"]):
        assert caches["platform"].get("word") == "heard"
        assert cache.get("word") is None


@pytest.mark.parametrize("alias", ["default", "platform"])
def test_every_key_has_a_time_to_live(sierra: Society, alias: str) -> None:
    for put in (caches[alias].set, caches[alias].add, caches[alias].get_or_set):
        with pytest.raises(ValueError, match="time to live"):
            put("for-good", 1, None)
    caches[alias].set("a-while", 1, 60)
    with pytest.raises(ValueError, match="time to live"):
        caches[alias].touch("a-while", None)
    with pytest.raises(ValueError, match="time to live"):
        caches[alias].set_many({"for-good": 1}, None)


def test_the_shared_cache_refuses_the_same_before_it_is_even_asked() -> None:
    nobody_listens = RedisCache("redis://127.0.0.1:1", {})
    with pytest.raises(ValueError, match="time to live"):
        nobody_listens.set("for-good", 1, None)


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def test_a_file_lies_in_its_societys_folder(societies: dict[str, Society], folder: Path) -> None:
    sierra, northstar = societies["sierra"], societies["northstar"]
    with context.society(sierra):
        assert default_storage.save("sheets/roster.csv", ContentFile(b"sierra")) == "sheets/roster.csv"
    assert (folder / str(sierra.pk) / "sheets" / "roster.csv").read_bytes() == b"sierra"
    with context.society(northstar):
        assert not default_storage.exists("sheets/roster.csv")
        with pytest.raises(FileNotFoundError):
            default_storage.open("sheets/roster.csv")
        default_storage.save("sheets/roster.csv", ContentFile(b"northstar"))
        default_storage.delete("sheets/roster.csv")
    with context.society(sierra), default_storage.open("sheets/roster.csv") as file:
        assert file.read() == b"sierra"


def test_no_name_leads_into_another_folder(societies: dict[str, Society], folder: Path) -> None:
    sierra, northstar = societies["sierra"], societies["northstar"]
    with context.society(northstar):
        default_storage.save("secret.csv", ContentFile(b"northstar"))
    planted = folder / str(northstar.pk) / "secret.csv"
    assert planted.exists()
    with context.society(sierra):
        for name in (f"../{northstar.pk}/secret.csv", str(planted), f"x/../../{northstar.pk}/secret.csv"):
            for touch in (default_storage.open, default_storage.exists, default_storage.delete, default_storage.path):
                with pytest.raises(SuspiciousFileOperation):
                    touch(name)
    assert planted.read_bytes() == b"northstar"


def test_a_file_has_no_address_and_no_place_outside_of_all_doors(sierra: Society, folder: Path) -> None:
    default_storage.save("roster.csv", ContentFile(b"sierra"))
    with pytest.raises(ValueError, match="no address"):
        default_storage.url("roster.csv")


def test_outside_of_all_doors_there_are_no_files(folder: Path) -> None:
    with pytest.raises(RuntimeError, match="Enter one of their doors"):
        default_storage.exists("roster.csv")


def test_a_signed_value_is_for_one_purpose_in_one_society(societies: dict[str, Society]) -> None:
    sierra, northstar = societies["sierra"].pk, societies["northstar"].pk
    token = signing.seal({"offer": 7}, purpose="offer", society=sierra, until=clock.now() + timedelta(days=1))
    assert signing.unseal(token, purpose="offer", society=sierra) == {"offer": 7}
    for purpose, society in (("offer", northstar), ("offer", None), ("unsubscribe", sierra)):
        with pytest.raises(signing.Forged):
            signing.unseal(token, purpose=purpose, society=society)
    for garbled in ("", "x", token[:-1], token.swapcase(), f"{token}:"):
        with pytest.raises(signing.Forged):
            signing.unseal(garbled, purpose="offer", society=sierra)


def test_a_signed_value_ends_with_what_it_is_about(societies: dict[str, Society]) -> None:
    sierra = societies["sierra"].pk
    token = signing.seal("yes", purpose="offer", society=sierra, until=clock.now() + timedelta(hours=1))
    with clock.moved_by(timedelta(minutes=59)):
        assert signing.unseal(token, purpose="offer", society=sierra) == "yes"
    with clock.moved_by(timedelta(hours=1, seconds=1)), pytest.raises(signing.Expired, match="Ask for a new one"):
        signing.unseal(token, purpose="offer", society=sierra)
