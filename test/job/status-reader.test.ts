import { beforeEach, describe, expect, it } from 'vitest'
import { silentLog, type Log } from '../../src/job/log.js'
import type { JobStatus } from '../../src/job/state.js'
import { createStatusReader, rawStatusesFor } from '../../src/job/status-reader.js'
import '../../src/vendors/index.js'

const TABLE = {
  WAITING: 'QUEUED',
  BUSY: 'RUNNING',
  DONE: 'COMPLETED',
  ARCHIVED: 'COMPLETED',
  7: 'CANCELLED',
} as const satisfies Record<string, JobStatus>

let lines: { fields: object & { vendorStatus?: unknown }; message: string }[]
let log: Log

beforeEach(() => {
  lines = []
  log = { ...silentLog, warn: (fields, message) => void lines.push({ fields, message }) }
})

const reader = () => createStatusReader('KODEXA', 'execution', TABLE, log)

describe('a status of the table', () => {
  it('is normalised', () => {
    expect(reader()('BUSY')).toEqual({ status: 'RUNNING', vendorStatus: 'BUSY' })
  })

  it.each(['busy', 'Busy', 'bUSY', ' busy\n'])('is normalised in any case, and kept as it was sent: %j', (word) => {
    expect(reader()(word)).toEqual({ status: 'RUNNING', vendorStatus: word })
  })

  it('is normalised as a number and as the same number in a string', () => {
    expect(reader()(7)).toEqual({ status: 'CANCELLED', vendorStatus: '7' })
    expect(reader()('7')).toEqual({ status: 'CANCELLED', vendorStatus: '7' })
  })

  it('is not logged', () => {
    const read = reader()
    for (const word of ['WAITING', 'busy', 7, '7']) read(word)
    expect(lines).toEqual([])
  })
})

describe('a status that the table lacks', () => {
  it('is UNKNOWN and kept as it was sent', () => {
    expect(reader()(' On Hold ')).toEqual({ status: 'UNKNOWN', vendorStatus: ' On Hold ' })
    expect(reader()(8)).toEqual({ status: 'UNKNOWN', vendorStatus: '8' })
    expect(reader()('')).toEqual({ status: 'UNKNOWN', vendorStatus: '' })
  })

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'is UNKNOWN even when it is a property of every object: %s',
    (word) => {
      expect(reader()(word)).toEqual({ status: 'UNKNOWN', vendorStatus: word })
    },
  )

  it('is logged with vendor, kind and raw status', () => {
    reader()('PAUSED')
    expect(lines).toHaveLength(1)
    expect(lines[0]!.fields).toEqual({ vendor: 'KODEXA', kind: 'execution', vendorStatus: 'PAUSED' })
  })

  it('is logged once for all that are too long', () => {
    const read = reader()
    const novels = ['a', 'b', 'c'].map((letter) => letter.repeat(1000))
    for (const novel of novels) expect(read(novel)).toEqual({ status: 'UNKNOWN', vendorStatus: novel })
    expect(lines.map(({ fields }) => fields.vendorStatus)).toEqual([null])
  })

  it('is logged once, in whatever case it comes', () => {
    const read = reader()
    for (const word of ['PAUSED', 'PAUSED', 'paused', ' Paused ']) read(word)
    expect(lines).toHaveLength(1)
    read('HALTED')
    expect(lines).toHaveLength(2)
  })

  it.each(['X'.repeat(33), 'word: of a body', 'sk_live_4f3a91', 'Bearer a.b.c', '<html>'])(
    'is hidden from the log when it does not look like a status, but returned: %s',
    (word) => {
      expect(reader()(word).vendorStatus).toBe(word)
      expect(lines.map(({ fields }) => fields)).toEqual([{ vendor: 'KODEXA', kind: 'execution', vendorStatus: null }])
    },
  )

  it.each(['PAUSED', 'Timed out', 'waiting-for-input', '800', 'STATUS_404'])('is logged otherwise: %s', (word) => {
    reader()(word)
    expect(lines.map(({ fields }) => fields)).toMatchObject([{ vendorStatus: word }])
  })

  it('is logged for the first hundred only', () => {
    const read = reader()
    for (let at = 0; at < 250; at++)
      expect(read(`WORD_${at}`)).toEqual({ status: 'UNKNOWN', vendorStatus: `WORD_${at}` })
    expect(lines).toHaveLength(100)
    expect(lines.at(-1)!.fields).toMatchObject({ vendorStatus: 'WORD_99' })
  })

  it('is remembered per reader', () => {
    reader()('PAUSED')
    reader()('PAUSED')
    expect(lines).toHaveLength(2)
  })
})

describe('a value that is not a status', () => {
  it.each([null, undefined, true, {}, ['BUSY'], { status: 'BUSY' }])(
    'is UNKNOWN without a raw status, and not logged: %j',
    (thing) => {
      expect(reader()(thing)).toEqual({ status: 'UNKNOWN', vendorStatus: null })
      expect(lines).toEqual([])
    },
  )
})

describe('the raw statuses of a filter', () => {
  it('are all that map to a status', () => {
    expect(rawStatusesFor(TABLE, ['COMPLETED'])).toEqual(['DONE', 'ARCHIVED'])
  })

  it('are those of every given status', () => {
    expect(new Set(rawStatusesFor(TABLE, ['RUNNING', 'COMPLETED', 'QUEUED']))).toEqual(
      new Set(['WAITING', 'BUSY', 'DONE', 'ARCHIVED']),
    )
  })

  it('are not repeated for a repeated status', () => {
    expect(rawStatusesFor(TABLE, ['RUNNING', 'RUNNING'])).toEqual(['BUSY'])
  })

  it('are none for a status that the vendor does not have', () => {
    expect(rawStatusesFor(TABLE, ['DRAFT', 'SKIPPED'])).toEqual([])
    expect(rawStatusesFor(TABLE, [])).toEqual([])
  })

  it('are null when UNKNOWN is among the statuses', () => {
    expect(rawStatusesFor(TABLE, ['UNKNOWN'])).toBeNull()
    expect(rawStatusesFor(TABLE, ['RUNNING', 'UNKNOWN'])).toBeNull()
  })
})
