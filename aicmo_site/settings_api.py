"""How the portal's API behaves and is described; nothing of it differs from one machine to another."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["apps.shared.rest.guards.PortalAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["apps.shared.rest.guards.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["apps.shared.rest.limits.MinuteLimit"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["apps.shared.rest.parsing.StrictJsonParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "apps.shared.rest.problems.answer_refusal",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,  # `format` is a column of ours
    "COERCE_DECIMAL_TO_STRING": True,
}
PORTAL_LIMITS = {"read": 600, "write": 120}
"""Requests a minute that one token, or one person, may send."""
LEAD_LIMITS = {"read": 60, "write": 300}
"""Requests a minute that one key for leads may send."""
FORM_LIMITS = {"address": 10, "form": 300}
"""What a web form takes a minute: of one network address, and of all."""
PORTAL_MOST_UPLOAD_BYTES = 11 * 1024 * 1024
"""Of a form with a file; the file itself may have 10 MB."""
SPECTACULAR_SETTINGS = {
    "TITLE": "AICMO portal",
    "VERSION": "1.3.0",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "ScopeEnum": "apps.identity.models.ApiToken.Scope",
        "ReviewState": "apps.client_review.models.Review.State",
        "QuoteState": "apps.billing.models.Quote.State",
        "InvoiceState": "apps.billing.models.Invoice.State",
        "IntakeState": "apps.onboarding.rest.intakes.STATES",
        "StrategyState": "apps.strategy.models.Strategy.State",
        "DraftState": "apps.production.models.Draft.State",
        "RunState": "apps.orchestration.queries.portal.STATES",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "apps.shared.rest.schema.describe_refusals",
    ],
}
