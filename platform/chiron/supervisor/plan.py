"""What `chiron up` runs, in which order, and what each process is told."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from chiron.settings import env
from chiron.supervisor import children
from chiron.supervisor.home import make_folder, secret
from chiron.supervisor.postgres import Cluster
from chiron.supervisor.services import HOST, Service, free_port, kept_port
from chiron.supervisor.supervisor import Preparation, Stage
from chiron.supervisor.valkey import BROKER, CACHE, Broker

DATABASE, APP, OWNER = "chiron", "chiron_app", "chiron_owner"
ADMIN_URL, SUPERUSER_URL = "DATABASE_ADMIN_URL", "DATABASE_SUPERUSER_URL"
STRIPE_BASE, STRIPE_KEY = "STRIPE_API_BASE", "STRIPE_SECRET_KEY"
ADDRESSES = {
    "DATABASE_URL": env.POSTGRESQL,
    ADMIN_URL: env.POSTGRESQL,
    SUPERUSER_URL: env.POSTGRESQL,
    "CELERY_BROKER_URL": env.BROKERS,
    "CACHE_URL": env.CACHES,
    "EMAIL_URL": env.MAIL,
    STRIPE_BASE: ("https", "http"),
}
STRIPE_SECRETS = (STRIPE_KEY, "STRIPE_WEBHOOK_SECRETS")
PRODUCTION = "chiron.settings.production"


@dataclass(frozen=True)
class Wishes:
    """What the environment asks for, read and checked before anything is started."""

    home: Path
    port: int
    demo: bool
    host: str
    variables: Mapping[str, str]

    @classmethod
    def read(cls, variables: Mapping[str, str], *, demo: bool) -> Wishes:
        """Read the settings; a SettingError names the first that makes no sense."""
        environment = env.Environment({name: value for name, value in variables.items() if value.strip()})
        for name, schemes in ADDRESSES.items():
            environment.url(name, schemes)
        environment.error_reports("SENTRY_DSN")
        if environment.text("DATABASE_URL") and not environment.text(ADMIN_URL):
            raise env.SettingError(
                ADMIN_URL, "is missing. With a DATABASE_URL of your own, `chiron migrate` needs it too."
            )
        return cls(
            home=environment.folder("CHIRON_HOME", ".chiron"),
            port=environment.port("CHIRON_PORT", 8000),
            demo=demo or environment.flag("CHIRON_DEMO"),
            host=environment.host_name("CHIRON_BASE_HOST", "localhost"),
            variables=environment.variables,
        )


class Plan:
    """The stages of one run. What the environment gives an address for is not started."""

    def __init__(self, wishes: Wishes, commands: Collection[str]) -> None:
        """Lay out the run; `commands` are those that `chiron` has."""
        self.home = wishes.home
        common = self._common(wishes)
        self._variables = {**wishes.variables, **common}
        stripe = self._stripe(wishes)
        servers = [*self._database(), *self._broker()]
        mail = self._mail()
        told = (*common, *ADDRESSES, *STRIPE_SECRETS)
        self.for_commands = {name: self._variables[name] for name in told if name in self._variables}
        self.for_commands.pop(SUPERUSER_URL, None)
        self.keeps_mail = bool(mail)
        self.stages: list[Stage] = [
            [*stripe, *servers[:1]],
            *([server] for server in servers[1:]),
            *self._preparations(wishes, commands, has_stripe=bool(stripe)),
            mail,
            [
                children.web(self.home, wishes.port, self.working),
                *children.workers(self.home, self.working, self.owning),
            ],
        ]

    @property
    def owning(self) -> dict[str, str]:
        """What those are told who make societies and migrate them."""
        return _without(self._variables, SUPERUSER_URL)

    @property
    def working(self) -> dict[str, str]:
        """What all others are told."""
        return _without(self._variables, SUPERUSER_URL, ADMIN_URL)

    def _database(self) -> list[Service]:
        if "DATABASE_URL" in self._variables:
            return []
        cluster = Cluster(self.home, free_port())
        self._variables |= {
            "DATABASE_URL": cluster.dsn(APP, DATABASE),
            ADMIN_URL: cluster.dsn(OWNER, DATABASE),
            SUPERUSER_URL: cluster.superuser_dsn,
        }
        return [cluster]

    def _broker(self) -> list[Service]:
        if "CELERY_BROKER_URL" in self._variables:
            return []
        broker = Broker(self.home, free_port())
        self._variables["CELERY_BROKER_URL"] = broker.url(BROKER)
        self._variables.setdefault("CACHE_URL", broker.url(CACHE))
        return [broker]

    def _mail(self) -> list[Service]:
        if "EMAIL_URL" in self._variables:
            return []
        port = free_port()
        self._variables["EMAIL_URL"] = f"smtp://{HOST}:{port}"
        return [children.mail_sink(self.home, port, self.working)]

    def _stripe(self, wishes: Wishes) -> list[Service]:
        """A Stripe of the desk's own, unless the environment names one, be it by a key alone."""
        known = self._variables
        if STRIPE_BASE in known or STRIPE_KEY in known or known["DJANGO_SETTINGS_MODULE"] == PRODUCTION:
            return []
        port = kept_port(make_folder(self.home / "stripe") / "port")
        told = {
            STRIPE_BASE: f"http://{HOST}:{port}",
            STRIPE_KEY: f"sk_test_{secret(self.home, 'stripe-key')}",
            "STRIPE_WEBHOOK_SECRETS": f"whsec_{secret(self.home, 'stripe-hooks')}",
        }
        self._variables |= told
        hook = f"http://{wishes.host}:{wishes.port}/stripe/webhook/"
        others = _without(wishes.variables, *ADDRESSES, "SECRET_KEY")
        return [children.stripe(self.home, port, {**others, **told}, hook)]

    def _common(self, wishes: Wishes) -> dict[str, str]:
        given = wishes.variables
        return {
            "CHIRON_HOME": str(self.home),
            "CHIRON_PORT": str(wishes.port),
            "CHIRON_DEMO": "yes" if wishes.demo else "no",
            "DJANGO_SETTINGS_MODULE": given.get("DJANGO_SETTINGS_MODULE") or "chiron.settings.development",
            "PYTHONUNBUFFERED": "1",
            "SECRET_KEY": given.get("SECRET_KEY") or secret(self.home, "secret-key"),
        }

    def _preparations(self, wishes: Wishes, commands: Collection[str], *, has_stripe: bool) -> list[Preparation]:
        # The demonstration migrates first: one start of Python instead of two.
        last = (
            Preparation("demo", "Bringing every schema and the demonstration up to date.", chiron("demo"), self.owning)
            if wishes.demo
            else Preparation("migrate", "Bringing every schema up to date.", chiron("migrate"), self.owning)
        )
        known = [last] if last.name in commands else []
        if has_stripe and not wishes.demo and "billing" in commands:  # the demonstration brings it itself
            words = "Bringing the price list to the Stripe of the desk."
            known.append(Preparation("price list", words, chiron("billing", "catalog"), self.owning))
        if SUPERUSER_URL in self._variables:
            command = [sys.executable, "-m", "tenants.setup"]
            known.insert(0, Preparation("set-up", "Making sure of the database's roles.", command, self._variables))
        return known


def _without(variables: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in variables.items() if name not in names}


def chiron(*arguments: str) -> list[str]:
    """A `chiron` command, run by the Python that runs us."""
    return [sys.executable, "-m", "chiron", *arguments]
