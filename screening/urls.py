"""The addresses of screening."""

from django.urls import path

from screening import views

app_name = "screening"
urlpatterns = [
    path("", views.parties, name="parties"),
    path("parties.csv", views.parties_csv, name="parties_csv"),
    path("parties.xlsx", views.parties_xlsx, name="parties_xlsx"),
    path("lists/", views.lists, name="lists"),
    path("<uuid:party_id>/", views.party, name="party"),
    path("<uuid:party_id>/beside/", views.add_party, name="add_party"),
    path("<uuid:party_id>/end/", views.end_party, name="end_party"),
    path("<uuid:party_id>/<uuid:hit_id>/", views.give_opinion, name="give_opinion"),
]
