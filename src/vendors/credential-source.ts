import type { Environment } from '../environment/parse-environment.js'
import type { Secret } from '../job/secret.js'
import type { VendorName } from '../job/vendor-name.js'

/** Where a vendor's credential comes from: the gateway's own key, the callers' requests, or nowhere. */
export type CredentialSource = Secret | 'callers' | null

/** Reads `CREDENTIALS` and the vendor's own variables. */
export function readCredentialSource(
  env: Environment,
  vendor: VendorName,
  key: Secret | undefined,
): { readonly key: CredentialSource; readonly problems: readonly string[] } {
  const isSet = (name: string) => Boolean(env[`${vendor}_${name}`]?.trim())
  const keyVariables = ['API_KEY', 'API_KEY_FILE'].filter(isSet).map((name) => `${vendor}_${name}`)
  if (env.CREDENTIALS?.trim() === 'passthrough')
    return {
      key: 'callers',
      problems: keyVariables.map(
        (name) => `${name}: must not be set when CREDENTIALS is passthrough, because callers send their own`,
      ),
    }
  if (keyVariables.length > 1)
    return { key: null, problems: [`${keyVariables[0]}: must not be set together with ${keyVariables[1]}`] }
  // The vendor is configured, but its credential was forgotten.
  if (key === undefined && isSet('BASE_URL'))
    return { key: null, problems: [`${vendor}_API_KEY: is required when ${vendor}_BASE_URL is set`] }
  return { key: key ?? null, problems: [] }
}
