"""The docs in a real browser, as a newcomer meets them: a token, a request, nothing from elsewhere."""

import shutil
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.fixtures.desk import Desk

CHROMIUM: Final = shutil.which("chromium") or ""
FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = pytest.mark.skipif(
    not CHROMIUM, reason="there is no chromium on this machine; install Debian's package"
)


@dataclass
class Watched:
    """A page, what it asked of whom, and what it complained of."""

    page: Page
    asked: list[str] = field(default_factory=list[str])
    complaints: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("requestfailed", lambda request: self.complaints.append(f"failed: {request.url}"))
        self.page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type == "error" else None
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def elsewhere(self, url: str) -> list[str]:
        """What was asked of anybody but the service itself."""
        return [asked for asked in self.asked if not asked.startswith((url, "data:", "blob:"))]


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncGenerator[Watched]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch_persistent_context(
            tmp_path, executable_path=CHROMIUM, args=FLAGS, headless=True
        )
        yield Watched(await browser.new_page())
        await browser.close()


async def test_a_newcomer_authorises_and_executes_a_request_in_the_docs(desk: Desk, watched: Watched) -> None:
    customer, page = await desk.customer(), watched.page
    await page.goto(f"{desk.url}/docs")

    await page.locator(".btn.authorize").click()
    await page.get_by_label("auth-bearer-value").fill(customer.token)
    await page.locator(".modal-btn.authorize").click()
    await page.locator(".btn-done").click()

    operation = page.locator(".opblock", has=page.locator("[data-path='/api/users/me']"))
    await operation.locator(".opblock-summary-control").click()
    await operation.locator(".execute").click()
    answer = operation.locator(".live-responses-table .response")

    await expect(answer.locator(".response-col_status")).to_contain_text("200")
    await expect(answer.locator(".response-col_description")).to_contain_text(customer.user_id)
    assert watched.elsewhere(desk.url) == []
    assert watched.complaints == []


async def test_the_reference_shows_every_operation(desk: Desk, watched: Watched) -> None:
    await watched.page.goto(f"{desk.url}/redoc")
    for summary in ("The caller's own profile", "Cancel"):
        await expect(watched.page.get_by_role("heading", name=summary).first).to_be_visible()
    await watched.page.get_by_placeholder("Search").fill("profile")
    await expect(watched.page.locator("[data-role='search:results']")).to_contain_text("profile")
    assert watched.elsewhere(desk.url) == []
    assert watched.complaints == []


async def test_the_table_of_errors_is_a_page_to_read(desk: Desk, watched: Watched) -> None:
    await watched.page.goto(f"{desk.url}/docs/errors#item_unavailable")
    await expect(watched.page.locator("tr:target")).to_contain_text("409")
    assert watched.complaints == []
