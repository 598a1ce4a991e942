export { acts, noOwner, type Act } from './acts.ts';
export { catchUpActs } from './catchUp.ts';
export { actKeys, allActs, readActQuery, type ActKey, type ActQuery, type ReadActQuery } from './query.ts';
export { insertAct, openActs, type Acts, type ActsParts, type NewAct } from './record.ts';
export { findAct, searchActs, signInActs, type ActPage, type ActScope, type FoundAct } from './search.ts';
