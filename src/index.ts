/** The package's public face, for those who embed the gateway. Importing it has no side effect but defining types. */
export { createGateway, type Gateway, type GatewayOptions } from './gateway.js'
export {
  createAuthenticate,
  createAuthenticator,
  allowAnonymous as everybody,
  type Authenticate,
  type AuthSettings,
  type Authenticator as Callers,
} from './auth/authenticate.js'
export { createApiKey, type ApiKey } from './auth/api-key.js'
export type { Identity, Role } from './auth/identity.js'
export type { RoleClaim } from './auth/role-claim.js'
export type { TokenSettings } from './auth/token-verifier.js'
export { DEFAULT_LIMITS, type Limits } from './server/limits/limits.js'
export {
  DEFAULT_LOAD_SHEDDING as DEFAULT_LOAD_LIMITS,
  type LoadSheddingOptions as LoadLimits,
} from './server/limits/load-shedder.js'
export type { PersistedOperations } from './server/persisted-operations.js'
export { gatewaySchema } from './schema.js'
export { ConfigError, readConfig, type Config } from './config/config.js'
export { connectVendors, type ConnectedVendors as Connection } from './config/connect-vendors.js'
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
export type { HeaderReader as ReadableHeaders } from './job/header-reader.js'
export { Secret } from './job/secret.js'
export {
  createSharedState,
  type SharedState as Sharing,
  type SharedStateOptions as SharingOptions,
} from './reads/shared-state.js'
export type { ConnectOptions } from './vendors/module.js'
export type { Vendor, VendorMode } from './job/vendor.js'
export type { VendorName } from './job/vendor-name.js'
export { connectClusterBus } from './watch/redis-cluster-bus.js'
export type { ClusterBus as Peers } from './watch/cluster-bus.js'
