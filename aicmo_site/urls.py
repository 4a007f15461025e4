from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from aicmo_site.portal import home, lead_home
from apps.billing import urls as billing
from apps.client_review import urls as client_review
from apps.delivery import urls as delivery
from apps.identity import urls as identity
from apps.onboarding import urls as onboarding
from apps.orchestration import urls as orchestration
from apps.production import urls as production
from apps.reporting import urls as reporting
from apps.strategy import urls as strategy

API = [
    *(*identity.api, *onboarding.api, *strategy.api, *production.api, *client_review.api),
    *(*delivery.api, *billing.api, *reporting.api, *orchestration.api),
]
PORTAL = [
    *(*client_review.portal, *strategy.portal, *onboarding.portal),
    *(*delivery.portal, *billing.portal, *reporting.portal, *identity.portal),
]
CARDS = [
    *(client_review.cards, strategy.cards, onboarding.cards),
    *(orchestration.cards, delivery.cards, reporting.cards, billing.cards),
]
READ = ["get", "head"]

urlpatterns = [
    path("", include("apps.observability.urls")),
    path("", include("apps.cam.urls")),
    path("", include("apps.orchestration.urls")),
    path("", include("apps.retention.urls")),
    path("", include("apps.billing.urls")),
    path("api/v1/", include(API)),
    path("api/schema/", SpectacularAPIView.as_view(http_method_names=READ), name="api-schema"),
    path(
        "api/docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema", http_method_names=READ), name="api-docs"
    ),
    path("account/", include(identity.account)),
    path("portal/", home(CARDS), name="portal-home"),
    path("portal/", include(PORTAL)),
    path("admin/", admin.site.urls),
    path("", lead_home),
]

handler403 = "aicmo_site.errors.forbidden"
handler404 = "aicmo_site.errors.missing"
handler500 = "aicmo_site.errors.broken"
