"""The addresses of the fund's own pages: overview, my work, decisions, people."""

from django.urls import path

from trustfund.pages import views

app_name = "pages"
urlpatterns = [
    path("", views.public, name="public"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("my-work/", views.home, name="home"),
    path("decisions/times/", views.cycle, name="cycle"),
    path("decisions/times.csv", views.cycle_csv, name="cycle_csv"),
    path("decisions/times.xlsx", views.cycle_xlsx, name="cycle_xlsx"),
    path("decisions/<uuid:motion_id>/", views.decision, name="decision"),
    path("committee/receipts/<uuid:ballot_id>/pdf/", views.ballot_paper, name="ballot_paper"),
    path("about/<uuid:subject>/", views.subject, name="subject"),
    path("use-of-funds/", views.our_use_of_funds, name="our_use_of_funds"),
    path("use-of-funds/<uuid:donor_id>/", views.donor_use_of_funds, name="use_of_funds"),
    path("use-of-funds/<uuid:donor_id>/use.csv", views.use_of_funds_csv, name="use_of_funds_csv"),
    path("use-of-funds/<uuid:donor_id>/use.xlsx", views.use_of_funds_xlsx, name="use_of_funds_xlsx"),
    path("bank-and-books/", views.reconciliation, name="reconciliation"),
    path("bank-and-books/reasons.csv", views.reconciliation_csv, name="reconciliation_csv"),
    path("bank-and-books/reasons.xlsx", views.reconciliation_xlsx, name="reconciliation_xlsx"),
    path("people/", views.people, name="people"),
    path("people/<uuid:person_id>/", views.person, name="person"),
]
