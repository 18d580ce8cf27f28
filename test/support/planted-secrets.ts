import { createCanaries } from './canaries.js'

/** Creates secrets for every source of untrusted or secret text, and the canaries that detect them. */
export function plantSecrets() {
  const canaries = createCanaries()
  const { plant } = canaries
  /** Set in the environment. */
  const vendor = {
    cortexKey: plant('the key of Cortex', 'nowhere', '/:+'),
    kodexaKey: plant('the key of Kodexa', 'nowhere', '/:+'),
    cortexHeader: plant('a header for Cortex', 'nowhere', '&"%'),
    kodexaHeader: plant('a header for Kodexa', 'nowhere', '&"%'),
    webhookToken: plant('the token of the webhook'),
    redisUser: plant('the user of Redis'),
    redisPassword: plant('the password of Redis'),
    issuerToken: plant("the token in the issuer's address"),
  }
  /** Sent by vendors. */
  const vendorResponse = {
    body: plant('the body of a vendor'),
    message: plant('a message of a vendor', 'answers'),
    word: plant('what a vendor has in place of a status', 'answers'),
  }
  /** Sent by callers. */
  const caller = {
    admin: plant("an admin's key", 'nowhere', '+/'),
    reader: plant("a reader's key", 'nowhere', '+/'),
    wrongKey: plant('a wrong key', 'nowhere', '+/'),
    wrongHook: plant('a wrong token of the webhook'),
    cookie: plant('a cookie'),
    address: plant('X-Forwarded-For'),
    header: plant('a header of a caller', 'nowhere', '%&'),
    query: plant('the query string', 'nowhere', '+/'),
    broken: plant('a malformed message', 'nowhere'),
    argument: plant('an argument', 'answers'),
  }
  return { ...canaries, vendor, vendorResponse, caller }
}

export type PlantedSecrets = ReturnType<typeof plantSecrets>
