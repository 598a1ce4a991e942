export { ProviderError, type ProviderErrorCode } from './errors.ts';
export { flowFor } from './flow.ts';
export { openProviders, type BeginRequest, type Begun, type Finished, type Providers, type ProvidersParts } from './providers.ts';
export { checkGroups, federationClaims, grantsOf, groupsSchema, providerSchema, providersSchema, readGroups, readProvider, strongMethods, type GroupRoles, type Provider, type ProviderSettings } from './settings.ts';
