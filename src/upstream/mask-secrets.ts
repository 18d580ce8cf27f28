import type { Secret } from '../job/secret.js'

/** The encoded forms of shorter values would match parts of ordinary words. */
const MIN_ENCODED_LENGTH = 8

/** Replaces each secret with `[secret]`: verbatim, URL-encoded, and in base64, alone or inside a longer value. */
export function maskSecrets(text: string, secrets: readonly Secret[]): string {
  const forms = secrets
    .map((secret) => secret.reveal())
    .filter((secret) => secret !== '')
    .flatMap(formsOf)
    // Longest first, because one form may be the prefix of another.
    .sort((a, b) => b.length - a.length)
  if (forms.length === 0) return text
  return text.replaceAll(new RegExp(forms.map(escapeRegExp).join('|'), 'gi'), '[secret]')
}

function formsOf(secret: string): readonly string[] {
  if (secret.length < MIN_ENCODED_LENGTH) return [secret]
  return [secret, encodeURIComponent(secret), ...[0, 1, 2].flatMap((offset) => base64Of(secret, offset))]
}

/** The base64 characters that depend on the secret alone when it starts `offset` bytes (modulo 3) into a longer value. */
function base64Of(secret: string, offset: number): readonly string[] {
  const bytes = Buffer.from('\0'.repeat(offset) + secret)
  const [start, end] = [Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6)]
  return (['base64', 'base64url'] as const).map((encoding) => bytes.toString(encoding).slice(start, end))
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
