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

const PLACES = idArguments()
const IDS_EACH = 230
/** What lies in a good id of each type. */
const ADDRESSES = { Execution: 'Execution:a', Record: 'Record:c/a/a', WorkflowRun: 'WorkflowRun:c/a/a' }
const TYPES = Object.keys(ADDRESSES) as (keyof typeof ADDRESSES)[]
/** By the place, so that none counts twice. */
const tried = new Set<string>()

describe('an id that is none', () => {
  it.each(PLACES.map((place) => [place.name, place] as const))(
    'costs no call to a vendor, and is BAD_INPUT: %s',
    async (_name, place) => {
      const isGood = goodAt(place)
      const bad = (place.isGlobal ? jobIds : vendorIds).filter((id) => !isGood(id))
      await fc.assert(
        fc.asyncProperty(bad, async (id) => {
          tried.add(`${place.name} ${id}`)
          const answer = await ask(place, id)
          expect(answer.status).toBe(200)
          expect(codesIn(answer)).toEqual(['BAD_INPUT'])
          expect(answer.text).not.toMatch(/node_modules|\/src\/|"stack/)
          expect(gateway.calls()).toBe(0)
        }),
        { numRuns: IDS_EACH },
      )
    },
    60_000,
  )

  it('was tried in every place there is, more than six thousand times', () => {
    expect(PLACES.length).toBeGreaterThanOrEqual(35)
    expect(tried.size).toBeGreaterThan(6500)
  })

  it('is an error of no other kind, and the gateway is as it was', () => {
    expect(gateway.lines.filter(({ level }) => level === 'error')).toEqual([])
  })
})

// Afterwards, so that the count above is of nothing else.
describe('an id that is one', () => {
  it.each(PLACES.map((place) => [place.name, place] as const))('does cost a call: %s', async (_name, place) => {
    const before = gateway.calls()
    const id = place.isGlobal ? Buffer.from(ADDRESSES[typesAt(place)[0]!]).toString('base64url') : 'id_1'
    await ask(place, id)
    expect(gateway.calls()).toBeGreaterThan(before)
  })
})

/** The types whose ids are well there. */
function typesAt({ field: { name } }: IdArgument): (keyof typeof ADDRESSES)[] {
  const own = TYPES.find((type) => name.replace(/^cancel/, '').toLowerCase() === type.toLowerCase())
  return own === undefined ? TYPES : [own]
}

function goodAt(place: IdArgument): (id: string) => boolean {
  return place.isGlobal ? (id) => isValidJobId(id, typesAt(place)) : isValidVendorId
}

function ask({ field, variables }: IdArgument, id: string): Promise<HttpResponse> {
  const accept = field.kind === 'subscription' ? 'text/event-stream' : undefined
  return gateway.ask({ query: field.document, variables: variables(id) }, accept)
}

/** The codes of all that went wrong, whether it is an error or the outcome of one of several cancels. */
function codesIn({ text, type }: HttpResponse): unknown[] {
  const body = type.startsWith('text/event-stream') ? /^data: (.+)$/m.exec(text)?.[1] : text
  const { data, errors = [] } = JSON.parse(body ?? '{}') as {
    data?: { cancelJobs?: { error: { code: string } | null }[] | null } | null
    errors?: { extensions?: { code?: string } }[]
  }
  const outcomes = data?.cancelJobs?.map(({ error }) => error?.code) ?? []
  return [...errors.map(({ extensions }) => extensions?.code), ...outcomes]
}
