"""Addresses of statements and papers."""

from django.urls import path

from assurance import views

app_name = "assurance"
urlpatterns = [
    path("", views.statements, name="statements"),
    path("request/", views.request_statement, name="request"),
    path("papers/", views.papers, name="papers"),
    path("papers/about/<uuid:subject>/", views.papers_about, name="papers_about"),
    path("of/<uuid:donor_id>/", views.documents_of, name="documents_of"),
    path("papers/<uuid:statement_id>/public/", views.public_paper, name="public_paper"),
    path("<uuid:statement_id>/", views.statement, name="statement"),
    path("<uuid:statement_id>/progress/", views.progress, name="progress"),
    path("<uuid:statement_id>/retry/", views.retry, name="retry"),
    path("<uuid:statement_id>/download/", views.download, name="download"),
]
