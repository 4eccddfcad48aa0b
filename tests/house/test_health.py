"""/healthz and /readyz tell the truth."""

import pytest

from core import health


def test_alive_needs_no_database(client):
    assert client.get("/healthz").json() == {"alive": True}


@pytest.mark.django_db
def test_ready_when_database_migrations_and_broker_are(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200, answer.content
    assert answer.json() == {"database": True, "migrations": True, "broker": True}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["database", "migrations", "broker"])
def test_not_ready_when_one_of_them_fails_and_says_which(client, monkeypatch, name):
    def broken() -> bool:
        raise OSError("secret address")

    monkeypatch.setitem(health.CHECKS, name, broken)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()[name] is False
    assert b"secret" not in answer.content
