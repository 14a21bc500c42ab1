"""What the organization was billed, day by day (OpenAI API reference, "Costs"); needs an admin key."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from imgcli.errors import AccountError, AttemptError, Money
from imgcli.model.secret import Secret

DAYS = 31
"""Buckets a page, and days looked back."""

MOST_PAGES = 200
LARGEST = 8 * 1024 * 1024
"""Bytes of one page."""


async def fetch_costs(base_url: str, key: Secret, now: datetime, project: str = "") -> str:
    """The pages of the last 31 UTC days, as a JSON list.

    Raises:
        AccountError: the key may not see costs.
        AttemptError: the endpoint cannot be reached, or does not answer as it should.
    """
    start = (now.astimezone(UTC) - timedelta(days=DAYS - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    asked: dict[str, Any] = {"start_time": int(start.timestamp()), "bucket_width": "1d", "limit": DAYS}
    asked |= {"group_by": ["line_item"]} | ({"project_ids": [project]} if project else {})
    pages: list[Any] = []
    headers = {"Authorization": f"Bearer {key.reveal()}"}
    async with httpx.AsyncClient(follow_redirects=False, timeout=60, headers=headers) as client:
        while len(pages) < MOST_PAGES:
            page = await _page(client, f"{base_url}/organization/costs", asked)
            pages.append(page)
            if not page.get("has_more") or not page.get("next_page"):
                return json.dumps(pages)
            asked["page"] = page["next_page"]
    raise AttemptError("the costs endpoint never comes to an end", money=Money.VOID)


async def _page(client: httpx.AsyncClient, url: str, asked: dict[str, Any]) -> dict[str, Any]:
    try:
        answer = await client.get(url, params=asked)
    except httpx.HTTPError as error:
        raise AttemptError(
            f"could not reach {httpx.URL(url).host} ({type(error).__name__})", money=Money.VOID
        ) from None
    if answer.status_code in {401, 403}:
        raise AccountError(
            "this key may not see the organization's costs; set an admin key as OPENAI_ADMIN_KEY, "
            "or save the answer of the costs endpoint and give imgcli the file"
        )
    try:
        page = answer.json() if answer.status_code == 200 and len(answer.content) <= LARGEST else None
    except (ValueError, RecursionError):
        page = None
    if not isinstance(page, dict):
        raise AttemptError(f"the costs endpoint answered {answer.status_code} and no costs", money=Money.VOID)
    return page
