import type { Secret } from '../job/secret.js'

/** Shorter ones are no secrets, and turned into something else they are part of many words. */
const MIN_LENGTH_ENCODED = 8

/** The text with `[secret]` in place of each of these: as they are, as in a URL, and in base64, by itself or within more. */
export function maskSecrets(text: string, secrets: readonly Secret[]): string {
  const forms = secrets
    .map((secret) => secret.reveal())
    .filter((secret) => secret !== '')
    .flatMap(formsOf)
    // One may be the beginning of another.
    .sort((one, other) => other.length - one.length)
  if (forms.length === 0) return text
  return text.replaceAll(new RegExp(forms.map(literally).join('|'), 'gi'), '[secret]')
}

function formsOf(secret: string): readonly string[] {
  if (secret.length < MIN_LENGTH_ENCODED) return [secret]
  return [secret, encodeURIComponent(secret), ...[0, 1, 2].flatMap((before) => base64Of(secret, before))]
}

/** What of it is the same whatever stands before, as many bytes as these and any multiple of three, and behind it. */
function base64Of(secret: string, before: number): readonly string[] {
  const bytes = Buffer.from('\0'.repeat(before) + secret)
  const [start, end] = [Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6)]
  return (['base64', 'base64url'] as const).map((form) => bytes.toString(form).slice(start, end))
}

/** As a regular expression has it. */
function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
