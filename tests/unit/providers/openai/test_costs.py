import asyncio
import json

import pytest

from imgcli.errors import AccountError, AttemptError
from imgcli.model.secret import Secret
from imgcli.providers.openai.costs import fetch_costs
from tests.fakes.clock import NOON
from tests.fakes.web import Web, said

KEY = Secret("sk-admin-canary-0123456789")


def ask(*answers: bytes, project: str = "") -> tuple[list[object], list[str]]:
    async def story() -> tuple[list[object], list[str]]:
        async with Web(*answers) as web:
            pages = json.loads(await fetch_costs(f"{web.url}/v1", KEY, NOON, project))
            return pages, web.seen

    return asyncio.run(story())


def test_all_pages_are_asked_for() -> None:
    more = json.dumps({"data": [], "has_more": True, "next_page": "p2"}).encode()
    last = json.dumps({"data": [], "has_more": False}).encode()
    pages, seen = ask(said(200, more), said(200, last), project="proj_1")
    assert len(pages) == 2
    assert "GET /v1/organization/costs?start_time=1792627200&bucket_width=1d&limit=31" in seen[0]
    assert "group_by=line_item&project_ids=proj_1" in seen[0]
    assert "page=p2" in seen[1]
    assert "Authorization: Bearer sk-admin-canary-0123456789" in seen[0]


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_may_not_look_is_told_what_to_do(status: int) -> None:
    with pytest.raises(AccountError, match="OPENAI_ADMIN_KEY") as told:
        ask(said(status, b"{}"))
    assert KEY.reveal() not in str(told.value)


@pytest.mark.parametrize("answer", [said(500), said(200, b"<html>"), said(200, b"[]"), said(302, location="http://x/")])
def test_what_is_no_bill_is_refused(answer: bytes) -> None:
    with pytest.raises(AttemptError, match="costs endpoint"):
        ask(answer)


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(AttemptError, match="could not reach"):
        asyncio.run(fetch_costs("http://127.0.0.1:9/v1", KEY, NOON))
