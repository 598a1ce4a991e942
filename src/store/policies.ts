export { openPolicies, type LivePolicies, type PolicyOptions } from './livePolicies.ts';
export {
  activatePolicy, listPolicies, policyChannel, PolicyStoreError, readPolicy, versionsInForce,
  type Activated, type PolicyStoreErrorCode, type PolicyVersion, type StoredPolicy,
} from './policyVersions.ts';
