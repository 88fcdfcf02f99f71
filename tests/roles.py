"""Accounts of each role, for tests."""

from django.apps import apps
from django.contrib.auth.models import Group, User

from archive.roles import STAFF, make_roles


def member(role: str, name: str = "") -> User:
    """A new account in a role. The groups are made anew where a test has emptied the database."""
    if not Group.objects.filter(name=role).exists():
        make_roles(apps)
    user = User.objects.create_user(name or f"a-{role}", password="a long pass phrase", is_staff=role in STAFF)
    user.groups.add(Group.objects.get(name=role))
    return user
