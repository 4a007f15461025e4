from django.urls import path

from apps.retention import views

urlpatterns = [path("survey/<str:token>/", views.survey, name="survey")]
