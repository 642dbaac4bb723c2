"""Addresses of the API."""

from django.urls import path

from trustfund.api import views

app_name = "api"
urlpatterns = [
    path("health/", views.health, name="health"),
    path("position/", views.position, name="position"),
]
