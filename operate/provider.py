"""The provider that demonstration staff sign in with: oidc-provider-mock in a process of its own.

Its page is a list of buttons, one a person, and a box to type an id. Nothing is asked but who
you want to be, so it never leaves this machine.
"""

from __future__ import annotations

import logging
import os
import sys

from jinja2 import ChoiceLoader, DictLoader
from oidc_provider_mock import User, app
from werkzeug.serving import make_server

from operate.demo_force import PEOPLE

HOST = "127.0.0.1"
# The library's own skeleton fetches its style from another origin.
SKELETON = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sign in: demonstration staff</title>
<style>body { font: 1.1rem/1.5 sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }
button, input { font: inherit; margin: .25rem; padding: .25rem .75rem; }</style>
<main>{% block content %}{{ content }}{% endblock %}</main>
</html>
"""


def serve_provider(port: int) -> None:
    """Answer until the process is stopped."""
    # Plain http is right here alone: nothing of it leaves 127.0.0.1.
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    users = [User(sub=p.id, claims={"name": p.name, "roles": [p.role]}) for p in PEOPLE]
    provider = app(user_claims=users)
    loaders = [DictLoader({"_base.html": SKELETON}), provider.jinja_loader]
    provider.jinja_loader = ChoiceLoader([loader for loader in loaders if loader])
    make_server(HOST, port, provider, threaded=True).serve_forever()


if __name__ == "__main__":
    serve_provider(int(sys.argv[1]))
