export { acts, noOwner, type Act } from './acts.ts';
export { insertAct, openActs, type Acts, type ActsParts, type NewAct } from './record.ts';
