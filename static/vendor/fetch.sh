#!/bin/sh
# Fetches what is not ours again from its npm packages and refuses what is not the file we know.
# A new version: change VERSION, run, look at the pages, write the new SHA-256 here and in README.md.
set -eu

VERSION=5.3.9
SHA256=0a3dba1650acd4102879c13859bc1cb302bf9e9893ca53485af43fd5a7d73d25

cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm pack "bootstrap@$VERSION" --silent --pack-destination "$folder" >/dev/null
tar -xzf "$folder/bootstrap-$VERSION.tgz" -C "$folder" package/dist/css/bootstrap.min.css package/LICENSE
# The map is not shipped, and a line that names it stops collectstatic under the manifest storage.
# Its data: images are blocked by our content security policy.
sed -e '/^\/\*# sourceMappingURL=.*\*\/$/d' -e 's/url("data:image[^"]*")/none/g' "$folder/package/dist/css/bootstrap.min.css" >"$folder/bootstrap.min.css"
echo "$SHA256  $folder/bootstrap.min.css" | sha256sum --check --quiet
cp "$folder/bootstrap.min.css" bootstrap.min.css
cp "$folder/package/LICENSE" bootstrap.LICENSE.txt
echo "bootstrap.min.css $VERSION"

JSQR=1.4.0
JSQR_SHA256=bc40c8a15196236b2314db0856f72ca0b49980cd5413b8c852a7349f5fee0859
npm pack "jsqr@$JSQR" --silent --pack-destination "$folder" >/dev/null
tar -xzf "$folder/jsqr-$JSQR.tgz" -C "$folder" package/dist/jsQR.js package/LICENSE
echo "$JSQR_SHA256  $folder/package/dist/jsQR.js" | sha256sum --check --quiet
cp "$folder/package/dist/jsQR.js" jsqr.js
cp "$folder/package/LICENSE" jsqr.LICENSE.txt
echo "jsqr.js $JSQR"
