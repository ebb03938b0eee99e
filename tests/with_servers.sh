#!/bin/sh
# Run a command with a PostgreSQL and a Redis of its own, which end with it: tests/with_servers.sh make test
#
# Both listen on this machine alone, on ports that were free, and keep their files in a temporary folder.
# PostgreSQL refuses to run as root: then it runs as the user postgres, whom its Debian package makes.
set -eu

postgres=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
if [ -z "$postgres" ] || ! command -v redis-server >/dev/null; then
    echo "PostgreSQL and Redis are needed: sudo apt-get install -y postgresql redis-server" >&2
    exit 1
fi

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        # Not in the current folder, which that user may not be allowed to enter.
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

folder=$(mktemp -d)
chmod 755 "$folder"
mkdir "$folder/postgresql"
[ "$(id -u)" != 0 ] || chown postgres "$folder/postgresql"
redis=

finish() {
    trap - EXIT INT TERM
    [ -z "$redis" ] || kill "$redis" 2>/dev/null || true
    as_postgres "$postgres/pg_ctl" -D "$folder/postgresql/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

port=$(free_port)
as_postgres "$postgres/initdb" -D "$folder/postgresql/data" -U portal --auth=trust --encoding=UTF8 \
    --locale=C.UTF-8 --no-sync >/dev/null
# The data are thrown away: nothing is gained by waiting for the disk.
as_postgres "$postgres/pg_ctl" -D "$folder/postgresql/data" -l "$folder/postgresql/log" -w start \
    -o "-p $port -k $folder/postgresql -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off \
        -c synchronous_commit=off -c max_connections=200" >/dev/null

redis_port=$(free_port)
redis-server --bind 127.0.0.1 --port "$redis_port" --save '' --dir "$folder" >/dev/null &
redis=$!

export DATABASE_URL="postgres://portal@127.0.0.1:$port/postgres"
export REDIS_URL="redis://127.0.0.1:$redis_port/0"
"$@"
