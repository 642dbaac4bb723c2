"""A real browser, people who sign in with a code and confirm with a passkey, and a real Celery worker."""

import base64
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests import people
from trustfund.core.models import User
from trustfund.embedded.soft_passkey import SoftPasskey

# Playwright's synchronous interface runs an event loop in this thread; Django would take that for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
PICTURES = os.environ.get("TRUSTFUND_PICTURES", "")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium where there is one, else Playwright's own."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield launched
        launched.close()


@dataclass
class Visitor:
    """One person's browser window, and what its console complained about."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to an address of the site."""
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, person: User) -> None:
        """Sign in with password and authenticator code, as a person does."""
        self.open("/account/login/")
        self.page.fill("input[name=login]", person.email)
        self.page.fill("input[name=password]", people.PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.fill("input[name=code]", people.code())
        self.page.click("main button[type=submit]:not([name])")
        self.page.wait_for_url("**/my-work/**")

    def hold_passkey(self, person: User) -> None:
        """Give this browser a passkey that is registered for the person."""
        passkey = SoftPasskey.register(person)
        session = self.page.context.new_cdp_session(self.page)
        session.send("WebAuthn.enable")
        made = session.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )
        key = passkey.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        session.send(
            "WebAuthn.addCredential",
            {
                "authenticatorId": made["authenticatorId"],
                "credential": {
                    "credentialId": base64.b64encode(passkey.credential_id).decode(),
                    "isResidentCredential": False,
                    "rpId": settings.WEBAUTHN_RELYING_PARTY,
                    "privateKey": base64.b64encode(key).decode(),
                    "signCount": 1,
                },
            },
        )

    def picture(self, name: str) -> None:
        """Keep a picture of the whole page, if TRUSTFUND_PICTURES names a folder."""
        if PICTURES:
            self.page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


@pytest.fixture
def visit(browser: Browser, live_server: Any) -> Iterator[Callable[..., Visitor]]:
    """A function that opens a window of its own, signed in as a person; at the end no console may have complained."""
    visitors: list[Visitor] = []

    def open_window(person: User | None = None, size: dict[str, int] = DESK, **options: Any) -> Visitor:
        # Without moving pictures between pages: a click that comes during one would cancel it with a complaint.
        context = browser.new_context(viewport=size, reduced_motion="reduce", **options)
        page = context.new_page()
        page.set_default_timeout(20_000)
        visitor = Visitor(page=page, address=live_server.url)

        def listen(message: ConsoleMessage) -> None:
            if message.type == "error":
                visitor.complaints.append(message.text)

        page.on("console", listen)
        page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        visitors.append(visitor)
        if person is not None:
            visitor.sign_in(person)
        return visitor

    yield open_window
    for number, visitor in enumerate(visitors):
        visitor.picture(f"last-{number}")
    complaints = [text for visitor in visitors for text in visitor.complaints if "status of 422" not in text]
    for visitor in visitors:
        visitor.page.context.close()
    assert complaints == []


@pytest.fixture
def worker(transactional_db: None) -> Iterator[None]:
    """A real Celery worker on the test's own database."""
    database = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + "/" + connection.settings_dict["NAME"]
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "trustfund",
            "worker",
            "-P",
            "solo",
            "-Q",
            "default,reports",
            "-l",
            "warning",
        ],
        env={**os.environ, "DATABASE_URL": database},
        cwd=settings.BASE_DIR,
    )
    yield
    process.terminate()
    process.wait(timeout=20)
