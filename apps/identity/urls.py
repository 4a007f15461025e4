from django.urls import path

from apps.identity import rest, views
from apps.shared.rest.routes import routes

api = routes(me=rest.Me, clients=rest.Clients, tokens=rest.Tokens, data_requests=rest.DataRequests)

account = [
    path("", views.account, name="account"),
    path("log-in", views.LogIn.as_view(), name="account-login"),
    path("log-out", views.log_out, name="log-out"),
    path("link", views.ask_for_link, name="ask-for-link"),
    path("link/<str:secret>", views.follow_link, name="follow-link"),
    path("data", views.your_data, name="your-data"),
    path("data/<uuid:request_id>/<str:signed>", views.own_export, name="own-export"),
    path("client", views.choose_client, name="choose-client"),
    path("language", views.choose_language, name="portal-language"),
    path("password", views.change_password, name="change-password"),
    path("second-factor", views.second_factor, name="second-factor"),
]

portal = [
    path("tokens", views.tokens, name="tokens"),
    path("tokens/<uuid:token_id>/revoke", views.revoke_token, name="revoke-token"),
]
