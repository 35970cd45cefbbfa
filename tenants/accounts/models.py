"""The account: what Django needs to know of somebody who signs in. What they may do is said by staff roles."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from chiron.kernel import clock
from chiron.kernel.models import Record


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, email: str, password: str | None = None) -> Account:
        """A new account; nobody needs a password, so none is usable unless given."""
        account = self.model(email=email.strip().lower())
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(email=(username or "").strip().lower())


class Account(Record, AbstractBaseUser):
    """Somebody who can sign in here. One person with two societies has two accounts that know nothing of each other."""

    email = models.EmailField(_("mail address"), unique=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(name="mail_addresses_are_small_letters", condition=models.Q(email=Lower("email")))
        ]

    def __str__(self) -> str:
        return self.email
