"""Production starts with its secrets, without the demo, and behind locked doors - or not at all."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECRETS = {
    "SECRET_KEY": "k" * 25 + "".join(map(chr, range(40, 75))),
    "FIELD_KEYS": "1:" + base64.b64encode(bytes(32)).decode(),
    "DATABASE_URL": "postgres://joinus@127.0.0.1:1/joinus",
    "REDIS_URL": "redis://127.0.0.1:1",
    "EMAIL_URL": "smtp://127.0.0.1:1",
    "ALLOWED_HOSTS": "app.example.org",
    "SITE_URL": "https://app.example.org",
}


def in_production(*code: str, **changed: str) -> subprocess.CompletedProcess[str]:
    """Python in a process of its own under production settings, with nothing else around."""
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "joinus.settings.production",
    }
    return subprocess.run(
        [sys.executable, *code],
        env={**environment, **SECRETS, **changed},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("secret", sorted(SECRETS.keys() - {"SITE_URL"}))
def test_no_start_without(secret):
    answer = in_production("manage.py", "check", **{secret: ""})
    assert answer.returncode != 0
    assert f"does not start without {secret}." in answer.stderr


def test_no_start_with_the_demo_installed(tmp_path):
    (tmp_path / "careless.py").write_text(
        "from joinus.settings.production import *\n"
        "INSTALLED_APPS = [*INSTALLED_APPS, 'joinus.demo']\n"
    )
    answer = in_production(
        "manage.py", "check", DJANGO_SETTINGS_MODULE="careless", PYTHONPATH=str(tmp_path)
    )
    assert answer.returncode != 0
    assert "joinus.demo" in answer.stderr


def test_the_deployment_check_finds_nothing():
    answer = in_production("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert answer.returncode == 0, answer.stderr


ASK = """
import django
from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage as plain
settings.STORAGES["staticfiles"]["BACKEND"] = f"{plain.__module__}.{plain.__name__}"
django.setup()
from django.test import Client
for host in ("app.example.org", "evil.example.com"):
    for secure in (True, False):
        answer = Client().get("/healthz", secure=secure, headers={"host": host})
        print(host, secure, answer.status_code, answer.get("Strict-Transport-Security"))
"""


def test_it_answers_to_its_own_name_only():
    answer = in_production("-c", ASK)
    assert answer.stdout.splitlines() == [
        "app.example.org True 200 max-age=63072000; includeSubDomains; preload",
        "app.example.org False 200 None",
        "evil.example.com True 400 max-age=63072000; includeSubDomains; preload",
        "evil.example.com False 400 None",
    ], answer.stderr


def test_cookies_belong_to_this_host_and_travel_encrypted():
    answer = in_production(
        "-c",
        "import django; django.setup()\n"
        "from django.conf import settings as s\n"
        "for n in ('SESSION', 'CSRF', 'LANGUAGE'):\n"
        "    print(getattr(s, n + '_COOKIE_NAME').startswith('__Host-'),"
        " getattr(s, n + '_COOKIE_SECURE'), getattr(s, n + '_COOKIE_DOMAIN'))",
    )
    assert answer.stdout.split("\n")[:3] == ["True True None"] * 3, answer.stderr


WITHOUT_THE_DEMO = """
import sys
for missing in ("joinus.bench", "joinus.demo", "joinus.embedded"):
    sys.modules[missing] = None
import django
django.setup()
from django.core.management import call_command, get_commands
from django.urls import get_resolver
call_command("check")
print(len(get_resolver().url_patterns) > 5, {"seed_demo", "fill"} & set(get_commands()))
"""


def test_the_played_world_is_not_in_what_production_installs():
    """The image is built without it (.dockerignore), and every page stands without it."""
    left_out = (ROOT / ".dockerignore").read_text().splitlines()
    assert {"joinus/bench", "joinus/demo", "joinus/embedded", "templates/demo"} <= set(left_out)
    answer = in_production("-c", WITHOUT_THE_DEMO)
    assert answer.stdout.splitlines()[-1:] == ["True set()"], answer.stderr
