/** The package's public API, for embedding the gateway. Importing it opens nothing and reads no environment. */
export { createGateway, type Gateway, type GatewayOptions } from './gateway.js'
export {
  allowAnonymous,
  createAuthenticate,
  createAuthenticator,
  type Authenticate,
  type Authenticator,
  type AuthSettings,
} from './auth/authenticate.js'
export { createApiKey, type ApiKey } from './auth/api-key.js'
export type { Identity, Role } from './auth/identity.js'
export type { RoleClaim } from './auth/role-claim.js'
export type { TokenSettings } from './auth/token-verifier.js'
export { DEFAULT_LIMITS, type Limits } from './server/limits/limits.js'
export { DEFAULT_LOAD_SHEDDING, type LoadSheddingOptions } from './server/limits/load-shedder.js'
export type { PersistedOperations } from './server/persisted-operations.js'
export { gatewaySchema } from './schema.js'
export { ConfigError, readConfig, type Config } from './config/config.js'
export { connectVendors, type ConnectedVendors } from './config/connect-vendors.js'
export { connectCortex } from './vendors/cortex/index.js'
export type { CortexSettings } from './vendors/cortex/settings.js'
export { connectKodexa } from './vendors/kodexa/index.js'
export type { KodexaSettings } from './vendors/kodexa/settings.js'
export {
  BadInputError,
  DocketError,
  ForbiddenError,
  InternalError,
  JobNotCancellableError,
  OverloadedError,
  JobNotFoundError,
  UnauthenticatedError,
  VendorError,
  type ErrorCode,
  type JobError,
} from './job/errors.js'
export { serve, type Server, type ServerOptions } from './server/serve.js'
export { silentLog, type Log } from './job/log.js'
export type { HeaderReader } from './job/header-reader.js'
export { Secret } from './job/secret.js'
export { createSharedState, type SharedState, type SharedStateOptions } from './reads/shared-state.js'
export type { ConnectOptions } from './vendors/module.js'
export type { Vendor, VendorMode } from './job/vendor.js'
export type { VendorName } from './job/vendor-name.js'
export { connectClusterBus } from './watch/redis-cluster-bus.js'
export type { ClusterBus } from './watch/cluster-bus.js'
