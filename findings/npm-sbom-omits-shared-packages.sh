#!/bin/sh
# npm 11.19.1: `npm sbom --omit dev` leaves out a production dependency that a development dependency needs as well.
#
# graphql is listed under "dependencies". graphql-http, under "devDependencies", has it as a peer. The bill of materials without
# development packages then lacks graphql, while `npm ls --omit dev` shows it.
#
# Seen: components named graphql*: graphql-yoga. Expected: graphql and graphql-yoga.
set -eu
cd "$(mktemp -d)"
cat > package.json <<'JSON'
{
  "name": "sbom",
  "version": "1.0.0",
  "dependencies": { "graphql": "16.15.0", "graphql-yoga": "5.24.1" },
  "devDependencies": { "graphql-http": "1.23.1" }
}
JSON
npx --yes npm@11.19.1 install --package-lock-only --no-audit --no-fund --silent
npx --yes npm@11.19.1 ls --omit=dev --package-lock-only
npx --yes npm@11.19.1 sbom --package-lock-only --omit dev --sbom-format cyclonedx > sbom.json

found=$(node --print 'JSON.parse(fs.readFileSync("sbom.json")).components.map(({ name }) => name).filter((name) => name.startsWith("graphql")).join(" ")')
echo "components named graphql*: $found"
test "$found" = 'graphql-yoga' || { echo 'The behaviour has changed.'; exit 1; }
