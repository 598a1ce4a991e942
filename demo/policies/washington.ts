/** The 2019 act, the block of ICE by name of November 2025, and limits that the reports of January 2026 led to ask for. */
export const washington = `# Washington, modelled in our own words on the Keep Washington Working Act (2019) and the block of November 2025.
# For demonstration; not legal advice.
policy: WA
version: 1
effective: 2025-11-19
title: Washington, modelled on the 2019 act and the block of November 2025
note: Modelled in Weir's words for demonstration; not legal advice and not Washington's own rules. Every rule but WA-10 and WA-11 is invented.
cites: [RCW 43.17.425]
rules:
  - id: WA-1
    title: Law enforcement may read driver and vehicle records
    release:
      data: [licenceStatus, licenceNumber, name, birthDate, description, address, driverHistory, vehicleRegistration, registeredOwner]
      to: { criminalJustice: yes }
  - id: WA-2
    title: State, local and tribal police may see the photo
    release: { data: [photo, signature], to: { criminalJustice: yes, level: [state, county, municipal, tribal, territorial, campus, special] } }
  - id: WA-3
    title: Federal agencies see a reduced photo for work on crime, safety and the border
    release:
      data: photo
      treat: { photo: reduced }
      to: { criminalJustice: yes, level: federal }
      for: [criminalInvestigation, violentCrime, narcotics, fraud, theft, missingPerson, officerSafety, emergency, warrantService, courtProceeding, borderInspection]
      unless: { warrant: courtConfirmed, court: [articleThree, federalMagistrate, stateCourt] }
  - id: WA-4
    title: A federal agency with a judge's warrant sees the photo
    release:
      data: [photo, signature]
      to: { criminalJustice: yes, level: federal }
      when: { warrant: courtConfirmed, court: [articleThree, federalMagistrate, stateCourt] }
  - id: WA-5
    title: Motor-vehicle agencies may read driver records
    release: { data: [licenceStatus, licenceNumber, name, birthDate, description, driverHistory], to: { mission: motorVehicles } }
  - id: WA-10
    title: ICE, with all its parts, needs a judge's warrant
    cites: [Governor's order of 7 November 2025, in force 19 November 2025]
    deny:
      data: all
      to: { component: ICE }
      unless: { warrant: courtConfirmed, court: [articleThree, federalMagistrate, stateCourt] }
  - id: WA-11
    title: Nobody gets records for civil immigration enforcement without a judge's warrant
    cites: [RCW 43.17.425]
    deny: { data: all, for: civilImmigration, unless: { warrant: courtConfirmed, court: [articleThree, federalMagistrate, stateCourt] } }
  - id: WA-12
    title: A person reviews border agencies' requests for anything but border inspection
    hold:
      data: [photo, address, driverHistory, vehicleRegistration, registeredOwner]
      to: { component: CBP }
      unless:
        - { for: [borderInspection, emergency] }
        - { warrant: courtConfirmed, court: [articleThree, federalMagistrate, stateCourt] }
      review: { by: licensingPrivacyDesk, within: 4h, onTimeout: deny }
  - id: WA-13
    title: A person reviews requests of agencies with 287(g) officers that have no case number
    hold:
      data: [photo, address, driverHistory, registeredOwner]
      to: { program287g: [taskForce, jail, warrantService, undeclared] }
      unless:
        - { caseNumber: numbered }
        - { for: emergency }
      review: { by: licensingPrivacyDesk, within: 4h, onTimeout: deny }
  - id: WA-14
    title: A search by name or part of a plate shows the county and not the address
    release:
      data: [address, registeredOwner]
      treat: { address: county, registeredOwner: county }
      to: { criminalJustice: yes }
      when: { query: [nameSearch, plateSearch] }
onward:
  - id: WA-30
    title: Photos and addresses may not reach others through task forces and fusion centres without a judge's warrant
    data: [photo, address]
    via: [taskForce, fusionCentre, redissemination]
    allow: { when: { warrant: courtConfirmed } }
limits:
  - id: WA-40
    title: Each federal agency sees at most 50 photos a day
    data: photo
    to: { level: federal }
    per: agency
    max: 50/day
    beyond: hold
    review: { by: licensingPrivacyDesk, within: 1d, onTimeout: deny }
notify:
  - id: WA-50
    title: The owner is told of each request of an immigration agency
    when: { to: { mission: immigrationEnforcement } }
    who: owner
    within: 1d
claims:
  - id: WA-C1
    title: ICE cannot obtain photos directly without a judge's warrant
    never: { to: { component: ICE }, data: photo, without: { warrant: courtConfirmed, court: [articleThree, federalMagistrate, stateCourt] }, by: direct }
`;
