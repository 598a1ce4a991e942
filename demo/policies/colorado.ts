/** C.R.S. 24-74-105 in our own words: nothing that names a person without a certification in force. */
export const colorado = `# Colorado, modelled in our own words on C.R.S. 24-74-101 to 107. For demonstration; not legal advice.
policy: CO
version: 1
effective: 2025-05-23
title: Colorado, modelled on C.R.S. 24-74-105
note: Modelled in Weir's words for demonstration; not legal advice and not Colorado's own rules. CO-3 and CO-12 are invented.
cites: [CRS 24-74-105, SB21-131, SB25-276]
rules:
  - id: CO-1
    title: Law enforcement may read the status of licences and what is on a plate
    release: { data: [licenceStatus, vehicleRegistration], to: { criminalJustice: yes } }
  - id: CO-2
    title: Agencies that certified within the year may read personal data
    cites: [CRS 24-74-105(1)]
    release:
      data: [licenceNumber, name, birthDate, description, address, photo, signature, driverHistory, registeredOwner]
      to: { criminalJustice: yes, certified: noCivilImmigrationUse }
  - id: CO-3
    title: Agencies without a certification see enough to check a licence in the hand
    release:
      data: [licenceNumber, name, birthDate, description]
      treat: { licenceNumber: lastFour, birthDate: year }
      to: { criminalJustice: yes }
      unless:
        - { to: { certified: noCivilImmigrationUse } }
        - { warrant: courtConfirmed, court: [articleThree, federalMagistrate] }
  - id: CO-4
    title: A federal judge or magistrate may order the release
    cites: [SB25-276]
    release:
      data: [licenceNumber, name, birthDate, description, address, photo, signature, driverHistory, registeredOwner]
      to: { criminalJustice: yes }
      when: { warrant: courtConfirmed, court: [articleThree, federalMagistrate] }
  - id: CO-10
    title: Immigration agencies need an order of a federal judge or magistrate
    cites: [CRS 24-74-105, SB25-276]
    deny:
      data: all
      to: { mission: immigrationEnforcement }
      unless: { warrant: courtConfirmed, court: [articleThree, federalMagistrate] }
  - id: CO-11
    title: Nobody gets records for civil immigration enforcement without an order of a federal judge or magistrate
    cites: [CRS 24-74-105, SB25-276]
    deny: { data: all, for: civilImmigration, unless: { warrant: courtConfirmed, court: [articleThree, federalMagistrate] } }
  - id: CO-12
    title: A search by name needs a case number
    deny:
      data: all
      when: { query: nameSearch }
      unless: { caseNumber: numbered }
`;
