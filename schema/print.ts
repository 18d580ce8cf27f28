import { writeFileSync } from 'node:fs'
import { printGatewaySchema } from '../src/schema.js'

writeFileSync(new URL('schema.graphql', import.meta.url), printGatewaySchema())
