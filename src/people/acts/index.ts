export { acts, noOwner, type Act } from './acts.ts';
export { catchUpActs } from './catchUp.ts';
export { actKeys, actQualifiers, allActs, readActQuery, type ActKey, type ActPeriod, type ActQuery, type ReadActQuery } from './query.ts';
export { insertAct, openActs, type Acts, type ActsParts, type NewAct } from './record.ts';
export { openSearches, SearchError, type SavedSearch, type SearchErrorCode, type Searches } from './saved.ts';
export { agencyActs, signInActs, type ActScope } from './scope.ts';
export { actsAfter, countActs, findAct, searchActs, type ActFacet, type ActFacets, type ActPage, type ActPlace, type FoundAct } from './search.ts';
