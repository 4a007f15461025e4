from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from apps.delivery.urls import api as delivery_api
from apps.identity.urls import api as identity_api
from apps.onboarding.urls import api as onboarding_api
from apps.orchestration.urls import api as orchestration_api
from apps.production.urls import api as production_api
from apps.strategy.urls import api as strategy_api

API = [*identity_api, *onboarding_api, *strategy_api, *production_api, *delivery_api, *orchestration_api]

urlpatterns = [
    path("", include("apps.observability.urls")),
    path("", include("apps.orchestration.urls")),
    path("api/v1/", include(API)),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    path("admin/", admin.site.urls),
    path("", RedirectView.as_view(pattern_name="admin:index")),
]
