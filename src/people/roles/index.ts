export { actions, allActions, factsOf, type Action, type ActionFacts, type Audience } from './actions.ts';
export { covers, freshFor, mayDo, roleFor, type Person, type Refusal } from './may.ts';
export { allRoles, readScope, roles, scopeText, type Grant, type Role, type RoleFacts, type Scope, type ScopeKind } from './roles.ts';
