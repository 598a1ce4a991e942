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
    title: Motor-vehicle agencies may read driver records
    release: { data: [licenceStatus, licenceNumber, name, birthDate, description, driverHistory], to: { mission: motorVehicles } }
`;

const judge = '{ warrant: courtConfirmed, court: [articleThree, federalMagistrate, stateCourt] }';

/** Statutes 171.12 subdivision 11: papers about immigration status stay inside; a state judge will do. */
export const minnesota = `${head('MN', 'Minnesota', '2023-10-01', 'Minn. Stat. 171.12 subd. 11', '[Minn. Stat. 171.12 subd. 11]', 'MN-13 is invented.')}  - id: MN-10
    title: Papers about immigration status stay inside the licensing division
    deny: { data: immigrationDocuments }
  - id: MN-11
    title: Agencies that enforce immigration law need a warrant of a state or federal judge
    deny: { data: all, to: { mission: immigrationEnforcement }, unless: ${judge} }
  - id: MN-12
    title: Nobody gets records for civil immigration enforcement without a judge's warrant
    deny: { data: all, for: civilImmigration, unless: ${judge} }
  - id: MN-13
    title: A search by name shows no address and only the year of birth
    release:
      data: [address, birthDate, registeredOwner]
      treat: { address: state, birthDate: year, registeredOwner: state }
      to: { criminalJustice: yes }
      when: { query: nameSearch }
`;

/** Reported to block ICE over the network; the text of a statute was not found. */
export const illinois = `${head('IL', 'Illinois', '2025-01-01', 'the block of ICE reported in November 2025', '[Press release of Senator Wyden of 12 November 2025]', 'The text of the law was not found; every rule is invented.')}  - id: IL-10
    title: Immigration agencies need a judge's warrant
    deny: { data: all, to: { mission: immigrationEnforcement }, unless: ${judge} }
  - id: IL-11
    title: Nobody gets records for civil immigration enforcement without a judge's warrant
    deny: { data: all, for: civilImmigration, unless: ${judge} }
  - id: IL-12
    title: Agencies that say nothing of why they ask see a reduced photo
    release: { data: photo, treat: { photo: reduced }, to: { criminalJustice: yes }, for: notStated }
`;

/** Reported to block ICE over the network; the text of a statute was not found. */
export const massachusetts = `${head('MA', 'Massachusetts', '2025-01-01', 'the block of ICE reported in November 2025', '[Press release of Senator Wyden of 12 November 2025]', 'The text of the law was not found; every rule is invented.')}  - id: MA-10
    title: Immigration agencies need a judge's warrant
    deny: { data: all, to: { mission: immigrationEnforcement }, unless: ${judge} }
  - id: MA-11
    title: Nobody gets records for civil immigration enforcement without a judge's warrant
    deny: { data: all, for: civilImmigration, unless: ${judge} }
  - id: MA-12
    title: A search by name or part of a plate needs a case number
    deny: { data: all, when: { query: [nameSearch, plateSearch] }, unless: { caseNumber: numbered } }
`;

/** No state means for federal immigration enforcement since 1987; every federal request is reported. */
export const oregon = `${head('OR', 'Oregon', '2025-12-01', 'ORS 181A.820 and the block in preparation in November 2025', '[ORS 181A.820]', 'OR-12 is invented.')}  - id: OR-10
    title: Immigration agencies need a judge's warrant
    deny: { data: all, to: { mission: immigrationEnforcement }, unless: ${judge} }
  - id: OR-11
    title: Nobody gets records for civil immigration enforcement without a judge's warrant
    cites: [ORS 181A.820]
    deny: { data: all, for: civilImmigration, unless: ${judge} }
  - id: OR-12
    title: A person reviews what agencies with 287(g) officers ask for
    hold:
      data: [photo, address, driverHistory, registeredOwner]
      to: { program287g: [taskForce, jail, warrantService, undeclared] }
      unless: { caseNumber: numbered }
      review: { by: statePoliceRecords, within: 1d, onTimeout: deny }
notify:
  - id: OR-50
    title: Requests of federal agencies are reported
    when: { to: { level: federal } }
    who: owner
    within: 30d
`;
