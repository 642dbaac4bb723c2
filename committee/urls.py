"""The addresses of the committee room."""

from django.urls import path

from committee import views

app_name = "committee"
urlpatterns = [
    path("", views.motions, name="motions"),
    path("decisions.csv", views.register, name="register"),
    path("seats/", views.seats, name="seats"),
    path("interests/", views.interests, name="interests"),
    path("<uuid:motion_id>/confirm/", views.confirm, name="confirm"),
    path("<uuid:motion_id>/cast/", views.cast, name="cast"),
    path("<uuid:motion_id>/recuse/", views.recuse, name="recuse"),
    path("<uuid:motion_id>/close/", views.close, name="close"),
    path("<uuid:motion_id>/standing/", views.standing, name="standing"),
    path("receipts/<uuid:ballot_id>/", views.receipt, name="receipt"),
]
