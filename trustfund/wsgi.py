"""The door for gunicorn, which stays shut if the application could change the books past their guards."""

import os
from contextlib import suppress

from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trustfund.settings")

application = get_wsgi_application()
# A database that is down is no reason not to start; a role that owns the books is: connecting says so.
with suppress(OperationalError):
    connection.ensure_connection()
connection.close()
