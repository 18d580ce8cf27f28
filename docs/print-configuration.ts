import { readFileSync, writeFileSync } from 'node:fs'
import { withConfigurationTable } from './configuration-table.js'

const page = new URL('configuration.md', import.meta.url)
writeFileSync(page, withConfigurationTable(readFileSync(page, 'utf8')))
