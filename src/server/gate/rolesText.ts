import { allActions, allRoles, factsOf, freshFor, roles, type Action, type Audience } from '../../people/roles/index.ts';

/** One route, as the server has it. */
export interface RouteLine {
  readonly method: string;
  readonly url: string;
  readonly action: Action;
}

/** docs/roles.md: roles, what can be done by whom, and which routes do it. Made of the table that is enforced, so that it cannot say anything else. */
export function rolesText(routes: readonly RouteLine[], commands: readonly (readonly [touches: string, names: readonly string[]])[]): string {
  return `# Roles

This page is made from the table that is enforced (\`src/people/roles/actions.ts\`) and from the routes that are served; a test holds them together.
Whatever is not in the table cannot be done: a route that names no action of it keeps the server from starting. A role is held in a scope, and says nothing of
any other owner or agency. What is refused to somebody who is signed in is on the record.

## Roles

| role | in words | held for | what it does |
|---|---|---|---|
${allRoles.map((role) => `| \`${role}\` | ${roles[role].plain} | one ${roles[role].scope} | ${roles[role].does} |`).join('\n')}

## What can be done

*fresh*: only within ${freshFor / 60_000} minutes of showing all factors. *recorded first*: it shows, or may show, what names a resident, and is on the record before it does.
*systems*: an agency's system by its certificate, for its own ORIs; on the loopback demonstration, everybody.

| action | what it is | scope | who | |
|---|---|---|---|---|
${allActions.map((action) => {
    const { does, scope, to, fresh, personal } = factsOf(action);
    return `| \`${action}\` | ${does} | ${scope === 'none' ? '' : scope} | ${to.map(audience).join(', ')} | ${[...(fresh === true ? ['fresh'] : []), ...(personal === true ? ['recorded first'] : [])].join(', ')} |`;
  }).join('\n')}

## Routes

| action | routes |
|---|---|
${allActions.flatMap((action) => {
    const lines = routes.filter((route) => route.action === action).map(({ method, url }) => `\`${method} ${url}\``);
    return lines.length === 0 ? [] : [`| \`${action}\` | ${lines.join('<br>')} |`];
  }).join('\n')}

## Commands

Commands act on the machine, as the operator: whoever can run them has the data folder. They change nobody's policy where an owner has people who approve (\`weir policy activate\` then refuses),
and what they open or change stands on the record with \`operator\`. Where an owner must not trust the machine's operator with its keys, the keys belong behind a program of the owner's
(\`ledger.keyProgram\`, docs/ledger.md).

| touches | commands of \`weir\` |
|---|---|
${commands.map(([plain, names]) => `| ${plain} | ${names.map((name) => `\`${name}\``).join(', ')} |`).join('\n')}
`;
}

function audience(one: Audience): string {
  switch (one) {
    case 'anybody': return 'everybody';
    case 'signedIn': return 'everybody who is signed in';
    case 'system': return 'systems';
    case 'operatorSystem': return 'systems of the operator';
    default: return `\`${one}\``;
  }
}
