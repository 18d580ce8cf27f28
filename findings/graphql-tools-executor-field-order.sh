#!/bin/sh
# @graphql-tools/executor 2.0.1 (Node 20.20): the fields of a response stand in the order in which they resolved.
#
# The GraphQL specification (October 2021, section 6.2.2 and 7.2.2) asks for the order of the selection, and graphql-js keeps it. With
# this executor a field that returns a promise comes after its synchronous neighbours.
#
# Seen: {"data":{"fast":2,"slow":1}} for the query { slow fast }; graphql-js 16.15.0 gives {"data":{"slow":1,"fast":2}}.
set -eu
cd "$(mktemp -d)"
npm init --yes >/dev/null
npm install --ignore-scripts --no-audit --no-fund --silent graphql@16.15.0 @graphql-tools/executor@2.0.1

cat > order.mjs <<'JS'
import { buildSchema, execute as reference, parse } from 'graphql'
import { execute } from '@graphql-tools/executor'

const schema = buildSchema('type Query { slow: Int fast: Int }')
const rootValue = { slow: () => new Promise((resolve) => setTimeout(resolve, 20, 1)), fast: () => 2 }
const document = parse('{ slow fast }')
for (const run of [execute, reference]) console.log(JSON.stringify(await run({ schema, document, rootValue })))
JS

output=$(node order.mjs)
echo "$output"
test "$output" = '{"data":{"fast":2,"slow":1}}
{"data":{"slow":1,"fast":2}}' || { echo 'The behaviour has changed.'; exit 1; }
