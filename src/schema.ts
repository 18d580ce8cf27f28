import { lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql'
import './graph/index.js'
import { auditCancels } from './graph/cancel-audit.js'
import { builder } from './graph/builder.js'
import { defineVendorNames } from './graph/vendor-name.js'
import { vendorModules } from './vendors/index.js'

let schema: GraphQLSchema | undefined

/** The gateway's schema, built on first use. It is stateless, so all gateways of a process share it. */
export function gatewaySchema(): GraphQLSchema {
  if (schema === undefined) {
    defineVendorNames(vendorModules)
    schema = auditCancels(builder.toSchema())
  }
  return schema
}

/** The text of `schema/schema.graphql`, sorted, so that diffs are small. */
export function printGatewaySchema(): string {
  return `# Generated from the code by \`npm run generate\`. Do not edit.\n\n${printSchema(lexicographicSortSchema(gatewaySchema()))}\n`
}
