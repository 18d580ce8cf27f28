import { describe, expect, it } from 'vitest'
import { createContext, type ContextOptions } from '../src/context.js'
import { UnauthenticatedError } from '../src/job/errors.js'

describe('the context of an operation', () => {
  it('is not made for anybody who has not been found out, however the operation came here', () => {
    const request = new Request('http://gateway.test/graphql')
    expect(() => createContext({} as ContextOptions, request, {})).toThrow(UnauthenticatedError)
  })
})
