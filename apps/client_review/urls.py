from django.urls import path

from apps.client_review import rest, views
from apps.shared.rest.routes import routes

api = routes(reviews=rest.Reviews)
portal = [
    path("reviews", views.reviews, name="portal-reviews"),
    path("reviews/<uuid:review_id>", views.review, name="portal-review"),
    path("reviews/<uuid:review_id>/comments", views.comment, name="portal-review-comment"),
    path("reviews/<uuid:review_id>/decision", views.decide, name="portal-review-decide"),
    path("reviews/<uuid:review_id>/changes", views.changes, name="portal-review-changes"),
]
cards = views.cards
