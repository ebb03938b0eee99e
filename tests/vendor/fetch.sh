#!/bin/sh
# Fetches axe again from its npm package and refuses it when it is not the file we know.
set -eu

VERSION=4.14.1
SHA256=29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c

cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm pack "axe-core@$VERSION" --silent --pack-destination "$folder" >/dev/null
tar -xzf "$folder/axe-core-$VERSION.tgz" -C "$folder" package/axe.min.js package/LICENSE
echo "$SHA256  $folder/package/axe.min.js" | sha256sum --check --quiet
cp "$folder/package/axe.min.js" axe.min.js
cp "$folder/package/LICENSE" axe.LICENSE.txt
echo "axe.min.js $VERSION"
