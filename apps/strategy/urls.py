from django.urls import path

from apps.shared.rest.routes import routes
from apps.strategy import rest, views

api = routes(strategies=rest.Strategies)
portal = [
    path("strategies", views.strategies, name="portal-strategies"),
    path("strategies/<uuid:strategy_id>", views.strategy, name="portal-strategy"),
    path("strategies/<uuid:strategy_id>/decision", views.decide, name="portal-strategy-decide"),
]
cards = views.cards
