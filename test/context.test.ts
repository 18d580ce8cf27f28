import { describe, expect, it } from 'vitest'
import { createContext, type ContextOptions } from '../src/context.js'
import { UnauthenticatedError } from '../src/job/errors.js'

describe('the context of an operation', () => {
  it('is not created for a request that was not authenticated', () => {
    const request = new Request('http://gateway.test/graphql')
    expect(() => createContext({} as ContextOptions, request, {})).toThrow(UnauthenticatedError)
  })
})
