import { templateWith } from './fromTemplate.ts';

/** States that were reported in November 2025 to block immigration agencies, or to be about to. */
const head = (owner: string, name: string, effective: string, basis: string, cites: string, note: string) => `# ${name}, modelled in our own words on ${basis}. For demonstration; not legal advice.
policy: ${owner}
version: 1
effective: ${effective}
title: ${name}, modelled on ${basis}
note: Modelled in Weir's words for demonstration; not legal advice and not the state's own rules. ${note}
cites: ${cites}
rules:
  - id: ${owner}-1
    title: Law enforcement may read driver and vehicle records
    release:
      data: [licenceStatus, licenceNumber, name, birthDate, description, address, signature, driverHistory, vehicleRegistration, registeredOwner]
      to: { criminalJustice: yes }
  - id: ${owner}-2
    title: Law enforcement may see the photo
    release: { data: photo, to: { criminalJustice: yes } }
  - id: ${owner}-3
    title: Licence offices may read driver records
    release: { data: [licenceStatus, licenceNumber, name, birthDate, description, driverHistory], to: { mission: motorVehicles } }
`;

const judge = '{ warrant: courtConfirmed, court: [articleThree, federalMagistrate, stateCourt] }';
const finding = '[photo, address, driverHistory, vehicleRegistration, registeredOwner]';

/** What the three owners claim whose statutes were not found: that immigration agencies get nothing themselves, and nobody for that purpose. */
const claims = (owner: string) => `claims:
  - id: ${owner}-C1
    title: No federal agency that enforces immigration law gets records itself without a judge's warrant
    never: { to: { mission: immigrationEnforcement, level: federal }, data: all, without: ${judge}, by: direct }
  - id: ${owner}-C2
    title: Nobody gets records for civil immigration work without a judge's warrant, whoever passes them on
    never: { to: { criminalJustice: [yes, no, undeclared] }, data: all, for: civilImmigration, without: ${judge}, by: anyPath, world: possible, domain: schema }
`;

/** Statutes 171.12 subdivision 11: papers about immigration status stay inside; a state judge will do. */
export const minnesota = (): string => templateWith('minnesota', 'MN', moreMinnesota);

const moreMinnesota = `policy: MN
version: 1
effective: 2023-10-01
title: Minnesota, modelled on Minn. Stat. 171.12 subd. 11
note: In the demonstration, MN-13, MN-14, MN-32 and MN-40 are invented.
rules:
  - id: MN-13
    title: A search by name shows no address and only the year of birth
    release:
      data: [address, birthDate, registeredOwner]
      treat: { address: state, birthDate: year, registeredOwner: state }
      to: { criminalJustice: yes }
      when: { query: nameSearch }
  - id: MN-14
    title: A person reviews requests of agencies whose officers may act for ICE
    hold:
      data: ${finding}
      to: { program287g: [taskForce, jail, warrantService, undeclared], criminalJustice: yes }
      unless: ${judge}
      review: { by: driverServicesCounsel, within: 4h, onTimeout: deny }
onward:
  - id: MN-32
    title: Nothing may be passed to agencies whose officers may act for ICE
    data: all
    via: [component, taskForce, fusionCentre, delegation, redissemination]
    allow: { when: { to: { program287g: none } } }
limits:
  - { id: MN-40, title: Each federal agency sees at most 100 photos a day, data: photo, to: { level: federal }, per: agency, max: 100/day, beyond: hold, review: { by: driverServicesCounsel, within: 1d, onTimeout: deny } }
`;

/** Reported to block ICE over the network; the text of a statute was not found. */
export const illinois = `${head('IL', 'Illinois', '2025-01-01', 'the block of ICE reported in November 2025', '[Press release of Senator Wyden of 12 November 2025]', 'The text of the law was not found; every rule is invented.')}  - id: IL-10
    title: Immigration agencies need a judge's warrant
    deny: { data: all, to: { mission: immigrationEnforcement }, unless: ${judge} }
  - id: IL-11
    title: Nobody gets records for civil immigration work without a judge's warrant
    deny: { data: all, for: civilImmigration, unless: ${judge} }
  - id: IL-12
    title: Agencies that say nothing of why they ask see a reduced photo
    release: { data: photo, treat: { photo: reduced }, to: { criminalJustice: yes }, for: notStated }
${claims('IL')}`;

/** Reported to block ICE over the network; the text of a statute was not found. */
export const massachusetts = `${head('MA', 'Massachusetts', '2025-01-01', 'the block of ICE reported in November 2025', '[Press release of Senator Wyden of 12 November 2025]', 'The text of the law was not found; every rule is invented.')}  - id: MA-10
    title: Immigration agencies need a judge's warrant
    deny: { data: all, to: { mission: immigrationEnforcement }, unless: ${judge} }
  - id: MA-11
    title: Nobody gets records for civil immigration work without a judge's warrant
    deny: { data: all, for: civilImmigration, unless: ${judge} }
  - id: MA-12
    title: A search by name or part of a plate needs a case number
    deny: { data: all, when: { query: [nameSearch, plateSearch] }, unless: { caseNumber: numbered } }
${claims('MA')}`;

/** No state means for federal immigration enforcement since 1987; every federal request is reported. */
export const oregon = `${head('OR', 'Oregon', '2025-12-01', 'ORS 181A.820 and the block in preparation in November 2025', '[ORS 181A.820]', 'OR-12, OR-30, OR-31 and OR-40 are invented.')}  - id: OR-10
    title: Immigration agencies need a judge's warrant
    deny: { data: all, to: { mission: immigrationEnforcement }, unless: ${judge} }
  - id: OR-11
    title: Nobody gets records for civil immigration work without a judge's warrant
    cites: [ORS 181A.820]
    deny: { data: all, for: civilImmigration, unless: ${judge} }
  - id: OR-12
    title: A person reviews what agencies with 287(g) officers ask for
    hold:
      data: ${finding}
      to: { program287g: [taskForce, jail, warrantService, undeclared], criminalJustice: yes }
      unless: { caseNumber: numbered }
      review: { by: statePoliceRecords, within: 1d, onTimeout: deny }
onward:
  - id: OR-30
    title: State and local police may pass data to their own parts, prosecutors and courts, but not to agencies with 287(g) officers
    data: all
    via: [component, delegation, redissemination]
    allow: { when: { to: { criminalJustice: yes, level: [state, county, municipal, tribal, campus, special], program287g: none } } }
  - { id: OR-31, title: Nothing may go to ICE under a 287(g) agreement, data: all, via: program287g, allow: never }
limits:
  - { id: OR-40, title: Each federal agency sees at most 100 photos a day, data: photo, to: { level: federal }, per: agency, max: 100/day, beyond: hold, review: { by: statePoliceRecords, within: 1d, onTimeout: deny } }
notify:
  - id: OR-50
    title: Requests of federal agencies are reported
    when: { to: { level: federal } }
    who: owner
    within: 30d
${claims('OR')}  - id: OR-C3
    title: No other agency is a way for ICE to a photo, an address or a plate, but with a case number
    never:
      to: { component: ICE }
      data: ${finding}
      without:
        - ${judge}
        - { caseNumber: numbered }
      by: anyPath
      review: suffices
`;
