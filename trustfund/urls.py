"""Every address of the fund."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("ledger/", include("ledger.urls")),
]
