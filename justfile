# Recipes for people; continuous integration calls .ci/run.

# Build the read model and serve it on 127.0.0.1
serve:
    .venv/bin/timeline serve

# Style, types
lint:
    .venv/bin/ruff check .
    .venv/bin/ruff format --check .
    .venv/bin/mypy

# The whole test suite
test:
    .venv/bin/python -m pytest

# The suite without what takes long
quick:
    .venv/bin/python -m pytest -m "not slow and not browser"

# Branch coverage
coverage:
    .venv/bin/python -m pytest --cov --cov-report=term
