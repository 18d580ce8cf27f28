import type { Environment } from '../environment/parse-environment.js'
import type { Secret } from '../job/secret.js'
import type { VendorName } from '../job/vendor-name.js'

/** How a vendor's credential is come by: the gateway holds it, callers bring their own, or there is none. */
export type CredentialSource = Secret | 'callers' | null

/** What `CREDENTIALS` and a vendor's own variables come to. */
export function readCredentialSource(
  env: Environment,
  vendor: VendorName,
  key: Secret | undefined,
): { readonly key: CredentialSource; readonly problems: readonly string[] } {
  const isSet = (name: string) => Boolean(env[`${vendor}_${name}`]?.trim())
  const names = ['API_KEY', 'API_KEY_FILE'].filter(isSet).map((name) => `${vendor}_${name}`)
  if (env.CREDENTIALS?.trim() === 'passthrough')
    return {
      key: 'callers',
      problems: names.map(
        (name) => `${name}: must not be set where CREDENTIALS is passthrough: callers bring their own`,
      ),
    }
  if (names.length > 1) return { key: null, problems: [`${names[0]}: must not be set together with ${names[1]}`] }
  // Somebody said where the vendor is and forgot the credential.
  if (key === undefined && isSet('BASE_URL'))
    return { key: null, problems: [`${vendor}_API_KEY: is missing although ${vendor}_BASE_URL is set`] }
  return { key: key ?? null, problems: [] }
}
