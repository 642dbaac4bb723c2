"""The addresses of donors, pledges, receipts, rates and stop requests."""

from django.urls import path

from donors.views import downloads, exchange, pledges, rate_files, receipts, register, signing, stop_requests

app_name = "donors"
urlpatterns = [
    path("", register.donors, name="donors"),
    path("new/", register.register_donor, name="register"),
    path("mine/", pledges.mine, name="mine"),
    path("pledges/", pledges.pledges, name="pledges"),
    path("pledges/<uuid:pledge_id>/", pledges.pledge, name="pledge"),
    path("pledges/<uuid:pledge_id>/schedule.csv", downloads.schedule_csv, name="schedule_csv"),
    path("pledges/<uuid:pledge_id>/schedule.xlsx", downloads.schedule_xlsx, name="schedule_xlsx"),
    path("pledges/<uuid:pledge_id>/receipts.csv", downloads.receipts_csv, name="receipts_csv"),
    path("pledges/<uuid:pledge_id>/receipts.xlsx", downloads.receipts_xlsx, name="receipts_xlsx"),
    path("agreements/<uuid:agreement_id>/pledge/", signing.amount, name="pledge_amount"),
    path("agreements/<uuid:agreement_id>/pledge/schedule/", signing.schedule, name="pledge_schedule"),
    path("agreements/<uuid:agreement_id>/pledge/check/", signing.check, name="pledge_check"),
    path("receipts/", receipts.receipts, name="receipts"),
    path("receipts/new/", receipts.record, name="receipt_new"),
    path("receipts/<uuid:receipt_id>/", receipts.receipt, name="receipt"),
    path("receipts/<uuid:receipt_id>/reverse/", receipts.reverse, name="receipt_reverse"),
    path("rates/", exchange.rates, name="rates"),
    path("rates.csv", exchange.rates_csv, name="rates_csv"),
    path("rates.xlsx", exchange.rates_xlsx, name="rates_xlsx"),
    path("rates/new/", exchange.record, name="rate_new"),
    path("rates/files/new/", rate_files.bring, name="rate_file_new"),
    path("rates/files/<uuid:file_id>/", rate_files.rate_file, name="rate_file"),
    path("rates/files/<uuid:file_id>/take/", rate_files.take, name="rate_file_take"),
    path("rates/compared/", exchange.compare, name="rates_compared"),
    path("rates/compared.csv", exchange.compare_csv, name="rates_compared_csv"),
    path("rates/compared.xlsx", exchange.compare_xlsx, name="rates_compared_xlsx"),
    path("rates/corrections/<uuid:correction_id>/confirm/", exchange.confirm_correction, name="correction_confirm"),
    path("rates/corrections/<uuid:correction_id>/withdraw/", exchange.withdraw_correction, name="correction_withdraw"),
    path("rates/<uuid:rate_id>/", exchange.rate, name="rate"),
    path("rates/<uuid:rate_id>/correct/", exchange.correct, name="rate_correct"),
    path("stop-requests/", stop_requests.stop_requests, name="stop_requests"),
    path("stop-requests/new/", stop_requests.file, name="stop_request_new"),
    path("representatives/<int:representative_id>/end/", register.end_representative, name="representative_end"),
    path("<uuid:donor_id>/", register.donor, name="donor"),
    path("<uuid:donor_id>/representatives/new/", register.appoint, name="appoint"),
    path("<uuid:donor_id>/agreements/new/", register.sign_agreement, name="agreement_new"),
]
