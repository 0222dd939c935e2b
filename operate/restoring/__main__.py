"""`python -m operate.restoring`: the steps of a restore in a real account."""

from operate.restoring.commands import app

app()
