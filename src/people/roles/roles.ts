/** What a person may be. Each role is held in a scope: one owner, one agency, one person, or the machine. */
export type Role =
  | 'ownerOfficial' | 'policyAuthor' | 'policyApprover' | 'privacyApprover' | 'reviewer' | 'auditor'
  | 'agencyCoordinator' | 'agencyUser' | 'resident' | 'operator';

export type ScopeKind = 'owner' | 'agency' | 'person' | 'machine';

/** Where a role holds, or what an act is about. `owner` two letters, `ori` nine. `person` is always the one who acts. */
export type Scope =
  | { readonly kind: 'owner'; readonly owner: string }
  | { readonly kind: 'agency'; readonly ori: string }
  | { readonly kind: 'person' }
  | { readonly kind: 'machine' };

/** What is said of a role: to people, and in docs/roles.md. */
export interface RoleFacts {
  readonly plain: string;
  readonly scope: ScopeKind;
  readonly does: string;
}

export const roles: Readonly<Record<Role, RoleFacts>> = {
  ownerOfficial: { plain: 'official of the owner', scope: 'owner', does: 'answers for an owner\'s records: sees what became of them, keeps its people and its settings' },
  policyAuthor: { plain: 'policy author', scope: 'owner', does: 'drafts and proposes a policy; never approves what they proposed' },
  policyApprover: { plain: 'policy approver', scope: 'owner', does: 'approves, returns or rejects exactly the version that was shown' },
  privacyApprover: { plain: 'privacy or legal approver', scope: 'owner', does: 'approves as the privacy or legal office: nothing is widened without one' },
  reviewer: { plain: 'reviewer', scope: 'owner', does: 'decides held requests against their clock' },
  auditor: { plain: 'auditor', scope: 'owner', does: 'reads every decision and act of an owner; no resident\'s data' },
  agencyCoordinator: { plain: 'agency coordinator', scope: 'agency', does: 'answers for an agency: its certifications, its users, its tickets' },
  agencyUser: { plain: 'agency user', scope: 'agency', does: 'asks for an agency, and follows its tickets' },
  resident: { plain: 'resident', scope: 'person', does: 'asks who looked them up' },
  operator: { plain: 'operator', scope: 'machine', does: 'runs the machine; sees no resident\'s data and decides nothing' },
};

export const allRoles = Object.keys(roles) as readonly Role[];

/** One role of one account. */
export interface Grant {
  readonly role: Role;
  readonly scope: Scope;
  /** Of a reviewer: the desks that they work for, as policies name them; empty for all of the owner. */
  readonly desks: readonly string[];
}

/** `owner WA`, `agency ZZ0000101`, `person`, `machine`: a scope as one word or two. */
export function scopeText(scope: Scope): string {
  if (scope.kind === 'owner') return `owner ${scope.owner}`;
  return scope.kind === 'agency' ? `agency ${scope.ori}` : scope.kind;
}

/** The other way round; null where the text is none. The text comes from a command line or an identity provider. */
export function readScope(text: string): Scope | null {
  if (text === 'person' || text === 'machine') return { kind: text };
  const owner = /^owner ([A-Z]{2})$/.exec(text)?.[1];
  if (owner !== undefined) return { kind: 'owner', owner };
  const ori = /^agency ([A-Z0-9]{9})$/.exec(text)?.[1];
  return ori === undefined ? null : { kind: 'agency', ori };
}
