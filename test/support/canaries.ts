import { randomBytes } from 'node:crypto'

/** Where a secret may show: nowhere, or to whoever sent it or asked for it but in no log. */
export type AllowedIn = 'nowhere' | 'answers'

/** Where was looked. */
export type Channel = 'answer' | 'log'

export interface Canaries {
  /**
   * A new secret, that has characters which URLs and JSON write otherwise where it may.
   * @param signs what it may hold besides letters, digits and dashes
   */
  plant(name: string, place?: AllowedIn, signs?: string): string
  /** A secret of somebody else's making. */
  add(name: string, secret: string, place?: AllowedIn): string
  /** Each secret found where it must not be, in whatever form: `name as form in channel: …`. */
  leaksIn(channel: Channel, text: string): string[]
}

/** Secrets, each unlike any other, so that where one of them shows it is known where it came from. */
export function createCanaries(): Canaries {
  const planted: { name: string; place: AllowedIn; forms: readonly (readonly [form: string, text: string])[] }[] = []
  const add = (name: string, secret: string, place: AllowedIn = 'nowhere') => {
    planted.push({ name, place, forms: formsOf(secret) })
    return secret
  }
  return {
    add,
    plant: (name, place, signs = '') => add(name, `canary${signs}${randomBytes(12).toString('hex')}${signs}`, place),
    leaksIn(channel, text) {
      const lower = text.toLowerCase()
      return planted
        .filter(({ place }) => channel === 'log' || place === 'nowhere')
        .flatMap(({ name, forms }) =>
          forms
            .map(([form, secret]) => [form, secret, lower.indexOf(secret.toLowerCase())] as const)
            .filter(([, , at]) => at >= 0)
            .map(([form, , at]) => `${name} as ${form} in ${channel}: ${text.slice(Math.max(0, at - 60), at + 60)}`),
        )
    },
  }
}

/** The ways to write it down; in lower or upper case, of which base64 is found a little too often, which is no harm. */
function formsOf(secret: string): readonly (readonly [form: string, text: string])[] {
  const forms: [string, string][] = [
    ['it is', secret],
    ['percent-encoded', encodeURIComponent(secret)],
    ['JSON', JSON.stringify(secret).slice(1, -1)],
    ['hex', Buffer.from(secret).toString('hex')],
  ]
  // In the midst of something longer, it begins at the first, second or third byte of four letters.
  for (const before of [0, 1, 2]) {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)])
    const whole = Math.floor((bytes.length * 8) / 6)
    for (const form of ['base64', 'base64url'] as const)
      forms.push([form, bytes.toString(form).slice(Math.ceil((before * 8) / 6), whole)])
  }
  return forms
}
