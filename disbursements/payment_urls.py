"""The addresses of payments, bank details and treasury, all inside the namespace of disbursements."""

from django.urls import path

from disbursements.views import bank_accounts, payments, signatures, treasury

urlpatterns = [
    path("payments/", payments.payment_list, name="payments"),
    path("payments/csv/", payments.payments_csv, name="payments_csv"),
    path("payments/queue/", payments.queue, name="release_queue"),
    path("payments/prepare/<uuid:tranche_id>/", signatures.prepare, name="prepare_payment"),
    path("payments/<uuid:payment_id>/", payments.detail, name="payment"),
    path("payments/<uuid:payment_id>/certify/", signatures.certify, name="certify_payment"),
    path("payments/<uuid:payment_id>/release/", signatures.release, name="release_payment"),
    path("payments/<uuid:payment_id>/confirm/", signatures.confirm, name="confirm_payment"),
    path("payments/<uuid:payment_id>/return/", signatures.give_back, name="return_payment"),
    path("payments/<uuid:payment_id>/cancel/", signatures.cancel, name="cancel_payment"),
    path("bank-accounts/", bank_accounts.account_list, name="bank_accounts"),
    path("bank-accounts/new/", bank_accounts.register, name="register_bank_account"),
    path("bank-accounts/<uuid:account_id>/verify/", bank_accounts.verify, name="verify_bank_account"),
    path("treasury/", treasury.movement_list, name="treasury"),
    path("treasury/csv/", treasury.movements_csv, name="treasury_csv"),
    path("treasury/interest/", treasury.interest, name="record_interest"),
    path("treasury/charge/", treasury.charge, name="record_bank_charge"),
    path("treasury/refund/", treasury.refund, name="record_refund"),
    path("treasury/expenditure/", treasury.expenditure, name="record_expenditure"),
]
