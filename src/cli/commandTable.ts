/** What a command touches. Every one of them is run by the operator on the machine, or by somebody over HTTP with a token, who then has their own role. */
export type CommandTouch =
  /** The machine and its settings; nothing of an owner. */
  | 'machine'
  /** What is public, or files that whoever runs it has. */
  | 'public'
  /** The registry, policies, certificates and people: changes stand on the record with `operator`. */
  | 'owner'
  /** Counts and entries without what names residents. */
  | 'counts'
  /** What names residents, or may: opened with the owner's keys on this machine, and on the record before it is shown. */
  | 'personal'
  /** Entries, exports, pages about an owner, names of staff: who reads them or hands them out is on the record first. */
  | 'recorded'
  /** Goes to the exchange over HTTP with a token or certificate: the table of roles decides there. */
  | 'remote';

export const touches: Readonly<Record<CommandTouch, string>> = {
  machine: 'the machine', public: 'what is public, or files of one\'s own', owner: 'an owner\'s registry, policy, people or certificates; changes are on the record', counts: 'counts and entries that name no resident',
  personal: 'what names residents, with the owner\'s keys; on the record first', recorded: 'entries and exports without names of residents, acts, and names of staff; on the record first', remote: 'the exchange over HTTP: the table of roles decides there',
};

/** Every command. One that is missing here fails the build (`commandTable.test.ts`). */
export const commandTable: Readonly<Record<string, CommandTouch>> = {
  'start': 'machine', 'query': 'remote',
  'agency enrol': 'owner', 'agency list': 'owner', 'agency revoke': 'owner', 'agency trust': 'owner', 'agency bind': 'owner',
  'person add': 'owner', 'person list': 'recorded', 'person show': 'recorded', 'person give': 'owner', 'person take': 'owner', 'person unlock': 'owner', 'person disable': 'owner', 'person enable': 'owner', 'person invite': 'owner',
  'person tokens': 'recorded', 'person revoke-token': 'owner', 'acts search': 'recorded', 'acts export': 'recorded', 'directory add': 'owner', 'directory list': 'owner', 'directory revoke': 'owner',
  'registry show': 'owner', 'registry find': 'owner', 'registry lookup': 'owner', 'registry import': 'owner', 'registry suggestions': 'owner', 'registry confirm': 'owner', 'registry certify': 'owner', 'registry versions': 'owner', 'registry diff': 'owner',
  'policy check': 'public', 'policy show': 'owner', 'policy list': 'owner', 'policy activate': 'owner', 'policy ask': 'owner', 'policy table': 'owner', 'policy diff': 'owner', 'policy explain': 'owner', 'policy limits': 'owner', 'policy read': 'public',
  'policy compiled': 'owner', 'policy export': 'owner', 'policy schema': 'public', 'policy template': 'public',
  'change list': 'remote', 'change show': 'remote', 'change check': 'remote', 'change apply': 'remote', 'change approve': 'remote', 'change return': 'remote', 'change reject': 'remote', 'change withdraw': 'remote', 'change certificate': 'remote', 'change verify': 'public',
  'prove': 'owner', 'access': 'owner', 'paths': 'owner', 'vocabulary': 'public', 'order confirm': 'owner', 'order list': 'owner', 'order withdraw': 'owner',
  'held list': 'remote', 'held show': 'remote', 'held decide': 'remote', 'held ask': 'remote', 'held answer': 'remote', 'held take': 'remote', 'held deliver-to': 'owner', 'held deputies': 'owner',
  'duty list': 'owner', 'duty notices': 'personal', 'duty certifications': 'owner', 'duty reviews': 'owner',
  'source check': 'public', 'source test': 'machine', 'public prepare': 'counts', 'public approve': 'counts', 'public build': 'public', 'public check': 'public',
  'journal verify': 'counts', 'journal tail': 'counts', 'journal show': 'counts', 'journal stats': 'counts', 'journal redecide': 'counts',
  'ledger logs': 'public', 'ledger proof': 'public', 'ledger open': 'personal', 'ledger release': 'recorded', 'ledger resident': 'personal', 'ledger withhold': 'owner', 'ledger epochs': 'counts', 'ledger hold add': 'owner', 'ledger hold lift': 'owner',
  'ledger hold list': 'owner', 'ledger retain': 'owner', 'ledger erase': 'owner', 'ledger prune': 'machine', 'ledger keys list': 'owner', 'ledger keys policy': 'public', 'ledger keys rotate': 'owner', 'ledger fsck': 'counts',
  'archive list': 'counts', 'archive status': 'counts', 'archive follow': 'counts', 'archive rebuild': 'counts', 'archive check': 'counts', 'archive sql': 'counts',
  'verify receipt': 'public', 'verify answer': 'public', 'verify log': 'public', 'verify checkpoints': 'public', 'verify proof': 'public', 'verify opening': 'public', 'verify release': 'public', 'verify report': 'public',
  'witness init': 'machine', 'witness add-log': 'machine', 'witness start': 'machine', 'witness status': 'machine',
  'brief': 'recorded', 'stats verify': 'counts', 'leads kinds': 'public', 'leads measure': 'counts', 'export': 'recorded', 'backtest': 'counts', 'import log': 'counts', 'import sketch': 'counts', 'import schema': 'public', 'import list': 'counts', 'import forget': 'counts',
  'demo year': 'machine', 'store status': 'machine', 'store migrate': 'machine', 'store rollback': 'machine', 'doctor': 'machine',
};
