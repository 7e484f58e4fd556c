#!/usr/bin/env bash
# Makes the archive that ships in events/, with the tool's own commands, from public data.
# What the data are, and where they come from, stands in docs/archive.md.
#
#   tools/make_archive.sh DATA [ARCHIVE]     DATA: folder of the data; ARCHIVE: where, default .
set -eu

data=$1
archive=${2:-.}
here=$(cd "$(dirname "$0")" && pwd)
timeline=${TIMELINE:-timeline}
export TIMELINE_WRITER=${TIMELINE_WRITER:-founding}

if [ -n "$(find "$archive/events" -name '*.jsonl' 2>/dev/null | head -1)" ]; then
    echo "$archive/events holds records; give an empty folder" >&2
    exit 1
fi
mkdir -p "$archive/events"

import_all() {
    "$timeline" -C "$archive" import --format historyatstate-principals --published 2026-06-20 \
        "$data/historyatstate-principals"
    "$timeline" -C "$archive" import --format historyatstate-travels --published 2026-07-18 \
        "$data/historyatstate-travels"
    "$timeline" -C "$archive" import --format tei-timeline --published 2026-06-20 \
        --set "participants=organization:us-department-of-state" --set "topics=institutions" \
        --set "title=Department of State" "$data/historyatstate-administrative-timeline/timeline"
    "$timeline" -C "$archive" import --profile osce-arms-control \
        "$data/curated/osce-arms-control.csv"
    "$timeline" -C "$archive" import --profile seed-claims "$data/curated/seed-claims.csv"
    "$timeline" -C "$archive" import "$here/archive/accounts.csv"
    "$timeline" -C "$archive" import "$here/archive/merges.csv"
}

import_all
echo "The same files again append nothing:"
import_all
"$timeline" -C "$archive" check
