#!/bin/bash
# First process of the home-made postgres image. Does what the tests rely on of the image that
# everybody pulls: the same variables, the same options after the image's name, the same two-step
# start (a server without TCP creates the database, then the real one), the same refusals.
#
#   POSTGRES_PASSWORD or _FILE   required, unless POSTGRES_HOST_AUTH_METHOD=trust
#   POSTGRES_USER or _FILE       superuser, default postgres
#   POSTGRES_DB or _FILE         database made at first start, default the user's name
#   POSTGRES_INITDB_ARGS         further options of initdb
#   POSTGRES_HOST_AUTH_METHOD    of connections by TCP from outside, default scram-sha-256
#   PGDATA                       data directory
#
# Left out: /docker-entrypoint-initdb.d and POSTGRES_INITDB_WALDIR.
set -Eeuo pipefail

fail() {
    echo "docker-entrypoint: $*" >&2
    exit 1
}

# Sets $1 from itself, from the file that $1_FILE names, or to the default $2.
from_environment() {
    local name=$1 default=${2-} file_name=${1}_FILE
    if [[ -n ${!name-} && -n ${!file_name-} ]]; then
        fail "$name and $file_name are both set"
    fi
    local value=${!name-$default}
    if [[ -n ${!file_name-} ]]; then
        value=$(<"${!file_name}")
    fi
    export "$name=$value"
    unset "$file_name"
}

step_down() {
    mkdir -p "$PGDATA"
    chmod 700 "$PGDATA"
    # A volume or a memory disk mounted here belongs to root at first.
    find "$PGDATA" \! -user postgres -exec chown postgres:postgres '{}' +
    exec setpriv --reuid=postgres --regid=postgres --init-groups -- "${BASH_SOURCE[0]}" "$@"
}

initialise() {
    from_environment POSTGRES_PASSWORD
    from_environment POSTGRES_USER postgres
    from_environment POSTGRES_DB "$POSTGRES_USER"
    local method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
    if [[ -z $POSTGRES_PASSWORD && $method != trust ]]; then
        fail "POSTGRES_PASSWORD is empty; set it, or POSTGRES_HOST_AUTH_METHOD=trust"
    fi
    local -a arguments=()
    # Quoting inside the variable counts, as on a shell's command line.
    eval "arguments=(${POSTGRES_INITDB_ARGS-})"
    initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") \
        "${arguments[@]}"
    printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"

    # No TCP yet: whoever waits for the port must not meet a server about to stop.
    PGPASSWORD=$POSTGRES_PASSWORD
    export PGPASSWORD
    local options
    options=$(printf '%q ' "${@:2}" -c listen_addresses= -p 5432)
    pg_ctl --options="$options" --wait start
    if [[ $POSTGRES_DB != postgres ]]; then
        psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" \
            --dbname=postgres --set=db="$POSTGRES_DB" <<<'create database :"db";'
    fi
    pg_ctl --mode=fast --wait stop
    unset PGPASSWORD
    echo
    echo "PostgreSQL init process complete; ready for start up."
    echo
}

# Questions that postgres answers without a data directory.
asks_only() {
    local argument
    for argument in "$@"; do
        case $argument in
        -\? | --help | --describe-config | -V | --version) return 0 ;;
        esac
    done
    return 1
}

if [[ $# -eq 0 || ${1:0:1} == - ]]; then
    set -- postgres "$@"
fi
if [[ $1 == postgres ]] && ! asks_only "$@"; then
    if [[ $(id -u) -eq 0 ]]; then
        step_down "$@"
    fi
    if [[ ! -s $PGDATA/PG_VERSION ]]; then
        initialise "$@"
    fi
fi
exec "$@"
