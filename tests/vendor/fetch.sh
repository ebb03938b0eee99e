#!/bin/sh
# Fetches each file again from its npm package and refuses what is not the file we know.
set -eu

cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# fetch PACKAGE VERSION FILE LICENCE NAME SHA256
fetch() {
    npm pack "$1@$2" --silent --pack-destination "$folder" >/dev/null
    tar -xzf "$folder/$1-$2.tgz" -C "$folder" "package/$3" "package/$4"
    echo "$6  $folder/package/$3" | sha256sum --check --quiet
    cp "$folder/package/$3" "$5.js"
    cp "$folder/package/$4" "${5%.min}.LICENSE.txt"
    echo "$5.js $2"
}

fetch axe-core 4.14.1 axe.min.js LICENSE axe.min 29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c
fetch html_codesniffer 2.5.1 build/HTMLCS.js licence.txt htmlcs bc9501382a35bff6acfc255945b1ed732fcec544cfcaeec17b5ac8d79a6c7967
