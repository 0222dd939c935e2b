"""The entry of one stage: which audience, its scheduled jobs, and that is all."""

import gc
import os
from functools import cache

# What a stage loads stays as long as its process does. To look in it for rubbish takes a tenth
# of a cold start, and once more the time of a page whenever all of it is looked through later.
gc.disable()

from chalice.app import CloudWatchEvent, Cron, Rate  # noqa: E402 -- loaded without looking

from chalicelib.services.deps import Deps  # noqa: E402 -- the same
from chalicelib.settings import PUBLIC, STAFF, Settings  # noqa: E402 -- the same
from chalicelib.wiring import build_deps, build_providers, create_app  # noqa: E402 -- the same


def build() -> tuple[Settings, Deps]:
    """Return settings and dependencies; called by the first request, never while packaging."""
    settings = Settings.from_environ()
    return settings, build_deps(settings)


audience = os.environ.get("HUB_AUDIENCE", PUBLIC)
app = create_app(audience, build)

if audience == STAFF:
    # Before anybody works, and after the last day of a month is over in London too.
    @app.schedule(Cron("10", "3", "*", "*", "?", "*"))
    def every_morning(_: CloudWatchEvent) -> None:
        """Let late promises go up one level, and count the month that ended."""
        from chalicelib.services.watch import look_after  # noqa: PLC0415 -- no page needs it

        look_after(app.parts[1])

    # What a provider was asked once, such as whether it has our words, it is not asked each minute.
    providers = cache(lambda: build_providers(app.parts[0]))

    @app.schedule(Rate(1, unit=Rate.MINUTES))
    def every_minute(_: CloudWatchEvent) -> None:
        """Send the messages that are due."""
        from chalicelib.services.send import send_due  # noqa: PLC0415 -- no page needs it

        settings, deps = app.parts[:2]
        send_due(deps, providers(), home=settings.public_origin)


gc.freeze()
gc.enable()
