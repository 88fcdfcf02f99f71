"""Roles, signing in, and the audit of both."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from archive.audit import AuditEntry, record
from archive.choices import Act
from archive.roles import ADMIN, ARCHIVIST, EDITOR, READER, ROLES
from tests.roles import member
from tests.views.test_pages import make_article

pytestmark = pytest.mark.django_db
JOINED = {"date_joined_0": "2026-01-01", "date_joined_1": "12:00:00"}


@pytest.fixture
def site(client: Client, data_dir: Path) -> Client:
    return client


def test_migrations_make_the_four_roles_each_with_more_than_the_one_before() -> None:
    may = {role: set(Group.objects.get(name=role).permissions.values_list("codename", flat=True)) for role in ROLES}
    assert may[READER] == set()
    assert may[EDITOR] < may[ARCHIVIST] < may[ADMIN]
    assert "take_down_article" in may[ARCHIVIST] - may[EDITOR]


def test_with_the_setting_strangers_see_the_sign_in_page_and_nothing_else(site: Client, settings: Any) -> None:
    settings.ARCHIVE_SIGN_IN = True
    article = make_article()
    for url in ("/", article.get_absolute_url(), "/search/?q=quokka", "/feeds/latest/", "/sitemap.xml", "/people/"):
        response = site.get(url)
        assert (response.status_code, response["Location"][:24]) == (302, "/account/sign-in/?next=/"), url
    assert site.get("/healthz").status_code in (200, 503)
    assert "Disallow: /\n" in site.get("/robots.txt").content.decode()


def test_a_reader_signs_in_and_comes_to_the_page_wanted(site: Client, settings: Any) -> None:
    settings.ARCHIVE_SIGN_IN = True
    member(READER, "rita")
    asked = {"username": "rita", "password": "a long pass phrase", "next": "/people/"}
    response = site.post("/account/sign-in/", asked)
    assert (response.status_code, response["Location"]) == (302, "/people/")
    assert site.get("/people/").status_code == 200
    assert site.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_to_no_other_site(site: Client, elsewhere: str) -> None:
    member(READER, "rita")
    response = site.post("/account/sign-in/", {"username": "rita", "password": "a long pass phrase", "next": elsewhere})
    assert (response.status_code, response["Location"]) == (302, "/")


def test_signing_out_takes_a_post(site: Client) -> None:
    site.force_login(member(READER))
    assert site.get("/account/sign-out/").status_code == 405
    assert site.post("/account/sign-out/").status_code == 302
    assert "_auth_user_id" not in site.session


def test_a_staff_role_opens_the_desk_and_losing_it_closes_it_and_both_are_written_down(site: Client) -> None:
    site.force_login(member(ADMIN))
    user = member(READER, "rita")
    url = f"/admin/auth/user/{user.pk}/change/"
    form = {"username": "rita", "is_active": "on", "groups": [Group.objects.get(name=EDITOR).pk], **JOINED}
    assert site.post(url, form).status_code == 302
    user.refresh_from_db()
    assert user.is_staff
    assert site.post(url, {**form, "groups": [Group.objects.get(name=READER).pk]}).status_code == 302
    user.refresh_from_db()
    assert not user.is_staff
    roles = [entry.details["roles"] for entry in AuditEntry.objects.filter(act=Act.ACCOUNT, object_id=user.pk)]
    assert roles == [["reader"], ["editor"]]


def test_the_admin_role_makes_nobody_a_superuser_and_touches_none(site: Client) -> None:
    admin = member(ADMIN)
    boss = User.objects.create_superuser("boss", password="a long pass phrase")
    site.force_login(admin)
    url = f"/admin/auth/user/{admin.pk}/change/"
    form = {
        "username": admin.username,
        "is_active": "on",
        "is_superuser": "on",
        "groups": [Group.objects.get(name=ADMIN).pk],
        **JOINED,
    }
    assert site.post(url, form).status_code == 302
    admin.refresh_from_db()
    assert not admin.is_superuser
    assert (
        site.post(
            f"/admin/auth/user/{boss.pk}/password/",
            {"password1": "another pass phrase", "password2": "another pass phrase", "usable_password": "true"},
        ).status_code
        == 403
    )
    boss.refresh_from_db()
    assert boss.check_password("a long pass phrase")


def test_groups_deleted_accounts_and_own_passwords_are_written_down(site: Client) -> None:
    site.force_login(User.objects.create_superuser("boss", password="a long pass phrase"))
    gone = member(READER, "gone")
    made = "/admin/auth/group/"
    assert site.post(f"{made}add/", {"name": "board"}).status_code == 302
    board = Group.objects.get(name="board")
    assert site.post(f"{made}{board.pk}/change/", {"name": "the board"}).status_code == 302
    assert site.post(f"{made}{board.pk}/delete/", {"post": "yes"}).status_code == 302
    assert site.post(f"/admin/auth/user/{gone.pk}/delete/", {"post": "yes"}).status_code == 302
    assert site.get("/admin/password_change/")["Location"] == "/account/password/"
    new = {"old_password": "a long pass phrase", "new_password1": "herring & tram", "new_password2": "herring & tram"}
    assert site.post("/account/password/", new).status_code == 302
    assert list(AuditEntry.objects.filter(act=Act.ACCOUNT).order_by("pk").values_list("summary", flat=True)) == [
        "group board made",
        "group the board renamed from board",
        "group the board deleted",
        "account gone deleted",
        "own password changed",
    ]


def test_the_audit_is_only_ever_added_to() -> None:
    entry = record(Act.EDIT, "article 1 corrected", by=None)
    entry.summary = "nothing happened"
    for change in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(summary="nothing happened"),
    ):
        with pytest.raises(NotImplementedError):
            change()


def test_the_audit_is_filtered_and_exported_as_safe_cells(site: Client) -> None:
    admin = member(ADMIN)
    site.force_login(admin)
    record(Act.EDIT, "=HYPERLINK(1)", by=admin)
    record(Act.UPLOAD, "run 1", by=admin)
    page = site.get("/admin/archive/auditentry/?act__exact=edit").content.decode()
    assert "=HYPERLINK(1)" in page
    assert "run 1" not in page
    response = site.get("/admin/archive/auditentry/export.csv?act__exact=edit")
    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert rows[1][3:] == ["edit", "", "", "'=HYPERLINK(1)"]
    assert rows[-1] == ["# complete: 1 acts"]
    for nonsense in ("nonsense=1", "at__year=x", "act__exact=%00"):
        assert site.get(f"/admin/archive/auditentry/export.csv?{nonsense}").status_code in (200, 400)
    for path in ("add/", f"{AuditEntry.objects.get(act=Act.EDIT).pk}/delete/"):
        assert site.get(f"/admin/archive/auditentry/{path}").status_code == 403


def test_an_editor_does_not_read_the_audit_nor_upload(site: Client) -> None:
    site.force_login(member(EDITOR))
    for path in ("auditentry/", "auditentry/export.csv", "ingestrun/upload/"):
        assert site.get(f"/admin/archive/{path}").status_code == 403


def test_a_correction_is_written_down_by_field_and_not_by_text(site: Client) -> None:
    article = make_article()
    site.force_login(member(EDITOR))
    form = {
        "title": "Wombat census",
        "standfirst": "",
        "byline_text": "",
        "body_text": "x",
        "section": "",
    }
    assert site.post(f"/admin/archive/article/{article.pk}/change/", form).status_code == 302
    entry = AuditEntry.objects.get(act=Act.EDIT)
    assert (entry.object_id, "title" in entry.details["fields"]) == (article.pk, True)
    assert "ombat" not in f"{entry.summary} {entry.details}"
