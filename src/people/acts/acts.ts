/** What stands on the record of what people do. An act names nobody: see `ActEntry`. */
export const acts = {
  signedIn: 'signed in', signInFailed: 'tried to sign in, and failed', lockedOut: 'was locked out after failures', unlocked: 'was unlocked', signedOut: 'signed out', sessionEnded: 'ended a session',
  screenLocked: 'locked the screen', freshSignIn: 'showed all factors again', noticeAccepted: 'accepted the notice at sign-in', refused: 'was refused by the table of roles',
  replayed: 'sent again what can be used once', foreignOrigin: 'was sent from another site',
  accountMade: 'made an account', accountEnabled: 'enabled an account', accountDisabled: 'disabled an account', accountIdle: 'an account was disabled after its idle time', factorAdded: 'added a factor', factorRemoved: 'removed a factor',
  passwordChanged: 'changed a password', invitationMade: 'made an invitation', invitationUsed: 'took up an invitation',
  roleGiven: 'gave a role', roleTaken: 'took a role away', tokenMade: 'made a token', tokenRevoked: 'revoked a token', tokenRefused: 'used a token that is not good',
  directoryMade: 'connected a directory', directoryRevoked: 'disconnected a directory', provisioned: 'a directory added or changed a person', leaverRemoved: 'a directory removed a person',
  actsSearched: 'searched the record of acts', actsExported: 'began an export of acts', actsExportEnded: 'an export of acts ended', briefingRead: 'read a briefing',
  entriesOpened: 'opened entries of the ledger', requestsExported: 'exported requests', peopleRead: 'read who has an account', noticesListed: 'listed notices',
  draftMade: 'began a draft', draftSaved: 'saved a draft', draftDropped: 'dropped a draft', draftCommented: 'commented on a draft or proposal', draftChecked: 'had a draft checked',
  proposed: 'proposed a change', proposalWithdrawn: 'withdrew a proposal', approved: 'approved a proposal', returned: 'returned a proposal', rejected: 'rejected a proposal', approvalRefused: 'tried to approve, and was refused',
  scheduled: 'a proposal was scheduled', activated: 'a proposal came into force', lapsed: 'a proposal lapsed', steppedBack: 'went one version back', emergencyBegun: 'put an emergency change in force', emergencyEnded: 'an emergency change ended',
  ruleSet: 'the rule of approval was set', certificateMade: 'had a certificate of approval made', delegated: 'named a deputy', delegationEnded: 'ended the deputy\'s time',
  heldListed: 'listed held requests', heldOpened: 'opened a held request', paperOpened: 'opened a paper', paperReceived: 'handed in a paper', paperRefused: 'a paper was not taken', verdictGiven: 'decided a held request', verdictRefused: 'tried to decide, and was refused',
  moreAsked: 'put a question back', moreAnswered: 'answered a question', escalated: 'escalated a held request', heldLapsed: 'a held request reached its end undecided', rotaChanged: 'changed the duty rota',
  lateAnswerTaken: 'took a late answer', lateAnswerSent: 'a late answer was sent', lateAnswerArrived: 'a late answer arrived', lateAnswerFailed: 'a late answer could not be sent', deliverySet: 'said where late answers go', deliveryRemoved: 'took away where late answers go',
  noticeDue: 'a notice fell due', noticeOpened: 'opened to whom a notice goes', noticeSent: 'sent a notice', noticeDelayed: 'delayed a notice by law', noticeMissed: 'a notice was not sent in time',
  certificationTextSet: 'set the text of a certification', certificationSigned: 'certified', certificationReminded: 'was reminded of a certification', certificationLapsed: 'a certification lapsed', certificationRevoked: 'revoked a certification', certificationReadmitted: 'let an agency certify again',
  userReviewBegun: 'a review of users began', userReviewed: 'reviewed a user', userReviewClosed: 'closed a review of users', recertificationBegun: 're-certification of agencies began', recertificationListed: 'listed the agencies to be re-certified', agencyRecertified: 're-certified an agency', recertificationClosed: 'closed the re-certification',
  residentAsked: 'a resident asked who looked them up', identityStep: 'did a step of proofing who a resident is', identityProofed: 'confirmed who a resident is', identityRefused: 'did not confirm who a resident is', residentReportMade: 'made a resident\'s report', residentReportRead: 'a resident\'s report was read',
} as const satisfies Readonly<Record<string, string>>;

export type Act = keyof typeof acts;

/** The log of what concerns no owner: the exchange's own. */
export const noOwner = '00';
