"""A browser on two pipes: as much of the Chrome DevTools protocol as the tests of pages need, and no dependency.

Nothing here sleeps: it waits for messages of the browser, or for a promise in the page.
"""

import base64
import json
import os
import select
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    *("--headless", "--remote-debugging-pipe", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *(
        "--disable-component-update",
        "--disable-sync",
        "--disable-default-apps",
        "--disable-extensions",
        "--disable-quic",
    ),
    *("--no-default-browser-check", "--mute-audio", "--hide-scrollbars", "--force-color-profile=srgb"),
)
BRIDGE = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); os.execv(sys.argv[3], sys.argv[3:])"
)
"""The browser reads from 3 and writes to 4, which a child cannot be given by number."""

PATIENCE = 60.0
"""Seconds without a message after which a test gives up."""


def find_chrome() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class ChromeError(AssertionError):
    """The browser did not do what was asked of it."""


class Chrome:
    """One browser with one profile; `with` it, and `open` pages."""

    def __init__(self, binary: str, profile: Path) -> None:
        to_child, self._in = os.pipe()
        self._out, from_child = os.pipe()
        # A sandbox needs rights that root in a container has not.
        flags = [*FLAGS, *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [])]
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                BRIDGE,
                str(to_child),
                str(from_child),
                binary,
                *flags,
                f"--user-data-dir={profile}",
            ],
            pass_fds=(to_child, from_child),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_child)
        os.close(from_child)
        self._ids = count(1)
        self._rest = b""
        self._answers: dict[int, dict[str, Any]] = {}
        self._pages: dict[str, Page] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._in)
        os.close(self._out)

    def open(self, width: int = 1440, height: int = 900, *, dark: bool = False, touch: bool = False) -> "Page":
        """A new page of a browser window of its own, with nothing in it."""
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = self._pages[session] = Page(self, session)
        for domain in ("Page", "Runtime", "Network", "Log"):
            page.call(f"{domain}.enable")
        page.resize(width, height, dark=dark, touch=touch)
        return page

    def call(self, method: str, session: str = "", **params: Any) -> dict[str, Any]:
        """What the browser answers.

        Raises:
            ChromeError: it refuses, or says nothing.
        """
        number = next(self._ids)
        message: dict[str, Any] = {"id": number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        data = memoryview(json.dumps(message).encode() + b"\0")
        while data:
            data = data[os.write(self._in, data) :]
        while number not in self._answers:
            self._read()
        answer = self._answers.pop(number)
        if "error" in answer:
            raise ChromeError(f"{method}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result

    def _read(self) -> None:
        ready, _, _ = select.select([self._out], [], [], PATIENCE)
        data = os.read(self._out, 1 << 20) if ready else b""
        if not data:
            raise ChromeError("the browser says nothing any more")
        *messages, self._rest = (self._rest + data).split(b"\0")
        for message in messages:
            told = json.loads(message)
            if "id" in told:
                self._answers[told["id"]] = told
            elif page := self._pages.get(told.get("sessionId", "")):
                page.hear(told["method"], told["params"])


class Page:
    """A page, and all that went on in it.

    Attributes:
        requests: addresses it asked for.
        dialogs: what it opened, each closed at once.
        complaints: errors of scripts, of the console, and of its policy.
    """

    def __init__(self, chrome: Chrome, session: str) -> None:
        self._chrome, self._session = chrome, session
        self.requests: list[str] = []
        self.dialogs: list[str] = []
        self.complaints: list[str] = []
        self._loaded = 0

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        return self._chrome.call(method, self._session, **params)

    def hear(self, method: str, params: Mapping[str, Any]) -> None:
        match method:
            case "Network.requestWillBeSent":
                self.requests.append(params["request"]["url"])
            case "Page.javascriptDialogOpening":
                self.dialogs.append(params["message"])
                # Answered without waiting: the page stands still until then.
                message = {"id": 0, "method": "Page.handleJavaScriptDialog", "params": {"accept": False}}
                os.write(self._chrome._in, json.dumps(message | {"sessionId": self._session}).encode() + b"\0")
            case "Runtime.exceptionThrown":
                details = params["exceptionDetails"]
                self.complaints.append(str(details.get("exception", {}).get("description", details["text"])))
            case "Runtime.consoleAPICalled" if params["type"] in {"error", "warning", "assert"}:
                self.complaints.append(
                    " ".join(str(each.get("value", each.get("description"))) for each in params["args"])
                )
            case "Log.entryAdded" if params["entry"]["level"] in {"error", "warning"}:
                self.complaints.append(f"{params['entry']['text']} {params['entry'].get('url', '')}".strip())
            case "Page.loadEventFired":
                self._loaded += 1
            case _:
                pass

    def resize(self, width: int, height: int, *, dark: bool = False, touch: bool = False, reduced: bool = True) -> None:
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if touch else 1,
            mobile=touch,
        )
        self.call("Emulation.setTouchEmulationEnabled", enabled=touch)
        wanted = {
            "prefers-color-scheme": "dark" if dark else "light",
            "prefers-reduced-motion": "reduce" if reduced else "",
        }
        self.call("Emulation.setEmulatedMedia", features=[{"name": n, "value": v} for n, v in wanted.items()])

    def goto(self, address: str) -> None:
        """Come back once all of the page is loaded, pictures included."""
        before = self._loaded
        answer = self.call("Page.navigate", url=address)
        if "errorText" in answer:
            raise ChromeError(f"{address}: {answer['errorText']}")
        while "loaderId" in answer and self._loaded == before:
            self._chrome._read()

    def eval(self, script: str) -> Any:
        """The value of an expression, which may be a promise."""
        told = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True)
        if "exceptionDetails" in told:
            raise ChromeError(f"{script}: {told['exceptionDetails'].get('exception', {}).get('description')}")
        return told["result"].get("value")

    def wait(self, condition: str, frames: int = 600) -> None:
        """Until `condition` holds in the page, looked at before each frame.

        Raises:
            ChromeError: it does not come to hold.
        """
        script = (
            f"new Promise((done) => {{ let left = {frames}; const look = () => {{ if ({condition}) done(true);"
            " else if (left-- > 0) requestAnimationFrame(look); else done(false); }; look(); })"
        )
        if not self.eval(script):
            raise ChromeError(f"never so: {condition}")

    def key(self, name: str, *, text: str = "", modifiers: int = 0) -> None:
        """Press and let go of a key: a letter, or a name like `ArrowRight`."""
        code = _CODES.get(name, ord(name.upper()) if len(name) == 1 else 0)
        typed = text or (name if len(name) == 1 else {"Enter": "\r"}.get(name, ""))
        event = {"key": name, "windowsVirtualKeyCode": code, "code": name, "modifiers": modifiers}
        self.call("Input.dispatchKeyEvent", type="keyDown", **event, **({"text": typed} if typed else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **event)

    def keys(self, names: Sequence[str]) -> None:
        for name in names:
            self.key(name)

    def write(self, text: str) -> None:
        self.call("Input.insertText", text=text)

    def click(self, selector: str) -> None:
        x, y = self.eval(
            f"(() => {{ const box = document.querySelector({json.dumps(selector)}).getBoundingClientRect();"
            " return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def swipe(self, x0: float, y0: float, x1: float, y1: float) -> None:
        steps = [(x0 + (x1 - x0) * part / 6, y0 + (y1 - y0) * part / 6) for part in range(7)]
        self.call("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x0, "y": y0}])
        for x, y in steps[1:]:
            self.call("Input.dispatchTouchEvent", type="touchMove", touchPoints=[{"x": x, "y": y}])
        self.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def shoot(self, path: Path) -> None:
        """A PNG of what is seen, once all pictures on it are decoded."""
        self.eval(
            "Promise.all([...document.images].filter((each) => each.src && each.offsetParent)"
            ".map((each) => each.decode().catch(() => 0))).then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))"
        )
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))


_CODES = {
    "ArrowLeft": 37,
    "ArrowUp": 38,
    "ArrowRight": 39,
    "ArrowDown": 40,
    "Escape": 27,
    "Enter": 13,
    "Tab": 9,
    "Home": 36,
    "End": 35,
    " ": 32,
    "PageDown": 34,
    "PageUp": 33,
    "+": 187,
    "-": 189,
    "?": 191,
    "/": 191,
}
