import type { NewPerson } from '../accounts/types.ts';
import { isObject, type Resource, type Value } from './resource.ts';
import { enterpriseUrn, justiceUrn } from './schema.ts';

/** What a directory says of a person, as accounts keep it. */
export function personOf(resource: Resource): NewPerson {
  const enterprise = part(resource, enterpriseUrn);
  const justice = part(resource, justiceUrn);
  const { sworn, lawEnforcementOfficer, certifications, employerCategory, employerState } = justice;
  return {
    name: nameOf(resource), email: emailOf(resource['emails']), employer: text(justice['employerOri'])?.toUpperCase() ?? null, employeeNumber: text(enterprise['employeeNumber']),
    facts: {
      ...(typeof sworn === 'boolean' ? { sworn } : {}), ...(typeof lawEnforcementOfficer === 'boolean' ? { lawEnforcementOfficer } : {}),
      ...(Array.isArray(certifications) ? { certifications: certifications.filter((one): one is string => typeof one === 'string') } : {}),
      ...(typeof employerCategory === 'string' ? { employerCategory } : {}), ...(typeof employerState === 'string' ? { employerState } : {}),
    },
  };
}

/** What the provider sends as the subject of a sign-in: `externalId`, or where the directory has none, the name of the user. */
export function subjectOf(resource: Resource): string {
  return text(resource['externalId']) ?? text(resource['userName']) ?? '';
}

/** The name by which the directory knows the person. */
export function loginOf(resource: Resource): string {
  const name = resource['userName'];
  return typeof name === 'string' ? name : '';
}

/** The name for screens. */
export function nameOf(resource: Resource): string {
  const { formatted, givenName, familyName } = part(resource, 'name');
  const parts = [text(givenName), text(familyName)].filter((one) => one !== null).join(' ');
  return (text(resource['displayName']) ?? text(formatted) ?? (parts === '' ? null : parts) ?? text(resource['userName']) ?? '').slice(0, 200);
}

/** The primary address, or that for work, or the first. */
function emailOf(value: Value | undefined): string | null {
  const emails = Array.isArray(value) ? value.filter((one): one is Resource => isObject(one)) : [];
  const chosen = emails.find(({ primary }) => primary === true) ?? emails.find(({ type }) => typeof type === 'string' && type.toLowerCase() === 'work') ?? emails[0];
  return text(chosen?.['value'])?.toLowerCase() ?? null;
}

function part(resource: Resource, name: string): Resource {
  const found = resource[name];
  return isObject(found) ? { ...found } : {};
}

function text(value: Value | undefined): string | null {
  const plain = typeof value === 'string' ? value.trim() : '';
  return plain === '' ? null : plain;
}
