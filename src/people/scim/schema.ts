/** One attribute, as RFC 7643 section 7 describes it. What is not in these tables is not kept. */
export interface Attribute {
  readonly name: string;
  readonly type: 'string' | 'boolean' | 'complex' | 'reference';
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: 'readOnly' | 'readWrite';
  readonly returned: 'default' | 'always';
  readonly uniqueness: 'none' | 'server';
  readonly subAttributes?: readonly Attribute[];
}

export interface Schema {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
}

export const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
/** What the CJIS rules want to be known of a user (AC-2), and SCIM has no word for. */
export const justiceUrn = 'urn:weir:params:scim:schemas:extension:justice:2.0:User';

const attribute = (name: string, description: string, more: Partial<Attribute> = {}): Attribute => ({
  name, type: 'string', multiValued: false, description, required: false, caseExact: false, mutability: 'readWrite', returned: 'default', uniqueness: 'none', ...more,
});
const list = (name: string, description: string, subAttributes: readonly Attribute[], more: Partial<Attribute> = {}): Attribute => attribute(name, description, { type: 'complex', multiValued: true, subAttributes, ...more });

const externalId = attribute('externalId', 'The directory\'s own id: what the provider sends as the subject of a sign-in.', { caseExact: true });

export const userSchema: Schema = {
  id: userUrn, name: 'User', description: 'A person',
  attributes: [
    attribute('userName', 'The name by which the directory knows the person.', { required: true, uniqueness: 'server' }),
    externalId,
    attribute('name', 'The name in parts.', { type: 'complex', subAttributes: [attribute('formatted', 'The whole name.'), attribute('familyName', 'The family name.'), attribute('givenName', 'The given name.')] }),
    attribute('displayName', 'The name for screens.'),
    attribute('title', 'The position.'),
    attribute('active', 'Whether the person may sign in. False ends every session and token at once.', { type: 'boolean' }),
    list('emails', 'E-mail addresses; the primary one, or that for work, says whose accounts are of one person.', [
      attribute('value', 'The address.'), attribute('type', 'work or home.'), attribute('primary', 'The one that counts.', { type: 'boolean' }),
    ]),
    list('groups', 'The groups that the person is in. Changed at the group.', [
      attribute('value', 'The id of the group.', { mutability: 'readOnly' }), attribute('display', 'Its name.', { mutability: 'readOnly' }), attribute('$ref', 'Its address.', { type: 'reference', mutability: 'readOnly' }),
    ], { mutability: 'readOnly' }),
  ],
};

export const enterpriseSchema: Schema = {
  id: enterpriseUrn, name: 'EnterpriseUser', description: 'A person at work',
  attributes: [
    attribute('employeeNumber', 'The number at the employer. With the employer\'s ORI it says whose accounts are of one person.'), attribute('organization', 'The employer.'), attribute('department', 'The department.'),
  ],
};

export const justiceSchema: Schema = {
  id: justiceUrn, name: 'JusticeUser', description: 'A person in law enforcement (CJIS AC-2)',
  attributes: [
    attribute('employerOri', 'The ORI of the employer: nine letters or digits.'), attribute('sworn', 'A sworn officer.', { type: 'boolean' }), attribute('lawEnforcementOfficer', 'A law-enforcement officer.', { type: 'boolean' }),
    attribute('certifications', 'Certifications that are in force, such as ncic.', { multiValued: true }),
    attribute('employerCategory', 'The kind of employer.'), attribute('employerState', 'The state of the employer: two letters.'),
  ],
};

export const groupSchema: Schema = {
  id: groupUrn, name: 'Group', description: 'A group. It gives the roles that the exchange\'s map of groups names for it, and else none.',
  attributes: [
    attribute('displayName', 'The name, which the map of groups knows.', { required: true, uniqueness: 'server' }), externalId,
    list('members', 'The people in it.', [
      attribute('value', 'The id of the person.', { caseExact: true }), attribute('display', 'The name.', { mutability: 'readOnly' }), attribute('$ref', 'The address.', { type: 'reference', mutability: 'readOnly' }),
      attribute('type', 'Always User.', { mutability: 'readOnly' }),
    ]),
  ],
};

/** What a resource is made of: the schema of its own, and those that extend it. */
export interface ResourceKind {
  readonly name: 'User' | 'Group';
  readonly endpoint: '/Users' | '/Groups';
  readonly core: Schema;
  readonly extensions: readonly Schema[];
}

export const userKind: ResourceKind = { name: 'User', endpoint: '/Users', core: userSchema, extensions: [enterpriseSchema, justiceSchema] };
export const groupKind: ResourceKind = { name: 'Group', endpoint: '/Groups', core: groupSchema, extensions: [] };

/** Attributes that the exchange sets itself, in no table of the standard's schemas. */
export const common: readonly Attribute[] = [
  attribute('id', 'The id here.', { caseExact: true, mutability: 'readOnly', returned: 'always', uniqueness: 'server' }),
  list('schemas', 'The schemas.', [], { type: 'reference', mutability: 'readOnly', returned: 'always' }),
  attribute('meta', 'When it was made and changed.', {
    type: 'complex', mutability: 'readOnly',
    subAttributes: ['resourceType', 'created', 'lastModified', 'location', 'version'].map((name) => attribute(name, '', { mutability: 'readOnly' })),
  }),
];

/** Attribute names are the same in any case (RFC 7643 section 2.1). */
export function findAttribute(attributes: readonly Attribute[], name: string): Attribute | null {
  const wanted = name.toLowerCase();
  return attributes.find((one) => one.name.toLowerCase() === wanted) ?? null;
}
