import type { FastifyReply, FastifyRequest } from 'fastify';

import { html, type Html } from '../../drawing/html.ts';
import { roleFor, type Action, type Person } from '../../people/roles/index.ts';
import { isJurisdiction, jurisdictionName } from '../../vocabulary/index.ts';
import { page, type Site } from './layout.ts';
import { pagePolicy } from './policies.ts';

/** The parts of the desk of an owner or an agency, with the action that each needs: who may not has no link. One that begins with a slash is not below the desk. */
const ownerLinks: readonly (readonly [Action, string, string])[] = [
  ['held.read', 'held', 'Held requests'], ['change.read', 'changes', 'Changes of policy'], ['duty.read', 'duties', 'Duties'], ['resident.manage', 'residents', 'Residents'],
  ['people.read', 'people', 'People'], ['act.search', 'acts', 'Acts'], ['briefing.read', '/briefings/', 'Who gets our data'],
];
const agencyLinks: readonly (readonly [Action, string, string])[] = [
  ['certification.read', 'certifications', 'Certifications'], ['people.agency.read', 'people', 'People'], ['people.agency.read', 'users', 'Review of users'], ['delivery.manage', 'deliveries', 'Late answers'], ['act.agency', 'acts', 'Acts'],
];

/** A place of a person, and the links to what they may do there. */
export interface PlaceLinks {
  /** As people read it: `Washington`, `Cedar Hollow Police (WA5010100)`, `Machine`. */
  readonly name: string;
  /** Of an owner, what it is in addresses: `WA`; null where the name says it. */
  readonly code: string | null;
  readonly links: readonly (readonly [address: string, text: string])[];
}

/** A page for somebody who is signed in: who they are, and the parts that their roles open, above the heading. */
export function deskPage(site: Site, request: FastifyRequest, title: string, content: Html): string {
  const { person, url } = request;
  return page(site, title, '/desk', content, person === null ? null : standing(site, person, url.replace(/\?.*$/, '')));
}

/** Sends a page. None is kept by a browser, and none may be framed. */
export function sendPage(reply: FastifyReply, text: string): FastifyReply {
  return reply.header('content-security-policy', pagePolicy).header('content-type', 'text/html; charset=utf-8').send(text);
}

/** The links of a person to what they may do, by owner and agency. */
export function linksOf({ agencyName }: Pick<Site, 'agencyName'>, { grants }: Person): readonly PlaceLinks[] {
  const owners = [...new Set(grants.flatMap(({ scope }) => (scope.kind === 'owner' ? [scope.owner] : [])))].sort();
  const agencies = [...new Set(grants.flatMap(({ scope }) => (scope.kind === 'agency' ? [scope.ori] : [])))].sort();
  const machine = roleFor(grants, 'people.machine', { kind: 'machine' }) === null ? [] : [{ name: 'Machine', code: null, links: [['/machine/people', 'Accounts']] as const }];
  return [
    ...machine,
    ...owners.map((owner) => ({
      ...(isJurisdiction(owner) ? { name: jurisdictionName(owner), code: owner } : { name: owner, code: null }),
      links: ownerLinks.filter(([action]) => roleFor(grants, action, { kind: 'owner', owner }) !== null).map(([, path, text]) => [path.startsWith('/') ? `${path}${owner}` : `/desk/${owner}/${path}`, text] as const),
    })),
    ...agencies.map((ori) => ({
      name: withName(ori, agencyName?.(ori) ?? null), code: null,
      links: [['/ticket', 'Held requests'], ...agencyLinks.filter(([action]) => roleFor(grants, action, { kind: 'agency', ori }) !== null).map(([, path, text]) => [`/agency/${ori}/${path}`, text] as const)] as const,
    })),
  ];
}

/** An agency for people: its name with the ORI, or the ORI alone where the registry has none. */
export function withName(ori: string, name: string | null): string {
  return name === null ? ori : `${name} (${ori})`;
}

function standing(site: Site, person: Person, here: string): Html {
  const places = linksOf(site, person);
  return html`<section class="who" aria-label="You"><div class="standing"><p>Signed in as <strong>${person.name}</strong>${site.isInvented?.(person.account) === true ? ', an invented person' : ''} <span class="quiet">(${person.account})</span> · <a href="/desk">Desk</a> · <a href="/account">Account</a></p>
<div class="buttons"><form method="post" action="/lock"><button type="submit" class="quiet">Lock</button></form><form method="post" action="/sign-out"><button type="submit" class="quiet">Sign out</button></form></div></div>
${places.length === 0 ? null : html`<nav class="desk" aria-label="Your places">${places.map(({ name, links }) => html`<p><strong>${name}</strong>${links.map(([address, text]) => html` <a href="${address}"${currentOf(address, here)}>${text}</a>`)}</p>`)}</nav>
`}</section>
`;
}

/** The link to the page itself, or to the part that it belongs to. */
function currentOf(address: string, here: string): Html | null {
  if (address === here) return html` aria-current="page"`;
  return here.startsWith(`${address}/`) ? html` aria-current="true"` : null;
}
