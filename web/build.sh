#!/bin/sh
# Fetches what package.json pins and copies the few files that browsers need to static/vendor/ (not kept in git).
# Needs node and npm. Run it again after package.json changes; `./dev setup` does.
set -eu
cd "$(dirname "$0")"
npm ci --omit=optional --no-audit --no-fund --loglevel=error
vendor=static/vendor
rm -rf "$vendor"
mkdir -p "$vendor/fonts"
cp node_modules/htmx.org/dist/htmx.min.js "$vendor/htmx.js"
for weight in 400 500 600; do
    for subset in latin vietnamese; do
        cp "node_modules/@fontsource/be-vietnam-pro/files/be-vietnam-pro-$subset-$weight-normal.woff2" "$vendor/fonts/"
    done
    cp "node_modules/@fontsource/ibm-plex-sans/files/ibm-plex-sans-latin-$weight-normal.woff2" "$vendor/fonts/"
done
cp node_modules/@fontsource/be-vietnam-pro/LICENSE "$vendor/fonts/BeVietnamPro-LICENSE"
cp node_modules/@fontsource/ibm-plex-sans/LICENSE "$vendor/fonts/IBMPlexSans-LICENSE"
if [ -f node_modules/axe-core/axe.min.js ]; then cp node_modules/axe-core/axe.min.js "$vendor/axe.js"; fi
