"""The addresses of the bank's files, statements and lines."""

from django.urls import path

from bank.views import accounts, files, lines

app_name = "bank"
urlpatterns = [
    path("", files.files, name="files"),
    path("files/<uuid:bank_file_id>/", files.file, name="file"),
    path("files/<uuid:bank_file_id>/original/", files.original, name="original"),
    path("statements/<uuid:bank_statement_id>/", lines.statement, name="statement"),
    path("statements/<uuid:bank_statement_id>/lines.csv", lines.statement_csv, name="statement_csv"),
    path("statements/<uuid:bank_statement_id>/lines.xlsx", lines.statement_xlsx, name="statement_xlsx"),
    path("lines/", lines.lines, name="lines"),
    path("lines/lines.csv", lines.lines_csv, name="lines_csv"),
    path("lines/lines.xlsx", lines.lines_xlsx, name="lines_xlsx"),
    path("lines/<uuid:line_id>/", lines.line, name="line"),
    path("accounts/new/", accounts.new_account, name="account_new"),
]
