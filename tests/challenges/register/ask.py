"""Short ways to say what a test of choosing asks."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from challenges.models import Challenge
from core.errors import RuleBroken
from participants.models import Trajectory


def refused(code: str) -> Any:
    return pytest.raises(RuleBroken, check=lambda broken: broken.code == code)


def of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def read(user: Any, page: str, *keys: Any) -> str:
    return of(user).get(reverse(page, args=keys)).content.decode()


def put(stay: Trajectory, **facts: Any) -> None:
    Trajectory.objects.filter(pk=stay.pk).update(**facts)


def as_it_stands(row: Challenge) -> Challenge:
    return Challenge.objects.select_related("trajectory__participant").get(pk=row.pk)
