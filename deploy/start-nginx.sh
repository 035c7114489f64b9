#!/bin/sh
# Fills in deploy/nginx.conf.template from the environment, and becomes nginx. Needs envsubst and nginx, and no root.
#
# GATEWAY         the gateway, as nginx's `server` takes it        api:8000 resolve
# RESOLVER        the resolver that `resolve` asks, a directive    resolver 127.0.0.11 valid=5s ipv6=off;
# LISTEN          address and port                                 3000
# DASHBOARD_ROOT  the folder with index.html                       /usr/share/nginx/html
# MAX_UPLOAD_MB   as the gateway has it                            50
# NGINX_TMP       a folder to write to                             /tmp
# ACCESS_LOG      a file, or off                                   /dev/stdout
set -eu
here=$(dirname "$0")

export GATEWAY="${GATEWAY-api:8000 resolve}"
export RESOLVER="${RESOLVER-resolver 127.0.0.11 valid=5s ipv6=off;}"
export LISTEN="${LISTEN:-3000}"
export DASHBOARD_ROOT="${DASHBOARD_ROOT:-/usr/share/nginx/html}"
export NGINX_TMP="${NGINX_TMP:-/tmp}"
export ACCESS_LOG="${ACCESS_LOG:-/dev/stdout}"

# A little above what the gateway takes, so that it is the gateway that answers; batches may have 32 MB whatever files may.
megabytes=${MAX_UPLOAD_MB:-50}
[ "$megabytes" -ge 32 ] || megabytes=32
export MAX_BODY="$((megabytes + 2))m"
export MAX_BODY_TEXT="$((megabytes + 2)) MB"

names='${GATEWAY} ${RESOLVER} ${LISTEN} ${DASHBOARD_ROOT} ${NGINX_TMP} ${ACCESS_LOG} ${MAX_BODY} ${MAX_BODY_TEXT}'
envsubst "$names" < "$here/nginx.conf.template" > "$NGINX_TMP/nginx.conf"
exec nginx -e stderr -c "$NGINX_TMP/nginx.conf" -g 'daemon off;' "$@"
