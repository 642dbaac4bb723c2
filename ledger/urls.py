"""The addresses of the books, under /ledger/."""

from django.urls import path

from ledger.views import downloads, pages, periods

app_name = "ledger"
urlpatterns = [
    path("", pages.search, name="search"),
    path("entries/<int:entry_id>/", pages.entry, name="entry"),
    path("accounts/", pages.chart, name="chart"),
    path("accounts/<str:code>/", pages.account, name="account"),
    path("accounts/<str:code>/statement.csv", downloads.statement_csv, name="statement_csv"),
    path("accounts/<str:code>/statement.xlsx", downloads.statement_xlsx, name="statement_xlsx"),
    path("trial-balance/", pages.trial_balance, name="trial_balance"),
    path("trial-balance.csv", downloads.trial_balance_csv, name="trial_balance_csv"),
    path("trial-balance.xlsx", downloads.trial_balance_xlsx, name="trial_balance_xlsx"),
    path("general-ledger.csv", downloads.general_ledger_csv, name="general_ledger_csv"),
    path("periods/", periods.periods, name="periods"),
    path("periods/close/", periods.close_period, name="close_period"),
    path("periods/reopen/", periods.reopen_period, name="reopen_period"),
]
