import { describe, expect, it } from 'vitest'
import { createCanaries } from './support/canaries.js'

describe('createCanaries', () => {
  it('detects a secret in every encoding', () => {
    const { plant, leaksIn } = createCanaries()
    const secret = plant('it', 'nowhere', '/"+')
    const shared = plant('the other', 'answers')
    const base64 = (text: string) => Buffer.from(text).toString('base64')
    for (const text of [
      `x ${secret} y`,
      encodeURIComponent(secret).toLowerCase(),
      JSON.stringify({ secret }),
      ...['', 'a', 'ab'].flatMap((before) => [base64(`${before}${secret}`), base64(`${before}${secret} and more`)]),
      Buffer.from(secret).toString('base64url'),
      Buffer.from(secret).toString('hex'),
    ])
      expect(leaksIn('answer', text), text).not.toEqual([])
    expect(leaksIn('answer', shared)).toEqual([])
    expect(leaksIn('log', shared)).not.toEqual([])
    expect(leaksIn('log', secret.slice(0, -6))).toEqual([])
  })
})
