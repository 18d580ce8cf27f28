import { lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql'
import './graph/index.js'
import { auditCancels } from './graph/cancel-audit.js'
import { builder } from './graph/builder.js'
import { defineVendorNames } from './graph/vendor-name.js'
import { vendorModules } from './vendors/index.js'

let schema: GraphQLSchema | undefined

/** The gateway's schema, built when it is first wanted and the same from then on: it holds no state of its own. */
export function gatewaySchema(): GraphQLSchema {
  if (schema === undefined) {
    defineVendorNames(vendorModules)
    schema = auditCancels(builder.toSchema())
  }
  return schema
}

/** The schema as `schema/schema.graphql` has it: sorted, so that a change shows as one. */
export function printGatewaySchema(): string {
  return `# Printed from the code by \`npm run generate\`: change it there.\n\n${printSchema(lexicographicSortSchema(gatewaySchema()))}\n`
}
