"""The addresses of the fund's own pages: overview, my work, decisions, people."""

from django.urls import path

from trustfund.pages import views

app_name = "pages"
urlpatterns = [
    path("", views.public, name="public"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("my-work/", views.home, name="home"),
    path("decisions/<uuid:motion_id>/", views.decision, name="decision"),
    path("about/<uuid:subject>/", views.subject, name="subject"),
    path("people/", views.people, name="people"),
    path("people/<uuid:person_id>/", views.person, name="person"),
]
