export { localAuthority, serverCertificate, type Authority, type ServerCertificate } from './authority.ts';
export { listCredentials, openCredentials, type CredentialRow, type LiveCredential, type LiveCredentials } from './credentials.ts';
export { bindExternal, enrol, revoke, type Enrolled, type EnrolRequest, type PeopleStore } from './enrol.ts';
export { PeopleError, type PeopleErrorCode } from './errors.ts';
export { confirmOrder, listOrders, openConfirmations, withdrawOrder, type CourtOrder, type LiveConfirmations, type NewOrder } from './orders.ts';
export { addTrust, trustedAuthorities } from './trust.ts';
export { openAuthority, type ServingAuthority } from './tls.ts';
