import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isValidJobId, isValidVendorId, jobIds, vendorIds } from '../support/bad-ids.js'
import { openExposedGateway, type ExposedGateway, type HttpResponse } from '../support/exposed-gateway.js'
import { idArguments, type IdArgument } from '../support/root-fields.js'

let gateway: ExposedGateway
beforeAll(async () => {
  gateway = await openExposedGateway()
})
afterAll(() => gateway.close())

const ARGUMENTS = idArguments()
const IDS_EACH = 230
/** A valid decoded id of each type. */
const ADDRESSES = { Execution: 'Execution:a', Record: 'Record:c/a/a', WorkflowRun: 'WorkflowRun:c/a/a' }
const TYPES = Object.keys(ADDRESSES) as (keyof typeof ADDRESSES)[]
/** Distinct pairs of argument and id so far. */
const tried = new Set<string>()

describe('an invalid id', () => {
  it.each(ARGUMENTS.map((argument) => [argument.name, argument] as const))(
    'is BAD_INPUT and sends no vendor request: %s',
    async (_name, argument) => {
      const isValid = validatorOf(argument)
      const bad = (argument.isGlobal ? jobIds : vendorIds).filter((id) => !isValid(id))
      await fc.assert(
        fc.asyncProperty(bad, async (id) => {
          tried.add(`${argument.name} ${id}`)
          const response = await ask(argument, id)
          expect(response.status).toBe(200)
          expect(codesIn(response)).toEqual(['BAD_INPUT'])
          expect(response.text).not.toMatch(/node_modules|\/src\/|"stack/)
          expect(gateway.calls()).toBe(0)
        }),
        { numRuns: IDS_EACH },
      )
    },
    60_000,
  )

  it('was tried in every id argument, more than 6,500 times in total', () => {
    expect(ARGUMENTS.length).toBeGreaterThanOrEqual(35)
    expect(tried.size).toBeGreaterThan(6500)
  })

  it('logs no error', () => {
    expect(gateway.lines.filter(({ level }) => level === 'error')).toEqual([])
  })
})

// Runs last, because these requests raise the count of vendor requests.
describe('a valid id', () => {
  it.each(ARGUMENTS.map((argument) => [argument.name, argument] as const))(
    'sends a vendor request: %s',
    async (_name, argument) => {
      const before = gateway.calls()
      const id = argument.isGlobal ? Buffer.from(ADDRESSES[typesOf(argument)[0]!]).toString('base64url') : 'id_1'
      await ask(argument, id)
      expect(gateway.calls()).toBeGreaterThan(before)
    },
  )
})

/** Returns the job types that the argument accepts. */
function typesOf({ field: { name } }: IdArgument): (keyof typeof ADDRESSES)[] {
  const own = TYPES.find((type) => name.replace(/^cancel/, '').toLowerCase() === type.toLowerCase())
  return own === undefined ? TYPES : [own]
}

function validatorOf(argument: IdArgument): (id: string) => boolean {
  return argument.isGlobal ? (id) => isValidJobId(id, typesOf(argument)) : isValidVendorId
}

function ask({ field, variables }: IdArgument, id: string): Promise<HttpResponse> {
  const accept = field.kind === 'subscription' ? 'text/event-stream' : undefined
  return gateway.ask({ query: field.document, variables: variables(id) }, accept)
}

/** Returns the codes of all errors and of all failed outcomes of `cancelJobs`. */
function codesIn({ text, type }: HttpResponse): unknown[] {
  const body = type.startsWith('text/event-stream') ? /^data: (.+)$/m.exec(text)?.[1] : text
  const { data, errors = [] } = JSON.parse(body ?? '{}') as {
    data?: { cancelJobs?: { error: { code: string } | null }[] | null } | null
    errors?: { extensions?: { code?: string } }[]
  }
  const outcomes = data?.cancelJobs?.map(({ error }) => error?.code) ?? []
  return [...errors.map(({ extensions }) => extensions?.code), ...outcomes]
}
