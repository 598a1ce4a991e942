import type { Role, ScopeKind } from './roles.ts';

/**
 * Who besides persons with a role: `anybody`; `signedIn`, every person with a session; `system`, an agency's system by its certificate, for its own ORIs;
 * `operatorSystem`, a certificate of the operator. On the loopback demonstration everybody counts as a system.
 */
export type Audience = Role | 'anybody' | 'signedIn' | 'system' | 'operatorSystem';

/** One thing that can be done: who may, and about what. The scope of a request is in its address: `:owner`, `:ori`; a person's own is the person's. */
export interface ActionFacts {
  readonly does: string;
  /** What the roles must be held for. `none` where it concerns no owner, agency or person more than another. */
  readonly scope: ScopeKind | 'none';
  readonly to: readonly Audience[];
  /** Only within five minutes of a sign-in with all factors. */
  readonly fresh?: true;
  /** Reads what names residents, or may: on the record before it is shown. */
  readonly personal?: true;
}

const officials = ['ownerOfficial', 'policyAuthor', 'policyApprover', 'privacyApprover'] as const;
const ofOwner = [...officials, 'reviewer', 'auditor'] as const;
const ofAgency = ['agencyCoordinator', 'agencyUser'] as const;
const approvers = ['policyApprover', 'privacyApprover'] as const;

/**
 * The table of what can be done, by whom, about what. Whatever is not in it cannot be done: a route names one of these, or the server does not start.
 * docs/roles.md is made of it, and a test walks every route as every role.
 */
export const actions = {
  'site.read': { does: 'read the pages that are for everybody, and the description of the interface', scope: 'none', to: ['anybody'] },
  'log.read': { does: 'read the public part of the ledger', scope: 'none', to: ['anybody'] },
  'session.begin': { does: 'sign in, take up an invitation', scope: 'none', to: ['anybody'] },
  'session.own': { does: 'see one\'s own account, see and end one\'s own sessions', scope: 'person', to: ['signedIn'] },
  'factor.own': { does: 'change one\'s own password and factors', scope: 'person', to: ['signedIn'], fresh: true },
  'token.own': { does: 'make, list and revoke one\'s own tokens', scope: 'person', to: ['signedIn'], fresh: true },
  'act.own': { does: 'read and export what one did oneself, keep searches', scope: 'person', to: ['signedIn'] },

  'inquiry.send': { does: 'send a query', scope: 'none', to: ['system'] },
  'inquiry.person': { does: 'send a query by hand, for one\'s agency', scope: 'agency', to: ['agencyUser'] },
  'ticket.read': { does: 'see what became of one\'s agency\'s held requests, and take the late answer', scope: 'none', to: ['system', ...ofAgency], personal: true },
  'ticket.answer': { does: 'answer a question that a reviewer put back, hand in papers', scope: 'none', to: ['system', ...ofAgency] },
  'delivery.manage': { does: 'say where late answers are sent', scope: 'agency', to: ['agencyCoordinator'], fresh: true },
  'entry.open': { does: 'open a ledger entry of one\'s own agency', scope: 'none', to: ['system'], personal: true },

  'registry.read': { does: 'look up an agency, read the words of the vocabulary', scope: 'none', to: ['system', 'signedIn'] },
  'policy.read': { does: 'read a policy in force, what is proved of it, and ask what it says', scope: 'none', to: ['system', 'signedIn'] },
  'machine.read': { does: 'read health, counters and what tells of all agencies together', scope: 'machine', to: ['operatorSystem', 'operator'] },
  'machine.health': { does: 'ask whether the exchange is well', scope: 'none', to: ['anybody'] },
  'briefing.read': { does: 'read an owner\'s briefing', scope: 'owner', to: ['operatorSystem', ...ofOwner] },
  'briefing.list': { does: 'see which owners there are briefings of', scope: 'none', to: ['operatorSystem', 'signedIn'] },

  'people.read': { does: 'see who has which role for an owner', scope: 'owner', to: ['ownerOfficial', 'auditor'] },
  'people.manage': { does: 'invite people of an owner, give and take roles', scope: 'owner', to: ['ownerOfficial'], fresh: true },
  'people.agency.read': { does: 'see who has which role for an agency', scope: 'agency', to: ['agencyCoordinator'] },
  'people.agency.manage': { does: 'invite people of an agency, give and take roles', scope: 'agency', to: ['agencyCoordinator'], fresh: true },
  'people.machine': { does: 'list accounts by their numbers, unlock and disable them', scope: 'machine', to: ['operator'], fresh: true },
  'people.provision': { does: 'add and remove people from a directory (SCIM)', scope: 'none', to: ['anybody'] },
  'act.search': { does: 'search what was done about an owner\'s records, and by whom', scope: 'owner', to: ['ownerOfficial', 'auditor'], personal: true },
  'act.export': { does: 'export what was done about an owner\'s records, without names and without what people wrote', scope: 'owner', to: ['ownerOfficial', 'auditor'], personal: true },
  'act.agency': { does: 'search and export what an agency\'s people did', scope: 'agency', to: ['agencyCoordinator'], personal: true },

  'change.read': { does: 'read drafts, proposals, approvals and the rule of approval', scope: 'owner', to: [...officials, 'auditor'] },
  'change.draft': { does: 'write drafts and have them checked', scope: 'owner', to: ['policyAuthor', 'ownerOfficial'] },
  'change.comment': { does: 'comment on a draft or proposal', scope: 'owner', to: [...officials] },
  'change.propose': { does: 'propose a draft, and withdraw a proposal of one\'s own', scope: 'owner', to: ['policyAuthor', 'ownerOfficial'] },
  'change.approve': { does: 'approve, return or reject a proposal of another person; an official only as the deputy of an approver', scope: 'owner', to: [...approvers, 'ownerOfficial'], fresh: true },
  'change.emergency': { does: 'put a change in force at once, for 72 hours at most', scope: 'owner', to: ['ownerOfficial', 'policyApprover', 'privacyApprover'], fresh: true },
  'change.certificate': { does: 'have a certificate of approval', scope: 'owner', to: [...officials, 'auditor'] },

  'held.read': { does: 'see held requests without the resident\'s data', scope: 'owner', to: ['reviewer', 'ownerOfficial', 'auditor'] },
  'held.open': { does: 'open the resident\'s data and the papers of a held request', scope: 'owner', to: ['reviewer'], personal: true },
  'held.decide': { does: 'decide a held request, ask for more, escalate', scope: 'owner', to: ['reviewer'] },
  'held.manage': { does: 'keep the duty rota and delegations of a desk', scope: 'owner', to: ['ownerOfficial', 'reviewer'] },

  'duty.read': { does: 'see the duties with a clock of an owner', scope: 'owner', to: [...officials, 'auditor'] },
  'duty.act': { does: 'do a duty: send or delay a notice, review users, re-certify agencies', scope: 'owner', to: ['ownerOfficial', 'privacyApprover'] },
  'notice.open': { does: 'open to whom a notice goes', scope: 'owner', to: ['ownerOfficial', 'privacyApprover'], personal: true },
  'certification.read': { does: 'see an agency\'s certifications', scope: 'agency', to: [...ofAgency] },
  'certification.sign': { does: 'certify for an agency, under penalty of perjury', scope: 'agency', to: ['agencyCoordinator'], fresh: true },
  'certification.manage': { does: 'set the text of a certification, revoke one', scope: 'owner', to: ['ownerOfficial', 'privacyApprover'], fresh: true },

  'resident.ask': { does: 'ask an owner who looked one up', scope: 'none', to: ['anybody'] },
  'resident.own': { does: 'follow one\'s own request by its number and secret, and read the report', scope: 'person', to: ['anybody'], personal: true },
  'resident.manage': { does: 'see residents\' requests, confirm who they are, make the report', scope: 'owner', to: ['ownerOfficial', 'privacyApprover'], personal: true },
} as const satisfies Readonly<Record<string, ActionFacts>>;

export type Action = keyof typeof actions;
export const allActions = Object.keys(actions) as readonly Action[];

export function factsOf(action: Action): ActionFacts {
  return actions[action];
}
