#!/bin/sh
# Seconds from a clean clone to the first page, installing included, in a scratch folder.
# Prints one line of JSON. Usage: benchmarks/clean_clone.sh [REPOSITORY]
set -eu
source=${1:-$(git -C "$(dirname "$0")/.." rev-parse --show-toplevel)}
folder=$(mktemp -d)
port=8137
trap 'kill "$demo" 2>/dev/null || true; wait "$demo" 2>/dev/null || true; rm -rf "$folder"' EXIT INT TERM
started=$(date +%s.%N)
git clone --quiet "$source" "$folder/sanad"
cd "$folder/sanad"
bin/demo --port $port --sandbox-port 8138 > "$folder/demo.log" 2>&1 &
demo=$!
until curl --silent --fail --output /dev/null "http://127.0.0.1:$port/"; do
    kill -0 "$demo" 2>/dev/null || { cat "$folder/demo.log" >&2; exit 1; }
    sleep 0.2
done
ended=$(date +%s.%N)
echo "{\"seconds_to_first_page\": $(echo "$ended $started" | awk '{printf "%.1f", $1 - $2}')}"
