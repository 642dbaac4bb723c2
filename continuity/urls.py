"""Addresses of the fund's position."""

from django.urls import path

from continuity import views

app_name = "continuity"
urlpatterns = [
    path("", views.position, name="position"),
    path("position.csv", views.position_csv, name="position_csv"),
]
