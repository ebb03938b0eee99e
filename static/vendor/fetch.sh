#!/bin/sh
# Fetches Bootstrap's style sheet again from its npm package and refuses it when it is not the file we know.
# A new version: change VERSION, run, look at the pages, write the new SHA-256 here and in README.md.
set -eu

VERSION=5.3.9
SHA256=06395d93f5adbc0593ed84544eb043fa32ab8619c6b7195e803e119f5b9f3672

cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm pack "bootstrap@$VERSION" --silent --pack-destination "$folder" >/dev/null
tar -xzf "$folder/bootstrap-$VERSION.tgz" -C "$folder" package/dist/css/bootstrap.min.css package/LICENSE
# The map is not shipped, and a line that names it stops collectstatic under the manifest storage.
sed '/^\/\*# sourceMappingURL=.*\*\/$/d' "$folder/package/dist/css/bootstrap.min.css" >"$folder/bootstrap.min.css"
echo "$SHA256  $folder/bootstrap.min.css" | sha256sum --check --quiet
cp "$folder/bootstrap.min.css" bootstrap.min.css
cp "$folder/package/LICENSE" bootstrap.LICENSE.txt
echo "bootstrap.min.css $VERSION"
