#!/bin/sh
# What `make check` does: every step, also after one has failed, and the verdict at the end.
cd "$(dirname "$0")/.." || exit 1
export DJANGO_SETTINGS_MODULE=tests.settings
bin=.venv/bin
failed=

step() {
    printf '\n== %s\n' "$1"
    name=$1
    shift
    "$@" || failed="$failed
   $name"
}

templates() {
    find . -path ./.venv -prune -o -path '*/templates/*.html' -print0 | xargs -0 $bin/djade --check
}

step "Format of the code" $bin/ruff format --check .
step "Lint" $bin/ruff check .
step "Imports run from the upper rooms to the lower" $bin/lint-imports --no-cache --no-logo
step "Format of the templates" templates
step "Migrations" $bin/python manage.py makemigrations --check --dry-run
step "Django's own checks" $bin/python manage.py check --fail-level WARNING
step "Visible words" $bin/python -m tests.visible_words
step "Types of the pure modules" $bin/mypy

if [ -n "$failed" ]; then
    printf '\nTo put right:%s\n' "$failed"
    exit 1
fi
printf '\nAll checks passed.\n'
