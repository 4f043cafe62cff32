"""Where our scripts run: beside the page's own, on the same DOM, with builtins that no page can put others in place of.

Source: Chrome DevTools Protocol, Page.createIsolatedWorld and Runtime.callFunctionOn. The Runtime domain is not enabled: all that a page
writes to its console would come to us, too, and one that writes without end would keep the browser from answering anybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.async_api import CDPSession

__all__ = ["ThrownError", "World"]


class ThrownError(Exception):
    """What a script threw."""


class World:
    """An isolated world of a page's main frame, made anew for each document that the page goes to.

    What a script leaves in `window` is there for the next one, and nowhere else.
    """

    def __init__(self, session: CDPSession) -> None:
        self._session = session
        self._window: str | None = None
        """The world's, as an object: numbers of contexts are a process's own, and after a change of site one may be another world's."""

    async def run(self, script: str, argument: Any = None) -> Any:
        """What a function gives; it and its promise are waited for.

        :raises ThrownError: where it throws.
        :raises playwright.async_api.Error: where the page is gone, or goes elsewhere meanwhile.
        """
        window = self._window or await self._enter()
        call = {"functionDeclaration": script, "objectId": window, "arguments": [{"value": argument}]}
        try:
            answer = await self._session.send("Runtime.callFunctionOn", {**call, "returnByValue": True, "awaitPromise": True})
        except BaseException:  # it may be the world that is gone; one that is still there is found again by its name
            self._window = None
            raise
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise ThrownError(details.get("exception", {}).get("description") or details["text"])
        return answer["result"].get("value")

    async def _enter(self) -> str:
        tree = await self._session.send("Page.getFrameTree")
        frame = {"frameId": tree["frameTree"]["frame"]["id"], "worldName": "linkmedia"}
        context = (await self._session.send("Page.createIsolatedWorld", frame))["executionContextId"]
        window = await self._session.send("Runtime.evaluate", {"expression": "globalThis", "contextId": context})
        self._window = window["result"]["objectId"]
        return self._window
