from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", include("apps.observability.urls")),
    path("", include("apps.cam.urls")),
    path("", include("apps.orchestration.urls")),
    path("admin/", admin.site.urls),
    path("", RedirectView.as_view(pattern_name="admin:index")),
]

handler403 = "aicmo_site.errors.forbidden"
handler404 = "aicmo_site.errors.missing"
handler500 = "aicmo_site.errors.broken"
