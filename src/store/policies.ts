export {
  claimsChannel, keepVerdicts, latestVerdicts, readOverride, recordUnrecorded, standingOn,
  type BrokenClaim, type ClaimCheck, type StoredOverride, type StoredVerdict, type Unrecorded,
} from './claims.ts';
export { missedPolicyOf, noteMissedPolicies, type MissedPolicy } from './missedPolicies.ts';
export { openPolicies, type LivePolicies, type PolicyOptions } from './livePolicies.ts';
export {
  activatePolicy, activatePolicyIn, listPolicies, policyChannel, PolicyStoreError, readPolicy, versionsInForce,
  type Activated, type ActivationOptions, type PolicyStoreErrorCode, type PolicyVersion, type StoredPolicy,
} from './policyVersions.ts';
