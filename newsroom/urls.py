"""The site's addresses: the admin, and the archive at the root."""

from django.contrib import admin
from django.contrib.sitemaps import views as sitemap_views
from django.urls import include, path
from django.views.generic import RedirectView

from archive.api import v1
from archive.sitemaps import NEWS_SITEMAPS, SITEMAPS
from archive.views.state import state

# Django's sitemap index reverses its sections by a bare name, so they stand outside the archive's namespace.
SECTION = "sitemap-section"
NEWS = {"sitemaps": NEWS_SITEMAPS, "template_name": "archive/news_sitemap.xml"}
urlpatterns = [
    path("admin/names/", include("archive.workbench_urls")),
    path("admin/state/", admin.site.admin_view(state), name="state"),
    path("admin/password_change/", RedirectView.as_view(pattern_name="archive:password")),
    path("admin/", admin.site.urls),
    path("sitemap.xml", sitemap_views.index, {"sitemaps": SITEMAPS, "sitemap_url_name": SECTION}, name="sitemap"),
    path("sitemap-<section>.xml", sitemap_views.sitemap, {"sitemaps": SITEMAPS}, name=SECTION),
    path("news-sitemap.xml", sitemap_views.sitemap, NEWS, name="news-sitemap"),
    path("api/v1/", include(v1.urls)),
    path("api/v1/", v1.api.urls),
    path("", include("archive.urls")),
]
